using System.Diagnostics;
using System.Globalization;
using DataRig.Core;

namespace DataRig.Benchmarks;

/// <summary>
/// Spoilt input for every parser that hears a line or a camera: none may throw, none may hang. An input is known by its parser
/// and number, so that what fails is tried again alone.
/// </summary>
internal static class Fuzz
{
    private const ulong Seed = 9;

    /// <summary>Inputs that are timed again, undisturbed: others' work on the machine makes any input look slow now and then.</summary>
    private const int Suspects = 8;

    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);

    /// <returns>1 where anything failed.</returns>
    public static Task<int> RunAsync(string[] args)
    {
        long inputs = args.Select(a => long.TryParse(a, CultureInfo.InvariantCulture, out long n) ? n : 0).FirstOrDefault(n => n > 0, 200_000);
        long from = long.Parse(After(args, "--from") ?? "0", CultureInfo.InvariantCulture);
        string? only = After(args, "--only");
        FuzzTarget[] targets = [.. FuzzTarget.All().Where(t => only is null || t.Name == only)];
        Console.WriteLine($"inputs {from} to {from + inputs - 1} of seed {Seed} for each parser");
        bool good = targets.Length > 0;
        foreach (FuzzTarget target in targets)
        {
            good &= Run(target, from, inputs);
        }

        return Task.FromResult(good ? 0 : 1);
    }

    private static bool Run(FuzzTarget target, long from, long inputs)
    {
        Mutations mutations = new(new Seed(Seed).For(target.Name), target.Samples, target.LongestNoise);
        PriorityQueue<long, TimeSpan> slowest = new();
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan parsing = TimeSpan.Zero;
        long bytes = 0, failed = 0, now = from;
        using Timer guard = new(state => Watch(target, (Progress)state!), new Progress(() => Interlocked.Read(ref now)), Hang, Hang);
        for (long number = from; number < from + inputs; number++)
        {
            Interlocked.Exchange(ref now, number);
            byte[] input = mutations.Make(number);
            bytes += input.Length;
            long start = Stopwatch.GetTimestamp();
            if (Wrong(target, input) is { } wrong && ++failed <= 3)
            {
                Console.WriteLine($"{target.Name} input {number}: {wrong}{Environment.NewLine}  {Convert.ToHexString(input)}{Environment.NewLine}  again alone: fuzz 1 --only {target.Name} --from {number}");
            }

            TimeSpan took = Stopwatch.GetElapsedTime(start);
            parsing += took;
            if (number - from > 1000) // compiled by then
            {
                slowest.Enqueue(number, took);
                if (slowest.Count > Suspects)
                {
                    slowest.Dequeue();
                }
            }
        }

        (long number, TimeSpan took) worst = slowest.UnorderedItems.Select(s => (s.Element, Alone(target, mutations.Make(s.Element)))).OrderByDescending(s => s.Item2).FirstOrDefault();
        Console.WriteLine(FormattableString.Invariant($"{target.Name,8}  {inputs / parsing.TotalSeconds,10:N0} inputs/s ({bytes / parsing.TotalSeconds / 1e6:F0} MB/s), {inputs:N0} in {watch.Elapsed.TotalSeconds:F1} s with their making; slowest: input {worst.number}, {worst.took.TotalMicroseconds:F0} us; failed: {failed}"));
        return failed == 0;
    }

    private static string? Wrong(FuzzTarget target, byte[] input)
    {
        try
        {
            return target.Parse(input);
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }

    private static TimeSpan Alone(FuzzTarget target, byte[] input) => Enumerable.Range(0, 5).Min(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        Wrong(target, input);
        return Stopwatch.GetElapsedTime(start);
    });

    /// <summary>A parser that does not come back cannot be stopped: the run ends here.</summary>
    private static void Watch(FuzzTarget target, Progress place)
    {
        long now = place.Now();
        if (place.Seen == now)
        {
            Console.WriteLine($"{target.Name} input {now}: no answer in {Hang.TotalSeconds} s{Environment.NewLine}  again alone: fuzz 1 --only {target.Name} --from {now}");
            Environment.Exit(1);
        }

        place.Seen = now;
    }

    private static string? After(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and int at && at + 1 < args.Length ? args[at + 1] : null;

    /// <summary>Which input is being parsed, and which was when last looked at.</summary>
    private sealed class Progress(Func<long> now)
    {
        public Func<long> Now => now;

        public long Seen { get; set; } = -1;
    }
}
