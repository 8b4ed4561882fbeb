using DataRig.Core;
using DataRig.Rig.Gpio;

namespace DataRig.Rig.Tests.Gpio;

/// <summary>A clock that is where one waits for at once, and pauses as a busy machine does: the scheduler, the collector, anywhere.</summary>
internal sealed class VirtualStepClock(Seed seed = default, double pauseChance = 0) : StepClock
{
    private long _now = 1;
    private long _calls;

    public override long Now
    {
        get
        {
            MayPause();
            return _now;
        }
    }

    /// <summary>The time, without taking any.</summary>
    public long Exactly => _now;

    public override void WaitUntil(long nanoseconds)
    {
        _now = Math.Max(_now, nanoseconds);
        MayPause();
    }

    /// <summary>Something takes time: mostly a microsecond or less, now and then a pause of up to 50 ms.</summary>
    public void MayPause()
    {
        if (pauseChance == 0)
        {
            return;
        }

        Draws draws = seed.At(_calls++);
        _now += draws.Chance("pause", pauseChance)
            ? (long)(1e3 * Math.Pow(5e4, draws.Uniform("length")))
            : draws.Below("cost", 1000);
    }
}
