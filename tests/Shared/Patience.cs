using System.Runtime.CompilerServices;

namespace DataRig.Tests.Shared;

/// <summary>
/// For what takes a time that nobody promises: a machine may be busy for seconds. Nothing here makes a quick machine wait.
/// </summary>
internal static class Patience
{
    /// <summary>Nothing that comes at all comes later than this; what does not is told by name.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private const int MostTimes = 64;

    /// <summary>
    /// Tries a claim about what a real time-out leads to with ever longer time-outs: what is true shows at once on a quick
    /// machine and later on a busy one, what is false never.
    /// </summary>
    /// <param name="claim">Makes everything anew and is given the number by which to multiply its time-outs: 1, 2, 4, ...</param>
    public static async Task HoldsAsync(Func<int, Task> claim)
    {
        for (int times = 1; ; times *= 2)
        {
            try
            {
                await claim(times);
                return;
            }
            catch (Exception) when (times < MostTimes)
            {
                // Perhaps the machine was busy.
            }
        }
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<bool> holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Longest, $"this never came true: {what}");
            await Task.Delay(1);
        }
    }
}
