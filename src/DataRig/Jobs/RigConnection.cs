using System.Text.Json;
using System.Text.Json.Nodes;
using DataRig.Core;
using DataRig.Rig;
using DataRig.Rig.Cameras;

namespace DataRig.Jobs;

/// <summary>What was found of a rig, and the file that describes it now.</summary>
/// <param name="Path">The file that was written.</param>
/// <param name="Found">What was found and what is still to be written into the file, each a sentence.</param>
internal sealed record ConnectedRig(string Path, IReadOnlyList<string> Found);

/// <summary>Finds board and camera and writes a <c>rig.json</c> that names them, for a person to complete.</summary>
/// <param name="reach">How board and camera are got at.</param>
internal sealed class RigConnection(DoctorReach reach)
{
    private const string Head = """
        // What was found at this computer. Complete it: gear ratio and steps of your turntable under "turntable",
        // and under "plan" the parts that you will photograph, each with one name for every brick of it that you own.
        """;

    /// <summary>How a USB camera is asked for; a test names none.</summary>
    public Func<IReadOnlyList<string>> VideoDevices { get; init; } = () => Devices.Beginning("/dev/video");

    /// <param name="path">The file to write; it must not exist.</param>
    /// <exception cref="WorkFailedException">There is a file already, no board was found, or the file cannot be written.</exception>
    public async Task<ConnectedRig> WriteAsync(string path, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        if (File.Exists(path))
        {
            throw new WorkFailedException($"{Path.GetFullPath(path)} is there already; move it away first, or complete it by hand.");
        }

        progress.Report(new StageProgress("Connect", 0, 3, "looks for the board"));
        (IBoard board, string where) = await reach.BoardAsync(new SerialTurntableOptions(), cancel).ConfigureAwait(false);
        BoardIdentity identity = board.Identity;
        await board.DisposeAsync().ConfigureAwait(false);

        progress.Report(new StageProgress("Connect", 1, 3, "looks for a camera"));
        (JsonObject camera, string cameraFound) = await CameraAsync(cancel).ConfigureAwait(false);

        progress.Report(new StageProgress("Connect", 2, 3, "writes rig.json"));
        JsonObject rig = new()
        {
            ["turntable"] = new JsonObject { ["driver"] = "serial", ["gearRatio"] = new JsonArray(1, 1), ["home"] = identity.HasIndexSwitch ? "switch" : "here" },
            ["camera"] = camera,
            ["lights"] = identity.LightChannels > 0
                ? new JsonObject { ["driver"] = "board", ["channels"] = new JsonObject(Enumerable.Range(0, identity.LightChannels).Select(c => KeyValuePair.Create<string, JsonNode?>($"lamp{c + 1}", c))) }
                : new JsonObject { ["driver"] = "none" },
            ["plan"] = new JsonObject { ["items"] = new JsonObject { ["my-part"] = new JsonArray("first", "second", "third", "fourth") }, ["posesPerItem"] = 2, ["stopsPerSweep"] = 36 },
            ["synthesis"] = new JsonObject { ["count"] = 0 },
        };
        try
        {
            await File.WriteAllTextAsync(path, $"{Head}\n{rig.ToJsonString(new JsonSerializerOptions { WriteIndented = true })}\n", cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"{path} cannot be written: {e.Message}", e);
        }

        return new ConnectedRig(Path.GetFullPath(path),
        [
            $"Board: {identity.Firmware} at {where}, {(identity.HasIndexSwitch ? "with" : "without")} an index switch, {identity.LightChannels} lights.",
            cameraFound,
            $"Written: {Path.GetFullPath(path)}. Name your parts and items in it, set the gear, then examine it on the Doctor screen.",
        ]);
    }

    private async Task<(JsonObject Camera, string Found)> CameraAsync(CancellationToken cancel)
    {
        try
        {
            if (await RpicamModes.ListAsync(new RpicamOptions(), reach.Time, cancel).ConfigureAwait(false) is [{ } first, ..])
            {
                return (new JsonObject { ["driver"] = "rpicam", ["camera"] = first.Number }, $"Camera: {first.Sensor}, {first.Size}, by rpicam.");
            }
        }
        catch (WorkFailedException)
        {
            // No such program: not a Raspberry Pi.
        }

        return VideoDevices() is [{ } device, ..]
            ? (Usb(device), $"Camera: {device}, asked through ffmpeg.")
            : (Usb("/dev/video0"), "Camera: none was found; \"camera\" in the file names /dev/video0 through ffmpeg. Plug one in, or name another driver.");
    }

    private static JsonObject Usb(string device) => new()
    {
        ["driver"] = "command",
        ["program"] = "ffmpeg",
        ["arguments"] = new JsonArray("-v", "error", "-f", "v4l2", "-video_size", "1280x720", "-i", device, "-frames:v", "1", "-q:v", "2", "-f", "mjpeg", "-"),
    };
}
