using System.Globalization;

namespace DataRig.Rig.Gcode;

/// <summary>What is known of one motor of a board that speaks G-code.</summary>
/// <param name="letter">Of its G-code, a capital.</param>
internal sealed class GcodeAxis(char letter)
{
    public char Letter { get; } = letter;

    /// <summary>Microsteps in a unit of the board's.</summary>
    public int Scale { get; set; } = 1;

    /// <summary>The board's own count, as last reported.</summary>
    public long Count { get; set; }

    /// <summary>What the caller's count is ahead of the board's.</summary>
    public long Offset { get; set; }

    /// <summary>Whether the motor still is where it was counted to.</summary>
    public bool IsKnown { get; set; }

    /// <summary>The word of a G-code line that means a count, such as <c>X12.5</c>.</summary>
    public string Word(long count) => Letter + Decimal(count / (double)Scale, 5);

    /// <summary>A speed of this motor as a feed rate, in units a minute.</summary>
    public double Feed(double microstepsPerSecond) => 60 * microstepsPerSecond / Scale;

    public static string Decimal(double value, int digits) => Math.Round(value, digits, MidpointRounding.AwayFromZero).ToString("0.#####", CultureInfo.InvariantCulture);
}
