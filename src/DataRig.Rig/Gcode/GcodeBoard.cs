using DataRig.Core;

namespace DataRig.Rig.Gcode;

/// <summary>
/// A board that speaks G-code, whatever its firmware. Every move is absolute and ends only when the board has shown that all
/// its motors stand where they should; else it is sent again. After a reset nothing is believed until the axes are homed,
/// unless the board proves that it was reset at rest and still counts.
/// </summary>
internal sealed class GcodeBoard : IBoard
{
    private const int Attempts = 8;

    /// <summary>Restarts in one piece of work that are put up with; a board that is reset again and again needs a person.</summary>
    private const int Restarts = 3;

    /// <summary>How long the way back from where a spoiled line led is waited for in silence, before the board is asked again.</summary>
    private static readonly TimeSpan LongestReturn = TimeSpan.FromSeconds(10);

    private readonly IGcodeFirmware _firmware;
    private readonly GcodeLink _link;
    private readonly double[] _lights;
    private bool _ready;
    private bool _letGo;

    private GcodeBoard(IGcodeFirmware firmware, string version)
    {
        _firmware = firmware;
        _link = firmware.Link;
        Identity = firmware.Identify(version);
        _lights = new double[Identity.LightChannels];
    }

    public BoardIdentity Identity { get; }

    /// <summary>Greets what is at the other end of an open line; the board then owns the line.</summary>
    /// <returns>The board, or null where what answers is not of the firmware's kind, or nothing does; the line stays open.</returns>
    /// <exception cref="LinkLostException">The port was unplugged.</exception>
    /// <exception cref="WorkFailedException">The board's settings do not suit a turntable.</exception>
    public static async Task<GcodeBoard?> TryGreetAsync(IGcodeFirmware firmware, CancellationToken cancel)
    {
        if (await GcodeGreeting.VersionAsync(firmware, cancel).ConfigureAwait(false) is not { } version)
        {
            return null;
        }

        GcodeBoard board = new(firmware, version);
        await board.PrepareAsync(cancel).ConfigureAwait(false);
        foreach (GcodeAxis axis in firmware.Axes)
        {
            axis.IsKnown = true;
        }

        return board;
    }

    public async Task<long> HomeAsync(BoardMove slowly, CancellationToken cancel)
    {
        GcodeAxis axis = _firmware.AxisOf(slowly.Axis);
        if (!_firmware.IndexSwitch)
        {
            throw new PositionLostException($"The {_link.Board} has no index switch; wire one to the endstop of its {axis.Letter} axis and set \"indexSwitch\" to true.");
        }

        await ReadyAsync(cancel, evenAfterReset: true).ConfigureAwait(false);
        long[] before = Counts();
        await WatchAsync(() => _firmware.HomeAsync(axis, cancel), cancel).ConfigureAwait(false);

        // Some boards' homing moves every axis that has a switch.
        foreach ((GcodeAxis other, long _) in _firmware.Axes.Zip(before).Where(p => p.First.Count != p.Second))
        {
            other.IsKnown = false;
        }

        axis.Offset = 0;
        axis.IsKnown = true;
        return axis.Count;
    }

    public async Task<long> SetPositionAsync(Axis axis, long microsteps, CancellationToken cancel)
    {
        GcodeAxis named = _firmware.AxisOf(axis);
        await ReadyAsync(cancel, evenAfterReset: true).ConfigureAwait(false);
        await WatchAsync(() => _firmware.RecountAsync(named, cancel), cancel).ConfigureAwait(false);
        named.Offset = microsteps - named.Count;
        named.IsKnown = true;
        return named.Count + named.Offset;
    }

    public async Task<long> MoveAsync(BoardMove move, CancellationToken cancel)
    {
        GcodeAxis axis = _firmware.AxisOf(move.Axis);
        if (!axis.IsKnown)
        {
            throw new PositionLostException($"The {_link.Board} no longer knows where its {axis.Letter} axis stands; home it and go on.");
        }

        long target = move.TargetMicrosteps - axis.Offset;
        ThrowIfTooFar(target);
        await ReadyAsync(cancel).ConfigureAwait(false);
        long[] targets = [.. _firmware.Axes.Select(a => a == axis ? target : a.Count)];
        await WatchAsync(() => ArriveAsync(axis, move, targets, cancel), cancel, targets).ConfigureAwait(false);
        return axis.Count + axis.Offset;
    }

    public async Task HoldAsync(bool hold, CancellationToken cancel)
    {
        if (_letGo && !hold)
        {
            return;
        }

        // Holding comes before homing: it, too, takes up a board that was reset, and a move is then still refused.
        await ReadyAsync(cancel, evenAfterReset: hold).ConfigureAwait(false);
        await WatchAsync(() => _firmware.HoldAsync(hold, cancel), cancel).ConfigureAwait(false);
        _letGo = !hold;
        if (!hold)
        {
            Disbelieve(); // whatever turns freely may be turned by hand
        }
    }

    public async Task SetLightAsync(int channel, double level, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(channel, _lights.Length);
        _lights[channel] = Math.Clamp(level, 0, 1);
        await ReadyAsync(cancel).ConfigureAwait(false);
        await WatchAsync(() => _firmware.SetLightAsync(channel, _lights[channel], cancel), cancel).ConfigureAwait(false);
    }

