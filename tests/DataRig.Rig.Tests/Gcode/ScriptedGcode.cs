using System.Text;

namespace DataRig.Rig.Tests.Gcode;

/// <summary>A board that speaks G-code as a state machine, as far as two firmwares have it in common: it hears byte by byte, says whole lines, and its motors are counters.</summary>
internal abstract class ScriptedGcode(ITransport line) : IAsyncDisposable
{
    private readonly CancellationTokenSource _off = new();
    private readonly SemaphoreSlim _saying = new(1);
    private Task _running = Task.CompletedTask;

    /// <summary>How long a move takes, however far.</summary>
    public TimeSpan MoveTime { get; set; } = TimeSpan.Zero;

    /// <summary>No move ends before this does.</summary>
    public Task MovesUntil { get; set; } = Task.CompletedTask;

    /// <summary>Where the switch of X is, in steps that the motor really made.</summary>
    public long SwitchAt { get; init; } = -777;

    public bool IsSwitchMet { get; set; }

    /// <summary>Hears no more and says no more.</summary>
    public bool IsSilent { get; set; }

    /// <summary>What it understands of a command: where a line is spoiled past all checks.</summary>
    public Func<string, string> Understands { get; set; } = command => command;

    public abstract bool IsMoving { get; }

    /// <summary>The commands that it took, in their order.</summary>
    public List<string> Taken { get; } = [];

    /// <summary>Steps that a motor really made, forward less backward: what its step pin shows.</summary>
    public abstract long Steps(char axis = 'X');

    /// <summary>The reset button: everything starts over, counts at zero.</summary>
    /// <param name="banner">What of its first words comes through; null is all of them.</param>
    public abstract Task ResetAsync(string? banner = null);

    public async Task SayAsync(string text)
    {
        if (IsSilent)
        {
            return;
        }

        await _saying.WaitAsync(_off.Token);
        try
        {
            await line.WriteAsync(Encoding.Latin1.GetBytes(text), _off.Token);
        }
        finally
        {
            _saying.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _off.CancelAsync();
        await _running;
        await line.DisposeAsync();
    }

    protected CancellationToken Off => _off.Token;

    /// <summary>Switched on.</summary>
    protected void Start() => _running = Task.Run(() => EndQuietlyAsync(RunAsync));

    protected abstract Task HearAsync(char c);

    /// <summary>A board ends with its line.</summary>
    protected static async Task EndQuietlyAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is OperationCanceledException or LinkLostException)
        {
        }
    }

    /// <summary>The time of a move, cut short by a reset.</summary>
    protected async Task MovingAsync(CancellationToken reset)
    {
        try
        {
            await Task.WhenAll(Task.Delay(MoveTime, reset), MovesUntil.WaitAsync(reset));
        }
        catch (OperationCanceledException)
        {
        }
    }

    protected virtual async Task RunAsync()
    {
        byte[] buffer = new byte[256];
        while (true)
        {
            int count = await line.ReadAsync(buffer, _off.Token);
            for (int i = 0; i < count; i++)
            {
                await HearAsync((char)buffer[i]);
            }
        }
    }
}
