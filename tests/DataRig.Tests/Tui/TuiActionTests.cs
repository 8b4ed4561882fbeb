using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Tui.Models;
using Terminal.Gui.Input;

namespace DataRig.Tests.Tui;

/// <summary>
/// Every action does what it says when its key is injected, and the palette finds and runs it. An action that is added without a
/// scenario here fails <see cref="Every_action_has_a_scenario"/>.
/// </summary>
[Collection(nameof(TuiEvening))]
public sealed class TuiActionTests(TuiEvening evening)
{
    /// <summary>What is done before an action, the action itself, and what must have come of it.</summary>
    private static readonly Dictionary<(Screen? On, string Name), Func<ActionScene, Task>> Scenarios = new()
    {
        [(null, "Show Session")] = s => s.ShowsScreen(Screen.Session),
        [(null, "Show Dataset")] = s => s.ShowsScreen(Screen.Dataset),
        [(null, "Show Scenes")] = s => s.ShowsScreen(Screen.Scenes),
        [(null, "Show Train")] = s => s.ShowsScreen(Screen.Train),
        [(null, "Show Review")] = s => s.ShowsScreen(Screen.Review),
        [(null, "Show Doctor")] = s => s.ShowsScreen(Screen.Doctor),
        [(null, "Help")] = s => s.Shows("Keys on Session"),
        [(null, "Commands")] = s => s.Becomes(() => s.Bench.Modal is Palette),
        [(null, "Find a command")] = s => s.Becomes(() => s.Bench.Modal is Palette),
        [(null, "Begin with something else")] = s => s.Shows("Welcome to DataRig"),
        [(null, "Change the colours")] = s => s.Changes(() => s.Stage.Shell.Theme.Name),
        [(null, "Leave")] = s => s.Becomes(() => s.Bench.HasQuit),

        [(Screen.Session, "Start the session")] = async s =>
        {
            await s.Becomes(() => s.Bench.Session.Running);
            s.Rig.Allow(9);
            await s.Stage.UntilAsync(() => s.Bench.Session.Pictures.Last is not null);
        },
        [(Screen.Session, "Pause or go on")] = async s =>
        {
            await s.InASweep();
            await s.Becomes(() => s.Bench.Session.Paused);
            await s.Becomes(() => !s.Bench.Session.Paused);
        },
        [(Screen.Session, "Redo the sweep")] = async s =>
        {
            await s.InASweep();
            await s.Shows("Make this sweep again?");
            s.Stage.Press(new Key('y'));
            s.Rig.Allow(int.MaxValue);
            await s.Stage.UntilAsync(() => s.Logged("made again"));
        },
        [(Screen.Session, "Skip the sweep")] = async s =>
        {
            await s.InASweep();
            await s.Shows("Skip this sweep?");
            s.Stage.Press(new Key('y'));
            s.Rig.Allow(int.MaxValue);
            await s.Stage.UntilAsync(() => s.Logged("the rest is skipped"));
        },
        [(Screen.Session, "Abort the session")] = async s =>
        {
            await s.InASweep();
            await s.Shows("Abort the session?");
            s.Stage.Press(new Key('y'));
            await s.Stage.UntilAsync(() => s.Logged("is given up"));
            Assert.Null(s.Bench.Session.Interrupted);
        },
        [(Screen.Session, "Done, go on")] = async s =>
        {
            s.Person();
            s.Stage.Press(new Key('s'));
            await s.Stage.ShowsAsync("CLEAR TABLE");
            s.Act();
            await s.Stage.UntilAsync(() => s.Bench.Session.Request is null && s.Logged("a session begins"));
        },
        [(Screen.Session, "Jog forward")] = s => s.Becomes(() => s.Bench.Session.Ring.AzimuthDegrees is > 9 and < 11),
        [(Screen.Session, "Jog back")] = s => s.Becomes(() => s.Bench.Session.Ring.AzimuthDegrees is > 349 and < 351),
        [(Screen.Session, "Change the light")] = s => s.Becomes(() => s.Logged("light at 50%")),
        [(Screen.Session, "Meter the exposure")] = s => s.Becomes(() => s.Logged("metered") && s.Bench.Session.Pictures.Last is not null),

        [(Screen.Dataset, "Browse or list")] = async s =>
        {
            await s.Listed();
            await s.Becomes(() => s.Bench.Dataset.Browsing);
            await s.Becomes(() => !s.Bench.Dataset.Browsing);
        },
        [(Screen.Dataset, "Down")] = async s =>
        {
            await s.Listed();
            await s.Becomes(() => s.Bench.Dataset.Focus == 2);
        },
        [(Screen.Dataset, "Up")] = async s =>
        {
            await s.Listed();
            s.Stage.Press(Key.CursorDown, Key.CursorDown);
            await s.Becomes(() => s.Bench.Dataset.Focus == 2);
        },
        [(Screen.Dataset, "Right")] = async s =>
        {
            await s.Browsing();
            await s.Changes(() => s.Bench.Dataset.Frame?.Id);
        },
        [(Screen.Dataset, "Left")] = async s =>
        {
            await s.Browsing();
            FrameId first = s.Bench.Dataset.Frame!.Id;
            s.Stage.Press(Key.CursorRight);
            await s.Becomes(() => s.Bench.Dataset.Frame?.Id == first);
        },
        [(Screen.Dataset, "Page down")] = async s =>
        {
            await s.Listed();
            await s.Becomes(() => s.Bench.Dataset.Focus == 10);
        },
        [(Screen.Dataset, "Page up")] = async s =>
        {
            await s.Listed();
            s.Stage.Press(Key.PageDown);
            await s.Becomes(() => s.Bench.Dataset.Focus == 1);
        },
        [(Screen.Dataset, "Relabel")] = async s =>
        {
            FrameRecord frame = await s.Browsing();
            await s.Shows("Part, or part and item, of the frame");
            s.Stage.Type("3003 3003-pink");
            s.Stage.Press(Key.Enter);
            await s.Stage.UntilAsync(() => s.Find(frame).Item.Value == "3003-pink");
        },
        [(Screen.Dataset, "Drop into the trash")] = async s =>
        {
            FrameRecord frame = await s.Browsing();
            await s.Becomes(() => s.Frames.All(f => f.Id != frame.Id));
        },
        [(Screen.Dataset, "Confirm")] = async s =>
        {
            FrameRecord frame = await s.Browsing();
            await s.Becomes(() => s.Find(frame).Review == ReviewState.Reviewed);
        },
        [(Screen.Dataset, "Undo the last edit")] = async s =>
        {
            FrameRecord frame = await s.Browsing();
            s.Stage.Press(new Key('d'));
            await s.Becomes(() => s.Frames.Any(f => f.Id == frame.Id));
        },
        [(Screen.Dataset, "Audit")] = s => s.Becomes(() => s.Bench.Dataset.Details().Any(l => l.Text.Contains("48 frames", StringComparison.Ordinal))),
        [(Screen.Dataset, "Open a dataset")] = async s =>
        {
            s.Bench.Data(Path.Combine(s.Bench.Home, "other"), create: true);
            await s.Shows("The dataset's folder");
            s.Stage.Type("other");
            s.Stage.Press(Key.Enter);
            await s.Stage.UntilAsync(() => Path.GetFileName(s.Bench.DataFolder) == "other");
        },

        [(Screen.Scenes, "Preview")] = s => s.Becomes(() => s.Bench.Scenes.Thumbnails.Count == 12),
        [(Screen.Scenes, "Other frames")] = s => s.Becomes(() => s.Bench.Scenes.Thumbnails is [.., { Caption: var first }] && first.EndsWith(" 12", StringComparison.Ordinal)),
        [(Screen.Scenes, "Start a synthesis")] = async s =>
        {
            s.Count(3);
            await s.Becomes(() => s.Bench.Work.Last(JobKind.Synthesis) is { State: JobState.Done });
            Assert.Equal(3, s.Frames.Count(f => f.Source == FrameSource.Rendered));
        },
        [(Screen.Scenes, "Stop the synthesis")] = async s =>
        {
            s.Count(100_000);
            s.Stage.Press(new Key('s'));
            await s.Becomes(() => s.Bench.Work.Last(JobKind.Synthesis) is { State: JobState.Stopped });
        },
        [(Screen.Scenes, "How many frames")] = async s =>
        {
            await s.Shows("Frames to make");
            s.Stage.Type("7");
            s.Stage.Press(Key.Enter);
            await s.Stage.ShowsAsync("7 frames are to be made");
        },
        [(Screen.Scenes, "Next scene")] = s => s.Changes(() => s.Bench.Scenes.Words()[0].Pieces[0].Text),
        [(Screen.Scenes, "Next range")] = s => s.Becomes(() => s.Bench.Scenes.Focus == 1),
        [(Screen.Scenes, "Earlier range")] = async s =>
        {
            s.Stage.Press(new Key('3'), Key.CursorDown, Key.CursorDown);
            await s.Becomes(() => s.Bench.Scenes.Focus == 1);
        },
        [(Screen.Scenes, "Widen the range")] = s => s.Changes(s.FirstRange),
        [(Screen.Scenes, "Narrow the range")] = s => s.Changes(s.FirstRange),
        [(Screen.Scenes, "Shift up")] = s => s.Changes(s.FirstRange),
        [(Screen.Scenes, "Shift down")] = s => s.Changes(s.FirstRange),
        [(Screen.Scenes, "Reset the range")] = async s =>
        {
            string before = s.FirstRange();
            s.Stage.Press(new Key('3'), new Key('+'));
            Assert.NotEqual(before, s.FirstRange());
            await s.Becomes(() => s.FirstRange() == before);
        },

        [(Screen.Train, "Start training")] = async s =>
        {
            await s.Becomes(() => s.Bench.Work.Last(JobKind.Training) is { State: JobState.Done });
            Assert.Equal(3, Runs.All(s.Bench.RunsFolder).Count);
        },
        [(Screen.Train, "Stop training")] = async s =>
        {
            s.Stage.Press(new Key('4'), new Key('s'));
            await s.Becomes(() => s.Bench.Work.Last(JobKind.Training) is { State: JobState.Stopped or JobState.Done });
        },
        [(Screen.Train, "Resume the run")] = async s =>
        {
            await s.Becomes(() => s.Bench.Work.Last(JobKind.Training) is { State: JobState.Done });
            Assert.Equal(2, s.Bench.Train.Chosen!.History.Count);
        },
        [(Screen.Train, "Next setting")] = s => s.Becomes(() => s.Setting() == 1),
        [(Screen.Train, "Earlier setting")] = async s =>
        {
            s.Stage.Press(new Key('4'), Key.CursorDown, Key.CursorDown);
            await s.Becomes(() => s.Setting() == 1);
        },
        [(Screen.Train, "Change the setting")] = async s =>
        {
            s.Stage.Press(new Key('4'), Key.CursorDown, Key.CursorDown, Key.CursorDown);
            await s.Becomes(() => s.Bench.Modal is { Title: "epochs" });
            s.Stage.Type("0");
            s.Stage.Press(Key.Enter);
            await s.Stage.ShowsAsync("Expected a whole number from 1 to 10000");
            s.Stage.Press(Key.Backspace);
            s.Stage.Type("77");
            s.Stage.Press(Key.Enter);
            Assert.Contains("77", s.Bench.Train.Recipe()[3].Text, StringComparison.Ordinal);
        },
        [(Screen.Train, "Next run")] = s => s.Changes(() => s.Bench.Train.Chosen!.Folder),
        [(Screen.Train, "Earlier run")] = s => s.Changes(() => s.Bench.Train.Chosen!.Folder),

        [(Screen.Review, "Find errors")] = s => s.Becomes(() => s.Bench.Review.Item is not null && s.Bench.Review.Picture is not null),
        [(Screen.Review, "Next error")] = async s =>
        {
            await s.Reviewing();
            await s.Changes(() => s.Bench.Review.Item!.Frame.Id);
        },
        [(Screen.Review, "Earlier error")] = async s =>
        {
            FrameId first = (await s.Reviewing()).Id;
            s.Stage.Press(Key.CursorRight);
            await s.Becomes(() => s.Bench.Review.Item!.Frame.Id == first);
        },
        [(Screen.Review, "Heat on or off")] = async s =>
        {
            await s.Reviewing();
            await s.Changes(() => s.Bench.Review.Picture);
        },
        [(Screen.Review, "Relabel")] = async s =>
        {
            FrameRecord frame = await s.Reviewing();
            await s.Shows("Part, or part and item, of the frame");
            s.Stage.Type("3003 3003-pink");
            s.Stage.Press(Key.Enter);
            await s.Stage.UntilAsync(() => s.Find(frame).Item.Value == "3003-pink");
        },
        [(Screen.Review, "Drop into the trash")] = async s =>
        {
            FrameRecord frame = await s.Reviewing();
            await s.Becomes(() => s.Frames.All(f => f.Id != frame.Id));
        },
        [(Screen.Review, "Confirm the label")] = async s =>
        {
            FrameRecord frame = await s.Reviewing();
            await s.Becomes(() => s.Find(frame).Review == ReviewState.Reviewed);
        },
        [(Screen.Review, "Recapture")] = async s =>
        {
            FrameRecord frame = await s.Reviewing();
            await s.Becomes(() => s.Data.Wanted().Any(w => w.Frame.Id == frame.Id));
        },
        [(Screen.Review, "Undo the last edit")] = async s =>
        {
            FrameRecord frame = await s.Reviewing();
            s.Stage.Press(new Key('d'));
            await s.Becomes(() => s.Frames.Any(f => f.Id == frame.Id));
        },
        [(Screen.Review, "Plan the recaptures")] = async s =>
        {
            await s.Reviewing();
            s.Stage.Press(new Key('r'));
            await s.Becomes(() => Path.GetFileName(s.Bench.RigPath) == "recapture.json");
            Assert.Equal(1, s.Bench.Rig!.Plan.FrameCount());
            Assert.Equal(Screen.Session, s.Bench.Screen);
        },

        [(Screen.Doctor, "Examine")] = s => s.Becomes(() => s.Bench.Doctor.Findings.Any(f => f.What == "configuration" && f.Good)),
        [(Screen.Doctor, "Connect a rig")] = s => s.Becomes(() => s.Bench.Work.Last(JobKind.Doctor) is { State: JobState.Failed, Words: var words } && words.Contains("rig.json is there already", StringComparison.Ordinal)),
        [(Screen.Doctor, "Read the wire log")] = s =>
        {
            File.WriteAllText(s.Bench.WireLog!, "12:00:01 > G28\n12:00:02 < ok\n");
            return s.Shows("G28");
        },
        [(Screen.Doctor, "Next check")] = async s =>
        {
            await s.Examined();
            await s.Becomes(() => s.Bench.Doctor.Focus > 0);
        },
        [(Screen.Doctor, "Earlier check")] = async s =>
        {
            await s.Examined();
            s.Stage.Press(Key.CursorDown);
            Assert.NotEqual(0, s.Bench.Doctor.Focus);
            await s.Becomes(() => s.Bench.Doctor.Focus == 0);
        },
        [(Screen.Doctor, "Stop the examination")] = async s =>
        {
            s.Stage.Press(new Key('6'), new Key('e'));
            await s.Becomes(() => s.Bench.Work.Last(JobKind.Doctor) is { State: JobState.Stopped or JobState.Done });
        },
    };

