using DataRig.Rig.Transports;

namespace DataRig.Rig.Marlin;

/// <summary>The first words with a board that may be a Marlin, may be booting, may be anything.</summary>
internal static class MarlinGreeting
{
    /// <returns>The firmware's name, or null where no Marlin answers in time.</returns>
    public static async Task<string?> FirmwareAsync(MarlinLink link, LineTimings timings, TimeProvider time, CancellationToken cancel)
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

                await link.BeginAsync(cancel).ConfigureAwait(false);
                for (int attempt = 0; attempt < 8; attempt++)
                {
                    IReadOnlyList<string> said = await link.SendAsync("M115", timings.Answer, cancel).ConfigureAwait(false);
                    if (said.Select(MarlinReport.Firmware).FirstOrDefault(f => f is not null) is { } firmware)
                    {
                        return firmware;
                    }
                }

                return null;
            }
            catch (PositionLostException) when (!link.HasHalted)
            {
                // It has just started; once more from the beginning.
            }
        }

        return null;
    }

    /// <summary>Knocks, and listens whether what answers is something else, or nothing.</summary>
    private static async Task<bool> IsOtherAsync(MarlinLink link, LineTimings timings, CancellationToken cancel)
    {
        for (int knock = 0; knock * timings.Answer < timings.Boot; knock++)
        {
            await link.KnockAsync(cancel).ConfigureAwait(false);
            await foreach (string line in link.ListenAsync(timings.Answer, cancel).ConfigureAwait(false))
            {
                if (line.StartsWith("Grbl ", StringComparison.Ordinal) || line.StartsWith("error:", StringComparison.Ordinal) || line.StartsWith('<'))
                {
                    return true;
                }

                if (MarlinReply.Parse(line).Kind is MarlinReplyKind.Ok or MarlinReplyKind.Resend)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
