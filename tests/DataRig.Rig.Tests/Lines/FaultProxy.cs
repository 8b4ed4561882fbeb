using DataRig.Core;

namespace DataRig.Rig.Tests.Lines;

/// <summary>What goes wrong on a line, as shares of its bytes in each direction; each byte suffers one thing at most.</summary>
internal sealed record Faults
{
    public double Drop { get; init; }

    public double Flip { get; init; }

    public double Duplicate { get; init; }

    /// <summary>This byte and all behind it come <see cref="DelayFor"/> later; a line never reorders.</summary>
    public double Delay { get; init; }

    /// <summary>This byte is handed over apart from the one before it.</summary>
    public double Split { get; init; }

    /// <summary>This byte and those before it wait for the next that come.</summary>
    public double Merge { get; init; }

    public TimeSpan DelayFor { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>A share of all bytes, dealt evenly to the six things that go wrong.</summary>
    public static Faults Share(double share) => new()
    {
        Drop = share / 6,
        Flip = share / 6,
        Duplicate = share / 6,
        Delay = share / 6,
        Split = share / 6,
        Merge = share / 6,
    };
}

/// <summary>
/// A bad cable: carries bytes between two ends and spoils a share of them, the same ones for the same seed as long as the
/// same bytes come. Owns both ends; disposing it ends both lines.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly ITransport _host;
    private readonly ITransport _device;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _toDevice;
    private readonly Task _toHost;
    private long _bytes;
    private long _spoiled;
    private long _passed;

    public FaultProxy(ITransport towardsHost, ITransport towardsDevice, Faults faults, Seed seed)
    {
        _host = towardsHost;
        _device = towardsDevice;
        _toDevice = Task.Run(() => CarryAsync(_host, _device, faults, seed.For("to the device")));
        _toHost = Task.Run(() => CarryAsync(_device, _host, faults, seed.For("to the host")));
    }

    /// <summary>Bytes that went on, both ways; more or fewer than came.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    /// <summary>Bytes that came and were dealt with, both ways.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Bytes that something was done to, both ways.</summary>
    public long Spoiled => Interlocked.Read(ref _spoiled);

    /// <summary>The device behind a bad cable: the returned end is the host's.</summary>
    public static (ITransport Host, FaultProxy Proxy) Before(ITransport device, Faults faults, Seed seed)
    {
        (ITransport host, ITransport towardsHost) = MemoryLine.Pair();
        return (host, new FaultProxy(towardsHost, device, faults, seed));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_toDevice, _toHost);
        await _host.DisposeAsync();
        await _device.DisposeAsync();
    }

    private async Task CarryAsync(ITransport from, ITransport to, Faults faults, Seed seed)
    {
        byte[] buffer = new byte[4096];
        List<byte> carried = [];
        Queue<(int Before, bool Wait)> cuts = [];
        ulong state = seed.Value;
        try
        {
            while (true)
            {
                int count = await from.ReadAsync(buffer, _stop.Token);
                bool hold = false;
                for (int i = 0; i < count; i++)
                {
                    hold = Spoil(buffer[i], faults, ref state, carried, cuts);
                }

                int more = 0;
                if (hold && carried.Count < 64)
                {
                    // Held back for what comes next, but not for ever: the other end may be waiting for it.
                    using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                    patience.CancelAfter(faults.DelayFor);
                    try
                    {
                        more = await from.ReadAsync(buffer, patience.Token);
                        for (int i = 0; i < more; i++)
                        {
                            Spoil(buffer[i], faults, ref state, carried, cuts);
                        }
                    }
                    catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
                    {
                    }
                }

                int passed = carried.Count;
                await HandOverAsync(to, carried, cuts, faults);
                Interlocked.Add(ref _passed, passed);
                Interlocked.Add(ref _bytes, count + more);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (LinkLostException)
        {
            // One end is unplugged: so is the other.
            await to.DisposeAsync();
        }
    }

    private async Task HandOverAsync(ITransport to, List<byte> carried, Queue<(int Before, bool Wait)> cuts, Faults faults)
    {
        int done = 0;
        while (cuts.TryDequeue(out (int Before, bool Wait) cut))
        {
            await to.WriteAsync(carried.GetRange(done, cut.Before - done).ToArray(), _stop.Token);
            done = cut.Before;
            if (cut.Wait)
            {
                await Task.Delay(faults.DelayFor, _stop.Token);
            }
            else
            {
                await Task.Yield();
            }
        }

        await to.WriteAsync(carried.GetRange(done, carried.Count - done).ToArray(), _stop.Token);
        carried.Clear();
    }

    /// <returns>Whether what is carried waits for more.</returns>
    private bool Spoil(byte b, Faults faults, ref ulong state, List<byte> carried, Queue<(int Before, bool Wait)> cuts)
    {
        double draw = (Draws.SplitMix(ref state) >> 11) * (1.0 / (1UL << 53));
        ulong bits = Draws.SplitMix(ref state);
        bool Hit(double share) => (draw -= share) < 0;

        bool merge = false;
        int before = carried.Count;
        if (Hit(faults.Drop))
        {
        }
        else if (Hit(faults.Flip))
        {
            carried.Add((byte)(b ^ (1 << (int)(bits % 8))));
        }
        else if (Hit(faults.Duplicate))
        {
            carried.Add(b);
            carried.Add(b);
        }
        else if (Hit(faults.Delay))
        {
            cuts.Enqueue((before, true));
            carried.Add(b);
        }
        else if (Hit(faults.Split))
        {
            cuts.Enqueue((before, false));
            carried.Add(b);
        }
        else
        {
            carried.Add(b);
            merge = Hit(faults.Merge);
        }

        if (draw < 0)
        {
            Interlocked.Increment(ref _spoiled);
        }

        return merge;
    }
}
