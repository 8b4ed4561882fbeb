using DataRig.Tui.Models;
using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace DataRig.Tui.Views;

/// <summary>What each tone looks like.</summary>
/// <param name="Name">As <c>--theme</c> takes it.</param>
/// <param name="Normal">Text, and the background of everything.</param>
/// <param name="HasColor">Whether pictures may be drawn in colour.</param>
/// <param name="IsSixteen">Whether only the terminal's own sixteen colours may be used.</param>
internal sealed record Theme(string Name, Attribute Normal, IReadOnlyDictionary<Tone, Attribute> Tones, bool HasColor = true, bool IsSixteen = false)
{
    public static Theme Dark { get; } = Of("dark", "#d8dee4", "#11151a", "#7d8790", "#ffffff", "#7bd88f", "#f0c050", "#ff7a7a", "#6cb8ff", "#f0c050", "#1d5fa8");

    public static Theme Light { get; } = Of("light", "#24292f", "#fafafa", "#6a737d", "#000000", "#116329", "#8a5a00", "#b3261e", "#0757a8", "#8a4b00", "#b6d8ff");

    public static Theme Sixteen { get; } = Make(
        "16",
        new Attribute(new Color(ColorName16.Gray), new Color(ColorName16.Black)),
        (ColorName16.DarkGray, ColorName16.White, ColorName16.BrightGreen, ColorName16.BrightYellow, ColorName16.BrightRed, ColorName16.BrightCyan, ColorName16.BrightYellow));

    /// <summary>No colour at all: what stands out is bold, underlined or reversed.</summary>
    public static Theme Plain { get; } = new(
        "plain",
        new Attribute(Color.None, Color.None),
        new Dictionary<Tone, Attribute>
        {
            [Tone.Plain] = Styled(TextStyle.None),
            [Tone.Quiet] = Styled(TextStyle.Faint),
            [Tone.Strong] = Styled(TextStyle.Bold),
            [Tone.Good] = Styled(TextStyle.None),
            [Tone.Warn] = Styled(TextStyle.Bold),
            [Tone.Bad] = Styled(TextStyle.Bold | TextStyle.Underline),
            [Tone.Accent] = Styled(TextStyle.Bold),
            [Tone.Key] = Styled(TextStyle.Underline),
            [Tone.Chosen] = Styled(TextStyle.Reverse),
        },
        HasColor: false);

    public static IReadOnlyList<Theme> All { get; } = [Dark, Light, Sixteen, Plain];

    public Attribute this[Tone tone] => Tones[tone];

    /// <summary>The theme for a terminal, where nobody asked for one.</summary>
    /// <param name="noColor">What NO_COLOR says; any text but an empty one forbids colour (no-color.org).</param>
    /// <param name="colors">How many colours the terminal has.</param>
    /// <param name="background">The terminal's own background, where it is known.</param>
    public static Theme For(string? noColor, ColorLevel colors, Color? background) =>
        !string.IsNullOrEmpty(noColor) || colors == ColorLevel.None ? Plain
        : colors == ColorLevel.Sixteen ? Sixteen
        : background is { } color && !color.IsDarkColor() ? Light
        : Dark;

    private static Theme Of(string name, string text, string back, string quiet, string strong, string good, string warn, string bad, string accent, string key, string chosen)
    {
        Color background = Color.Parse(back);
        Attribute On(string color, TextStyle style = TextStyle.None) => new(Color.Parse(color), background, style);
        return new Theme(name, On(text), new Dictionary<Tone, Attribute>
        {
            [Tone.Plain] = On(text),
            [Tone.Quiet] = On(quiet),
            [Tone.Strong] = On(strong, TextStyle.Bold),
            [Tone.Good] = On(good),
            [Tone.Warn] = On(warn),
            [Tone.Bad] = On(bad),
            [Tone.Accent] = On(accent),
            [Tone.Key] = On(key, TextStyle.Bold),
            [Tone.Chosen] = new(Color.Parse(strong), Color.Parse(chosen), TextStyle.Bold),
        });
    }

    private static Theme Make(string name, Attribute normal, (ColorName16 Quiet, ColorName16 Strong, ColorName16 Good, ColorName16 Warn, ColorName16 Bad, ColorName16 Accent, ColorName16 Key) tones)
    {
        Attribute On(ColorName16 color) => new(new Color(color), normal.Background);
        return new Theme(name, normal, new Dictionary<Tone, Attribute>
        {
            [Tone.Plain] = normal,
            [Tone.Quiet] = On(tones.Quiet),
            [Tone.Strong] = On(tones.Strong),
            [Tone.Good] = On(tones.Good),
            [Tone.Warn] = On(tones.Warn),
            [Tone.Bad] = On(tones.Bad),
            [Tone.Accent] = On(tones.Accent),
            [Tone.Key] = On(tones.Key),
            [Tone.Chosen] = new(new Color(ColorName16.White), new Color(ColorName16.Blue)),
        }, IsSixteen: true);
    }

    private static Attribute Styled(TextStyle style) => new(Color.None, Color.None, style);
}

/// <summary>How many colours a terminal has, as far as themes care.</summary>
internal enum ColorLevel
{
    None,
    Sixteen,
    Many,
}
