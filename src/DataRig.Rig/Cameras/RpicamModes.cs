using System.Text;
using System.Text.RegularExpressions;
using DataRig.Core;

namespace DataRig.Rig.Cameras;

/// <summary>A camera as <c>rpicam-still --list-cameras</c> describes it.</summary>
/// <param name="Number">What <see cref="RpicamOptions.Camera"/> calls it.</param>
/// <param name="Sensor">The sensor's name, such as <c>imx708</c>.</param>
/// <param name="Size">All its pixels, such as <c>4608x2592</c>.</param>
/// <param name="Modes">The sizes that the sensor can be read in.</param>
public sealed partial record RpicamModes(int Number, string Sensor, string Size, IReadOnlyList<string> Modes)
{
    private const int MostBytes = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Asks the program which cameras it sees; empty where there are none.</summary>
    /// <exception cref="WorkFailedException">There is no such program, or it does not answer.</exception>
    public static async Task<IReadOnlyList<RpicamModes>> ListAsync(RpicamOptions options, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ProgramRun run = await ProgramRun.ToEndAsync(options.Program, ["--list-cameras"], Patience, MostBytes, time, cancel).ConfigureAwait(false);
        return run.ExitCode is null
            ? throw new WorkFailedException($"'{options.Program} --list-cameras' did not end within {Patience.TotalSeconds:F0} s; reseat the camera's ribbon cable with the power off, and restart the computer.")
            : Parse(Encoding.UTF8.GetString(run.Output) + "\n" + run.Errors); // which of the two it speaks on has changed over its versions
    }

    internal static IReadOnlyList<RpicamModes> Parse(string text)
    {
        List<RpicamModes> cameras = [];
        List<string> modes = [];
        foreach (string line in text.Split('\n'))
        {
            if (Camera().Match(line) is { Success: true } camera && int.TryParse(camera.Groups["number"].ValueSpan, out int number))
            {
                modes = [];
                cameras.Add(new RpicamModes(number, camera.Groups["sensor"].Value, camera.Groups["size"].Value, modes));
            }
            else if (Mode().Match(line) is { Success: true } mode && !modes.Contains(mode.Groups["size"].Value))
            {
                modes.Add(mode.Groups["size"].Value);
            }
        }

        return cameras;
    }

    [GeneratedRegex(@"^\s*(?<number>\d{1,4}) : (?<sensor>\S+) \[(?<size>\d+x\d+)")]
    private static partial Regex Camera();

    [GeneratedRegex(@"(?<size>\d+x\d+) \[[\d.]+ fps")]
    private static partial Regex Mode();
}
