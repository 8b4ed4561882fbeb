using System.Runtime.InteropServices;

namespace DataRig.Rig.Transports;

/// <summary>
/// Bytes through a non-blocking file descriptor of Linux. A thread of its own waits in <c>poll</c> for whoever waits here,
/// so that a pulled cable is seen at once even while nobody reads, and cancelling costs nothing. Owns the descriptor.
/// </summary>
internal sealed class DescriptorTransport : ITransport
{
    /// <summary>How long closing waits for bytes that the port has not sent yet: 4 KiB at 115200 baud take 0.36 s.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);

    private readonly DescriptorHandle _line;
    private readonly DescriptorHandle _wake;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _reader;
    private TaskCompletionSource? _writer;
    private volatile bool _unplugged;
    private volatile bool _closed;
    private bool _ending;

    public DescriptorTransport(DescriptorHandle line, string name, TimeProvider time)
    {
        _line = line;
        _time = time;
        Name = name;
        _wake = Native.EventDescriptor(0, Native.NonBlocking | Native.CloseOnExec);
        new Thread(Watch) { IsBackground = true, Name = $"line {name}" }.Start();
    }

    public string Name { get; }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfZero(buffer.Length);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            bool unplugged = _unplugged; // looked at first: what arrived before the line went is still read
            int count = Call(() => Native.Read(_line, buffer.Span, buffer.Length));
            if (count > 0)
            {
                return count;
            }

            if (unplugged || count == 0)
            {
                throw Gone();
            }

            await ReadyAsync(forWriting: false, cancel).ConfigureAwait(false);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (!bytes.IsEmpty)
        {
            cancel.ThrowIfCancellationRequested();
            if (_unplugged)
            {
                throw Gone();
            }

            int count = Call(() => Native.Write(_line, bytes.Span, bytes.Length));
            if (count >= 0)
            {
                bytes = bytes[count..];
            }
            else
            {
                await ReadyAsync(forWriting: true, cancel).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        bool first;
        lock (_lock)
        {
            first = !_closed;
            _closed = true;
            _reader?.TrySetResult();
            _writer?.TrySetResult();
        }

        if (first)
        {
            await DrainAsync().ConfigureAwait(false);
            lock (_lock)
            {
                _ending = true;
            }

            Wake();
        }

        await _ended.Task.ConfigureAwait(false);
    }

    /// <summary>Waits until the kernel has handed everything to the hardware, within reason.</summary>
    private async Task DrainAsync()
    {
        long started = _time.GetTimestamp();
        int left = 0;
        while (!_unplugged && Native.Control(_line, Native.OutputQueue, ref left) == 0 && left > 0 && _time.GetElapsedTime(started) < DrainLimit)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), _time).ConfigureAwait(false);
        }
    }

    /// <returns>The count of bytes, or -1 where the line is not ready yet.</returns>
    private int Call(Func<nint> transfer)
    {
        try
        {
            while (!_closed)
            {
                nint count = transfer();
                if (count >= 0)
                {
                    return (int)count;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error == Native.TryAgain)
                {
                    return -1;
                }

                if (error != Native.Interrupted)
                {
                    break;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed between the look and the call.
        }

        throw Gone();
    }

    private async Task ReadyAsync(bool forWriting, CancellationToken cancel)
    {
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_closed || _unplugged)
            {
                return; // the caller's next look says so
            }

            ref TaskCompletionSource? waiter = ref forWriting ? ref _writer : ref _reader;
            if (waiter is { Task.IsCompleted: false })
            {
                throw new InvalidOperationException($"{Name}: a second {(forWriting ? "write" : "read")} began before the first had ended.");
            }

            waiter = ready;
        }

        Wake();
        using CancellationTokenRegistration registration = cancel.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), ready);
        await ready.Task.ConfigureAwait(false);
    }

    /// <summary>The thread: waits for the line and for the wake-up, and closes both at the end.</summary>
    private void Watch()
    {
        Span<Native.PollRequest> requests = stackalloc Native.PollRequest[2];
        Span<byte> tally = stackalloc byte[8];
        while (true)
        {
            lock (_lock)
            {
                if (_ending)
                {
                    break;
                }

                int wanted = (_reader is { Task.IsCompleted: false } ? Native.PollIn : 0) | (_writer is { Task.IsCompleted: false } ? Native.PollOut : 0);
                // A line that is gone is left alone: poll would report it over and over.
                requests[0] = new() { Descriptor = _unplugged ? -1 : (int)_line.DangerousGetHandle(), Wanted = (short)wanted };
                requests[1] = new() { Descriptor = (int)_wake.DangerousGetHandle(), Wanted = Native.PollIn };
            }

            if (Native.Poll(requests, 2, -1) >= 0)
            {
                Report(requests[0].Found);
                if (requests[1].Found != 0)
                {
                    Native.Read(_wake, tally, tally.Length);
                }
            }
        }

        _line.Dispose();
        lock (_lock)
        {
            _wake.Dispose();
        }

        _ended.SetResult();
    }

    private void Report(short found)
    {
        lock (_lock)
        {
            _unplugged |= (found & (Native.PollHangUp | Native.PollError | Native.PollInvalid)) != 0;
            if (_unplugged || (found & Native.PollIn) != 0)
            {
                _reader?.TrySetResult();
            }

            if (_unplugged || (found & Native.PollOut) != 0)
            {
                _writer?.TrySetResult();
            }
        }
    }

    private void Wake()
    {
        lock (_lock)
        {
            if (!_wake.IsClosed)
            {
                Native.Write(_wake, BitConverter.GetBytes(1UL), sizeof(ulong));
            }
        }
    }

    private LinkLostException Gone() => _closed
        ? new LinkLostException($"The line {Name} was closed.")
        : new LinkLostException($"{Name} is no longer there; check the cable and the board's power.");
}
