namespace DataRig.Tui.Models;

/// <summary>A value that a person types or chooses.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">What it is now, as text.</param>
/// <param name="Set">Takes what was typed; says in a sentence what is wrong with it, or null.</param>
internal sealed record Field(string Name, Func<string> Value, Func<string, string?> Set)
{
    /// <summary>The values there are to choose from; empty where it is typed.</summary>
    public Func<IReadOnlyList<string>> Choices { get; init; } = () => [];
}

/// <summary>Asks for one value: typed, or chosen with the arrow keys.</summary>
internal sealed class Form(Field asked) : Modal
{
    private readonly IReadOnlyList<string> _choices = asked.Choices();
    private string _typed = asked.Value();
    private bool _touched;
    private string? _wrong;

    public override string Title => asked.Name;

    public override int Focus => 2;

    public override IReadOnlyList<TextLine> Lines() =>
    [
        new TextLine(new Piece("› ", Tone.Accent), new Piece(_typed, Tone.Strong), new Piece("▏", Tone.Accent)),
        _wrong is null ? TextLine.Empty : new TextLine(_wrong, Tone.Bad),
        new TextLine(_choices.Count > 0 ? "↑↓ choose, Enter takes it, Esc leaves it" : "Type it; Enter takes it, Esc leaves it", Tone.Quiet),
        .. _choices.Select(c => new TextLine(new Piece(c == _typed ? "› " : "  ", Tone.Accent), new Piece(c, c == _typed ? Tone.Chosen : Tone.Plain))),
    ];

    public override void Press(string key)
    {
        switch (key)
        {
            case KeyName.Escape:
                Close();
                break;
            case KeyName.Enter:
                _wrong = asked.Set(_typed);
                if (_wrong is null)
                {
                    Close();
                }

                break;
            case KeyName.Up or KeyName.Down when _choices.Count > 0:
                int at = _choices.ToList().IndexOf(_typed);
                _typed = _choices[(at + (key == KeyName.Up ? _choices.Count - 1 : 1) + (at < 0 ? _choices.Count : 0)) % _choices.Count];
                break;
            case KeyName.Backspace:
                (_typed, _touched) = (_typed.Length > 0 ? _typed[..^1] : "", true);
                break;
            default:
                if (key.Length == 1 || key == KeyName.Space)
                {
                    // The first letter replaces what is there, as in a field that is marked.
                    (_typed, _touched) = ((_touched ? _typed : "") + (key == KeyName.Space ? " " : key), true);
                }

                break;
        }
    }

    public override void Click(int line)
    {
        if (line >= 3 && line - 3 < _choices.Count)
        {
            _typed = _choices[line - 3];
        }
    }
}
