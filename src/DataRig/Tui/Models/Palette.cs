namespace DataRig.Tui.Models;

/// <summary>Finds every action by a few letters of its name and does it.</summary>
internal sealed class Palette(IReadOnlyList<UiAction> actions, Action<UiAction> run) : Modal
{
    private string _typed = "";
    private int _at;

    public override string Title => "Commands";

    public override bool Tall => true;

    public override int Focus => 2 + _at;

    public IReadOnlyList<UiAction> Found =>
        [.. actions.Select(a => (Action: a, Rank: Rank(a))).Where(a => a.Rank is not null).OrderBy(a => a.Rank).ThenBy(a => a.Action.On).Select(a => a.Action)];

    public override IReadOnlyList<TextLine> Lines()
    {
        IReadOnlyList<UiAction> found = Found;
        return
        [
            new TextLine(new Piece("› ", Tone.Accent), new Piece(_typed, Tone.Strong), new Piece("▏", Tone.Accent)),
            TextLine.Empty,
            .. found.Count == 0 ? [new TextLine("No command of that name.", Tone.Quiet)] : found.Select((a, i) => Row(a, i == _at)),
        ];
    }

    public override void Press(string key)
    {
        int count = Found.Count;
        switch (key)
        {
            case KeyName.Escape:
                Close();
                break;
            case KeyName.Up:
                _at = count == 0 ? 0 : (_at + count - 1) % count;
                break;
            case KeyName.Down or KeyName.Tab:
                _at = count == 0 ? 0 : (_at + 1) % count;
                break;
            case KeyName.Enter:
                if (count > 0)
                {
                    Run(Found[_at]);
                }

                break;
            case KeyName.Backspace:
                (_typed, _at) = (_typed.Length > 0 ? _typed[..^1] : "", 0);
                break;
            default:
                (_typed, _at) = (_typed + (key == KeyName.Space ? " " : key.Length == 1 ? key : ""), 0);
                break;
        }
    }

    public override void Click(int line)
    {
        if (line >= 2 && line - 2 < Found.Count)
        {
            Run(Found[line - 2]);
        }
    }

    private static TextLine Row(UiAction action, bool chosen) => new(
        new Piece(chosen ? "› " : "  ", Tone.Accent),
        new Piece($"{(action.On is { } screen ? screen.ToString() : "All"),-8}", Tone.Quiet),
        new Piece(action.Name, chosen ? Tone.Chosen : action.Enabled ? Tone.Strong : Tone.Quiet),
        new Piece(action.Key.Length > 0 ? $"  {KeyName.Show(action.Key)}" : "", Tone.Key));

    /// <summary>How well the letters fit, 0 the best; null where they do not.</summary>
    private int? Rank(UiAction action)
    {
        string name = $"{action.Name} {action.On}";
        if (name.Contains(_typed, StringComparison.OrdinalIgnoreCase))
        {
            return name.StartsWith(_typed, StringComparison.OrdinalIgnoreCase) ? 0 : 1;
        }

        int at = -1;
        foreach (char letter in _typed)
        {
            at = name.IndexOf(letter.ToString(), at + 1, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                return null;
            }
        }

        return 2;
    }

    private void Run(UiAction action)
    {
        Close();
        run(action);
    }
}
