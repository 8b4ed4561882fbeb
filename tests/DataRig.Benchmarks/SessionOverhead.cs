using System.Diagnostics;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Rig;
using DataRig.Rig.Simulation;

namespace DataRig.Benchmarks;

/// <summary>
/// A session at the pace of a real rig: how long it takes against the sum that physics demands, which is its moves by their
/// ramps, its settle times and its exposures. Everything else DataRig does in between: judging a picture, its cut-out, its way
/// into the dataset, the journal.
/// </summary>
internal static class SessionOverhead
{
    private const int Stops = 24;
    private static readonly TimeSpan Exposure = TimeSpan.FromMilliseconds(100);

    /// <summary>The rig that DataRig's defaults describe, with the article's gear: 90 degrees a second, 180 a second squared, 250 ms to settle.</summary>
    private static readonly SimulatedTurntableOptions Table = new() { GearRatio = new GearRatio(20, 3) };

    public static async Task<int> RunAsync(string[] args)
    {
        int items = args.Select(a => int.TryParse(a, CultureInfo.InvariantCulture, out int n) ? n : 0).FirstOrDefault(n => n > 0, 1);
        CapturePlan plan = new()
        {
            Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = [.. Enumerable.Range(0, items).Select(i => $"{i}")] },
            PosesPerItem = 1,
            StopsPerSweep = Stops,
        };
        string folder = Directory.CreateTempSubdirectory("datarig-bench-").FullName;
        try
        {
            Spans spans = new();
            await using CaptureRig rig = new()
            {
                Turntable = new TimedTurntable(new SimulatedTurntable(Table, new Seed(1), TimeProvider.System), spans),
                Camera = new TimedCamera(new BenchCamera(640, 480, Stops, Exposure, TimeProvider.System), spans),
                Lights = new NoLights(),
                Operator = new BenchOperator(),
                Reader = new PictureReader(),
                Time = TimeProvider.System,
            };
            using Dataset dataset = Dataset.Create(Path.Combine(folder, "data"));
            TimedJournal journal = new(new DatasetJournal(dataset, dataset.BeginSession("{}").Id), spans);
            long start = Stopwatch.GetTimestamp();
            CaptureResult result = await new CaptureSession(plan, rig, journal, new Progress<StageProgress>()).RunAsync(default);
            double total = Stopwatch.GetElapsedTime(start).TotalSeconds;
            spans.Print(total, result.Captured, Stops);
            return total <= 1.05 * spans.PhysicsSeconds ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What took how long, in seconds.</summary>
    private sealed class Spans
    {
        public double IdealMoves { get; set; }

        public double IdealExposures { get; set; }

        public double Moves { get; set; }

        public double Exposures { get; set; }

        /// <summary>Journal notes that the table or the camera waits for.</summary>
        public double Notes { get; set; }

        public double Plates { get; set; }

        /// <summary>Cutting out and committing go on while the table turns.</summary>
        public double Commits { get; set; }

        public double SlowestCommit { get; set; }

        public double PhysicsSeconds => IdealMoves + IdealExposures;

        public void Print(double total, int frames, int plates)
        {
            double between = total - Moves - Exposures - Notes - Plates;
            int shots = frames + plates;
            Console.WriteLine(FormattableString.Invariant($"{frames} frames and {plates} plates of 640x480: {total:F3} s, physics demands {PhysicsSeconds:F3} s (moves and settling {IdealMoves:F3}, exposures {IdealExposures:F3}); ratio {total / PhysicsSeconds:F4}, at most 1.05"));
            Row("sleeps that end late", Moves + Exposures - PhysicsSeconds, shots);
            Row("journal notes before and after a move", Notes, shots);
            Row("plates made safe", Plates, plates);
            Row("judging pictures and the rest", between, shots);
            Console.WriteLine(FormattableString.Invariant($"  meanwhile, while the table turned: frames made safe {Commits:F3} s, {1000 * Commits / frames:F1} ms each, the slowest {1000 * SlowestCommit:F1} ms"));

            void Row(string name, double seconds, int count) => Console.WriteLine(FormattableString.Invariant($"  {name,-40} {seconds,7:F3} s {seconds / PhysicsSeconds,8:P2} {1000 * seconds / count,7:F2} ms each"));
        }
    }

    private sealed class TimedTurntable(SimulatedTurntable table, Spans spans) : ITurntable
    {
        private readonly Stepper _stepper = Table.Stepper();
        private long _at;

        public bool FindsZero => ((ITurntable)table).FindsZero;

        public Task<TablePosition> HomeAsync(CancellationToken cancel) => table.HomeAsync(cancel);

        public async Task<TablePosition> MoveToStopAsync(int stop, int stops, CancellationToken cancel)
        {
            long start = Stopwatch.GetTimestamp();
            TablePosition position = await table.MoveToStopAsync(stop, stops, cancel).ConfigureAwait(false);
            spans.Moves += Stopwatch.GetElapsedTime(start).TotalSeconds;
            MotionProfile motion = new(_stepper.ToDegrees(position.Microsteps - _at), Table.SpeedDegreesPerSecond, Table.AccelerationDegreesPerSecondSquared);
            spans.IdealMoves += motion.Duration.TotalSeconds + (Table.SettleMs / 1000.0);
            _at = position.Microsteps;
            return position;
        }

        public Task<double> ElevateAsync(double degrees, CancellationToken cancel) => ((ITurntable)table).ElevateAsync(degrees, cancel);

        public ValueTask DisposeAsync() => table.DisposeAsync();
    }

    private sealed class TimedCamera(BenchCamera camera, Spans spans) : ICamera
    {
        public double? ElevationDegrees => camera.ElevationDegrees;

        public Task<CameraLock> LockAsync(CameraLock? earlier, CancellationToken cancel) => camera.LockAsync(earlier, cancel);

        public async Task<Shot> CaptureAsync(ShotTarget target, CancellationToken cancel)
        {
            long start = Stopwatch.GetTimestamp();
            Shot shot = await camera.CaptureAsync(target, cancel).ConfigureAwait(false);
            spans.Exposures += Stopwatch.GetElapsedTime(start).TotalSeconds;
            spans.IdealExposures += Exposure.TotalSeconds;
            return shot;
        }

        public ValueTask DisposeAsync() => camera.DisposeAsync();
    }

    private sealed class TimedJournal(DatasetJournal journal, Spans spans) : ISessionJournal
    {
        public SessionId Session => journal.Session;

        public IReadOnlySet<(int Sweep, int Stop)> Taken() => journal.Taken();

        public SessionOptics? Optics() => journal.Optics();

        public void KeepOptics(SessionOptics optics) => spans.Notes += Timed(() => journal.KeepOptics(optics));

        public IReadOnlyDictionary<int, EncodedImage> Plates() => journal.Plates();

        public void AddPlate(Stop stop, EncodedImage image, TablePosition position) => spans.Plates += Timed(() => journal.AddPlate(stop, image, position));

        public void Intend(int sweep, int stop) => spans.Notes += Timed(() => journal.Intend(sweep, stop));

        public void Moved(int sweep, int stop, TablePosition position) => spans.Notes += Timed(() => journal.Moved(sweep, stop, position));

        public void Commit(Frame frame)
        {
            double seconds = Timed(() => journal.Commit(frame));
            (spans.Commits, spans.SlowestCommit) = (spans.Commits + seconds, Math.Max(spans.SlowestCommit, seconds));
        }

        public void Skip(int sweep, int stop) => journal.Skip(sweep, stop);

        public void Retake(int sweep) => journal.Retake(sweep);

        private static double Timed(Action work)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
