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

    /// <summary>Waits until the motor has begun to move.</summary>
    public async Task MovingAsync()
    {
        while (!Device.IsMoving)
        {
            await Task.Delay(1);
        }
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
    public static async Task<GcodeRig<ScriptedGcode>> OpenAsync(string kind, bool indexSwitch = false, int silences = 100)
    {
        if (kind == Marlin)
        {
            GcodeRig<ScriptedMarlin> marlin = await MarlinAsync(_ => { }, new MarlinOptions { IndexSwitch = indexSwitch }, silences);
            return new(marlin.Host, marlin.Device, marlin.Board);
        }

        GcodeRig<ScriptedGrbl> grbl = await GrblAsync(d => d.Settings[22] = indexSwitch ? 1 : 0, new GrblOptions { IndexSwitch = indexSwitch }, silences);
        return new(grbl.Host, grbl.Device, grbl.Board);
    }

    public static Task<GcodeRig<ScriptedGrbl>> GrblAsync(Action<ScriptedGrbl> set, GrblOptions? options = null, int silences = 100) =>
        OpenAsync(far => new ScriptedGrbl(far), set, (host, timings) => new GrblFirmware(host, options ?? new(), timings, TimeProvider.System), silences);

    public static Task<GcodeRig<ScriptedMarlin>> MarlinAsync(Action<ScriptedMarlin> set, MarlinOptions? options = null, int silences = 100, float scale = 80) =>
        OpenAsync(far => new ScriptedMarlin(far) { Scale = scale }, set, (host, timings) => new MarlinFirmware(host, options ?? new(), timings, TimeProvider.System), silences);

    private static async Task<GcodeRig<T>> OpenAsync<T>(Func<ITransport, T> make, Action<T> set, Func<ITransport, LineTimings, IGcodeFirmware> firmware, int silences)
        where T : ScriptedGcode
    {
        (ITransport host, ITransport far) = MemoryLine.Pair();
        T device = make(far);
        set(device);
        return new(host, device, (await GcodeBoard.TryGreetAsync(firmware(host, QuickTimings.Value with { Silences = silences }), CancellationToken.None))!);
    }
}
