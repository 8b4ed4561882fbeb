using DataRig.Core;

namespace DataRig.Rig.Gcode;

/// <summary>The first words with a board that may be the firmware's, may be booting, may be anything.</summary>
internal static class GcodeGreeting
{
    private const int Attempts = 8;

    /// <returns>The firmware's name and version, or null where none of its kind answers in time.</returns>
    /// <exception cref="PositionLostException">The board waits for its reset button.</exception>
    public static async Task<string?> VersionAsync(IGcodeFirmware firmware, CancellationToken cancel)
    {
        GcodeLink link = firmware.Link;
        long started = link.Time.GetTimestamp();
        while (link.Time.GetElapsedTime(started) < link.Timings.Boot)
        {
            try
            {
                if (!await IsItsAsync(firmware, cancel).ConfigureAwait(false))
                {
                    return null;
                }

                for (int attempt = 0; attempt < Attempts; attempt++)
                {
                    if (await firmware.VersionAsync(cancel).ConfigureAwait(false) is { } version)
                    {
                        return version;
                    }
                }

                return null;
            }
            catch (Exception e) when (e is RestartedException or PositionLostException && !firmware.HasHalted)
            {
                // It has just started, or is locked until it is told otherwise; once more from the beginning.
            }
            catch (WorkFailedException e) when (e is not (LinkLostException or PositionLostException))
            {
                return null; // it answers, but does not know the question
            }
        }

        return null;
    }

    /// <summary>Knocks, and listens whether what answers is of the firmware's kind, or nothing.</summary>
    private static async Task<bool> IsItsAsync(IGcodeFirmware firmware, CancellationToken cancel)
    {
        GcodeLink link = firmware.Link;
        for (int knock = 0; knock * link.Timings.Answer < link.Timings.Boot; knock++)
        {
            await firmware.KnockAsync(cancel).ConfigureAwait(false);
            await foreach (string line in link.ListenAsync(link.Timings.Answer, cancel).ConfigureAwait(false))
            {
                if (firmware.IsIts(line) is { } its)
                {
                    return its;
                }
            }
        }

        return false;
    }
}
