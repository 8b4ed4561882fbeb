namespace DataRig.Learning.Proving;

/// <summary>A figure and how far it may be off because other items could have been held out.</summary>
/// <param name="Value">On the frames that were shown; null where they do not say anything, such as the recall of a part without frames.</param>
/// <param name="Low">The lower end of its 95% interval; null where there are too few items for one.</param>
/// <param name="High">The upper end.</param>
public readonly record struct Figure(double? Value, double? Low = null, double? High = null)
{
    /// <summary>Whether a value lies within the interval; unknown (null) without one.</summary>
    public bool? Holds(double value) => Low is { } low && High is { } high ? value >= low && value <= high : null;
}
