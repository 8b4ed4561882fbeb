using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Rig;
using DataRig.Rig.Cameras;
using DataRig.Rig.Simulation;
using DataRig.Tui.Models;
using Terminal.Gui.Input;

namespace DataRig.Tests.Tui;

/// <summary>
/// Each fault of a rig, as it comes in the middle of a session: its panel says in a sentence what is wrong and what to do, whole
/// in the smallest terminal, and goes away when that is mended. The disk's faults are tried in a real terminal, on a real disk.
/// </summary>
public sealed class TuiFaultTests
{
    private const int Pictures = 40;

    private const string Rig = """
        {
          "turntable": { "driver": "simulated" },
          "camera": { "driver": "command", "program": "/bin/false" },
          "lights": { "driver": "none" },
          "plan": { "items": { "3001": ["red"] }, "posesPerItem": 1, "stopsPerSweep": 6, "plates": false, "retriesPerShot": 1, "recoverySeconds": 600 }
        }
        """;

    [Theory]
    [InlineData("hang", "had not finished after")]
    [InlineData("cut", "cut short")]
    [InlineData("page", "not a JPEG")]
    [InlineData("old", "before the table was still")]
    [InlineData("again", "an earlier picture again")]
    public async Task A_camera_that_fails_is_said_until_it_works(string fault, string sentence)
    {
        await using FaultyRig rig = new();
        await using TuiStage stage = new(rig.Bench, 80, 24);
        rig.FaultAfter = 3;
        rig.CameraFault = fault;
        await BeginAsync(stage);

        await SaysAsync(stage, sentence, "press Enter to go on");

        rig.CameraFault = "";
        stage.Press(Key.Enter);
        await MendedAsync(stage, sentence);
    }

    /// <summary>A cable that is pulled, a board that is reset: homing mends them, once the board is there again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_board_is_looked_for_and_the_panel_goes_when_it_is_found(bool link)
    {
        await using FaultyRig rig = new();
        await using TuiStage stage = new(rig.Bench, 80, 24);
        string sentence = link ? "The board at /dev/serial/by-id/usb-1a86_USB_Serial-if00-port0 no longer answers." : "The board was reset: it counts its boots, and this is another one.";
        rig.MoveFault = move =>
        {
            if (move != 4)
            {
                return null;
            }

            rig.HomeFault = link ? new LinkLostException("There is no such port.") : null;
            return link ? new LinkLostException(sentence) : new PositionLostException(sentence);
        };
        rig.FindsZero = link;
        await BeginAsync(stage);

        if (link)
        {
            await SaysAsync(stage, sentence, "looks for it by itself for up to 600 s");
            rig.HomeFault = null;
        }
        else
        {
            await stage.UntilAsync(() => stage.Bench.Session.Request is { IsFault: false } request && request.Words.Contains("to its mark", StringComparison.Ordinal));
            Assert.Contains(sentence, string.Join('\n', stage.Bench.Session.Log.Lines.Select(l => l.Text)), StringComparison.Ordinal);
            stage.Press(Key.Enter);
        }

        await MendedAsync(stage, sentence);
    }

    [Fact]
    public async Task A_table_that_sticks_is_for_a_person_to_mend()
    {
        const string Sentence = "The table stands at 61.2 degrees and should at 180.0: it is blocked, or its driver lost steps.";
        await using FaultyRig rig = new();
        await using TuiStage stage = new(rig.Bench, 80, 24);
        bool stuck = true;
        rig.MoveFault = move => move >= 4 && stuck ? new PositionLostException(Sentence) : null;
        await BeginAsync(stage);

        await SaysAsync(stage, Sentence, "press Enter to go on");

        stuck = false;
        stage.Press(Key.Enter);
        await MendedAsync(stage, Sentence);
    }

