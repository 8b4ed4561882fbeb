using DataRig.Core;
using DataRig.Core.Configuration;

namespace DataRig.Jobs;

/// <summary>
/// What a run keeps in its folder to go on after any stop: the configuration it began with and the
/// seconds each stage has taken.
/// </summary>
internal sealed record JobRecord
{
    private const string FileName = "job.json";

    /// <summary>The whole configuration, with the command line's changes in it.</summary>
    public required RigFile Rig { get; init; }

    /// <summary>Whether it is the one-minute version.</summary>
    public bool Quick { get; init; }

    /// <summary>Whether the report is written.</summary>
    public bool Done { get; init; }

    public IReadOnlyDictionary<string, double> Seconds { get; init; } = new Dictionary<string, double>();

    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <exception cref="WorkFailedException">The folder holds no run of the main job.</exception>
    public static JobRecord Read(string folder) =>
        Exists(folder)
            ? StrictJson.ReadFile<JobRecord>(Path.Combine(folder, FileName))
            : throw new WorkFailedException($"{folder} holds no run to resume; 'datarig run' begins one.");

    public void Write(string folder)
    {
        string path = Path.Combine(folder, FileName), temporary = path + ".tmp";
        File.WriteAllText(temporary, StrictJson.Write(this));
        File.Move(temporary, path, overwrite: true);
    }
}
