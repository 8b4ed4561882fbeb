namespace DataRig.Rig.Transports;

/// <summary>How patient the dialects of text lines are.</summary>
internal sealed record LineTimings
{
    /// <summary>The wait for an answer to a line before it is sent again.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The wait for the <c>ok</c> that some Marlins send after <c>Resend</c>.</summary>
    public TimeSpan OkAfterResend { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How often a line is sent into complete silence before the link counts as lost.</summary>
    public int Silences { get; init; } = 6;

    /// <summary>How long a board may take from the opening of its port to its first answer: bootloader, SD card, splash screen.</summary>
    public TimeSpan Boot { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The wait between two looks at a moving board.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Homing may turn all the way round, slowly, and says nothing meanwhile on some boards.</summary>
    public TimeSpan Homing { get; init; } = TimeSpan.FromMinutes(2);
}
