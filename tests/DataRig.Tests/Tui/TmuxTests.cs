using System.Diagnostics;
using DataRig.Data;
using DataRig.Learning;

namespace DataRig.Tests.Tui;

/// <summary>The program in a real terminal, by keys alone: from the first start to a trained model, and through kills of the terminal.</summary>
public sealed class TmuxTests
{
    [Fact]
    public async Task From_the_first_start_to_a_trained_model_by_keys_alone()
    {
        using Tmux terminal = new();
        terminal.Start(100, 30, "tui", "--theme", "dark");

        await terminal.ShowsAsync("Next step", "8 items, 48 frames");
        terminal.Keys("?");
        await terminal.ShowsAsync("Keys on Session", "Start the session");
        terminal.Keys("Escape");
        await terminal.UntilAsync(() => !terminal.Screen.Contains("Keys on Session", StringComparison.Ordinal)); // a key right after Esc is Alt with it
        terminal.Keys("s");
        await terminal.ShowsAsync("3003-black", "Captured 48 frames.");
        terminal.Keys("2");
        await terminal.ShowsAsync("Parts and items", "yellow", "a audits the dataset");
        terminal.Keys("a");
        await terminal.ShowsAsync("48 frames, nothing wrong");
        terminal.Keys("3");
        await terminal.ShowsAsync("What varies", "camera.elevationDegrees", "24 frames are to be made");
        terminal.Keys("s");
        await terminal.ShowsAsync("Rendered 24 frames");
        terminal.Keys("4");
        await terminal.ShowsAsync("Recipe", "Curves come with the first epoch.");
        terminal.Keys("s");
        await terminal.ShowsAsync("Trained: ", "right on", "epoch 4 of 4");
        terminal.Keys("5");
        await terminal.ShowsAsync("Mixed up");
        terminal.Keys("s");
        await terminal.ShowsAsync("of unseen items");
        terminal.Keys("q");
        await terminal.UntilAsync(() => terminal.HasEnded);

        Assert.Equal("0", terminal.ExitCode);
        Run run = Run.Open(Assert.Single(Directory.GetDirectories(terminal.At("runs"))));
        Assert.Equal(4, run.History.Count);
        Assert.True(File.Exists(run.BestPath));
        using Dataset dataset = Dataset.Open(terminal.At("data"));
        Assert.Equal((48, 24), (dataset.Info().Captured, dataset.Info().Rendered));
    }

    [Fact]
    public async Task A_killed_terminal_loses_nothing_and_the_next_start_offers_to_go_on()
    {
        using Tmux terminal = new(stops: 16);
        terminal.Start(80, 24, "tui");
        await terminal.ShowsAsync("S STARTS");
        terminal.Keys("s");
        await terminal.UntilAsync(() => Cli.Images(terminal.At("data")) > 24);
        terminal.Kill();

        HashSet<(int, int)> safe;
        using (Dataset dataset = Dataset.Open(terminal.At("data")))
        {
            Assert.Single(dataset.OpenSessions());
            safe = [.. dataset.TakenStops(dataset.OpenSessions()[0].Id).Select(s => (s.Sweep, s.Stop))];
            Assert.InRange(safe.Count, 1, (8 * 16) - 1);
        }

        terminal.Start(80, 24, "tui");
        await terminal.ShowsAsync("Go on where it stopped?", "frames safe");
        terminal.Keys("g");
        await terminal.ShowsAsync("All done".ToUpperInvariant(), "128 of 128");
        using (Dataset dataset = Dataset.Open(terminal.At("data")))
        {
            Assert.Empty(dataset.OpenSessions());
            Assert.Equal(128, dataset.Frames().Select(f => (f.Sweep, f.Stop)).Distinct().Count());
            Assert.Equal(128, dataset.Frames().Count);
            Assert.DoesNotContain((await DatasetAudit.RunAsync(dataset)).Findings, f => f.Issue != AuditIssue.NotInSplit);
        }

        terminal.Keys("4");
        await terminal.ShowsAsync("Recipe");
        terminal.Keys("s");
        await terminal.UntilAsync(() => Directory.Exists(terminal.At("runs")) && Directory.EnumerateFiles(terminal.At("runs"), "last.safetensors", SearchOption.AllDirectories).Any());
        terminal.Kill();
        Run run = Run.Open(Assert.Single(Directory.GetDirectories(terminal.At("runs"))));
        int epochs = run.History.Count;
        Assert.InRange(epochs, 1, 3);

        terminal.Start(80, 24, "tui");
        await terminal.ShowsAsync("Go on with the training?", $"after {epochs} of 4 epochs");
        terminal.Keys("g");
        await terminal.UntilAsync(() => run.History.Count == 4);
        await terminal.ShowsAsync("Trained: ");
    }

