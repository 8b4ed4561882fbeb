using DataRig.Core;

namespace DataRig.Rig.RigLink;

/// <summary>What a board's refusals and faults mean to whoever stands before the rig.</summary>
internal static class Sentences
{
    /// <summary>The failure that a refusal is.</summary>
    /// <param name="asked">What the board was asked for, such as <c>a move</c>.</param>
    public static WorkFailedException Refused(Refused refused, string asked, string line) => refused.Code switch
    {
        RefusalCode.NotHomed => new PositionLostException($"The board on {line} refused {asked}: it has no zero since its motors were free or it started; home it first."),
        RefusalCode.Fault => Fault((BoardFault)refused.Detail, line)!,
        RefusalCode.Sequence => new LinkLostException($"Another program talks to the board on {line}; close it and go on."),
        RefusalCode.Version => new WorkFailedException($"The board on {line} no longer speaks RigLink {Protocol.Version}; flash it from firmware-protocol/avr."),
        RefusalCode.Unsupported => new WorkFailedException($"The board on {line} has no means for {asked}; take it out of rig.json or use a board that has."),
        RefusalCode.Busy => new WorkFailedException($"The board on {line} refused {asked}: it is {State((BoardState)refused.Detail)}."),
        RefusalCode.Range => new WorkFailedException($"The board on {line} refused {asked}: its value number {refused.Detail} is out of the board's range (see firmware-protocol/README.md)."),
        _ => new WorkFailedException($"The board on {line} refused {asked} with code {(int)refused.Code}, detail {refused.Detail}; flash it with the firmware of this version from firmware-protocol/avr."),
    };

    /// <summary>The failure that a standing fault is, or null where there is none.</summary>
    public static PositionLostException? Fault(BoardFault fault, string line) => fault switch
    {
        BoardFault.None => null,
        BoardFault.EmergencyStop => new PositionLostException($"The board on {line} was stopped by an emergency stop and its motors are free; see that nothing is caught, then home it."),
        BoardFault.HostSilent => new PositionLostException($"The board on {line} heard nothing for two seconds, so it stopped and put its lights out; it is homed and lit anew."),
        _ => new PositionLostException($"The board on {line} reports fault {(int)fault}; home it."),
    };

    /// <summary>The failure of a work that ended otherwise than done.</summary>
    public static PositionLostException Ended(BoardStatus status, string asked, string line) => Fault(status.Fault, line) ?? status.Result switch
    {
        WorkResult.SwitchNotFound => new PositionLostException(
            $"The board on {line} did not find the switch: check its wires and that the table really turns; 'datarig doctor' shows whether the switch closes."),
        WorkResult.SwitchStuck => new PositionLostException(
            $"The switch on {line} stays closed however far the table turns: check its wires, or tell rig.json that it opens at the zero."),
        _ => new PositionLostException($"The board on {line} was stopped during {asked}; home it."),
    };

    private static string State(BoardState state) => state switch
    {
        BoardState.Moving => "moving",
        BoardState.Homing => "homing",
        BoardState.Stopping => "braking",
        BoardState.Triggering => "triggering the camera",
        _ => "busy",
    };
}
