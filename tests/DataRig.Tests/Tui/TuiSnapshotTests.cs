using System.Runtime.CompilerServices;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Tui.Models;
using DataRig.Tui.Views;

namespace DataRig.Tests.Tui;

/// <summary>
/// Every screen, filled by a real session, dataset and run, at three sizes and in every theme: no text is cut, nothing overlaps
/// or leaves the screen, and four of them look as they did when they were last looked at. DATARIG_SNAPSHOTS=record writes them
/// anew into the source.
/// </summary>
[Collection(nameof(TuiEvening))]
public sealed class TuiSnapshotTests(TuiEvening evening)
{
    private static readonly (int Width, int Height)[] Sizes = [(80, 24), (120, 40), (200, 60)];

    private static readonly bool Record = Environment.GetEnvironmentVariable("DATARIG_SNAPSHOTS") == "record";

    [Fact]
    public async Task A_session_in_the_middle_of_a_sweep_and_at_its_end()
    {
        const int Plates = 6, Frames = 21;
        string folder = Directory.CreateTempSubdirectory("datarig-tui-").FullName;
        TuiEvening.Begin(folder);
        SteppedRig rig = new();
        StillClock clock = new();
        Workbench bench = new(TuiEvening.Options(folder) with { MakeRig = rig.Make, Clock = clock });
        await using TuiStage stage = new(bench);

        // Every picture is shown: the next is taken when the last is on the screen.
        rig.Ready = shots => bench.Session.Pictures.Version == shots;
        rig.Allow(Plates + Frames);
        stage.Press('s');
        await stage.UntilAsync(() => bench.Session.Pictures.Version == Plates + Frames && bench.Work.Last(JobKind.Capture)!.Progress.Done == Frames && bench.Session.Ring.Turn == 3);

        await HoldsAsync(stage, "session");

        rig.Ready = _ => true;
        rig.Allow(int.MaxValue);
        await stage.UntilAsync(() => !bench.Session.Running);
        clock.Pass(TimeSpan.FromMinutes(1));
        await HoldsAsync(stage, snapshot: null, "Every frame is safe");
    }

    [Fact]
    public async Task A_dataset_and_its_frames()
    {
        await using TuiStage stage = new(evening.Copy(o => o with { Clock = new StillClock() }));
        stage.Press('2');
        await stage.ShowsAsync("yellow");
        DatasetModel model = stage.Bench.Dataset;
        await stage.UntilAsync(() => model.Grid(1, 1000).Cells.All(c => c.Picture is not null)); // all of them are read
        stage.Press(global::Terminal.Gui.Input.Key.Tab, global::Terminal.Gui.Input.Key.CursorRight);

        await HoldsAsync(stage, "dataset");
    }

    [Fact]
    public async Task A_scene_and_frames_of_it()
    {
        StillClock clock = new();
        await using TuiStage stage = new(evening.Copy(o => o with { Clock = clock }));
        stage.Press('3');
        stage.Press('p');
        await stage.UntilAsync(() => !stage.Bench.Work.IsRunning(JobKind.Preview));
        clock.Pass(TimeSpan.FromMinutes(1));

        await HoldsAsync(stage, "scenes");
    }

    /// <summary>Losses of a training differ in their last digits from processor to processor; these are written down.</summary>
    [Fact]
    public async Task Runs_side_by_side()
    {
        StillClock clock = new();
        Workbench bench = evening.Copy(o => o with { Clock = clock });
        foreach ((Run run, int place) in Runs.All(bench.RunsFolder).Select((r, i) => (r, i)))
        {
            File.WriteAllLines(run.MetricsPath, [File.ReadLines(run.MetricsPath).First(), .. Enumerable.Range(1, 14).Select(epoch => FormattableString.Invariant($"{epoch},{2.2 / (epoch + place)},{0.5 + (epoch / 40.0)},{2.4 / (epoch + place)},{0.5 + (epoch / 50.0)},{0.45 + (epoch / 50.0)},0.003,2.5,310"))]);
            File.WriteAllText(run.RecordPath, File.ReadAllText(run.RecordPath).Replace($"\"epochs\": {run.Options.Epochs},", "\"epochs\": 16,", StringComparison.Ordinal));
            Directory.Move(run.Folder, Path.Combine(bench.RunsFolder, $"20260102-19{place}000"));
        }

        bench.Train.Refresh();
        await using TuiStage stage = new(bench);
        stage.Press('4');

        await HoldsAsync(stage, "train", "epoch 14 of");
    }

    [Fact]
    public async Task What_a_model_gets_wrong()
    {
        StillClock clock = new();
        await using TuiStage stage = new(evening.Copy(o => o with { Clock = clock }));
        stage.Press('5');
        stage.Press('s');
        await stage.UntilAsync(() => !stage.Bench.Work.IsRunning(JobKind.Validation) && stage.Bench.Review.Picture is not null);
        clock.Pass(TimeSpan.FromMinutes(1));

        await stage.UntilAsync(() => stage.Bench.Review.Nearest(9, 9).Cells.All(c => c.Picture is not null));
        await HoldsAsync(stage, snapshot: null, "1 of", "error of", "taken for", "heat of");
    }

    [Fact]
    public async Task What_the_doctor_finds()
    {
        StillClock clock = new();
        await using TuiStage stage = new(evening.Copy(o => o with { Clock = clock }));
        stage.Press('6');
        stage.Press('e');
        await stage.UntilAsync(() => stage.Bench.Work.Last(JobKind.Doctor) is { State: JobState.Done });
        clock.Pass(TimeSpan.FromMinutes(1));

        await HoldsAsync(stage, snapshot: null, "system:");
    }

    /// <summary>Looks at the present screen at every size and in every theme.</summary>
    private static async Task HoldsAsync(TuiStage stage, string? snapshot, params string[] texts)
    {
        await Task.Yield();
        foreach ((int width, int height) in Sizes)
        {
            stage.App.Driver!.SetScreenSize(width, height);
            foreach (Theme theme in Theme.All)
            {
                while (stage.Shell.Theme != theme)
                {
                    stage.Press(global::Terminal.Gui.Input.Key.T.WithShift);
                }

                Assert.True(!stage.Faults().Any(), $"{snapshot} at {width}x{height}, {theme.Name}: {string.Join("; ", stage.Faults())}\n{stage.Text}");
                Assert.All(texts, t => Assert.Contains(t, stage.Text, StringComparison.Ordinal));
                if (snapshot is not null && theme.HasColor)
                {
                    Same($"{snapshot}-{width}x{height}.txt", Lines(stage.Text));
                }
            }
        }
    }

    private static void Same(string name, string shown, [CallerFilePath] string source = "")
    {
        string folder = Path.Combine("Tui", "Snapshots");
        if (Record)
        {
            string kept = Path.Combine(Path.GetDirectoryName(source)!, "Snapshots");
            Directory.CreateDirectory(kept);
            File.WriteAllText(Path.Combine(kept, name), shown);
            return;
        }

        string file = Path.Combine(AppContext.BaseDirectory, folder, name);
        Assert.True(File.Exists(file), $"{name} was never recorded; look at it and run with DATARIG_SNAPSHOTS=record:\n{shown}");
        string expected = File.ReadAllText(file);
        Assert.True(expected == shown, $"{name} looks different; if that is right, run with DATARIG_SNAPSHOTS=record.\nexpected:\n{expected}\nshown:\n{shown}");
    }

    /// <summary>Without the blanks at the ends of lines.</summary>
    private static string Lines(string text) => string.Concat(text.Split('\n').Select(l => l.TrimEnd() + "\n"));
}
