using DataRig.Core;

namespace DataRig.Rig.RigLink;

/// <summary>
/// A board that speaks RigLink (<c>firmware-protocol/README.md</c>). While nothing is asked of it, it is told twice a second
/// that its host lives. After a restart or a fault of the board every call fails with <see cref="PositionLostException"/>
/// until <see cref="HomeAsync"/> or <see cref="SetPositionAsync"/> takes the board up again, its lights with it.
/// </summary>
public sealed class RigLinkBoard : IBoard
{
    /// <summary>How long a board may take that restarts as its port is opened: the boot loader's wait and some more.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(3);

    private readonly ITransport _transport;
    private readonly Line _line;
    private readonly Orders _orders;
    private readonly TimeProvider _time;
    private readonly RigLinkOptions _options;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly long[] _positions = new long[2];
    private readonly byte[] _lights;
    private readonly Task _keepAlive;
    private Greeting _greeting;
    private WorkFailedException? _trouble;

    private RigLinkBoard(ITransport transport, Line line, Orders orders, Greeting greeting, BoardStatus status, RigLinkOptions options, TimeProvider time)
    {
        _transport = transport;
        _line = line;
        _orders = orders;
        _greeting = greeting;
        _time = time;
        _options = options;
        _lights = new byte[greeting.Lights];
        Believe(status);
        Identity = new BoardIdentity(
            "riglink", $"RigLink firmware {greeting.Firmware} on an {greeting.BoardName}", greeting.Capabilities.HasFlag(Capabilities.TableSwitch), greeting.Lights);
        _keepAlive = KeepAliveAsync();
    }

    public BoardIdentity Identity { get; }

    /// <summary>Requests that the line made it send again.</summary>
    public long Resent => _line.Resent;

