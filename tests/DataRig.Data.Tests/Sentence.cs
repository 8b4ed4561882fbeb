using DataRig.Core;

namespace DataRig.Data.Tests;

/// <summary>What every failure of work is told in.</summary>
internal static class Sentence
{
    public static void AssertOne(string expected, Action work)
    {
        string message = Assert.Throws<WorkFailedException>(work).Message;
        Assert.Contains(expected, message);
        Assert.EndsWith(".", message);
        Assert.DoesNotContain('\n', message);
    }

    public static void AssertOne(string expected, Func<object> work) => AssertOne(expected, () => { work(); });
}
