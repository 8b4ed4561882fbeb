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
internal sealed class MachineStepClock(TimeProvider time) : StepClock
{
    /// <summary>What a sleep may overrun on an ordinary kernel: its timers' 50 us slack and the way back onto a core.</summary>
    private const long SpinNanoseconds = 200_000;

    private readonly double _nanosecondsPerTick = 1e9 / time.TimestampFrequency;

    public override long Now => _nanosecondsPerTick == 1 ? time.GetTimestamp() : (long)(time.GetTimestamp() * _nanosecondsPerTick);

    public override void WaitUntil(long nanoseconds)
    {
        for (long left = nanoseconds - Now; left > SpinNanoseconds; left = nanoseconds - Now)
        {
            Sleep(left - SpinNanoseconds);
        }

        while (Now < nanoseconds)
        {
            Thread.SpinWait(4);
        }
    }

    /// <summary>
    /// .NET's thread priorities mean nothing to Linux; a nice value of the thread's own does, where the user may lower it
    /// (root, or a limit for "nice" in /etc/security/limits.conf). Without it steps come a little later, never too early.
    /// </summary>
    protected override void BecomeUrgent()
    {
        const int process = 0, callingThread = 0, urgent = -15;
        if (OperatingSystem.IsLinux())
        {
            _ = setpriority(process, callingThread, urgent);
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

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
