namespace DataRig.Tests.Tui;

/// <summary>A clock that stands until it is moved on, in a place without a time zone; its timers run by the real one.</summary>
internal sealed class StillClock : TimeProvider
{
    private TimeSpan _passed;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 2, 19, 30, 0, TimeSpan.Zero) + _passed;

    public override long GetTimestamp() => _passed.Ticks;

    public void Pass(TimeSpan time) => _passed += time;
}
