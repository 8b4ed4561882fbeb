using DataRig.Core;

namespace DataRig.Rig;

/// <summary>
/// The way back from faults, one for all of them: a lost link or position is mended by homing, tried for a while; whatever
/// that does not mend, a person is asked to; where nobody is there, the session ends with a sentence and can be resumed.
/// </summary>
internal sealed class Recovery(CaptureRig rig, ISessionJournal journal, int recoverySeconds, IProgress<SessionEvent>? watch)
{
    /// <summary>A fault that comes back at once this often is not one that homing mends.</summary>
    private const int HomingsInARow = 3;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5), LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>One question at a time, whoever asks.</summary>
    private readonly SemaphoreSlim _asking = new(1);
    private bool _homed;
    private bool _atMark;

    /// <summary>Works until it works.</summary>
    /// <param name="work">Can be done again from its start.</param>
    /// <param name="forget">Told of every fault, before it is mended.</param>
    /// <exception cref="WorkFailedException">It could not be mended and nobody was there to do it.</exception>
    public async Task<T> MendedAsync<T>(Func<Task<T>> work, Action forget, CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                T result = await work().ConfigureAwait(false);
                if (attempt > 1)
                {
                    watch?.Report(new SessionMended());
                }

                return result;
            }
            catch (WorkFailedException fault)
            {
                cancel.ThrowIfCancellationRequested();
                forget();
                bool atSea = fault is LinkLostException or PositionLostException;
                watch?.Report(new SessionFaulted(fault.Message, atSea));
                _homed &= !atSea;
                if (!atSea || attempt > HomingsInARow || !await ComeBackAsync(cancel).ConfigureAwait(false))
                {
                    await AskAsync(new Chore(ChoreKind.Mend, fault.Message), cancel).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Finds zero, unless that is done and nothing was lost since.</summary>
    public async Task HomeAsync(CancellationToken cancel)
    {
        if (_homed)
        {
            return;
        }

        // Angles that were taken before are only right if zero is where it was.
        if (!rig.Turntable.FindsZero && !_atMark && (journal.Taken().Count > 0 || journal.Plates().Count > 0))
        {
            await AskAsync(new Chore(ChoreKind.TurnToMark, "Turn the table by hand to its mark, where it stood when the session began: it has no switch to find that by itself."), cancel).ConfigureAwait(false);
            _atMark = true; // asked once, however often the board is looked for
        }

        await rig.Turntable.HomeAsync(cancel).ConfigureAwait(false);
        (_homed, _atMark) = (true, false);
    }

    /// <exception cref="WorkFailedException">Nobody is there.</exception>
    public async Task AskAsync(Chore chore, CancellationToken cancel)
    {
        await _asking.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (!await rig.Operator.DoAsync(chore, cancel).ConfigureAwait(false))
            {
                throw new SessionPausedException($"{chore.Words} The session is paused and everything taken so far is safe; 'datarig resume' goes on with it.");
            }
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Homes, again and again with growing pauses: a cable that is put back, a board that boots.</summary>
    private async Task<bool> ComeBackAsync(CancellationToken cancel)
    {
        long start = rig.Time.GetTimestamp();
        TimeSpan wait = FirstWait;
        while (true)
        {
            try
            {
                await HomeAsync(cancel).ConfigureAwait(false);
                return true;
            }
            catch (Exception e) when (e is LinkLostException or PositionLostException)
            {
                if (rig.Time.GetElapsedTime(start) + wait > TimeSpan.FromSeconds(recoverySeconds))
                {
                    return false;
                }

                await Task.Delay(wait, rig.Time, cancel).ConfigureAwait(false);
                wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks));
            }
        }
    }
}
