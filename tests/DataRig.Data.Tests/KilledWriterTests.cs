using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using DataRig.Core;

namespace DataRig.Data.Tests;

/// <summary>
/// A process that captures is killed with SIGKILL at any moment, again and again; every time the dataset opens,
/// whatever the process had said was safe is there, and what is there is whole.
/// </summary>
public sealed class KilledWriterTests
{
    private const string FolderVariable = "DATARIG_TEST_WRITER_FOLDER", BatchVariable = "DATARIG_TEST_WRITER_BATCH";

    private const int StopsASweep = 10;

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task NothingIsLostAndNothingIsThereTwice(int batch)
    {
        using TempFolder folder = new();
        HashSet<TakenStop> promised = [];
        int[] linesUntilKill = batch == 1 ? [0, 1, 2, 9, 25, 4] : [0, 1, 3, 2, 4];
        foreach (int lines in linesUntilKill)
        {
            promised.UnionWith(WriteUntilKilled(folder["data"], batch, lines));
            if (!Dataset.IsDataset(folder["data"]))
            {
                Assert.Empty(promised);
                continue;
            }

            using Dataset dataset = Dataset.Open(folder["data"]);
            SessionRecord? session = dataset.OpenSessions().SingleOrDefault();
            IReadOnlySet<TakenStop> taken = session is null ? new HashSet<TakenStop>() : dataset.TakenStops(session.Id);
            Assert.Subset(taken.ToHashSet(), promised);
            IReadOnlyList<FrameRecord> frames = dataset.Frames();
            Assert.Equal(taken.Count, frames.Count);
            Assert.All(frames, f => Assert.Equal(Frame(f.Session!.Value, f.Sweep!.Value, f.Stop!.Value).Image.Bytes, dataset.ReadImageFile(f)));
            Assert.All(frames, f => Assert.Single(dataset.Annotations(f.Id)));
        }

        Assert.True(promised.Count >= batch * linesUntilKill.Sum(), $"only {promised.Count} frames were promised");
        using Dataset last = Dataset.Open(folder["data"]);
        last.RecoverSession(last.OpenSessions().Single().Id);
        AuditReport audit = await DatasetAudit.RunAsync(last);
        // Step by step, the journal names what a kill left; batches leave it to the audit.
        Assert.True(batch == 1 ? audit.Findings.Count == 0 : audit.Sound, string.Join(Environment.NewLine, audit.Findings));
    }

    /// <summary>The test program is its own victim: started with this variable it captures until it is killed.</summary>
    [ModuleInitializer]
    internal static void CaptureForever()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } folder)
        {
            return;
        }

        int batch = int.Parse(Environment.GetEnvironmentVariable(BatchVariable)!, CultureInfo.InvariantCulture);
        using Dataset dataset = Dataset.OpenOrCreate(folder);
        SessionId session = (dataset.OpenSessions() is [var open] ? open : dataset.BeginSession("{}")).Id;
        dataset.RecoverSession(session);
        IReadOnlySet<TakenStop> taken = dataset.TakenStops(session);
        for (int next = 0; ; next += batch)
        {
            TakenStop[] stops = [.. Enumerable.Range(next, batch).Select(i => new TakenStop(i / StopsASweep, i % StopsASweep)).Where(s => !taken.Contains(s))];
            if (batch == 1)
            {
                Commit(dataset, session, stops);
            }
            else
            {
                dataset.AddFrames([.. stops.Select(s => Frame(session, s.Sweep, s.Stop))]);
            }

            if (stops.Length > 0)
            {
                Console.Out.WriteLine(string.Join(' ', stops.Select(s => $"{s.Sweep}/{s.Stop}")));
                Console.Out.Flush();
            }
        }
    }

    /// <summary>As a capture session does it: step by step.</summary>
    private static void Commit(Dataset dataset, SessionId session, TakenStop[] stops)
    {
        foreach (TakenStop stop in stops)
        {
            dataset.NoteStop(session, stop.Sweep, stop.Stop, StopState.Intent);
            dataset.NoteStop(session, stop.Sweep, stop.Stop, StopState.Moved, microsteps: stop.Stop);
            dataset.CommitStop(Frame(session, stop.Sweep, stop.Stop));
        }
    }

    private static Frame Frame(SessionId session, int sweep, int stop) => TestFrames.Captured(session, sweep, stop, "3001", $"item-{sweep}") with
    {
        Annotations = [new Annotation { Part = new PartId("3001"), Item = new ItemId($"item-{sweep}"), Box = new Box(1, 2, 6, 5) }],
    };

    /// <returns>The stops that the process said were safe before it was killed.</returns>
    private static List<TakenStop> WriteUntilKilled(string folder, int batch, int lines)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, typeof(KilledWriterTests).Assembly.GetName().Name!)) { RedirectStandardOutput = true };
        start.Environment[FolderVariable] = folder;
        start.Environment[BatchVariable] = batch.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(start)!;
        List<string> said = [];
        for (int i = 0; i < lines; i++)
        {
            said.Add(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the writer ended by itself"));
        }

        if (lines == 0)
        {
            SpinWait.SpinUntil(() => Directory.Exists(folder), TimeSpan.FromSeconds(20)); // in the middle of creating
        }

        process.Kill();
        said.AddRange(process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        process.WaitForExit();
        return [.. said.SelectMany(line => line.Split(' ')).Select(s => s.Split('/')).Select(s => new TakenStop(int.Parse(s[0], CultureInfo.InvariantCulture), int.Parse(s[1], CultureInfo.InvariantCulture)))];
    }
}