    public async Task<bool> ReadSwitchAsync(Axis axis, CancellationToken cancel)
    {
        bool met = false;
        await ReadyAsync(cancel).ConfigureAwait(false);
        await WatchAsync(async () => met = await _firmware.ReadSwitchAsync(_firmware.AxisOf(axis), cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);
        return met;
    }

    public ValueTask DisposeAsync() => _link.DisposeAsync();

    /// <summary>Goes until all axes are where they should be: one that a spoiled line has moved is sent back along with the one that is meant.</summary>
    private async Task ArriveAsync(GcodeAxis axis, BoardMove move, long[] targets, CancellationToken cancel)
    {
        (GcodeAxis Axis, long Count)[] places = [.. _firmware.Axes.Zip(targets)];
        long target = places.First(p => p.Axis == axis).Count;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            TimeSpan duration = _firmware.Duration(axis, target - axis.Count, move);
            duration = attempt > 0 && duration > LongestReturn ? LongestReturn : duration;
            await _firmware.GoAsync(axis, move, [.. places.Where(p => p.Axis == axis || p.Axis.Count != p.Count)], duration, cancel).ConfigureAwait(false);
            if (places.All(p => p.Axis.Count == p.Count))
            {
                return;
            }
        }

        throw new PositionLostException($"The {_link.Board} was sent to {target} microsteps on {axis.Letter} and says that it stands at {axis.Count}; check that no other program moves it and that its limits let the table turn freely, then home the table.");
    }

    /// <summary>Sees whether the board is still the one that was prepared, and prepares it again after a reset.</summary>
    private async Task ReadyAsync(CancellationToken cancel, bool evenAfterReset = false)
    {
        if (_ready)
        {
            try
            {
                await WatchAsync(() => _link.CatchUpAsync(cancel), cancel).ConfigureAwait(false);
                return;
            }
            catch (PositionLostException) when (evenAfterReset && !_firmware.HasHalted)
            {
                // Whoever homes has no need of the old position.
            }
        }

        if (await GcodeGreeting.VersionAsync(_firmware, cancel).ConfigureAwait(false) is null)
        {
            throw new LinkLostException($"The {_link.Board} does not answer after its reset; check its power and cable.");
        }

        await PrepareAsync(cancel).ConfigureAwait(false);
    }

    private async Task PrepareAsync(CancellationToken cancel)
    {
        for (int restarts = 0; !_ready; restarts++)
        {
            try
            {
                await _firmware.PrepareAsync(cancel).ConfigureAwait(false);
                await LightAsync(cancel).ConfigureAwait(false);
                (_ready, _letGo) = (true, false);
            }
            catch (RestartedException e)
            {
                // Nothing is lost by it yet; but with each restart an axis may have moved.
                if (restarts >= Restarts)
                {
                    throw new PositionLostException(e.Message, e);
                }
            }
        }
    }

    /// <summary>Does a work that may be done twice, and stops believing the board where it comes out that it was reset.</summary>
    /// <param name="sentTo">Where the work sends the axes, if it does.</param>
    private async Task WatchAsync(Func<Task> work, CancellationToken cancel, long[]? sentTo = null)
    {
        for (int restarts = 0; ; restarts++)
        {
            try
            {
                await work().ConfigureAwait(false);
                return;
            }
            catch (RestartedException e)
            {
                // A board that forgot its count and was sent to the same count again would look like one that remembers.
                bool telling = sentTo is null || !sentTo.SequenceEqual(Counts());
                if (restarts >= Restarts || !telling || !await RemembersAsync(cancel).ConfigureAwait(false))
                {
                    Disbelieve();
                    throw new PositionLostException(e.Message, e);
                }
            }
            catch (PositionLostException)
            {
                Disbelieve();
                throw;
            }
        }
    }

    private async Task<bool> RemembersAsync(CancellationToken cancel)
    {
        try
        {
            if (!await _firmware.RemembersAsync(cancel).ConfigureAwait(false))
            {
                return false;
            }

            await LightAsync(cancel).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is RestartedException or PositionLostException)
        {
            return false;
        }
    }

    /// <summary>A restart puts the lights out: those that burned burn again.</summary>
    private async Task LightAsync(CancellationToken cancel)
    {
        for (int channel = 0; channel < _lights.Length; channel++)
        {
            if (_lights[channel] > 0)
            {
                await _firmware.SetLightAsync(channel, _lights[channel], cancel).ConfigureAwait(false);
            }
        }
    }

    private void Disbelieve()
    {
        _ready = false;
        foreach (GcodeAxis axis in _firmware.Axes)
        {
            axis.IsKnown = false;
        }
    }

    private long[] Counts() => [.. _firmware.Axes.Select(a => a.Count)];

    private void ThrowIfTooFar(long target)
    {
        if (Math.Abs(target) > _firmware.FarthestMicrosteps)
        {
            string message = $"The table has turned {Math.Abs(target)} microsteps from where the {_link.Board} counts, and beyond {_firmware.FarthestMicrosteps} its numbers are too coarse;";
            throw _firmware.IndexSwitch
                ? new PositionLostException($"{message} home it and go on.")
                : new WorkFailedException($"{message} press the board's reset button, turn the table to its mark and resume.");
        }
    }
}
