using System.Diagnostics;
using System.Globalization;
using DataRig.Tests.Tui;

namespace DataRig.Benchmarks;

/// <summary>
/// The terminal UI as a person has it: the real program on a pseudo-terminal. How long a key takes until its effect is written,
/// idle and while a training runs at full speed; how much processor time it takes when nothing happens; and its memory over the
/// frames of an hour at a rig.
/// </summary>
internal static class TuiLatency
{
    private const double MostMilliseconds = 100, MostIdleShare = 0.03;

    /// <summary>A real stop takes some two and a half seconds: turning, settling, exposing.</summary>
    private const int FramesAnHour = 1440;

    /// <summary>What a frame may leave in the process: the session keeps which stops it has; SQLite's and the allocators' caches fill slowly.</summary>
    private const double MostBytesAFrame = 5000;

    private const int Stops = 24, Items = 4;

    public static async Task<int> RunAsync(string[] args)
    {
        int presses = args.Select(a => int.TryParse(a, CultureInfo.InvariantCulture, out int n) ? n : 0).FirstOrDefault(n => n > 0, 300);
        string folder = Directory.CreateTempSubdirectory("datarig-bench-").FullName;
        try
        {
            int poses = FramesAnHour / (2 * Items * Stops);
            File.WriteAllText(Path.Combine(folder, "rig.json"), $$"""
                {
                  "seed": 3,
                  "turntable": { "driver": "simulated" },
                  "camera": { "driver": "simulated", "width": 96, "height": 96 },
                  "lights": { "driver": "simulated" },
                  "plan": { "items": { "3001": ["red", "blue", "yellow", "white"], "3003": ["red", "blue", "yellow", "black"] }, "posesPerItem": {{poses}}, "stopsPerSweep": {{Stops}} },
                  "training": { "epochs": 1000, "patience": 0 }
                }
                """);
            Directory.CreateSymbolicLink(Path.Combine(folder, "scenes"), Path.Combine(AppContext.BaseDirectory, "scenes"));
            using FakeTerminal terminal = new(folder, 120, 40, _ => null, [], "tui", "--theme", "dark");
            await UntilAsync(terminal, "frames are planned", TimeSpan.FromMinutes(1));

            bool good = await IdleAsync(terminal);
            good &= await LatencyAsync(terminal, "with nothing under way", presses);
            good &= await CaptureAsync(terminal, folder);
            terminal.Type("4");
            await UntilAsync(terminal, "Recipe", TimeSpan.FromSeconds(20));
            terminal.Type("s");
            await UntilAsync(terminal, "validation", TimeSpan.FromMinutes(5)); // the first epoch's figures
            good &= await LatencyAsync(terminal, "while a training runs", presses);
            terminal.Type("q");
            await Task.Delay(1000);
            terminal.Type("y");
            await Task.Run(() => SpinWait.SpinUntil(() => terminal.HasEnded, TimeSpan.FromMinutes(1)));
            return good ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Goes round the screens and times each key until the screen's own panel is written.</summary>
    private static async Task<bool> LatencyAsync(FakeTerminal terminal, string when, int presses)
    {
        (string Key, string Shows)[] tour = [("2", "Parts and items"), ("3", "What varies"), ("6", "Wire log"), ("5", "Mixed up"), ("?", "Keys on Review"), ("\e", "Mixed up"), ("4", "Recipe"), ("1", "Turntable")];
        List<double> milliseconds = [];
        for (int i = 0; i < presses; i++)
        {
            (string key, string shows) = tour[i % tour.Length];
            await Task.Delay(60 + (i * 37 % 90)); // at no fixed moment of the program's own beat
            using ManualResetEventSlim shown = new();
            terminal.Clear();
            long pressed = Stopwatch.GetTimestamp();
            long seen = 0;
            terminal.Wrote = _ =>
            {
                if (!shown.IsSet && terminal.Written.Contains(shows, StringComparison.Ordinal))
                {
                    seen = Stopwatch.GetTimestamp();
                    shown.Set();
                }
            };
            terminal.Type(key);
            if (!await Task.Run(() => shown.Wait(TimeSpan.FromSeconds(10))))
            {
                throw new InvalidOperationException($"{key} never showed \"{shows}\"");
            }

            terminal.Wrote = _ => { };
            // A lone Esc is told from the beginning of a longer sequence by waiting; that wait is the terminal's, not the program's.
            if (key != "\e")
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(pressed, seen).TotalMilliseconds);
            }
        }

        milliseconds.Sort();
        double At(double share) => milliseconds[(int)Math.Min(milliseconds.Count - 1, share * milliseconds.Count)];
        bool good = At(0.95) <= MostMilliseconds;
        Console.WriteLine(FormattableString.Invariant($"{milliseconds.Count} keys {when}: median {At(0.5):F0} ms, 95% within {At(0.95):F0} ms, 99% within {At(0.99):F0} ms, the slowest {milliseconds[^1]:F0} ms; {100.0 * milliseconds.Count(m => m <= MostMilliseconds) / milliseconds.Count:F1}% within {MostMilliseconds} ms{(good ? "" : ": TOO SLOW")}"));
        foreach (IGrouping<int, double> bin in milliseconds.GroupBy(m => Math.Min((int)(m / 10), 20)))
        {
            Console.WriteLine($"  {bin.Key * 10,4} ms {(bin.Key == 20 ? "and more" : "        ")} {bin.Count(),4} {new string('#', Math.Max(1, 60 * bin.Count() / milliseconds.Count))}");
        }

        return good;
    }

