using DataRig.Rig.Transports;

namespace DataRig.Rig;

/// <summary>A turntable whose motor hangs on a board at a serial port, whichever of the dialects that speaks.</summary>
public sealed record SerialTurntableOptions : BoardTurntableOptions
{
    /// <summary>Where the board is and what it speaks; by default both are found out.</summary>
    public SerialOptions Board { get; init; } = new();
}
