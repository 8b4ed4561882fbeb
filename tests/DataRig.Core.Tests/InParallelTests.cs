namespace DataRig.Core.Tests;

public sealed class InParallelTests
{
    [Fact]
    public void EachNumberIsDoneOnce()
    {
        int[] done = new int[500];
        InParallel.For(done.Length, i => Interlocked.Increment(ref done[i]));
        Assert.All(done, d => Assert.Equal(1, d));
        InParallel.For(0, _ => Assert.Fail("there is nothing to do"));
    }

    [Fact]
    public void WhatGoesWrongComesAsItIs()
    {
        WorkFailedException failure = Assert.Throws<WorkFailedException>(() => InParallel.For(100, i => _ = i % 30 == 7 ? throw new WorkFailedException("broken") : i));
        Assert.Equal("broken", failure.Message);
        Assert.ThrowsAny<OperationCanceledException>(() => InParallel.For(100, _ => { }, new CancellationToken(canceled: true)));
    }
}