    private static async Task<bool> IdleAsync(FakeTerminal terminal)
    {
        await Task.Delay(TimeSpan.FromSeconds(20)); // what starting compiles is done by then
        using Process program = Process.GetProcessById(terminal.Program);
        TimeSpan before = program.TotalProcessorTime;
        TimeSpan length = TimeSpan.FromSeconds(20);
        await Task.Delay(length);
        program.Refresh();
        double share = (program.TotalProcessorTime - before) / length;
        Console.WriteLine(FormattableString.Invariant($"idle for {length.TotalSeconds:F0} s: {100 * share:F1}% of one core{(share <= MostIdleShare ? "" : $": TOO MUCH, at most {100 * MostIdleShare:F0}%")}"));
        return share <= MostIdleShare;
    }

    /// <summary>Captures the frames of an hour as fast as they come and looks at the process's memory meanwhile.</summary>
    private static async Task<bool> CaptureAsync(FakeTerminal terminal, string folder)
    {
        using Process program = Process.GetProcessById(terminal.Program);
        List<(long Frames, double Bytes)> samples = [];
        string images = Path.Combine(folder, "data", "images");
        terminal.Clear();
        terminal.Type("1s");
        long began = Stopwatch.GetTimestamp();
        while (!terminal.Written.Contains("Every frame is safe", StringComparison.Ordinal))
        {
            if (terminal.HasEnded || Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(20))
            {
                throw new InvalidOperationException("the capture did not end");
            }

            await Task.Delay(500);
            program.Refresh();
            long frames = Directory.Exists(images) ? Directory.EnumerateFiles(images, "*.jpg", SearchOption.AllDirectories).Count() : 0;
            if (frames > 0 && (samples.Count == 0 || frames > samples[^1].Frames + 50))
            {
                samples.Add((frames, program.WorkingSet64));
            }
        }

        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        (long Frames, double Bytes)[] settled = [.. samples.Skip(samples.Count / 3)];
        double x = settled.Average(s => (double)s.Frames), y = settled.Average(s => s.Bytes);
        double slope = settled.Sum(s => (s.Frames - x) * (s.Bytes - y)) / Math.Max(1, settled.Sum(s => (s.Frames - x) * (s.Frames - x)));
        bool flat = slope <= MostBytesAFrame;
        Console.WriteLine(FormattableString.Invariant($"{FramesAnHour} frames, what a rig takes in an hour, captured in {seconds:F0} s: the process has {samples[0].Bytes / 1e6:F0} MB at the first, {settled[0].Bytes / 1e6:F0} MB after {settled[0].Frames}, {samples[^1].Bytes / 1e6:F0} MB at the end; by a line from there on {slope:F0} bytes a frame: {(flat ? "flat" : $"NOT flat, the most is {MostBytesAFrame:F0}")}"));
        return flat;
    }

    private static async Task UntilAsync(FakeTerminal terminal, string shows, TimeSpan atMost)
    {
        long began = Stopwatch.GetTimestamp();
        while (!terminal.Written.Contains(shows, StringComparison.Ordinal))
        {
            if (terminal.HasEnded || Stopwatch.GetElapsedTime(began) > atMost)
            {
                throw new InvalidOperationException($"it never showed \"{shows}\": {(File.Exists(Path.Combine(terminal.Folder, "errors")) ? await File.ReadAllTextAsync(Path.Combine(terminal.Folder, "errors")) : "")}");
            }

            await Task.Delay(20);
        }
    }
}
