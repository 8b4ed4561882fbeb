using System.Globalization;

namespace DataRig.Jobs;

/// <summary>One of several equal parts of a synthesis, each made by a process of its own.</summary>
/// <param name="Number">From 1 to <paramref name="Of"/>.</param>
/// <param name="Of">How many there are.</param>
internal readonly record struct Shard(int Number, int Of)
{
    /// <returns>Null where the text is not <c>i/n</c> with i from 1 to n.</returns>
    public static Shard? Parse(string text) =>
        text.Split('/') is [{ } number, { } of]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int i)
        && int.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out int n)
        && i >= 1 && i <= n
            ? new Shard(i, n)
            : null;
}