    /// <summary>Says hello over a line; a board that is still at an earlier host's work is stopped.</summary>
    /// <param name="transport">Owned by the board where there is one, and else left open and the caller's.</param>
    /// <param name="patience">See <see cref="UsualPatience"/>.</param>
    /// <returns>The board, or null where what answers, if anything, does not speak RigLink.</returns>
    /// <exception cref="LinkLostException">The line went away meanwhile.</exception>
    /// <exception cref="WorkFailedException">A RigLink board, but of another version of the protocol.</exception>
    public static async Task<RigLinkBoard?> TryGreetAsync(
        ITransport transport, RigLinkOptions options, TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        Line line = new(transport, time);
        RigLinkBoard? board = null;
        try
        {
            if (await line.GreetAsync(patience, cancel).ConfigureAwait(false) is { } greeting)
            {
                ThrowIfOfAnotherVersion(greeting, line.Name);
                Orders orders = new(line, time);
                board = new RigLinkBoard(transport, line, orders, greeting, await orders.StandStillAsync().ConfigureAwait(false), options, time);
            }

            return board;
        }
        finally
        {
            if (board is null)
            {
                await line.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The target is the farthest way to seek from where the axis stands, forward by its sign; up to a 36th of it the axis
    /// goes back to arrive at the switch's edge from one side.
    /// </remarks>
    public Task<long> HomeAsync(BoardMove slowly, CancellationToken cancel) => InTurnAsync(async () =>
    {
        ThrowIfTooFar(slowly.TargetMicrosteps);
        await TakeUpAsync(cancel).ConfigureAwait(false);
        uint backoff = (uint)Math.Clamp(Math.Abs(slowly.TargetMicrosteps) / 36, 1, 1 << 24);
        byte[] body = Bodies.Home(slowly.Axis, _options.SwitchOpens, (int)slowly.TargetMicrosteps, backoff, Speed(slowly), Acceleration(slowly));
        TimeSpan longest = Expected(4 * Math.Abs(slowly.TargetMicrosteps), slowly);
        BoardStatus end = await _orders.WorkAsync(Opcode.Home, body, "homing", longest, cancel).ConfigureAwait(false);

        // The zero is the switch's: what was counted before belongs to another zero.
        return _positions[(int)slowly.Axis] = end.Position(slowly.Axis);
    }, evenInTrouble: true, cancel);

    /// <inheritdoc/>
    public Task<long> SetPositionAsync(Axis axis, long microsteps, CancellationToken cancel) => InTurnAsync(async () =>
    {
        await TakeUpAsync(cancel).ConfigureAwait(false);
        BoardStatus status = await _orders.AskAsync(Opcode.SetPosition, Bodies.SetPosition(axis, unchecked((int)microsteps)), "a new count").ConfigureAwait(false);
        return _positions[(int)axis] = Nearest(microsteps, status.Position(axis));
    }, evenInTrouble: true, cancel);

    /// <inheritdoc/>
    /// <exception cref="WorkFailedException">The move is beyond what the board can do.</exception>
    public Task<long> MoveAsync(BoardMove move, CancellationToken cancel) => InTurnAsync(async () =>
    {
        Believe(_orders.Last!); // a move that was cancelled ended elsewhere
        long way = move.TargetMicrosteps - _positions[(int)move.Axis];
        ThrowIfTooFar(way);
        byte[] body = Bodies.Move(move.Axis, unchecked((int)move.TargetMicrosteps), Speed(move), Acceleration(move));
        BoardStatus end = await _orders.WorkAsync(Opcode.Move, body, "a move", Expected(Math.Abs(way), move), cancel).ConfigureAwait(false);
        Believe(end);
        long position = _positions[(int)move.Axis];
        return position == move.TargetMicrosteps
            ? position
            : throw new PositionLostException($"The board on {_line.Name} stopped at {position} instead of {move.TargetMicrosteps} microsteps; home it.");
    }, evenInTrouble: false, cancel);

    /// <inheritdoc/>
    public Task HoldAsync(bool hold, CancellationToken cancel) => InTurnAsync(async () =>
    {
        // Holding comes before homing, so it too takes up a board that was reset; a move is then still refused.
        if (hold)
        {
            await TakeUpAsync(cancel).ConfigureAwait(false);
        }

        return await _orders.AskAsync(Opcode.Hold, Bodies.Hold(hold), hold ? "holding" : "freeing the motors").ConfigureAwait(false);
    }, evenInTrouble: hold, cancel);

    /// <inheritdoc/>
    public Task<bool> ReadSwitchAsync(Axis axis, CancellationToken cancel) => InTurnAsync(async () =>
    {
        BoardStatus status = await _orders.AskAsync(Opcode.Status, Bodies.None, "its switch").ConfigureAwait(false);
        return status.Flags.HasFlag(axis == Axis.Table ? BoardFlags.TableSwitchClosed : BoardFlags.ElevationSwitchClosed) != _options.SwitchOpens;
    }, evenInTrouble: false, cancel);

    /// <inheritdoc/>
    public Task SetLightAsync(int channel, double level, CancellationToken cancel)
    {
        if (channel < 0 || channel >= Identity.LightChannels)
        {
            throw new WorkFailedException($"The board on {_line.Name} has {Identity.LightChannels} lights, counted from 0, and no light {channel}; correct the lights in rig.json.");
        }

        return InTurnAsync(() =>
        {
            _lights[channel] = (byte)Math.Round(255 * Math.Clamp(level, 0, 1));
            return _orders.AskAsync(Opcode.Light, Bodies.Light(channel, _lights[channel], fadeMs: 0), "a light");
        }, evenInTrouble: false, cancel);
    }

    /// <summary>Closes the camera's contact and waits until it is open again.</summary>
    /// <param name="settle">The wait before, up to a minute.</param>
    /// <param name="width">How long it is closed, 1 ms to a minute.</param>
    public Task TriggerAsync(TimeSpan settle, TimeSpan width, CancellationToken cancel)
    {
        ushort Milliseconds(TimeSpan span, int least) => (ushort)Math.Clamp(Math.Round(span.TotalMilliseconds), least, 60_000);
        byte[] body = Bodies.Trigger(Milliseconds(settle, 0), Milliseconds(width, 1));
        return InTurnAsync(() => _orders.WorkAsync(Opcode.Trigger, body, "a camera trigger", settle + width, cancel), evenInTrouble: false, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _keepAlive.ConfigureAwait(false);
        await _line.DisposeAsync().ConfigureAwait(false);
        await _transport.DisposeAsync().ConfigureAwait(false);
        _closing.Dispose();
        _turn.Dispose();
    }

    /// <summary>Whether a whole frame of the protocol is among these bytes; a board sends one when it starts.</summary>
    internal static bool IsHeardIn(IEnumerable<byte> bytes)
    {
        FrameReader reader = new();
        return bytes.Any(value => reader.Push(value) is { Kind: MessageKind.Answer or MessageKind.Refusal or MessageKind.Event });
    }

    /// <summary>Reads bytes as those of a board's line and forgets them: where a fuzzer comes in. Never throws.</summary>
    public static void Feed(ReadOnlySpan<byte> line)
    {
        FrameReader reader = new();
        foreach (byte value in line)
        {
            if (reader.Push(value) is { } message)
            {
                _ = Greeting.From(message.Body.Span);
                _ = BoardStatus.From(message.Body.Span);
                _ = Refused.From(message.Body.Span);
            }
        }
    }

    /// <summary>One call at a time, and none but a homing one while something is wrong.</summary>
    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, bool evenInTrouble, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            switch (_trouble)
            {
                case LinkLostException lost:
                    throw new LinkLostException(lost.Message, lost);
                case PositionLostException lost when !evenInTrouble:
                    throw new PositionLostException(lost.Message, lost);
            }

            return await work().ConfigureAwait(false);
        }
        catch (WorkFailedException trouble) when (trouble is LinkLostException or PositionLostException)
        {
            _trouble = trouble;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes whatever became of the board a board that listens: greeted, still, without a fault, lit as before.</summary>
    private async Task TakeUpAsync(CancellationToken cancel)
    {
        BoardStatus status;
        try
        {
            status = await _orders.StandStillAsync().ConfigureAwait(false);
        }
        catch (PositionLostException)
        {
            _greeting = await _line.GreetAsync(UsualPatience, cancel).ConfigureAwait(false)
                ?? throw new LinkLostException($"The board on {_line.Name} has restarted and does not answer; check its power supply.");
            ThrowIfOfAnotherVersion(_greeting, _line.Name);
            status = await _orders.StandStillAsync().ConfigureAwait(false);
        }

        Believe(status);
        if (status.Fault != BoardFault.None)
        {
            await _orders.AskAsync(Opcode.ClearFault, Bodies.None, "clearing its fault").ConfigureAwait(false);
        }

        for (int channel = 0; channel < Math.Min(_lights.Length, _greeting.Lights); channel++)
        {
            await _orders.AskAsync(Opcode.Light, Bodies.Light(channel, _lights[channel], fadeMs: 0), "a light").ConfigureAwait(false);
        }

        _trouble = null;
    }

    private async Task KeepAliveAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Protocol.KeepAlive, _time, _closing.Token).ConfigureAwait(false);
                if (_trouble is not null || _time.GetElapsedTime(_line.LastSpoken) < Protocol.KeepAlive / 2 || !await _turn.WaitAsync(0, default).ConfigureAwait(false))
                {
                    continue;
                }

                try
                {
                    BoardStatus status = await _orders.AskAsync(Opcode.Status, Bodies.None, "its status").ConfigureAwait(false);
                    _trouble = Sentences.Fault(status.Fault, _line.Name);
                }
                catch (WorkFailedException trouble)
                {
                    _trouble = trouble;
                }
                finally
                {
                    _turn.Release();
                }
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
        }
    }

    private void Believe(BoardStatus status)
    {
        foreach (Axis axis in (ReadOnlySpan<Axis>)[Axis.Table, Axis.Elevation])
        {
            _positions[(int)axis] = Nearest(_positions[(int)axis], status.Position(axis));
        }
    }

    /// <summary>The count with these lower 32 bits that is nearest to what was known: the board's count wraps, the host's does not.</summary>
    private static long Nearest(long known, int lower) => known + unchecked(lower - (int)known);

    private uint Speed(BoardMove move)
    {
        if (!(move.MicrostepsPerSecond <= _greeting.MaximumSpeed))
        {
            throw new WorkFailedException(
                $"The board on {_line.Name} makes at most {_greeting.MaximumSpeed} microsteps a second, and {move.MicrostepsPerSecond:F0} were asked for; lower the turntable's speed or its microsteps in rig.json.");
        }

        return (uint)Math.Max(1, Math.Round(1000 * move.MicrostepsPerSecond));
    }

    private static uint Acceleration(BoardMove move) => (uint)Math.Clamp(Math.Round(move.MicrostepsPerSecondSquared), 1, 1_000_000);

    /// <summary>A trapezoid's time, or a triangle's.</summary>
    private static TimeSpan Expected(long way, BoardMove move)
    {
        double speed = Math.Min(move.MicrostepsPerSecond, Math.Sqrt(way * move.MicrostepsPerSecondSquared));
        return way == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(1e6, (speed / move.MicrostepsPerSecondSquared) + (way / speed)));
    }

    private void ThrowIfTooFar(long way)
    {
        if (Math.Abs(way) > Protocol.FarthestWay)
        {
            throw new WorkFailedException($"The board on {_line.Name} goes at most {Protocol.FarthestWay} microsteps at once, and {way} were asked for; check the gear ratio in rig.json.");
        }
    }

    private static void ThrowIfOfAnotherVersion(Greeting greeting, string line)
    {
        if (Protocol.Version < greeting.ProtocolMinimum || Protocol.Version > greeting.ProtocolMaximum)
        {
            throw new WorkFailedException(
                $"The board on {line} speaks RigLink {greeting.ProtocolMinimum} to {greeting.ProtocolMaximum} and this program speaks {Protocol.Version}; flash the board from firmware-protocol/avr, or use the DataRig of its version.");
        }
    }
}
