using DataRig.Tui.Models;
using DataRig.Tui.Views;
using Terminal.Gui.Input;

namespace DataRig.Tests.Tui;

/// <summary>Every screen at three sizes and in every theme: no text is cut, nothing overlaps, and what matters is there.</summary>
[Collection("terminal")]
public sealed class TuiScreenTests(TuiHome home)
{
    private static readonly (int Width, int Height)[] Sizes = [(80, 24), (120, 40), (200, 60)];

    /// <summary>What a screen must show, whatever its size.</summary>
    private static readonly Dictionary<Screen, string[]> Essentials = new()
    {
        [Screen.Session] = ["Camera", "Turntable", "Next step", "Last frames", "Log", "s start session"],
        [Screen.Dataset] = ["Parts and items", "3001", "yellow", "Frames"],
        [Screen.Scenes] = ["Scene", "turntable.json", "What varies", "camera.elevationDegrees", "Sampled frames"],
        [Screen.Train] = ["Recipe", "residual", "Training", "Loss by epoch", "Runs", "20260101-120000"],
        [Screen.Review] = ["Frame", "Error", "Mixed up", "it is"],
        [Screen.Doctor] = ["Checks", "Wire log", "renderer", "libtorch"],
    };

    [Fact]
    public async Task Every_screen_holds_at_every_size_in_every_theme()
    {
        List<string> faults = [];
        Workbench bench = home.Bench();
        await using TuiStage first = new(bench);
        await FillAsync(first);
        foreach ((int width, int height) in Sizes)
        {
            first.App.Driver!.SetScreenSize(width, height);
            foreach (Theme theme in Theme.All)
            {
                while (first.Shell.Theme != theme)
                {
                    bench.NextTheme();
                }

                foreach (Screen screen in Enum.GetValues<Screen>())
                {
                    first.Press(new Key((char)('0' + (int)screen)));
                    await first.UntilAsync(() => screen != Screen.Dataset || bench.Dataset.List().Count > 2);
                    string where = $"{screen} at {width}x{height} in {theme.Name}";
                    faults.AddRange(first.Faults().Select(f => $"{where}: {f}"));
                    string text = first.Text;
                    faults.AddRange(Essentials[screen].Where(e => !text.Contains(e, StringComparison.Ordinal)).Select(e => $"{where}: \"{e}\" is not shown"));
                    faults.AddRange(new[] { "rig simulated", "12.0 GB free", "? help" }.Where(e => !text.Contains(e, StringComparison.Ordinal)).Select(e => $"{where}: \"{e}\" is not in the bars"));
                    Snapshot(screen, width, height, theme, text);
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

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

    /// <summary>Looks at everything once, so that each screen has something to show.</summary>
    private static async Task FillAsync(TuiStage stage)
    {
        stage.Press(Key.D6, Key.E);
        await stage.UntilAsync(() => stage.Bench.Doctor.Findings.Count > 0);
        stage.Press(Key.D3, Key.P);
        await stage.UntilAsync(() => !stage.Bench.Work.IsRunning(JobKind.Preview));
        stage.Press(Key.D5, Key.S);
        await stage.UntilAsync(() => !stage.Bench.Work.IsRunning(JobKind.Validation));
        stage.Press(Key.D1, Key.M);
        await stage.UntilAsync(() => stage.Bench.Session.Pictures.Last is not null && stage.Bench.Session.RigState == "ready");
        await stage.UntilAsync(() => stage.Bench.Said is null);
    }

    /// <summary>Keeps the screens as text where DATARIG_SNAPSHOTS names a folder: for whoever wants to look at them.</summary>
    private static void Snapshot(Screen screen, int width, int height, Theme theme, string text)
    {
        if (Environment.GetEnvironmentVariable("DATARIG_SNAPSHOTS") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"{screen}-{width}x{height}-{theme.Name}.txt"), text);
        }
    }
}
