using System.Diagnostics;
using System.Globalization;
using DataRig.Core;
using DataRig.Rig.RigLink;
using DataRig.Rig.Tests.Lines;

namespace DataRig.Rig.Tests.RigLink;

/// <summary>
/// The promise of the protocol, on the real firmware: however bad the line, every move is made once, to the step, and
/// every position that is reported is right. DATARIG_MOVES sets how many moves; 10,000 is the whole proof.
/// </summary>
public sealed class FaultyLineTests(ITestOutputHelper output)
{
    private static readonly int Moves = int.Parse(Environment.GetEnvironmentVariable("DATARIG_MOVES") ?? "60", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_move_is_made_once_through_a_line_that_spoils_one_byte_in_a_hundred()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        Seed seed = new(3);
        (ITransport host, FaultProxy proxy) = FaultProxy.Before(simulated.Open(), Faults.Share(0.01), seed);
        await using FaultProxy disposed = proxy;
        await using RigLinkBoard board = await simulated.GreetAsync(host);
        long start = Stopwatch.GetTimestamp();
        long[] at = [0, 0], way = [0, 0];
        int triggers = 0;
        foreach (Axis axis in Enum.GetValues<Axis>())
        {
            Assert.Equal(0, await board.SetPositionAsync(axis, 0, default));
        }

        for (int i = 0; i < Moves; i++)
        {
            Draws draws = seed.At(i);
            Axis axis = draws.Choose("axis", Enum.GetValues<Axis>());
            long target = at[(int)axis] + draws.Below("way", 241) - 120;
            way[(int)axis] += Math.Abs(target - at[(int)axis]);

            at[(int)axis] = await board.MoveAsync(new BoardMove(axis, target, draws.Uniform("speed", 2_000, 10_000), draws.Uniform("acceleration", 50_000, 1_000_000)), default);

            Assert.Equal(target, at[(int)axis]);
            if (draws.Chance("trigger", 0.2))
            {
                // A move done twice ends where it should; a picture taken twice does not go unseen.
                await board.TriggerAsync(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), default);
                triggers++;
            }
        }

        SimulatedBoard.State state = await simulated.StateAsync();
        output.WriteLine(
            $"{Moves} moves in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s; {state.Axes[0].Pulses} + {state.Axes[1].Pulses} steps, {triggers} triggers; {proxy.Spoiled} of {proxy.Bytes} bytes spoiled; {board.Resent} requests sent again; the board's clock ran {state.Seconds:F1} s, {state.Asleep:P0} of it asleep");
        Assert.Equal(at, state.Axes.Select(a => a.Steps));
        Assert.Equal(way, state.Axes.Select(a => a.Pulses));
        Assert.Equal(triggers, state.Triggers);
        Assert.Equal(0, state.Resets);
        Assert.All(state.Axes, a => Assert.True(a.ShortestWaitUs >= 100, $"two steps were {a.ShortestWaitUs} us apart"));
        Assert.True(Moves < 50 || (proxy.Spoiled > 0 && board.Resent > 0), "the line was not bad");
    }
}
