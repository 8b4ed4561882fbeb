using DataRig.Core;
using DataRig.Rig.Gcode;

namespace DataRig.Rig.Grbl;

/// <summary>
/// How it is proven where a grbl board stands: it has to show, in its own order of work, that it read the last line that
/// was sent, was not reset since it was marked, and rests, twice at the same place.
/// </summary>
internal sealed class GrblProof(GrblLink link, GcodeAxis[] axes)
{
    private const int Attempts = 8;

    /// <summary>
    /// The work coordinate system that is chosen as a mark and not used (moves are in G53). Grbl starts in G54, so a board
    /// that shows G54 was reset, even where its banner was lost.
    /// </summary>
    private const int Epoch = 59;
    private const int AfterReset = 54;

    private int _token;

    /// <summary>Chooses the work coordinate system that tells this start of the board from another.</summary>
    public async Task MarkAsync(CancellationToken cancel)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            await link.SendAsync($"g{Epoch}", link.Timings.Answer, cancel).ConfigureAwait(false);
            if ((await OrderAsync(TimeSpan.Zero, cancel).ConfigureAwait(false)).WorkSystem == Epoch)
            {
                return;
            }
        }

        throw link.Spoils();
    }

    /// <summary>Waits until the board stands, and reads where; each axis' count is what the board itself reports.</summary>
    /// <param name="duration">How long it may move.</param>
    public async Task StandsAsync(TimeSpan duration, CancellationToken cancel)
    {
        int workSystem = (await OrderAsync(duration, cancel).ConfigureAwait(false)).WorkSystem;
        if (workSystem == AfterReset)
        {
            throw link.Restarted("its modes are those of its start");
        }

        if (workSystem != Epoch)
        {
            await MarkAsync(cancel).ConfigureAwait(false); // what a spoiled line chose is chosen back
        }

        long[] counts = await CountsAsync(duration, cancel).ConfigureAwait(false);
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i].Count = counts[i];
        }
    }

    /// <summary>Where the axes stand, once the board is at rest.</summary>
    public async Task<long[]> CountsAsync(TimeSpan duration, CancellationToken cancel)
    {
        IReadOnlyList<double>? before = null;
        long started = link.Time.GetTimestamp();
        for (int looks = 0; looks < 50 || link.Time.GetElapsedTime(started) < duration + (4 * link.Timings.Answer); looks++)
        {
            GrblStatus? status = await link.StatusAsync(cancel).ConfigureAwait(false);
            if (status is { State: "Idle", Places: { } places })
            {
                // One report may have been spoiled into another; two alike were not.
                if (before is not null && places.Count >= axes.Length && places.SequenceEqual(before))
                {
                    return [.. axes.Zip(places, (a, p) => (long)Math.Round(p * a.Scale))];
                }

                before = places;
                continue;
            }

            before = null;
            await HelpAsync(status, cancel).ConfigureAwait(false);
        }

        throw new LinkLostException($"The {link.Board} does not come to rest, or does not say so; check its cable and power.");
    }

    /// <summary>What to do about a board that is not idle.</summary>
    private async Task HelpAsync(GrblStatus? status, CancellationToken cancel)
    {
        switch (status?.State)
        {
            case "Idle" when status.Places is null:
                throw GrblSettings.Unfit(link.Board, "reports places of the work, not of the machine", "$10=1");
            case "Alarm" or "Sleep":
                throw new PositionLostException($"The {link.Board} is in its state \"{status.State}\"; home the table and go on.");
            case "Check":
                await link.SignalAsync(GrblLink.Reset, cancel).ConfigureAwait(false); // nothing moves in it; one flipped bit makes $c of $g
                break;
            case "Hold" or "Door":
                await link.SignalAsync((byte)'~', cancel).ConfigureAwait(false);
                break;
        }

        if (status is not null)
        {
            await Task.Delay(link.Timings.Poll, link.Time, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Waits until everything sent before is done: a dwell, which grbl begins only when all motion has ended, carries a
    /// new tool number, and the parser's state shows that number only once it has come to the dwell.
    /// </summary>
    public async Task<(int WorkSystem, int Tool, double Spindle)> OrderAsync(TimeSpan duration, CancellationToken cancel)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            _token = NextToken(_token);
            await link.SendAsync($"g4p0.01t{_token}", link.Timings.Answer + duration, cancel).ConfigureAwait(false);
            for (int look = 0; look < 4; look++)
            {
                IReadOnlyList<string> said = await link.SendAsync("$g", link.Timings.Answer, cancel).ConfigureAwait(false);
                if (said.Select(GrblReport.ParserState).LastOrDefault(s => s is not null) is { } state && state.Tool == _token)
                {
                    return state;
                }

                if (look > 0)
                {
                    link.Doubt();
                }
            }
        }

        throw link.Spoils();
    }

    /// <summary>From 1 to 250 and round again, without those that have an 8: a flipped bit makes it the reset.</summary>
    private static int NextToken(int token)
    {
        do
        {
            token = (token % 250) + 1;
        }
        while (token % 10 == 8 || token / 10 % 10 == 8);
        return token;
    }
}
