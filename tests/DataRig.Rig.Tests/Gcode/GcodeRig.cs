using DataRig.Rig.Gcode;
using DataRig.Rig.Grbl;
using DataRig.Rig.Marlin;
using DataRig.Rig.Tests.Grbl;
using DataRig.Rig.Tests.Lines;
using DataRig.Rig.Tests.Marlin;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests.Gcode;

/// <summary>A scripted board at the end of a line in memory, greeted.</summary>
internal sealed class GcodeRig<TDevice>(ITransport host, TDevice device, IBoard board) : IAsyncDisposable
    where TDevice : ScriptedGcode
{
    public ITransport Host { get; } = host;

    public TDevice Device { get; } = device;

    public IBoard Board { get; } = board;

    /// <summary>Begins a move and waits until the motor moves, which it does until <paramref name="end"/> or a reset.</summary>
    public async Task<Task<long>> MovingAsync(long to, Task? end = null, CancellationToken cancel = default)
    {
        Device.MovesUntil = end ?? new TaskCompletionSource().Task;
        Task<long> move = Board.MoveAsync(new BoardMove(Axis.Table, to, 8000, 800_000), cancel);
        await Patience.UntilAsync(() => Device.IsMoving);
        Device.MovesUntil = Task.CompletedTask;
        return move;
    }

    public async ValueTask DisposeAsync()
    {
        await Board.DisposeAsync();
        await Device.DisposeAsync();
    }
}

internal static class GcodeRig
{
    public const string Grbl = "grbl", Marlin = "marlin";

    /// <summary>Either kind, with or without a switch at X, for what is claimed of both.</summary>
    public static async Task<GcodeRig<ScriptedGcode>> OpenAsync(string kind, bool indexSwitch = false)
    {
        if (kind == Marlin)
        {
            GcodeRig<ScriptedMarlin> marlin = await MarlinAsync(_ => { }, new MarlinOptions { IndexSwitch = indexSwitch });
            return new(marlin.Host, marlin.Device, marlin.Board);
        }

        GcodeRig<ScriptedGrbl> grbl = await GrblAsync(d => d.Settings[22] = indexSwitch ? 1 : 0, new GrblOptions { IndexSwitch = indexSwitch });
        return new(grbl.Host, grbl.Device, grbl.Board);
    }

    public static Task<GcodeRig<ScriptedGrbl>> GrblAsync(Action<ScriptedGrbl> set, GrblOptions? options = null) =>
        OpenAsync(far => new ScriptedGrbl(far), set, host => new GrblFirmware(host, options ?? new(), QuickTimings.Value, TimeProvider.System));

    public static Task<GcodeRig<ScriptedMarlin>> MarlinAsync(Action<ScriptedMarlin> set, MarlinOptions? options = null, float scale = 80, LineTimings? timings = null) =>
        OpenAsync(far => new ScriptedMarlin(far) { Scale = scale }, set, host => new MarlinFirmware(host, options ?? new(), timings ?? QuickTimings.Value, TimeProvider.System));

    private static async Task<GcodeRig<T>> OpenAsync<T>(Func<ITransport, T> make, Action<T> set, Func<ITransport, IGcodeFirmware> firmware)
        where T : ScriptedGcode
    {
        (ITransport host, ITransport far) = MemoryLine.Pair();
        T device = make(far);
        set(device);
        return new(host, device, (await GcodeBoard.TryGreetAsync(firmware(host), CancellationToken.None))!);
    }
}
