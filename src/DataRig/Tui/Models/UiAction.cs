namespace DataRig.Tui.Models;

/// <summary>The screens, by their keys.</summary>
internal enum Screen
{
    Session = 1,
    Dataset,
    Scenes,
    Train,
    Review,
    Doctor,
}

/// <summary>
/// Something that a person can ask for. Key bindings, the help page, the line of keys and the command palette all come from the
/// one list of these.
/// </summary>
/// <param name="Name">A few words, a verb first.</param>
/// <param name="Key">The key that does it, as <see cref="KeyName"/> writes it; empty where only the palette has it.</param>
/// <param name="Does">A sentence for the help page.</param>
/// <param name="Execute">Does it.</param>
/// <param name="On">The screen it belongs to; null on all.</param>
internal sealed record UiAction(string Name, string Key, string Does, Action Execute, Screen? On = null)
{
    /// <summary>Why it cannot be done now, in a sentence; null where it can.</summary>
    public Func<string?> Hindrance { get; init; } = () => null;

    /// <summary>Whether the line of keys shows it where there is room.</summary>
    public bool Hinted { get; init; } = true;

    public bool Enabled => Hindrance() is null;
}

/// <summary>How keys are written: a character as it is typed, or one of these names.</summary>
internal static class KeyName
{
    public const string Enter = "enter", Escape = "esc", Tab = "tab", BackTab = "shift+tab", Up = "up", Down = "down", Left = "left", Right = "right",
        PageUp = "pageup", PageDown = "pagedown", Home = "home", End = "end", Delete = "delete", Backspace = "backspace", Space = "space",
        Palette = "ctrl+p", Interrupt = "ctrl+c";

    /// <summary>How a key is shown.</summary>
    public static string Show(string key) => key switch
    {
        Enter => "Enter",
        Escape => "Esc",
        Tab => "Tab",
        Up => "↑",
        Down => "↓",
        Left => "←",
        Right => "→",
        PageUp => "PgUp",
        PageDown => "PgDn",
        Delete => "Del",
        Space => "Space",
        Palette => "Ctrl-P",
        Interrupt => "Ctrl-C",
        _ => key,
    };
}
