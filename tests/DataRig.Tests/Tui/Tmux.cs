using System.Diagnostics;
using System.Globalization;

namespace DataRig.Tests.Tui;

/// <summary>A tmux server of its own with one terminal in it, in a folder of its own with a small rig.</summary>
internal sealed class Tmux : IDisposable
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

    /// <summary>The process of the program that runs in it.</summary>
    public int Program => int.Parse(File.ReadAllText(At("pid")), CultureInfo.InvariantCulture);

    public string ExitCode => File.ReadAllText(At("exit")).Trim();

    public string At(string name) => _cli.At(name);

    public void Write(string name, string text) => _cli.Write(name, text);

    public void Start(int width, int height, params string[] arguments) => StartWithin("{0}", width, height, arguments);

    /// <summary>Starts the program in a new terminal.</summary>
    /// <param name="around">A shell's words around it, which stands for {0}.</param>
    public void StartWithin(string around, int width, int height, params string[] arguments)
    {
        File.Delete(At("exit"));
        File.Delete(At("pid"));
        string program = $"sh -c 'echo $$ >pid; exec env -u DisableRealDriverIO -u NO_COLOR COLORTERM=truecolor dotnet \"$0\" \"$@\" 2>errors' '{Path.Combine(AppContext.BaseDirectory, "datarig.dll")}' {string.Join(' ', arguments)}";
        Run(
            "-f", "/dev/null", "new-session", "-d", "-x", $"{width}", "-y", $"{height}", "-c", _cli.Folder,
            $"{string.Format(CultureInfo.InvariantCulture, around, program)}; echo $? >exit.new; mv exit.new exit; sleep 600");
    }

    /// <summary>Closes the terminal as a dropped line does: what runs in it is told (SIGHUP) and has no terminal any more.</summary>
    public void Close() => Run("kill-server");

    /// <summary>Ends the program at once (SIGKILL), and its terminal with it.</summary>
    public void Kill()
    {
        using Process program = Process.GetProcessById(Program);
        program.Kill();
        Close();
    }

    /// <summary>Waits until the program is no more, whether it has a terminal or not.</summary>
    public Task GoneAsync() => UntilAsync(() => !Directory.Exists($"/proc/{Program}"));

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
