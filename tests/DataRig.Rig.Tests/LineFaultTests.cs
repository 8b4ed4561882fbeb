using DataRig.Core;
using DataRig.Rig.Tests.Grbl;
using DataRig.Rig.Tests.Lines;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests;

/// <summary>What befalls a board's line in the middle of a session, from the pty up: the session comes back by itself.</summary>
public sealed class LineFaultTests
{
    private static readonly CapturePlan Plan = new()
    {
        Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = ["red"] },
        PosesPerItem = 1,
        StopsPerSweep = 6,
        RecoverySeconds = 600,
        Plates = false,
    };

    [Theory]
    [InlineData("reset")]
    [InlineData("cable")]
    public Task A_session_survives_in_mid_move(string mishap) => Patience.HoldsAsync(async times =>
    {
        await using Bench bench = new();
        ScriptedGrbl board = new(bench.PlugIn("ttyUSB0", "usb-1a86")) { MoveTime = TimeSpan.FromMilliseconds(60) };
        Task struck = Task.CompletedTask;
        FakeRig rig = new() { FindsZero = false, AfterShot = shots => { if (shots == 3) struck = Task.Run(StrikeAsync); } };
        for (int i = 0; i < 20; i++)
        {
            rig.Spoil.Enqueue(shot => shot with { TakenAt = TimeProvider.System.GetUtcNow() });
        }

        BoardFinder finder = new(new SerialOptions(), bench.Ports, TimeProvider.System) { Timings = QuickTimings.Value with { Boot = TimeSpan.FromMilliseconds(300 * times) } };
        BoardConnection connection = new(async cancel => await finder.FindAsync(cancel));
        await using (CaptureRig whole = new()
        {
            Turntable = new BoardTurntable(connection, new SerialTurntableOptions { Board = new SerialOptions(), SettleMs = 0 }, TimeProvider.System),
            Camera = rig,
            Lights = rig,
            Operator = rig,
            Reader = rig,
            Time = TimeProvider.System,
            Beneath = [connection],
        })
        {
            await new CaptureSession(Plan, whole, rig, new Progress<StageProgress>()).RunAsync(TestContext.Current.CancellationToken);
        }

        await struck;
        await board.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, 6), rig.Frames.Select(f => f.Stop!.Value));
        Assert.All(rig.Frames, f => Assert.Equal(60.0 * f.Stop!.Value, f.AzimuthDegrees!.Value, 0.1));
        Assert.All(rig.Chores, c => Assert.Equal(ChoreKind.TurnToMark, c.Kind)); // a table without a switch; nothing else had to be mended
        Assert.NotEmpty(rig.Chores);

        async Task StrikeAsync()
        {
            await Patience.UntilAsync(() => board.IsMoving);

            if (mishap == "reset")
            {
                await board.ResetAsync();
                return;
            }

            await bench.UnplugAsync("ttyUSB0");
            await board.DisposeAsync();
            board = new ScriptedGrbl(bench.PlugIn("ttyUSB5", "usb-1a86")) { MoveTime = TimeSpan.FromMilliseconds(60) };
        }
    });
}
