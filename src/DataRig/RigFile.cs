using System.ComponentModel.DataAnnotations;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Learning;
using DataRig.Rig;
using DataRig.Rig.Cameras;

namespace DataRig;

/// <summary>The configuration file <c>rig.json</c>: the rig, what to capture with it, what to render, how to train.</summary>
internal sealed record RigFile
{
    /// <summary>All random draws come from this number.</summary>
    public ulong Seed { get; init; } = 1;

    public required TurntableOptions Turntable { get; init; }

    public required CameraOptions Camera { get; init; }

    public required LightsOptions Lights { get; init; }

    public required CapturePlan Plan { get; init; }

    public SynthesisOptions Synthesis { get; init; } = new();

    public TrainingOptions Training { get; init; } = new();

    /// <summary>Reads the file and makes the scenes' paths absolute: they are written relative to the file.</summary>
    /// <exception cref="ConfigurationException">The file is missing or wrong.</exception>
    public static RigFile Read(string path)
    {
        RigFile file = StrictJson.ReadFile<RigFile>(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return file with
        {
            Camera = file.Camera switch
            {
                SimulatedCameraOptions camera => camera with { Scene = Path.Combine(folder, camera.Scene) },
                FolderCameraOptions camera => camera with { Folder = Path.Combine(folder, camera.Folder) },
                _ => file.Camera,
            },
            Synthesis = file.Synthesis with { Scene = Path.Combine(folder, file.Synthesis.Scene) },
            Training = file.Training.WeightsFrom(folder),
        };
    }

    /// <summary>The one-minute version of all of it: fewer items, poses, stops, renders and epochs.</summary>
    public RigFile Quick() => this with
    {
        Plan = Plan with
        {
            Items = Plan.Items.ToDictionary(i => i.Key, i => (IReadOnlyList<string>)[.. i.Value.Take(4)]),
            PosesPerItem = 1,
            Poses = [],
            StopsPerSweep = Math.Min(Plan.StopsPerSweep, 8),
            Turns = [],
        },
        Synthesis = Synthesis with { Count = Math.Min(Synthesis.Count, 800) },
        Training = Training with { Epochs = Math.Min(Training.Epochs, 8) },
    };

    /// <summary>The file to use: the one named, else <c>rig.json</c> here, else the default rig that DataRig comes with.</summary>
    public static string Find(string? named) =>
        named ?? (File.Exists("rig.json") ? "rig.json" : Default);

    /// <summary>The simulated rig that DataRig comes with.</summary>
    public static string Default { get; } = Path.Combine(AppContext.BaseDirectory, "rig.json");
}

/// <summary>Which scene to render, and how many frames of it.</summary>
internal sealed record SynthesisOptions
{
    /// <summary>The scene file, relative to the configuration file.</summary>
    public string Scene { get; init; } = "scenes/turntable.json";

    /// <summary>Frames to render for training; 0 trains on captured frames alone.</summary>
    [Range(0, 10_000_000)]
    public int Count { get; init; } = 3000;
}
