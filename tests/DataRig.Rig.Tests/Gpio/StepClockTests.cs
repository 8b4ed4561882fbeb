using DataRig.Rig.Gpio;

namespace DataRig.Rig.Tests.Gpio;

public sealed class StepClockTests
{
    [Theory]
    [InlineData(-1_000)]
    [InlineData(0)]
    [InlineData(20_000)]
    [InlineData(1_500_000)]
    [InlineData(12_000_000)]
    public async Task No_wait_ends_before_its_time_urgent_or_not(long nanoseconds)
    {
        MachineStepClock clock = new(TimeProvider.System);
        long until = clock.Now + nanoseconds;
        clock.WaitUntil(until);
        Assert.True(clock.Now >= until);

        Assert.True(await clock.RunAsync(() =>
        {
            long end = clock.Now + nanoseconds;
            clock.WaitUntil(end);
            return clock.Now >= end;
        }));
    }

    [Fact]
    public async Task What_is_thrown_on_the_stepping_thread_reaches_its_caller()
    {
        MachineStepClock clock = new(TimeProvider.System);
        using CancellationTokenSource cancel = new();
        await cancel.CancelAsync();

        await Assert.ThrowsAsync<PositionLostException>(() => clock.RunAsync<int>(() => throw new PositionLostException("lost")));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => clock.RunAsync<int>(() => throw new OperationCanceledException(cancel.Token)));
    }
}
