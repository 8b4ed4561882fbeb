using System.Globalization;
using DataRig.Core;
using DataRig.Rig;
using DataRig.Terminal;

namespace DataRig.Jobs;

/// <summary>One picture with the configured camera under the plan's first light, looked at as a session would.</summary>
/// <param name="shotFile">Where it is kept, if anywhere.</param>
internal sealed class DoctorShot(RigFile file, DoctorReach reach, string? shotFile)
{
    /// <summary>Below this mean of linear light a picture is worth a remark, 0 black to 1 white.</summary>
    private const double DarkBelow = 0.02;

    /// <summary>Above this share of burnt out pixels, too.</summary>
    private const double BurntAbove = 0.05;

    /// <summary>How large its file is; null before it was taken.</summary>
    public long? Bytes { get; private set; }

    /// <param name="lights">What is lit for it; dark again when it is disposed.</param>
    /// <exception cref="WorkFailedException">The camera gave none.</exception>
    public async Task<Finding> TakeAsync(ILights lights, CancellationToken cancel)
    {
        if (file.Camera is SimulatedCameraOptions)
        {
            await using CaptureRig twin = RigFactory.Create(file, file.Plan, new Seed(file.Seed), new Sitting(new Nobody()));
            await twin.Operator.PlaceAsync(file.Plan.Sweeps()[0].Placement, cancel).ConfigureAwait(false);
            await twin.Turntable.HomeAsync(cancel).ConfigureAwait(false);
            return await ShootAsync(twin.Camera, twin.Lights, twin.Time, cancel).ConfigureAwait(false);
        }

        await using ICamera camera = reach.Camera(file.Camera);
        return await ShootAsync(camera, lights, reach.Time, cancel).ConfigureAwait(false);
    }

    private async Task<Finding> ShootAsync(ICamera camera, ILights lights, TimeProvider time, CancellationToken cancel)
    {
        string? light = file.Plan.Lights.Keys.FirstOrDefault();
        await lights.SetAsync(light is null ? lights.Channels.ToDictionary(c => c, _ => 1.0) : file.Plan.Lights[light], cancel).ConfigureAwait(false);
        CameraLock held = await camera.LockAsync(null, cancel).ConfigureAwait(false);
        ShotTarget target = new(0, 0, light ?? "");
        TablePosition still = new(0, 0, time.GetUtcNow());
        Shot shot = await camera.CaptureAsync(target, cancel).ConfigureAwait(false);
        ShotVerdict verdict = new ShotGate(file.Plan.Gate, file.Camera.Size(), new PictureReader()).Judge(shot, target, still);
        if (verdict.Outcome != ShotOutcome.Refused)
        {
            Bytes = shot.Image.Bytes.Length;
        }

        string kept = shotFile is null ? "" : $", kept as {Keep(shot.Image.Bytes, shotFile)}";
        return verdict.Outcome == ShotOutcome.Refused || verdict.Measures is not { } measures
            ? new Finding("test shot", false, $"the picture is refused: {verdict.Reason}{kept}", "look at lens, light and the camera's settings, then run this again")
            : new Finding("test shot", true, Describe(shot, measures, held) + kept, Advice(measures));
    }

    private static string Describe(Shot shot, ShotMeasures measures, CameraLock held)
    {
        string sharpness = measures.Sharpness is { } sharp ? string.Create(CultureInfo.InvariantCulture, $"{sharp:F3}") : "not to be told";
        string locked = held.Values.Count == 0 ? "" : ", held at " + string.Join(", ", held.Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key} {v.Value:G5}")));
        return string.Create(CultureInfo.InvariantCulture, $"{measures.Width}x{measures.Height}, {(shot.Image.Bytes.Length + 1023) / 1024} KiB, mean light {measures.Luminance:P0}, burnt out {measures.ClippedShare:P1}, sharpness {sharpness}{locked}");
    }

    /// <summary>What would make a better picture; null where nothing is to be said.</summary>
    private static string? Advice(ShotMeasures measures) =>
        measures.Luminance < DarkBelow ? "it is very dark: more light, or a longer exposure"
        : measures.ClippedShare > BurntAbove ? "much of it is burnt out: less light, or a shorter exposure"
        : measures.Sharpness is null ? "nothing in it has contrast: put a part on the table to see whether it is sharp"
        : null;

    /// <summary>Writes the picture; what is no picture is not written over.</summary>
    private static string Keep(byte[] jpeg, string path)
    {
        try
        {
            if (File.Exists(path))
            {
                using FileStream there = File.OpenRead(path);
                if (there.Length > 0 && (there.ReadByte() != 0xFF || there.ReadByte() != 0xD8))
                {
                    throw new WorkFailedException($"{path} is there already and is no JPEG; give --shot another name.");
                }
            }

            File.WriteAllBytes(path, jpeg);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The test shot cannot be kept as {path}: {e.Message.TrimEnd('.')}. Give --shot a file in a folder that you may write to.", e);
        }
    }
}
