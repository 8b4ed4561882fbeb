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

    /// <summary>In mid-capture and in mid-training: nothing is lost, and the next start offers to go on.</summary>
    /// <param name="hangUp">Whether the terminal is closed first and the program killed later, or the other way round.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_terminal_that_goes_away_costs_nothing(bool hangUp)
    {
        const int Frames = 96, Epochs = 8;
        using Tmux terminal = new();
        terminal.Write("rig.json", Cli.SmallRig.Replace("\"stopsPerSweep\": 6", "\"stopsPerSweep\": 12", StringComparison.Ordinal).Replace("\"epochs\": 4", $"\"epochs\": {Epochs}", StringComparison.Ordinal));
        terminal.Start(80, 24, "tui");
        await terminal.ShowsAsync("96 frames");
        terminal.Keys("s");
        await terminal.UntilAsync(() => Cli.Images(terminal.At("data")) >= 20);
        await StrikeAsync(hangUp);
        string[] safe = Names();
        Assert.InRange(safe.Length, 1, Frames - 1);

        terminal.Start(80, 24, "tui");
        await terminal.ShowsAsync("Go on where it stopped?", $"{safe.Length} frames safe");
        terminal.Keys("g");
        await terminal.ShowsAsync("Captured ");
        string[] all = Names();
        Assert.Equal(Frames, all.Length);
        Assert.Equal(Frames, all.Distinct().Count());
        Assert.Subset(all.ToHashSet(), safe.ToHashSet());
        using (Dataset dataset = Dataset.Open(terminal.At("data")))
        {
            Assert.Empty((await DatasetAudit.RunAsync(dataset)).Findings);
        }

        terminal.Keys("4");
        terminal.Keys("s");
        await terminal.UntilAsync(() => Directory.Exists(terminal.At("runs")) && Directory.GetFiles(terminal.At("runs"), "metrics.csv", SearchOption.AllDirectories) is [var metrics] && File.ReadAllLines(metrics).Length > 1);
        await StrikeAsync(!hangUp);
        Run run = Run.Open(Assert.Single(Directory.GetDirectories(terminal.At("runs"))));
        IReadOnlyList<EpochRecord> before = run.History;
        Assert.InRange(before.Count, 1, Epochs - 1);

        terminal.Start(80, 24, "tui");
        await terminal.ShowsAsync("Go on with the training?", $"{before.Count} of {Epochs}");
        terminal.Keys("g");
        await terminal.ShowsAsync("Trained: ");
        Assert.Equal(Epochs, run.History.Count);
        Assert.Equal(before.Select(e => e.TrainLoss), run.History.Take(before.Count).Select(e => e.TrainLoss)); // an epoch that was struck while it was saved is made again, to the same loss
        terminal.Keys("q");
        await terminal.UntilAsync(() => terminal.HasEnded);
        Assert.Equal("0", terminal.ExitCode);

        Task StrikeAsync(bool close)
        {
            if (close)
            {
                terminal.Close();
            }
            else
            {
                terminal.Kill();
            }

            return terminal.GoneAsync();
        }

        string[] Names()
        {
            using Dataset dataset = Dataset.Open(terminal.At("data"));
            return [.. dataset.Frames().Select(f => $"{f.Sweep}/{f.Stop} {f.ImageHash}")];
        }
    }

    /// <summary>Where it was asked to, work goes on without its terminal, and the next one takes it over: no frame is lost or taken twice.</summary>
    [Fact]
    public async Task Work_goes_on_without_a_terminal_and_the_next_takes_it_over()
    {
        const int Frames = 192;
        using Tmux terminal = new();
        terminal.Write("rig.json", Cli.SmallRig.Replace("\"stopsPerSweep\": 6", "\"stopsPerSweep\": 24", StringComparison.Ordinal));
        terminal.Start(80, 24, "tui", "--keep-working");
        await terminal.ShowsAsync("192 frames");
        terminal.Keys("s");
        await terminal.UntilAsync(() => Cli.Images(terminal.At("data")) >= 40);
        int first = terminal.Program, images = Cli.Images(terminal.At("data"));
        terminal.Close();
        await terminal.UntilAsync(() => Cli.Images(terminal.At("data")) >= images + 10); // nobody looks on, and it goes on

        terminal.Start(80, 24, "tui");
        await terminal.ShowsAsync("at work here already");
        terminal.Keys("t");
        await terminal.UntilAsync(() => !Directory.Exists($"/proc/{first}"));
        await terminal.UntilAsync(() => terminal.Screen.Contains("Go on where it stopped?", StringComparison.Ordinal) || !Interrupted());
        if (Interrupted())
        {
            terminal.Keys("g");
            await terminal.ShowsAsync("Every frame is safe", "idle");
        }

        terminal.Keys("q");
        await terminal.UntilAsync(() => terminal.HasEnded);
        using Dataset dataset = Dataset.Open(terminal.At("data"));
        Assert.Equal(Frames, dataset.Frames().Select(f => (f.Sweep, f.Stop)).Distinct().Count());
        Assert.Equal(Frames, dataset.Frames().Count);
        Assert.Empty((await DatasetAudit.RunAsync(dataset)).Findings);

        bool Interrupted()
        {
            using Dataset data = Dataset.Open(terminal.At("data"));
            return data.OpenSessions().Count > 0;
        }
    }

    /// <summary>A real disk that is read-only, then one that is full: the panel says so, and goes away when there is room again.</summary>
    [Fact]
    public async Task A_disk_that_is_read_only_or_full_is_said_until_it_is_mended()
    {
        using Tmux terminal = new();
        terminal.StartWithin("unshare -Urm sh -c 'mkdir -p data; mount -t tmpfs -o ro,size=560k tmpfs data && touch mounted && exec \"$@\"' sh {0}", 120, 40, "tui");
        await terminal.UntilAsync(() => terminal.HasEnded || File.Exists(terminal.At("mounted")));
        if (terminal.HasEnded)
        {
            const string Why = "this system lets nobody mount a file system of his own (unshare -Urm)";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Why);
            Assert.Skip(Why);
        }

        await terminal.ShowsAsync("48 frames");
        terminal.Keys("s");
        await terminal.ShowsAsync("read-only", "press s", "rig simulated, fault");
        Remount("remount,rw,size=560k");
        terminal.Keys("s");
        await terminal.ShowsAsync("the disk is full", "press s", "rig simulated, fault");
        Remount("remount,size=64m");
        terminal.Keys("s");
        await terminal.ShowsAsync("Every frame is safe", "48 of 48", "rig simulated, ready");
        terminal.Keys("q");
        await terminal.UntilAsync(() => terminal.HasEnded);

        void Remount(string options)
        {
            using Process mount = Process.Start("nsenter", ["-t", $"{terminal.Program}", "-U", "-m", "--preserve-credentials", "mount", "-o", options, terminal.At("data")]);
            mount.WaitForExit();
            Assert.Equal(0, mount.ExitCode);
        }
    }
}
