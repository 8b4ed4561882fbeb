using DataRig.Core;
using DataRig.Rig.Gcode;
using DataRig.Rig.Tests.Lines;

namespace DataRig.Rig.Tests.Gcode;

/// <summary>
/// The long proof of a board that speaks G-code: a line that spoils one byte in a hundred, and a plan that is gone through as
/// a session would, which homes where a position was lost. Whenever a move returns, the motors stand at the plan's step
/// from the switch, and the report says so.
/// </summary>
internal sealed class BadCable(ScriptedGcode device, IBoard board, ITestOutputHelper output)
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private int _homings;

    /// <summary>What the other motors stood at when X was homed last: nothing may move them from there.</summary>
    private (long Y, long Z) _aside;

    /// <returns>How often the position was lost on the way.</returns>
    public static async Task<int> ProveAsync(ITransport near, ScriptedGcode device, Func<ITransport, IGcodeFirmware> firmware, Seed seed, ITestOutputHelper output)
    {
        (ITransport host, FaultProxy proxy) = FaultProxy.Before(near, Faults.Share(0.01), seed);
        await using FaultProxy _ = proxy;
        await using GcodeBoard board = (await GcodeBoard.TryGreetAsync(firmware(host), Never))!;
        BadCable cable = new(device, board, output);
        int lost = await cable.RunAsync(seed);
        Assert.True(proxy.Spoiled > QuickTimings.Moves / 2, "the line was not bad");
        return lost;
    }

    private async Task<int> RunAsync(Seed seed)
    {
        int lost = 0;
        long place = 0;
        await HomeAsync();
        for (int i = 0; i < QuickTimings.Moves; i++)
        {
            place += seed.At(i).Below("way", 4000) - 1980;
            while (true)
            {
                try
                {
                    Assert.Equal(place, await board.MoveAsync(new BoardMove(Axis.Table, place, 5000, 20_000), Never));
                    break;
                }
                catch (PositionLostException e)
                {
                    output.WriteLine($"Move {i} of {QuickTimings.Moves}: {e.Message}");
                    lost++;
                    await HomeAsync();
                }
            }

            Assert.Equal(place, device.Steps() - device.SwitchAt);
            Assert.Equal(_aside, (device.Steps('Y'), device.Steps('Z')));
            Assert.False(device.IsMoving);
        }

        output.WriteLine($"{QuickTimings.Moves} moves; the position was lost {lost} times and found again by {_homings - 1} homings.");
        return lost;
    }

    private async Task HomeAsync()
    {
        // A homing, too, may be spoiled; like a session, it is begun again.
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                _homings++;
                Assert.Equal(0, await board.HomeAsync(new BoardMove(Axis.Table, -6400, 500, 1000), Never));
                Assert.Equal(device.SwitchAt, device.Steps());
                _aside = (device.Steps('Y'), device.Steps('Z'));
                return;
            }
            catch (PositionLostException) when (attempt < 3)
            {
            }
        }
    }
}
