using DataRig.Core;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Grbl;

/// <summary>The first words with a board that may be a grbl, may be booting, may be anything.</summary>
internal static class GrblGreeting
{
    private static readonly string[] Others = ["start", "echo:", "Error:", "Resend:", "FIRMWARE_NAME:", "Marlin"];

    /// <returns>The firmware's name, or null where no grbl answers in time.</returns>
    public static async Task<string?> FirmwareAsync(GrblLink link, LineTimings timings, TimeProvider time, CancellationToken cancel)
    {
        long started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < timings.Boot)
        {
            try
            {
                if (await IsOtherAsync(link, timings, cancel).ConfigureAwait(false))
                {
                    return null;
                }

                for (int attempt = 0; attempt < 8; attempt++)
                {
                    IReadOnlyList<string> said = await link.SendAsync("$i", timings.Answer, cancel).ConfigureAwait(false);
                    if (said.Select(GrblReport.Firmware).FirstOrDefault(f => f is not null) is { } firmware)
                    {
                        return firmware;
                    }
                }

                return null;
            }
            catch (PositionLostException)
            {
                // It has just started, or is locked until it is told otherwise; once more from the beginning.
            }
            catch (WorkFailedException e) when (e is not LinkLostException)
            {
                return null; // it answers, but knows no $I
            }
        }

        return null;
    }

    /// <summary>Knocks, and listens whether what answers is something else, or nothing.</summary>
    private static async Task<bool> IsOtherAsync(GrblLink link, LineTimings timings, CancellationToken cancel)
    {
        for (int knock = 0; knock * timings.Answer < timings.Boot; knock++)
        {
            await link.SignalAsync((byte)'\n', cancel).ConfigureAwait(false);
            await foreach (string line in link.ListenAsync(timings.Answer, cancel).ConfigureAwait(false))
            {
                if (Others.Any(o => line.StartsWith(o, StringComparison.Ordinal)))
                {
                    return true;
                }

                if (GrblReply.Parse(line).Kind is not GrblReplyKind.Text)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
