using DataRig.Core;

namespace DataRig.Learning;

/// <summary>How often frames of one part were said to be of another: rows are what they are, columns what was said.</summary>
public sealed class ConfusionMatrix(IReadOnlyList<PartId> classes)
{
    private readonly long[] _counts = new long[classes.Count * classes.Count];

    public IReadOnlyList<PartId> Classes { get; } = classes;

    public long Total { get; private set; }

    public long this[int truth, int said] => _counts[Index(truth, said)];

    public void Add(int truth, int said, long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _counts[Index(truth, said)] += count;
        Total += count;
    }

    private int Index(int truth, int said)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(truth);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(truth, Classes.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(said);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(said, Classes.Count);
        return (truth * Classes.Count) + said;
    }
}
