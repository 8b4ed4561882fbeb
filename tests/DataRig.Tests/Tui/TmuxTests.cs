using System.Diagnostics;
using DataRig.Data;
using DataRig.Learning;

namespace DataRig.Tests.Tui;

/// <summary>The program in a real terminal, by keys alone: from the first start to a trained model.</summary>
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

    /// <summary>A tmux server of its own with one terminal in it, in a folder of its own with a small rig.</summary>
    private sealed class Tmux : IDisposable
    {
        private readonly Cli _cli = new();
        private readonly string _socket;

        public Tmux()
        {
            bool found = Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(f => File.Exists(Path.Combine(f, "tmux")));
            Assert.True(found || Environment.GetEnvironmentVariable("CI") != "true", "tmux is missing; on Debian: apt-get install tmux");
            Assert.SkipUnless(found, "tmux is missing; on Debian: apt-get install tmux");
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
