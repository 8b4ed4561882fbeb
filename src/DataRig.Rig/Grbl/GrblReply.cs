using System.Globalization;

namespace DataRig.Rig.Grbl;

/// <summary>What a line from the board is about.</summary>
internal enum GrblReplyKind
{
    /// <summary>Anything that answers no line: <c>[...]</c>, <c>$n=</c>, noise.</summary>
    Text,

    /// <summary>The line was taken.</summary>
    Ok,

    /// <summary>The line was refused; <see cref="GrblReply.Code"/> says why.</summary>
    Error,

    /// <summary>The board locked itself; <see cref="GrblReply.Code"/> says why.</summary>
    Alarm,

    /// <summary>A status report <c>&lt;...&gt;</c>.</summary>
    Status,

    /// <summary>The board has just started, or was reset.</summary>
    Started,
}

/// <summary>One line from a grbl board (grbl 1.1 wiki, "Interface").</summary>
internal readonly record struct GrblReply(GrblReplyKind Kind, int Code, string Text)
{
    /// <summary>Reads any line; nothing is wrong enough to throw.</summary>
    public static GrblReply Parse(string line)
    {
        string text = line.Trim();
        return text == "ok" ? new(GrblReplyKind.Ok, 0, text)
            : Numbered(text, "error:") is int error ? new(GrblReplyKind.Error, error, text)
            : Numbered(text, "ALARM:") is int alarm ? new(GrblReplyKind.Alarm, alarm, text)
            : text.StartsWith('<') && text.EndsWith('>') ? new(GrblReplyKind.Status, 0, text)
            : text.StartsWith("Grbl ", StringComparison.Ordinal) && text.EndsWith("help]", StringComparison.Ordinal) ? new(GrblReplyKind.Started, 0, text)
            : new(GrblReplyKind.Text, 0, text);
    }

    private static int? Numbered(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code < 1000 ? code : null;
}
