namespace DataRig.Data.Tests;

/// <summary>A clock that stands in one year.</summary>
internal sealed class FixedTime(int year) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(year, 5, 4, 3, 2, 1, TimeSpan.Zero);
}
