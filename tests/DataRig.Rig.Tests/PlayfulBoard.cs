namespace DataRig.Rig.Tests;

/// <summary>
/// A board with a table behind a gear that has play: the table follows the motor only once the play is taken up. It counts as
/// a G-code firmware does, in 32-bit floats, and does what a test tells it to go wrong.
/// </summary>
internal sealed class PlayfulBoard : IBoard
{
    private readonly Dictionary<Axis, double> _shaft = new() { [Axis.Table] = 0, [Axis.Elevation] = 0 };
    private readonly Dictionary<Axis, double> _load = new() { [Axis.Table] = 0, [Axis.Elevation] = 0 };
    private readonly Dictionary<Axis, double> _zero = new() { [Axis.Table] = 0, [Axis.Elevation] = 0 };

    public BoardIdentity Identity { get; init; } = new("fake", "Fake 1.0", true, 0);

    /// <summary>Microsteps by which the table lags behind the motor when it turns forward again.</summary>
    public double Play { get; init; }

    /// <summary>Where the switch is met, in the table's own microsteps; it is met over the next <see cref="SwitchWidth"/>.</summary>
    public double SwitchAt { get; init; }

    public double SwitchWidth { get; init; } = 100;

    /// <summary>Microsteps in a turn of the table: the switch is met again each turn.</summary>
    public double Turn { get; init; } = 3200;

    /// <summary>Called before each move; what it returns is added to what the board reports.</summary>
    public Func<BoardMove, long> Fault { get; set; } = _ => 0;

    public List<BoardMove> Moves { get; } = [];

    public bool Holding { get; private set; }

    public bool Disposed { get; private set; }

    /// <summary>Where the table really stands.</summary>
    public double Load(Axis axis = Axis.Table) => _load[axis];

    public Task<long> HomeAsync(BoardMove slowly, CancellationToken cancel)
    {
        Moves.Add(slowly);
        double turns = Math.Ceiling((_load[slowly.Axis] - SwitchAt) / Turn);
        Drive(slowly.Axis, SwitchAt + (turns * Turn) + Play - _shaft[slowly.Axis]);
        _zero[slowly.Axis] = _shaft[slowly.Axis];
        return Task.FromResult(0L);
    }

    public Task<long> SetPositionAsync(Axis axis, long microsteps, CancellationToken cancel)
    {
        _zero[axis] = _shaft[axis] - (float)microsteps;
        return Task.FromResult(Count(axis));
    }

    public Task<long> MoveAsync(BoardMove move, CancellationToken cancel)
    {
        Assert.True(Holding);
        Moves.Add(move);
        long wrong = Fault(move);
        Drive(move.Axis, _zero[move.Axis] + (float)move.TargetMicrosteps - _shaft[move.Axis]);
        return Task.FromResult(Count(move.Axis) + wrong);
    }

    public Task HoldAsync(bool hold, CancellationToken cancel)
    {
        Holding = hold;
        return Task.CompletedTask;
    }

    public Task SetLightAsync(int channel, double level, CancellationToken cancel) => Task.CompletedTask;

    public Task<bool> ReadSwitchAsync(Axis axis, CancellationToken cancel)
    {
        double within = (_load[axis] - SwitchAt) % Turn;
        return Task.FromResult((within < 0 ? within + Turn : within) < SwitchWidth);
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }

    private long Count(Axis axis) => (long)Math.Round((float)(_shaft[axis] - _zero[axis]));

    private void Drive(Axis axis, double by)
    {
        _shaft[axis] += by;
        _load[axis] = Math.Clamp(_load[axis], _shaft[axis] - Play, _shaft[axis]);
    }
}
