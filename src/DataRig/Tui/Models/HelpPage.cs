namespace DataRig.Tui.Models;

/// <summary>The keys of a screen and of all screens, out of the one list of actions.</summary>
internal sealed class HelpPage(Screen screen, IReadOnlyList<UiAction> actions) : Modal
{
    private int _at;

    public override string Title => $"Keys on {screen}";

    public override bool Tall => true;

    public override int Focus => _at;

    public override IReadOnlyList<TextLine> Lines() =>
    [
        new TextLine(screen.ToString(), Tone.Strong),
        .. Rows(screen),
        TextLine.Empty,
        new TextLine("Everywhere", Tone.Strong),
        .. Rows(null),
        TextLine.Empty,
        new TextLine("A mouse clicks screens, rows, pictures and keys. Esc closes this.", Tone.Quiet),
    ];

    public override void Press(string key)
    {
        switch (key)
        {
            case KeyName.Down or KeyName.PageDown or KeyName.Space:
                _at = Math.Min(_at + (key == KeyName.Down ? 1 : 10), Lines().Count - 1);
                break;
            case KeyName.Up or KeyName.PageUp:
                _at = Math.Max(0, _at - (key == KeyName.Up ? 1 : 10));
                break;
            default:
                Close();
                break;
        }
    }

    private IEnumerable<TextLine> Rows(Screen? on) =>
        actions.Where(a => a.On == on && a.Key.Length > 0).Select(a => new TextLine(
            new Piece($"{KeyName.Show(a.Key),7}  ", Tone.Key),
            new Piece($"{a.Name}: ", a.Enabled ? Tone.Strong : Tone.Quiet),
            new Piece(a.Does, Tone.Quiet)));
}
