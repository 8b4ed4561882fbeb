using DataRig.Rig;

namespace DataRig.Tests;

/// <summary>A board that does as it is told and remembers it.</summary>
internal sealed class FakeBoard : IBoard
{
    private long _count;

    public int LightChannels { get; init; }

    public bool HasSwitch { get; init; } = true;

    public string Dialect { get; init; } = "fake";

    public BoardIdentity Identity => new(Dialect, "Fake 1.0", HasSwitch, LightChannels);

    public List<BoardMove> Moves { get; } = [];

    public List<string> Lit { get; } = [];

    public Queue<bool> Switch { get; } = [];

    public bool Holding { get; private set; }

    public bool Disposed { get; private set; }

    public Task<long> HomeAsync(BoardMove slowly, CancellationToken cancel) => MoveAsync(slowly, cancel);

    public Task<long> SetPositionAsync(Axis axis, long microsteps, CancellationToken cancel) => Task.FromResult(_count = microsteps);

    public Task<long> MoveAsync(BoardMove move, CancellationToken cancel)
    {
        Assert.True(Holding);
        Moves.Add(move);
        return Task.FromResult(_count = move.TargetMicrosteps);
    }

    public Task HoldAsync(bool hold, CancellationToken cancel)
    {
        Holding = hold;
        return Task.CompletedTask;
    }

    public Task SetLightAsync(int channel, double level, CancellationToken cancel)
    {
        Lit.Add($"{channel}={level}");
        return Task.CompletedTask;
    }

    public Task<bool> ReadSwitchAsync(Axis axis, CancellationToken cancel) => Task.FromResult(Switch.Count > 0 && Switch.Dequeue());

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
