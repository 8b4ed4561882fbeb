using DataRig.Tui.Models;
using DataRig.Tui.Views;
using Terminal.Gui.Input;

namespace DataRig.Tests.Tui;

/// <summary>The screen at three sizes and in every theme: nothing of the panels is cut, nothing overlaps, colours are the theme's.</summary>
public sealed class TuiScreenTests
{
    private static readonly (int Width, int Height)[] Sizes = [(80, 24), (120, 40), (200, 60)];

    [Fact]
    public async Task Panels_above_the_screen_hold_at_every_size()
    {
        await using TuiStage stage = new(TuiHome.Empty());
        foreach ((int width, int height) in Sizes)
        {
            stage.App.Driver!.SetScreenSize(width, height);
            foreach ((Key key, string expected) in new[] { (new Key('?'), "Keys on Session"), (new Key(':'), "Commands"), (Key.W, "Welcome to DataRig") })
            {
                stage.Press(key);
                Assert.Contains(expected, stage.Text, StringComparison.Ordinal);
                Assert.Empty(stage.Faults());
                stage.Press(Key.Esc);
                Assert.DoesNotContain(expected, stage.Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Colours_are_those_of_the_theme_and_none_without_colour()
    {
        await using TuiStage stage = new(TuiHome.Empty());
        foreach (Theme theme in Theme.All)
        {
            while (stage.Shell.Theme != theme)
            {
                stage.Press(Key.T.WithShift);
            }

            string ansi = stage.App.Driver!.ToAnsi();
            Assert.Equal(theme.HasColor, ansi.Contains("\e[38;2;", StringComparison.Ordinal) || System.Text.RegularExpressions.Regex.IsMatch(ansi, @"\e\[(3[0-7]|9[0-7])m"));
        }
    }

    [Theory]
    [InlineData("1", 2, null, "plain")]
    [InlineData("", 0, null, "plain")]
    [InlineData("", 1, null, "16")]
    [InlineData(null, 2, "#ffffff", "light")]
    [InlineData(null, 2, "#101010", "dark")]
    [InlineData(null, 2, null, "dark")]
    public void The_terminal_chooses_the_theme(string? noColor, int colors, string? background, string expected) =>
        Assert.Equal(expected, Theme.For(noColor, (ColorLevel)colors, background is null ? null : global::Terminal.Gui.Drawing.Color.Parse(background)).Name);
}
