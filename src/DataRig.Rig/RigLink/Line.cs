using System.Threading.Channels;

namespace DataRig.Rig.RigLink;

/// <summary>
/// Stop and wait over a transport: one request on the line, repeated unchanged until its answer comes. A pump reads all the
/// while, so that a board's reset and a pulled cable are seen without asking. One caller at a time.
/// </summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly ITransport _transport;
    private readonly TimeProvider _time;
    private readonly Channel<Message> _arrived = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly FrameReader _reader = new();
    private readonly Task _pump;
    private byte _sequence;
    private uint _nonce;

    /// <param name="transport">Stays the caller's.</param>
    public Line(ITransport transport, TimeProvider time)
    {
        _transport = transport;
        _time = time;
        _nonce = unchecked((uint)time.GetUtcNow().Ticks);
        _pump = PumpAsync();
    }

    public string Name => _transport.Name;

    /// <summary>The board's count of its starts, as of the last greeting.</summary>
    public ushort Epoch { get; private set; }

    /// <summary>When the board was last spoken to.</summary>
    public long LastSpoken { get; private set; }

    /// <summary>Requests that had to be sent again.</summary>
    public long Resent { get; private set; }

    /// <summary>Says HELLO until the board answers; from then on its epoch is expected of every frame.</summary>
    /// <param name="patience">How long; a board that restarts as its port is opened needs two seconds.</param>
    /// <returns>The greeting, or null where nothing answered as RigLink does.</returns>
    public async Task<Greeting?> GreetAsync(TimeSpan patience, CancellationToken cancel)
    {
        long start = _time.GetTimestamp();
        uint nonce = ++_nonce;
        byte[] frame = new Message(Protocol.GreetingVersion, MessageKind.Request, _sequence, 0, Opcode.Hello, Bodies.Hello(nonce)).ToFrame();
        do
        {
            cancel.ThrowIfCancellationRequested();
            await SendAsync(frame).ConfigureAwait(false);
            long sent = _time.GetTimestamp();
            while (await NextAsync(Protocol.WaitOfTry(1) - _time.GetElapsedTime(sent), cancel).ConfigureAwait(false) is { } message)
            {
                if (message is { Kind: MessageKind.Answer, Opcode: Opcode.Hello } && Greeting.From(message.Body.Span) is { } greeting && greeting.Nonce == nonce)
                {
                    Epoch = message.Epoch;
                    return greeting;
                }
            }
        }
        while (_time.GetElapsedTime(start) < patience);
        return null;
    }

    /// <summary>
    /// Asks once and gets the answer, however often the line loses it. Not to be cancelled: whoever stops waiting for an
    /// answer cannot know what the board did.
    /// </summary>
    /// <returns>An answer or a refusal.</returns>
    /// <exception cref="LinkLostException">No answer came in three seconds.</exception>
    /// <exception cref="PositionLostException">The board has started anew.</exception>
    public async Task<Message> AskAsync(Opcode opcode, byte[] body)
    {
        byte sequence = ++_sequence;
        byte[] frame = new Message(Protocol.Version, MessageKind.Request, sequence, Epoch, opcode, body).ToFrame();
        long heard = _reader.Messages;
        for (int attempt = 0; attempt < Protocol.Tries; attempt++)
        {
            Resent += attempt > 0 ? 1 : 0;
            await SendAsync(frame).ConfigureAwait(false);
            long sent = _time.GetTimestamp();
            while (await NextAsync(Protocol.WaitOfTry(attempt) - _time.GetElapsedTime(sent), default).ConfigureAwait(false) is { } message)
            {
                if (IsUnreadable(message))
                {
                    break;
                }

                ThrowIfRestarted(message);
                if (message.Kind is MessageKind.Answer or MessageKind.Refusal && message.Sequence == sequence && message.Opcode == opcode)
                {
                    return message;
                }
            }
        }

        throw new LinkLostException(_reader.Messages > heard
            ? $"The board on {Name} was heard but its answers did not get through in {Protocol.Tries} tries; use a shorter or shielded cable, away from the motor's wires."
            : $"The board on {Name} has stopped answering; check its cable and power, and go on.");
    }

    /// <summary>Waits for the event that ends a work.</summary>
    /// <returns>Its status, or null where none came in time.</returns>
    /// <exception cref="PositionLostException">The board has started anew.</exception>
    public async Task<BoardStatus?> WaitForEndAsync(byte work, TimeSpan patience, CancellationToken cancel)
    {
        long start = _time.GetTimestamp();
        while (await NextAsync(patience - _time.GetElapsedTime(start), cancel).ConfigureAwait(false) is { } message)
        {
            if (IsUnreadable(message))
            {
                continue;
            }

            ThrowIfRestarted(message);
            if (message.Kind == MessageKind.Event && message.Sequence == work && BoardStatus.From(message.Body.Span) is { Result: not WorkResult.Running } status)
            {
                return status;
            }
        }

        return null;
    }

    /// <summary>Stops listening; the transport stays open.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        _closing.Dispose();
    }

    private static bool IsUnreadable(Message message) =>
        message.Kind == MessageKind.Refusal && Refused.From(message.Body.Span) is { Code: RefusalCode.Unreadable };

    private void ThrowIfRestarted(Message message)
    {
        bool greeting = message is { Kind: MessageKind.Answer, Opcode: Opcode.Hello };
        if (message.Epoch != Epoch && !greeting && message.Kind is MessageKind.Answer or MessageKind.Refusal or MessageKind.Event)
        {
            throw new PositionLostException(
                $"The board on {Name} has restarted and lost its position (start {message.Epoch}, not {Epoch}); it is homed anew. If that happens again, check its power supply and its cable.");
        }
    }

    private async Task SendAsync(byte[] frame)
    {
        LastSpoken = _time.GetTimestamp();
        await _transport.WriteAsync(frame, _closing.Token).ConfigureAwait(false);
    }

    /// <summary>The next whole message, or null where none comes in time.</summary>
    private async Task<Message?> NextAsync(TimeSpan patience, CancellationToken cancel)
    {
        if (_arrived.Reader.TryRead(out Message? waiting))
        {
            return waiting;
        }

        if (patience <= TimeSpan.Zero)
        {
            return null;
        }

        using CancellationTokenSource timeout = new(patience, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            return await _arrived.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
        catch (ChannelClosedException closed)
        {
            throw new LinkLostException(closed.InnerException?.Message ?? $"The line {Name} was closed.", closed);
        }
    }

    private async Task PumpAsync()
    {
        byte[] buffer = new byte[256];
        try
        {
            while (true)
            {
                int count = await _transport.ReadAsync(buffer, _closing.Token).ConfigureAwait(false);
                foreach (byte value in buffer.AsSpan(0, count))
                {
                    if (_reader.Push(value) is { } message)
                    {
                        _arrived.Writer.TryWrite(message);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            _arrived.Writer.Complete();
        }
        catch (LinkLostException lost)
        {
            _arrived.Writer.Complete(lost);
        }
    }
}
