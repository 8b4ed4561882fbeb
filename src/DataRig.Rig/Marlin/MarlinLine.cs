using System.Globalization;
using System.Text;

namespace DataRig.Rig.Marlin;

/// <summary>A line to the board: numbered, and checked by the exclusive or of every byte before the asterisk (Marlin, <c>queue.cpp</c>).</summary>
internal static class MarlinLine
{
    /// <summary>Marlin's MAX_CMD_SIZE with room for the end; a longer line would be cut and lose its checksum.</summary>
    public const int MaximumLength = 95;

    public static byte[] Encode(int number, string command)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"N{number} {command}");
        byte checksum = Encoding.ASCII.GetBytes(text).Aggregate((byte)0, (sum, b) => (byte)(sum ^ b));
        byte[] line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{text}*{checksum}\n"));
        return line.Length <= MaximumLength ? line : throw new ArgumentException($"The command is too long for Marlin: {command}", nameof(command));
    }
}
