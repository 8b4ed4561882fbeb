namespace DataRig.Tui.Models;

/// <summary>One of a few ways to go on.</summary>
/// <param name="Key">The letter that takes it.</param>
internal sealed record Option(string Key, string Name, string Does, Action Take);

/// <summary>A question with a few answers, each a letter; Esc leaves it, where that is allowed.</summary>
internal sealed class Choice(string title, IReadOnlyList<string> words, IReadOnlyList<Option> options, Action? leave = null) : Modal
{
    private int _at;

    public override string Title => title;

    public override int Focus => words.Count + 1 + (_at * 2);

    public override IReadOnlyList<TextLine> Lines() =>
    [
        .. words.Select(w => new TextLine(w)),
        TextLine.Empty,
        .. options.SelectMany((o, i) => new[]
        {
            new TextLine(new Piece(i == _at ? "› " : "  ", Tone.Accent), new Piece(o.Key, Tone.Key), new Piece("  " + o.Name, i == _at ? Tone.Chosen : Tone.Strong)),
            new TextLine(new Piece("     " + o.Does, Tone.Quiet)),
        }),
    ];

    public override void Press(string key)
    {
        switch (key)
        {
            case KeyName.Up or KeyName.BackTab:
                _at = (_at + options.Count - 1) % options.Count;
                break;
            case KeyName.Down or KeyName.Tab:
                _at = (_at + 1) % options.Count;
                break;
            case KeyName.Enter:
                Take(options[_at]);
                break;
            case KeyName.Escape:
                Close();
                leave?.Invoke();
                break;
            default:
                if (options.FirstOrDefault(o => o.Key == key) is { } chosen)
                {
                    Take(chosen);
                }

                break;
        }
    }

    public override void Click(int line)
    {
        int option = (line - words.Count - 1) / 2;
        if (line > words.Count && option < options.Count)
        {
            Take(options[option]);
        }
    }

    private void Take(Option option)
    {
        Close();
        option.Take();
    }
}
