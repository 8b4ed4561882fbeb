namespace DataRig.Rig.Grbl;

/// <summary>Grbl's numbers in plain words (grbl 1.1, <c>doc/csv</c>): what happened, and what to do.</summary>
internal static class GrblWords
{
    public static string Alarm(int code) => code switch
    {
        1 => "a limit switch was hit in motion; free it, or set $21=0 where a turning table has none",
        2 => "the move went beyond the soft limits; set $20=0, a turntable has no end",
        3 => "it was reset in motion",
        4 => "the probe was not as expected before probing",
        5 => "the probe touched nothing",
        6 => "it was reset while homing",
        7 => "the safety door was opened while homing",
        8 => "the switch stayed pressed after homing; raise the pull-off $27, or check the switch's wiring",
        9 => "the switch was not found while homing; check its wiring, its polarity $5 and the direction $23",
        10 => "the second motor of a dual axis found no switch",
        _ => $"alarm {code}, which grbl 1.1 does not know",
    };

    public static string Error(int code) => code switch
    {
        1 => "a letter was expected",
        2 => "a number is not readable",
        3 => "the $ command is not known",
        4 => "a value is negative",
        5 => "homing is not enabled; wire a switch and set $22=1, or set \"indexSwitch\" to false",
        6 => "a step pulse shorter than 3 microseconds ($0)",
        7 => "its settings could not be read and were set to defaults; set them again",
        8 => "it is not idle",
        9 => "it is locked by an alarm; home it",
        10 => "soft limits need homing; set $20=0",
        11 => "the line is too long",
        12 => "the step rate is beyond 30 kHz; lower \"speedDegreesPerSecond\" or $110",
        13 => "the safety door is open",
        14 => "the build info line is too long",
        15 => "the target is beyond the machine's travel; set $20=0, a turntable has no end",
        16 => "a jog without a target",
        17 => "laser mode needs a PWM spindle",
        20 => "an unknown command",
        21 => "two commands of one kind in a line",
        22 => "no feed rate",
        23 => "a whole number was expected",
        24 => "two commands that both need an axis",
        25 => "a word twice in a line",
        26 => "no axis where one is needed",
        27 => "a line number out of range",
        28 => "a value is missing",
        29 => "a work coordinate system that it does not have",
        30 => "G53 without a move",
        31 => "axis words that are not used",
        32 => "an arc without axes",
        33 => "a target that cannot be reached",
        34 => "an arc whose radius is wrong",
        35 => "an arc without offsets",
        36 => "words that are not used",
        37 => "a tool offset on another axis",
        38 => "a tool number beyond the largest",
        _ => $"error {code}, which grbl 1.1 does not know",
    };
}
