using DataRig.Core;
using DataRig.Rig.RigLink;

namespace DataRig.Rig.Tests.RigLink;

/// <summary>What becomes of a board to which things happen: resets, programs gone astray, hosts gone, noise.</summary>
public sealed class FirmwareMishapTests
{
    private static readonly BoardMove Seek = new(Axis.Table, 3300, 8_000, 200_000);

    [Theory]
    [InlineData("reset pin")]
    [InlineData("hang")]
    public async Task A_reset_in_the_middle_of_a_move_is_seen_and_homing_recovers(string mishap)
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await simulated.SayAsync("switch 0 200 40 3200");
        await using RigLinkBoard board = await simulated.GreetAsync();
        await board.SetLightAsync(0, 0.5, default);
        await board.HomeAsync(Seek, default);
        Task<long> move = board.MoveAsync(new BoardMove(Axis.Table, 3000, 2_000, 50_000), default);
        while ((await simulated.StateAsync()).Axes[0].Steps < 300)
        {
            await Task.Delay(5);
        }

        await simulated.SayAsync(mishap);

        await Assert.ThrowsAsync<PositionLostException>(() => move);
        await Assert.ThrowsAsync<PositionLostException>(() => board.MoveAsync(Seek, default));
        await board.HoldAsync(true, default);
        await Assert.ThrowsAsync<PositionLostException>(() => board.MoveAsync(Seek, default));
        Assert.Equal(0, await board.HomeAsync(Seek, default));
        SimulatedBoard.State state = await simulated.StateAsync();
        Assert.Equal(200, ((state.Axes[0].Steps % 3200) + 3200) % 3200);
        Assert.Equal([128], state.Lights);
        Assert.Equal(64, await board.MoveAsync(Seek with { TargetMicrosteps = 64 }, default));
    }

    [Fact]
    public async Task A_cancelled_move_brakes_and_keeps_its_count()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await using RigLinkBoard board = await simulated.GreetAsync();
        await board.SetPositionAsync(Axis.Table, 0, default);
        using CancellationTokenSource cancel = new();
        Task<long> move = board.MoveAsync(new BoardMove(Axis.Table, 100_000, 2_000, 10_000), cancel.Token);
        while ((await simulated.StateAsync()).Axes[0].Steps < 300)
        {
            await Task.Delay(5);
        }

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => move);
        SimulatedBoard.State stopped = await simulated.StateAsync();
        Assert.InRange(stopped.Axes[0].Steps, 300, 20_000);
        Assert.Equal(0, await board.MoveAsync(new BoardMove(Axis.Table, 0, 10_000, 100_000), default));
        Assert.Equal(0, (await simulated.StateAsync()).Axes[0].Steps);
    }

    [Fact]
    public async Task A_board_whose_host_is_silent_brakes_goes_dark_and_at_last_frees_its_motors()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await using RigLinkBoard board = await simulated.GreetAsync();
        await board.SetPositionAsync(Axis.Table, 0, default);
        await board.SetLightAsync(0, 1, default);
        Task<long> move = board.MoveAsync(new BoardMove(Axis.Table, 1_000_000, 1_000, 10_000), default);
        while ((await simulated.StateAsync()).Axes[0].Steps < 100)
        {
            await Task.Delay(5);
        }

        // The board's time runs ahead of the host's, who then seems to have said nothing for three seconds.
        await simulated.SayAsync("silence 3000");

        PositionLostException lost = await Assert.ThrowsAsync<PositionLostException>(() => move);
        SimulatedBoard.State state = await simulated.StateAsync();
        Assert.Contains("heard nothing for two seconds", lost.Message, StringComparison.Ordinal);
        Assert.Equal([0], state.Lights);
        Assert.True(state.Axes[0].Holds && state.Axes[0].Steps < 1_000_000);
        await simulated.SayAsync("silence 31000");
        await board.HoldAsync(true, default);
        state = await simulated.StateAsync();
        Assert.Equal([255], state.Lights);
        await Assert.ThrowsAsync<PositionLostException>(() => board.MoveAsync(Seek, default));
    }

    [Fact]
    public async Task A_host_that_comes_after_a_crashed_one_stops_what_that_began()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        ITransport line = simulated.Open();
        RigLinkBoard crashed = await simulated.GreetAsync(line);
        await crashed.SetPositionAsync(Axis.Table, 0, default);
        Task<long> move = crashed.MoveAsync(new BoardMove(Axis.Table, 100_000, 1_000, 10_000), default);
        while ((await simulated.StateAsync()).Axes[0].Steps < 50)
        {
            await Task.Delay(5);
        }

        await line.DisposeAsync();
        await Assert.ThrowsAsync<LinkLostException>(() => move);
        await Assert.ThrowsAsync<LinkLostException>(() => crashed.HoldAsync(true, default));
        await crashed.DisposeAsync();
        await using RigLinkBoard next = await simulated.GreetAsync();

        long stands = (await simulated.StateAsync()).Axes[0].Steps;
        Assert.InRange(stands, 50, 50_000);
        Assert.Equal(0, await next.MoveAsync(new BoardMove(Axis.Table, 0, 10_000, 100_000), default));
        Assert.Equal(0, (await simulated.StateAsync()).Axes[0].Steps);
    }

    [Fact]
    public async Task Starts_are_counted_through_the_whole_ring_of_the_eeprom()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await using ITransport line = simulated.Open();
        await using Line greeter = new(line, TimeProvider.System);
        Assert.NotNull(await greeter.GreetAsync(TimeSpan.FromMinutes(1), default));
        Assert.Equal(1, greeter.Epoch);
        for (int start = 0; start < 69; start++)
        {
            await simulated.SayAsync("reset pin");
            await simulated.SayAsync("silence 30");
        }

        Greeting? greeting = await greeter.GreetAsync(TimeSpan.FromMinutes(1), default);

        Assert.Equal(70, greeter.Epoch);
        Assert.Equal(ResetCause.Pin, greeting!.ResetCause);
    }

    [Fact]
    public async Task A_start_torn_by_a_power_loss_is_not_taken_for_the_last()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await using ITransport line = simulated.Open();
        await using Line greeter = new(line, TimeProvider.System);
        Assert.NotNull(await greeter.GreetAsync(TimeSpan.FromMinutes(1), default));
        for (int milliseconds = 0; milliseconds < 15; milliseconds++)
        {
            ushort before = greeter.Epoch;
            await simulated.SayAsync("reset power");
            await simulated.SayAsync($"silence {milliseconds}");
            await simulated.SayAsync("reset power");
            await simulated.SayAsync("silence 30");

            Assert.NotNull(await greeter.GreetAsync(TimeSpan.FromMinutes(1), default));

            Assert.InRange(greeter.Epoch, before + 1, before + 2);
        }
    }

    [Fact]
    public async Task Noise_moves_no_motor_and_leaves_the_board_answering()
    {
        await using SimulatedBoard simulated = await SimulatedBoard.StartAsync();
        await using ITransport line = simulated.Open();
        await using (RigLinkBoard before = await simulated.GreetAsync(new Unowned(line)))
        {
            await before.SetPositionAsync(Axis.Table, 7, default);
        }

        ulong state = 1;
        byte[] move = new Message(1, MessageKind.Request, 2, 1, Opcode.Move, Bodies.Move(Axis.Table, 500, 1_000_000, 10_000)).ToFrame();
        for (int piece = 0; piece < 200; piece++)
        {
            // A move that would be obeyed but for two spoiled bytes, and some that is nothing at all.
            byte[] noise = [.. move, .. BitConverter.GetBytes(Draws.SplitMix(ref state)), (byte)(piece % 2)];
            noise[1 + (piece % 20)] ^= (byte)(1 + (Draws.SplitMix(ref state) % 255));
            noise[1 + ((piece + 7) % 20)] ^= (byte)(1 + (Draws.SplitMix(ref state) % 255));
            await line.WriteAsync(noise, default);
        }

        await using RigLinkBoard after = await simulated.GreetAsync(new Unowned(line));
        Assert.Equal(7, await after.MoveAsync(Seek with { TargetMicrosteps = 7 }, default));
        Assert.Equal(0, (await simulated.StateAsync()).Axes.Sum(a => a.Pulses));
        Assert.Equal(8, await after.MoveAsync(Seek with { TargetMicrosteps = 8 }, default));
    }

    /// <summary>A line that stays open when its user is done.</summary>
    private sealed class Unowned(ITransport line) : ITransport
    {
        public string Name => line.Name;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel) => line.ReadAsync(buffer, cancel);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => line.WriteAsync(bytes, cancel);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
