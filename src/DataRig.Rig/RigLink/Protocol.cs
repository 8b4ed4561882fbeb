namespace DataRig.Rig.RigLink;

/// <summary>The numbers of <c>firmware-protocol/README.md</c>, version 1.</summary>
internal static class Protocol
{
    public const int Version = 1;

    /// <summary>HELLO and its answer are of version 0 for ever, so that any two can find out what they have in common.</summary>
    public const int GreetingVersion = 0;

    public const int HeaderBytes = 5;
    public const int LongestMessage = 48;
    public const int CrcBytes = 2;
    public const int LongestEncoded = LongestMessage + CrcBytes + 1;

    /// <summary>The farthest way of one move, in microsteps.</summary>
    public const long FarthestWay = (1L << 30) - 1;

    /// <summary>How long each try of a request waits for its answer.</summary>
    public static TimeSpan WaitOfTry(int attempt) => TimeSpan.FromMilliseconds(attempt switch { 0 => 50, 1 => 100, _ => 200 });

    public const int Tries = 16;

    /// <summary>How long a running work goes unasked after.</summary>
    public static TimeSpan AskEvery { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often an idle host speaks; the board gives up on it after four times that.</summary>
    public static TimeSpan KeepAlive { get; } = TimeSpan.FromMilliseconds(500);
}

internal enum MessageKind : byte
{
    Request = 1,
    Answer = 2,
    Refusal = 3,
    Event = 4,
}

internal enum Opcode : byte
{
    None = 0,
    Hello = 0x01,
    Status = 0x02,
    Move = 0x10,
    Home = 0x11,
    SetPosition = 0x12,
    Hold = 0x13,
    Light = 0x20,
    Trigger = 0x21,
    Stop = 0x30,
    EmergencyStop = 0x31,
    ClearFault = 0x32,
}

internal enum RefusalCode : byte
{
    Unreadable = 1,
    Version = 2,
    Epoch = 3,
    Sequence = 4,
    Unsupported = 5,
    Length = 6,
    Range = 7,
    Busy = 8,
    NotHomed = 9,
    Fault = 10,
}

internal enum BoardState : byte
{
    Idle = 0,
    Moving = 1,
    Homing = 2,
    Stopping = 3,
    Triggering = 4,
}

[Flags]
internal enum BoardFlags : byte
{
    TableHomed = 1,
    ElevationHomed = 2,
    Holding = 4,
    TableSwitchClosed = 8,
    ElevationSwitchClosed = 16,
    TriggerOn = 32,
}

internal enum BoardFault : byte
{
    None = 0,
    EmergencyStop = 1,
    HostSilent = 2,
}

internal enum WorkResult : byte
{
    None = 0,
    Running = 1,
    Done = 2,
    Stopped = 3,
    SwitchNotFound = 4,
    SwitchStuck = 5,
}

internal enum ResetCause : byte
{
    Unknown = 0,
    Power = 1,
    Pin = 2,
    BrownOut = 3,
    Watchdog = 4,
}

[Flags]
internal enum Capabilities : ushort
{
    Table = 1,
    Elevation = 2,
    TableSwitch = 4,
    ElevationSwitch = 8,
    Trigger = 16,
    Release = 32,
}
