using System.Runtime.InteropServices;

namespace DataRig.Rig.Gpio;

/// <summary>The clock that steps are made by: as fine as the machine allows, on a thread that does nothing else.</summary>
internal abstract class StepClock
{
    /// <summary>Nanoseconds since some beginning; never runs back.</summary>
    public abstract long Now { get; }

    /// <summary>Returns at the time or as soon after it as the machine allows, never before.</summary>
    public abstract void WaitUntil(long nanoseconds);

    public void Wait(long nanoseconds) => WaitUntil(Now + nanoseconds);

    /// <summary>Does stepping work on a thread of its own, as urgent as the system grants it.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                BecomeUrgent();
                done.SetResult(work());
            }
            catch (OperationCanceledException e)
            {
                done.SetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                done.SetException(e); // a thread's exception would end the process; the caller's await throws it instead
            }
        })
        { IsBackground = true, Name = "steps", Priority = ThreadPriority.Highest };
        thread.Start();
        return done.Task;
    }

    protected virtual void BecomeUrgent()
    {
    }
}

/// <summary>The machine's monotonic clock: sleeps while there is time, spins for the rest.</summary>
internal class MachineStepClock(TimeProvider time) : StepClock
{
    /// <summary>What a sleep may overrun: an ordinary thread's timers have 50 us of slack, and then it waits for a core.</summary>
    private const long OrdinarySpin = 200_000, RealTimeSpin = 60_000;

    private readonly double _nanosecondsPerTick = 1e9 / time.TimestampFrequency;
    private long _spin = OrdinarySpin;

    /// <summary>Whether the system granted a place in its real-time queue to the work that was last begun.</summary>
    public bool IsRealTime => _spin == RealTimeSpin;

    public override long Now => _nanosecondsPerTick == 1 ? time.GetTimestamp() : (long)(time.GetTimestamp() * _nanosecondsPerTick);

    public override void WaitUntil(long nanoseconds)
    {
        for (long left = nanoseconds - Now; left > _spin; left = nanoseconds - Now)
        {
            Sleep(left - _spin);
        }

        while (Now < nanoseconds)
        {
            Thread.SpinWait(4);
        }
    }

    /// <summary>
    /// .NET's thread priorities mean nothing to Linux. A place in its real-time queue does, where the user may take one (root, or a
    /// limit for "rtprio"), and else a lower nice value. Without either, steps come later, never too early.
    /// </summary>
    protected override void BecomeUrgent()
    {
        const int callingThread = 0, firstInFirstOut = 1, process = 0, nice = -15;
        int priority = 10; // of 1 to 99: above all that is not real-time, below the kernel's own
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        if (sched_setscheduler(callingThread, firstInFirstOut, in priority) == 0)
        {
            _spin = RealTimeSpin;
        }
        else
        {
            _ = setpriority(process, callingThread, nice);
        }
    }

    /// <summary>.NET sleeps in whole milliseconds, too coarse between steps.</summary>
    private static void Sleep(long nanoseconds)
    {
        if (OperatingSystem.IsLinux())
        {
            Timespec request = new() { Seconds = (nint)(nanoseconds / 1_000_000_000), Nanoseconds = (nint)(nanoseconds % 1_000_000_000) };
            _ = nanosleep(in request, 0); // a signal may wake it early; the caller looks at the clock again
        }
        else
        {
            Thread.Yield();
        }
    }

    [DllImport("libc")]
    private static extern int nanosleep(in Timespec request, nint remaining);

    [DllImport("libc")]
    private static extern int setpriority(int which, int who, int priority);

    [DllImport("libc")]
    private static extern int sched_setscheduler(int thread, int policy, in int priority);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