    public static TheoryData<string, string> Cases => [.. Scenarios.Keys.Select(k => (k.On?.ToString() ?? "", k.Name))];

    [Fact]
    public async Task Every_action_has_a_scenario()
    {
        await using TuiStage stage = new(TuiHome.Empty());

        Assert.Equal(stage.Bench.Actions.Select(a => $"{a.On} {a.Name}").Order(), Scenarios.Keys.Select(k => $"{k.On} {k.Name}").Order());
        Assert.All(stage.Bench.Actions, a => Assert.NotEmpty(a.Key));
        foreach (Screen screen in Enum.GetValues<Screen>())
        {
            // No key means two things on one screen.
            Assert.Empty(stage.Bench.Actions.Where(a => a.On is null || a.On == screen).GroupBy(a => a.Key).Where(g => g.Count() > 1).Select(g => g.Key));
        }
    }

    [Fact]
    public async Task The_palette_finds_and_runs_every_action()
    {
        await using TuiStage stage = new(TuiHome.Empty(), 80, 24);
        List<string> ran = [];
        UiAction[] actions = [.. stage.Bench.Actions.Select(a => a with { Hindrance = () => null, Execute = () => ran.Add($"{a.On} {a.Name}") })];
        foreach (UiAction action in actions)
        {
            Palette palette = new(actions, stage.Bench.Run);
            stage.Bench.Open(palette);
            stage.Type(action.Name[..Math.Min(5, action.Name.Length)]);
            stage.Press([.. Enumerable.Repeat(Key.CursorDown, palette.Found.ToList().IndexOf(action))]);
            Assert.Contains(action.Name, stage.Text, StringComparison.Ordinal);
            stage.Press(Key.Enter);

            Assert.Equal($"{action.On} {action.Name}", ran.LastOrDefault());
            Assert.Null(stage.Bench.Modal);
            Assert.True(action.On is null || stage.Bench.Screen == action.On);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_action_does_what_it_says(string screen, string name)
    {
        Screen? on = screen.Length == 0 ? null : Enum.Parse<Screen>(screen);
        SteppedRig rig = new(), asking = new() { Asks = true };
        ActionScene? scene = null;
        Workbench bench = evening.Copy(o => o with
        {
            WireLog = Path.Combine(o.Home, "wire.log"),
            MakeRig = (file, plan, seed, sitting) => (scene!.Asks ? asking : rig).Make(file, plan, seed, sitting),
        });
        await using TuiStage stage = new(bench);
        scene = new ActionScene(stage, rig, bench.Actions.Single(a => a.On == on && a.Name == name));
        bool shoots = on == Screen.Session && name is "Jog forward" or "Jog back" or "Change the light" or "Meter the exposure";
        rig.Allow(shoots ? 1 : 0);
        bench.Show(on == Screen.Session || name == "Show Doctor" ? Screen.Session : on ?? (name == "Show Session" ? Screen.Doctor : Screen.Session));

        await Scenarios[(on, name)](scene);

        rig.Allow(int.MaxValue);
    }
}