    [Fact]
    public async Task A_rig_that_is_not_there_is_said_by_hand_and_in_a_session()
    {
        const string Sentence = "No board answers at any port; ports found: /dev/ttyS0. Plug it in, or name its port under \"turntable\".";
        await using FaultyRig rig = new();
        await using TuiStage stage = new(rig.Bench, 80, 24);
        rig.HomeFault = new WorkFailedException(Sentence);
        stage.Press(Key.CursorRight);
        await SaysAsync(stage, Sentence, "try again");

        rig.HomeFault = null;
        stage.Press(Key.CursorRight);
        await stage.UntilAsync(() => stage.Bench.Session.Fault is null && stage.Bench.Session.Ring.AzimuthDegrees is > 9);

        rig.HomeFault = new WorkFailedException(Sentence);
        await BeginAsync(stage);
        await SaysAsync(stage, Sentence, "press Enter to go on");

        rig.HomeFault = null;
        stage.Press(Key.Enter);
        await MendedAsync(stage, Sentence);
    }

    [Theory]
    [InlineData("{ \"turntable\": { \"driver\": \"steam\" } }", "more; on 6 e tells all of them")]
    [InlineData("one", "steam")]
    public async Task A_wrong_rig_file_is_said_until_there_is_another(string file, string sentence)
    {
        string folder = Directory.CreateTempSubdirectory("datarig-tui-").FullName;
        File.WriteAllText(Path.Combine(folder, "rig.json"), file == "one" ? Cli.SmallRig.Replace("{ \"driver\": \"simulated\" },\n  \"camera\"", "{ \"driver\": \"steam\" },\n  \"camera\"", StringComparison.Ordinal) : file);
        await using TuiStage stage = new(new Workbench(TuiEvening.Options(folder)), 80, 24);

        await SaysAsync(stage, sentence, "Mend the file");
        stage.Press(new Key('s'));
        Assert.False(stage.Bench.Session.Running);

        stage.Press(new Key('w'), new Key('t'));
        await stage.UntilAsync(() => stage.Bench.Session.Fault is null);
        Assert.DoesNotContain(Joined(sentence), Joined(stage.PanelText("Next step")), StringComparison.Ordinal);
        Assert.Empty(stage.Faults());
    }

    /// <summary>Starts a session and puts the part down.</summary>
    private static async Task BeginAsync(TuiStage stage)
    {
        stage.Press(new Key('s'));
        await stage.UntilAsync(() => stage.Bench.Session.Request is not null);
        if (!stage.Bench.Session.Request!.IsFault)
        {
            Assert.Contains("Put part 3001", stage.PanelText("Next step"), StringComparison.Ordinal);
            stage.Press(Key.Enter);
        }
    }

    /// <summary>The panel has the sentence and the remedy, all of both.</summary>
    private static async Task SaysAsync(TuiStage stage, string sentence, string remedy)
    {
        SessionModel session = stage.Bench.Session;
        await stage.UntilAsync(() => session.Fault is { } fault && fault.Sentence.Contains(sentence, StringComparison.Ordinal) && fault.Remedy.Contains(remedy, StringComparison.Ordinal));
        string panel = Joined(stage.PanelText("Next step"));
        Assert.Contains(Joined(session.Fault!.Sentence), panel, StringComparison.Ordinal);
        Assert.Contains(Joined(session.Fault.Remedy), panel, StringComparison.Ordinal);
        Assert.Matches("rig (fault|rig.json is wrong)", stage.Bench.Status().Text);
        Assert.True(!stage.Faults().Any(), string.Join("; ", stage.Faults()) + "\n" + stage.Text);
    }

    /// <summary>The panel goes, and the session comes to its end with every frame.</summary>
    private static async Task MendedAsync(TuiStage stage, string sentence)
    {
        await stage.UntilAsync(() => stage.Bench.Session.Fault is null);
        Assert.DoesNotContain(Joined(sentence), Joined(stage.PanelText("Next step")), StringComparison.Ordinal);
        await stage.UntilAsync(() => stage.Bench.Work.Last(JobKind.Capture) is { State: JobState.Done });
        Assert.Equal(6, stage.Bench.Data(create: false).Frames().Count);
        Assert.Empty(stage.Faults());
    }

