namespace DataRig.Tui.Models;

/// <summary>What a piece of text means; a theme gives it its colours.</summary>
internal enum Tone
{
    Plain,
    Quiet,
    Strong,
    Good,
    Warn,
    Bad,
    Accent,
    Key,
    Chosen,
}

/// <summary>A piece of text of one tone.</summary>
internal readonly record struct Piece(string Text, Tone Tone);

/// <summary>A line of text in several tones; equal where it looks the same.</summary>
internal sealed class TextLine(params IReadOnlyList<Piece> pieces) : IEquatable<TextLine>
{
    public TextLine(string text, Tone tone = Tone.Plain)
        : this([new Piece(text, tone)])
    {
    }

    public static TextLine Empty { get; } = new([]);

    public IReadOnlyList<Piece> Pieces => pieces;

    public string Text => string.Concat(pieces.Select(p => p.Text));

    public int Width => pieces.Sum(p => p.Text.Length);

    /// <summary>The line broken between words so that no part is wider; a word that is wider by itself is broken anywhere.</summary>
    public IEnumerable<TextLine> Wrap(int width)
    {
        if (width < 1)
        {
            yield break;
        }

        List<Piece> row = [];
        int used = 0;
        foreach ((string word, Tone tone) in pieces.SelectMany(p => Words(p.Text).Select(w => (w, p.Tone))))
        {
            string rest = word;
            if (used > 0 && used + rest.TrimEnd().Length > width)
            {
                yield return new TextLine([.. row]);
                (row, used, rest) = ([], 0, rest.TrimStart());
            }

            while (rest.TrimEnd().Length > width)
            {
                yield return new TextLine([.. row, new Piece(rest[..width], tone)]);
                (row, rest) = ([], rest[width..]);
            }

            rest = used + rest.Length > width ? rest.TrimEnd() : rest;
            row.Add(new Piece(rest, tone));
            used += rest.Length;
        }

        yield return new TextLine([.. row]);
    }

    public bool Equals(TextLine? other) => other is not null && (ReferenceEquals(this, other) || pieces.SequenceEqual(other.Pieces));

    public override bool Equals(object? obj) => Equals(obj as TextLine);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    /// <summary>Words, each with the blanks after it.</summary>
    private static IEnumerable<string> Words(string text)
    {
        int start = 0;
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i - 1] == ' ' && text[i] != ' ')
            {
                yield return text[start..i];
                start = i;
            }
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }
}
