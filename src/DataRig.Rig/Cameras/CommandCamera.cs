using DataRig.Core;

namespace DataRig.Rig.Cameras;

/// <summary>A camera behind any program that writes a JPEG, run once a picture.</summary>
public sealed class CommandCamera(CommandCameraOptions options, TimeProvider time) : ICamera
{
    private const string Driver = "command";

    private readonly ShotFiles _files = new();

    public double? ElevationDegrees => options.ElevationDegrees;

    private TimeSpan Deadline => TimeSpan.FromMilliseconds(options.DeadlineMs);

    public async Task<CameraLock> LockAsync(CameraLock? earlier, CancellationToken cancel)
    {
        CameraLock.RequireSame(earlier, Driver);
        Orphans.Kill(options.Program);
        if (options.LockCommand.Count > 0)
        {
            ProgramRun run = await ProgramRun.ToEndAsync(options.LockCommand[0], [.. options.LockCommand.Skip(1)], Deadline, null, time, cancel).ConfigureAwait(false);
            if (run.ExitCode != 0)
            {
                string how = run.ExitCode is { } code ? $"ended with exit code {code}" : $"had not finished after {Deadline.TotalSeconds:0.#} s and was killed";
                throw new WorkFailedException($"The camera's lockCommand {options.LockCommand[0]} {how}{Said(run)}. Run it by hand, or correct lockCommand in the camera's settings.");
            }
        }

        return CameraLock.Nothing(Driver);
    }

    public async Task<Shot> CaptureAsync(ShotTarget target, CancellationToken cancel)
    {
        bool toFile = options.Arguments.Any(a => a.Contains(CommandCameraOptions.FilePlaceholder, StringComparison.Ordinal));
        string problem = "";
        for (int attempt = 0; attempt < options.Attempts; attempt++)
        {
            string file = _files.Fresh("jpg");
            DateTimeOffset startedAt = time.GetUtcNow();
            string[] arguments = [.. options.Arguments.Select(a => a.Replace(CommandCameraOptions.FilePlaceholder, file, StringComparison.Ordinal))];
            ProgramRun run = await ProgramRun.ToEndAsync(options.Program, arguments, Deadline, toFile ? null : ShotFiles.MostBytes, time, cancel).ConfigureAwait(false);
            byte[] bytes = toFile ? _files.Take(file) : run.Output;
            if (ShotFiles.Problem(run, bytes, Deadline, out JpegFile jpeg) is not { } wrong)
            {
                return new Shot(new EncodedImage(bytes[..jpeg.Length], jpeg.Width, jpeg.Height), startedAt);
            }

            problem = wrong;
            if (run.Unkillable)
            {
                break;
            }
        }

        string times = options.Attempts == 1 ? "" : $", tried {options.Attempts} times: the last time";
        throw new WorkFailedException($"The camera's program {options.Program} gave no picture{(times.Length > 0 ? times : ":")} {problem}. Run it by hand: {options.Program} {string.Join(' ', options.Arguments.Select(a => a.Replace(CommandCameraOptions.FilePlaceholder, "test.jpg", StringComparison.Ordinal)))}");
    }

    public ValueTask DisposeAsync()
    {
        _files.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Said(ProgramRun run) => run.LastWords.Length > 0 ? $" (it said: {run.LastWords})" : "";
}