    /// <summary>A tmux server of its own with one terminal in it, in a folder of its own with a small rig.</summary>
    private sealed class Tmux : IDisposable
    {
        private readonly Cli _cli = new();
        private readonly string _socket;

        public Tmux(int? stops = null)
        {
            bool found = Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(f => File.Exists(Path.Combine(f, "tmux")));
            Assert.True(found || Environment.GetEnvironmentVariable("CI") != "true", "tmux is missing; on Debian: apt-get install tmux");
            Assert.SkipUnless(found, "tmux is missing; on Debian: apt-get install tmux");
            _cli.Write("rig.json", stops is null ? Cli.SmallRig : Cli.SmallRig.Replace("\"stopsPerSweep\": 6", $"\"stopsPerSweep\": {stops}", StringComparison.Ordinal));
            _socket = _cli.At("tmux.socket");
        }

        public bool HasEnded => File.Exists(At("exit"));

        public string Screen => Run("capture-pane", "-p");

        public string ExitCode => File.ReadAllText(At("exit")).Trim();

        public string At(string name) => _cli.At(name);

        public void Start(int width, int height, params string[] arguments) => Run(
            "-f", "/dev/null", "new-session", "-d", "-x", $"{width}", "-y", $"{height}", "-c", _cli.Folder,
            $"env -u DisableRealDriverIO -u NO_COLOR COLORTERM=truecolor dotnet '{Path.Combine(AppContext.BaseDirectory, "datarig.dll")}' {string.Join(' ', arguments)} 2>errors; echo $? >exit.new; mv exit.new exit; sleep 600");

        public void Keys(params string[] keys) => Run(["send-keys", .. keys]);

        /// <summary>As when a terminal's window is closed and its processes are killed with it, by SIGKILL.</summary>
        public void Kill()
        {
            string shell = Run("display-message", "-p", "#{pane_pid}").Trim();
            using Process find = Process.Start(new ProcessStartInfo("ps", ["-o", "pid=", "--ppid", shell]) { RedirectStandardOutput = true })!;
            string child = find.StandardOutput.ReadToEnd().Trim();
            Process.GetProcessById(int.Parse(child, System.Globalization.CultureInfo.InvariantCulture)).Kill();
            Run("kill-server");
            File.Delete(At("exit"));
        }

        public Task UntilAsync(Func<bool> holds) => Patience.UntilAsync(() =>
        {
            Thread.Sleep(20);
            return holds();
        });

        public async Task ShowsAsync(params string[] texts)
        {
            string screen;
            long start = Stopwatch.GetTimestamp();
            while (true)
            {
                screen = Screen;
                if (texts.All(t => screen.Contains(t, StringComparison.Ordinal)))
                {
                    return;
                }

                Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(4), $"the screen never showed {string.Join(", ", texts)}:\n{screen}\n{(File.Exists(At("errors")) ? File.ReadAllText(At("errors")) : "")}");
                await Task.Delay(50);
            }
        }

        public void Dispose()
        {
            Run("kill-server");
            _cli.Dispose();
        }

        private string Run(params string[] arguments)
        {
            using Process process = Process.Start(new ProcessStartInfo("tmux", ["-S", _socket, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output;
        }
    }
}
