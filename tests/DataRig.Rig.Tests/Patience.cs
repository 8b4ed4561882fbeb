namespace DataRig.Rig.Tests;

/// <summary>
/// For claims about what a real time-out leads to. How long the machine takes meanwhile is nobody's promise, so the claim is
/// tried with ever longer time-outs: what is true shows at once on a quick machine and later on a busy one, what is false never.
/// </summary>
internal static class Patience
{
    private const int Most = 64;

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
            catch (Exception) when (times < Most)
            {
                // Perhaps the machine was busy.
            }
        }
    }
}