    /// <summary>A line is broken anywhere where a word is too long.</summary>
    private static string Joined(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    /// <summary>A rig on a table: a turntable and a camera's program that fail as told, and a person at the screen.</summary>
    private sealed class FaultyRig : IAsyncDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("datarig-tui-").FullName;
        private readonly string _camera = Directory.CreateTempSubdirectory("datarig-camera-").FullName;

        public FaultyRig()
        {
            File.WriteAllText(Path.Combine(_folder, "rig.json"), Rig);
            Directory.CreateSymbolicLink(Path.Combine(_folder, "scenes"), Path.Combine(AppContext.BaseDirectory, "scenes"));
            for (int i = 0; i < Pictures; i++)
            {
                File.WriteAllBytes(Path.Combine(_camera, $"{i}.jpg"), MovingPart.Jpeg(i));
            }

            File.WriteAllText(Path.Combine(_camera, "n"), "0");
            CameraFault = "";
            Bench = new Workbench(TuiEvening.Options(_folder) with { MakeRig = Make });
        }

        public Workbench Bench { get; }

        /// <summary>How many pictures are good, whatever is wrong.</summary>
        public int FaultAfter { get; set; }

        public string CameraFault
        {
            get => File.ReadAllText(Path.Combine(_camera, "fault"));
            set => File.WriteAllText(Path.Combine(_camera, "fault"), value);
        }

        /// <summary>What is wrong with a move, by its number, from 1.</summary>
        public Func<int, Exception?> MoveFault { get; set; } = _ => null;

        public Exception? HomeFault { get; set; }

        public bool FindsZero { get; set; } = true;

        public ValueTask DisposeAsync()
        {
            Directory.Delete(_camera, recursive: true);
            return ValueTask.CompletedTask;
        }

        private CaptureRig Make(RigFile file, CapturePlan plan, Seed seed, Sitting sitting)
        {
            string script = $"""
                cd '{_camera}'; n=$(cat n); echo $((n + 1)) >n; fault=$(cat fault); [ $n -lt {FaultAfter} ] && fault=
                case $fault in hang) exec sleep 600;; cut) head -c -400 $n.jpg;; page) echo '<html>503 Service Unavailable</html>';; again) cat {FaultAfter - 1}.jpg;; *) cat $n.jpg;; esac
                """;
            File.WriteAllText(Path.Combine(_camera, "shoot"), script);
            SimulatedTurntable table = new(new SimulatedTurntableOptions { SpeedDegreesPerSecond = 3600, AccelerationDegreesPerSecondSquared = 36_000, SettleMs = 0 }, seed, TimeProvider.System);
            return new CaptureRig
            {
                Turntable = new Table(table, this),
                Camera = new Camera(new CommandCamera(new CommandCameraOptions { Program = "/bin/sh", Arguments = [Path.Combine(_camera, "shoot")], DeadlineMs = 3000, Attempts = 1 }, TimeProvider.System), this),
                Lights = new NoLights(),
                Operator = sitting.Person,
                Reader = new PictureReader(),
                Time = TimeProvider.System,
            };
        }

        private sealed class Table(ITurntable table, FaultyRig rig) : ITurntable
        {
            private int _moves;

            public bool FindsZero => rig.FindsZero;

            public Task<TablePosition> HomeAsync(CancellationToken cancel) => rig.HomeFault is { } fault ? throw fault : table.HomeAsync(cancel);

            public Task<TablePosition> MoveToStopAsync(int stop, int stops, CancellationToken cancel) => rig.MoveFault(++_moves) is { } fault ? throw fault : table.MoveToStopAsync(stop, stops, cancel);

            public ValueTask DisposeAsync() => table.DisposeAsync();
        }

        private sealed class Camera(CommandCamera camera, FaultyRig rig) : ICamera
        {
            private int _shots;

            public double? ElevationDegrees => camera.ElevationDegrees;

            public Task<CameraLock> LockAsync(CameraLock? earlier, CancellationToken cancel) => camera.LockAsync(earlier, cancel);

            public async Task<Shot> CaptureAsync(ShotTarget target, CancellationToken cancel)
            {
                Shot shot = await camera.CaptureAsync(target, cancel);
                return _shots++ >= rig.FaultAfter && rig.CameraFault == "old" ? shot with { TakenAt = shot.TakenAt - TimeSpan.FromSeconds(10) } : shot;
            }

            public ValueTask DisposeAsync() => camera.DisposeAsync();
        }
    }
}
