using System.Globalization;

namespace DataRig.Rig.Marlin;

/// <summary>What a line from the board is about.</summary>
internal enum MarlinReplyKind
{
    /// <summary>Anything that answers no line: a report, an echo, noise.</summary>
    Text,

    /// <summary>The line in flight was taken.</summary>
    Ok,

    /// <summary>A line is asked for (again); <see cref="MarlinReply.Line"/> says which.</summary>
    Resend,

    /// <summary>Still at work, or idle: alive, and no answer.</summary>
    Alive,

    /// <summary>The board has just started.</summary>
    Started,

    /// <summary>The board gave up and needs its reset button (or M999).</summary>
    Halted,
}

/// <summary>One line from a Marlin board, understood as far as the link needs it.</summary>
internal readonly record struct MarlinReply(MarlinReplyKind Kind, int Line, string Text)
{
    private static readonly string[] Starts = ["start", "PowerUp", "External Reset", "Brown out Reset", "Watchdog Reset", "Software Reset"];

    /// <summary>Reads any line; nothing is wrong enough to throw.</summary>
    public static MarlinReply Parse(string line)
    {
        string text = line.Trim();
        string said = text.StartsWith("echo:", StringComparison.Ordinal) ? text[5..].TrimStart() : text;
        MarlinReplyKind kind =
            said is "ok" || said.StartsWith("ok ", StringComparison.Ordinal) ? MarlinReplyKind.Ok
            : said.StartsWith("busy:", StringComparison.Ordinal) || said == "wait" ? MarlinReplyKind.Alive
            : Starts.Contains(said) ? MarlinReplyKind.Started
            : said.StartsWith("Error:", StringComparison.Ordinal) && (said.Contains("kill()", StringComparison.Ordinal) || said.Contains("halted", StringComparison.OrdinalIgnoreCase) || said.Contains("Printer stopped", StringComparison.Ordinal))
                ? MarlinReplyKind.Halted
            : MarlinReplyKind.Text;
        return ResendOf(said) is int number ? new MarlinReply(MarlinReplyKind.Resend, number, text) : new MarlinReply(kind, 0, text);
    }

    /// <summary><c>Resend: 12</c>, <c>Resend:12</c>, <c>rs 12</c>, <c>rs N12</c>.</summary>
    private static int? ResendOf(string said)
    {
        string? tail =
            said.StartsWith("Resend:", StringComparison.OrdinalIgnoreCase) ? said[7..]
            : said.StartsWith("rs ", StringComparison.Ordinal) ? said[3..]
            : null;
        return tail is not null && int.TryParse(tail.Trim().TrimStart('N'), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }
}
