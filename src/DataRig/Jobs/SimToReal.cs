using System.Diagnostics;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Learning;

namespace DataRig.Jobs;

/// <summary>What to compare: trainings on few photographs, with renders and without, proven on photographs of other items.</summary>
internal sealed record SimToRealRequest
{
    /// <summary>The dataset of photographs.</summary>
    public required string Photographs { get; init; }

    /// <summary>The scene file.</summary>
    public required string Scene { get; init; }

    /// <summary>Frames to render.</summary>
    public required int Count { get; init; }

    /// <summary>One repetition each: other held-out items, other photographs, another start of the network.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Photographs of each part to train on, a row of the table each.</summary>
    public required IReadOnlyList<int> RealFrames { get; init; }

    /// <summary>Pictures that a training on renders alone is shown.</summary>
    public required int PicturesShown { get; init; }

    /// <summary>Pictures that a training on photographs is shown, whether it goes on from renders or starts without them.</summary>
    public required int RealPicturesShown { get; init; }

    public required TrainingOptions Training { get; init; }

    /// <summary>Prove on held-out photographs too whose like may be trained on; see <see cref="LeakGate"/>.</summary>
    public bool AllowLeaks { get; init; }
}

/// <summary>What one training came to. Accuracies are shares in [0, 1].</summary>
internal sealed record SimToRealCell
{
    /// <summary>The repetition.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Photographs of each part trained on.</summary>
    public required int RealFrames { get; init; }

    /// <summary>Whether renders were trained on too.</summary>
    public required bool Synthesis { get; init; }

    /// <summary>On held-out items of the parts that have several items: all trainings can be compared by it.</summary>
    public required double Accuracy { get; init; }

    /// <summary>On held-out items of all parts; null without renders, where parts with one item cannot be learned.</summary>
    public double? AllParts { get; init; }

    /// <summary>On every photograph; null unless none was trained on.</summary>
    public double? AllPhotographs { get; init; }

    /// <summary>The parts that the model knows.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>Photographs of the part [row] taken for the part [column], in the order of <see cref="Parts"/>, on the widest of these sets.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Confusion { get; init; } = [];

    /// <summary>Held-out photographs that leak: pictures that may be trained on show the same object from nearly the same side.</summary>
    public int Leaking { get; init; }

    /// <summary>Whether these were left out of what proves the model.</summary>
    public bool LeakingLeftOut { get; init; }

    /// <summary>What training took.</summary>
    public double Seconds { get; init; }
}

/// <summary>
/// Measures how far renders carry over to photographs: trains on few real frames of each part, alone and after a training on
/// renders, and proves each model on photographs of items that it was not trained on. Every finished training is
/// kept, so that going on after a stop is running it again. Photographs that the scene was fitted to neither train nor prove, and
/// those that leak do not prove.
/// </summary>
internal sealed class SimToReal(SimToRealRequest request, string folder, TimeProvider clock)
{
    /// <summary>The share of real frames in what a model of renders is shown of both.</summary>
    private const double RealShare = 0.5;

    /// <summary>What the learning rate is multiplied by where a model of renders goes on with photographs.</summary>
    private const double TuningRate = 0.3;

    /// <summary>Epochs of a training on photographs, however few they are: each shows them over and over.</summary>
    private const int RealEpochs = 4;

    private const string Stage = "Compare";

    /// <param name="budget">Trainings begun later than this are left out.</param>
    /// <exception cref="WorkFailedException">The photographs, the scene or the folder do not allow it.</exception>
    public async Task<IReadOnlyList<SimToRealCell>> RunAsync(TimeSpan? budget, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        long started = clock.GetTimestamp();
        RequireSameRequest();
        using Dataset photographs = Dataset.Open(request.Photographs);
        HashSet<string> fitted = TwinFitJob.SeenBy(request.Scene);
        FrameRecord[] real = [.. photographs.Frames().Where(f => f.Source != FrameSource.Rendered && !fitted.Contains(f.ImageHash))];
        FrameRecord[] rendered = await RenderAsync(real, progress, cancel).ConfigureAwait(false);

        (ulong Seed, int Real, bool Synthesis)[] wanted =
            [.. from seed in request.Seeds from count in request.RealFrames from synthesis in new[] { true, false } where synthesis || count > 0 select (seed, count, synthesis)];
        List<SimToRealCell> cells = [];
        Dictionary<ulong, Held> divided = [];
        foreach ((ulong seed, int count, bool synthesis) in wanted)
        {
            progress.Report(new StageProgress(Stage, cells.Count, wanted.Length, $"seed {seed}, {count} real frames a part, {(synthesis ? "with" : "without")} renders"));
            string kept = Path.Combine(folder, $"seed-{seed}-real-{count}-{(synthesis ? "renders" : "alone")}.json");
            if (!File.Exists(kept))
            {
                if (budget is not null && clock.GetElapsedTime(started) > budget)
                {
                    continue;
                }

                if (!divided.TryGetValue(seed, out Held? held))
                {
                    divided[seed] = held = await OnOwnThread(() => Divide(photographs, real, seed, progress, cancel)).ConfigureAwait(false);
                }

                SimToRealCell cell = await OnOwnThread(() => Measure(held, rendered, seed, count, synthesis, progress, cancel)).ConfigureAwait(false);
                File.WriteAllText(kept, StrictJson.Write(cell));
            }

            cells.Add(StrictJson.ReadFile<SimToRealCell>(kept));
        }

        return cells;
    }

    /// <summary>Figures of one comparison must not be mixed with those of another.</summary>
    private void RequireSameRequest()
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "request.json"), text = StrictJson.Write(request with { Seeds = [], RealFrames = [] });
        if (!File.Exists(file))
        {
            File.WriteAllText(file, text);
        }
        else if (File.ReadAllText(file) != text)
        {
            throw new WorkFailedException($"{folder} holds a comparison with other settings ({file}); name another folder with --out.");
        }
    }

    private async Task<FrameRecord[]> RenderAsync(FrameRecord[] real, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        string[] parts = [.. real.Select(f => f.Part).Distinct().Order().Select(p => p.Value)];
        if (parts.Length < 2)
        {
            throw new WorkFailedException($"{request.Photographs} has photographs of {(parts.Length == 0 ? "no part" : $"{parts[0]} alone")}; a comparison needs two parts at least.");
        }

        SynthesisRequest synthesis = SynthesisRequest.Of(request.Scene, new Seed(request.Training.Seed), 0, request.Count, parts);
        using Dataset dataset = Dataset.OpenOrCreate(Path.Combine(folder, "renders"));
        await SynthesisJob.RunAsync(synthesis, dataset, progress, cancel).ConfigureAwait(false);
        return [.. dataset.Frames()];
    }

    private static Task<T> OnOwnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>What a repetition trains on and is proven on.</summary>
    /// <param name="Real">All photographs.</param>
    /// <param name="Pool">Those that may train.</param>
    /// <param name="Proving">Those that prove, of other items.</param>
    /// <param name="Leaking">Held-out photographs that leak.</param>
    private sealed record Held(FrameRecord[] Real, FrameRecord[] Pool, FrameRecord[] Proving, int Leaking);

    /// <summary>Holds items out, and of their photographs those aside that training may know, as when they are filed under a neighbouring item.</summary>
    private Held Divide(Dataset photographs, FrameRecord[] real, ulong seed, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        (FrameRecord[] pool, FrameRecord[] heldOut) = HoldOut(real, new Seed(seed));
        LeakReport report = LeakGate.Check(photographs, [.. pool.Select(f => new LabelledFrame(f, SplitRole.Train)), .. heldOut.Select(f => new LabelledFrame(f, SplitRole.Test))], progress, cancel);
        HashSet<FrameId> leaking = [.. report.Leaks.Select(l => l.Held.Id)];
        FrameRecord[] proving = request.AllowLeaks ? heldOut : [.. heldOut.Where(f => !leaking.Contains(f.Id))];
        HashSet<PartId> learned = [.. pool.Select(f => f.Part)];
        return learned.Count == 0 || proving.Any(f => learned.Contains(f.Part))
            ? new Held(real, pool, proving, leaking.Count)
            : throw new WorkFailedException($"With seed {seed} every held-out photograph of {photographs.Folder} is known to training, so that none could prove anything: {LeakJob.Sentence(report.Leaks[0])}. 'datarig dataset audit' looks at the labels; --allow-leaks compares all the same.");
    }

    private SimToRealCell Measure(Held divided, FrameRecord[] rendered, ulong seed, int count, bool synthesis, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        (FrameRecord[] real, FrameRecord[] pool, FrameRecord[] heldOut, int leaking) = divided;
        FrameRecord[] few = [.. pool.GroupBy(f => f.Part).SelectMany(part => Few([.. part], count, new Seed(seed)))];
        TrainingOptions options = request.Training with { Seed = seed };
        Stopwatch watch = Stopwatch.StartNew();
        string run = (synthesis, few.Length) switch
        {
            (true, 0) => TrainOnRenders(rendered, options, progress, cancel),
            (true, _) => Train("renders-" + Name(seed, count), Tuned(), RealEpochs, [.. Share(few, RealShare), .. Share(rendered, 1 - RealShare)], progress, cancel),
            _ => Train("alone-" + Name(seed, count), options, RealEpochs, [.. Share(few, 1)], progress, cancel),
        };
        double seconds = watch.Elapsed.TotalSeconds;
        TrainingOptions Tuned() => options with { Weights = Run.Open(TrainOnRenders(rendered, options, progress, cancel)).BestPath, FrozenEpochs = 0, LearningRate = options.LearningRate * TuningRate };
        IEnumerable<FrameRecord> Share(FrameRecord[] frames, double share) => Spread(frames, (int)Math.Ceiling(request.RealPicturesShown * share / RealEpochs));

        using Predictor predictor = Predictor.Open(run);
        HashSet<PartId> comparable = [.. pool.Select(f => f.Part)];
        ValidationReport On(IEnumerable<FrameRecord> frames) => Validator.Validate(predictor, [.. frames], progress, cancel);
        Metrics shared = On(heldOut.Where(f => comparable.Contains(f.Part))).Metrics;
        Metrics? all = synthesis ? On(heldOut).Metrics : null;
        Metrics? every = synthesis && count == 0 ? On(real).Metrics : null;
        Metrics widest = every ?? all ?? shared;
        return new SimToRealCell
        {
            Seed = seed,
            RealFrames = count,
            Synthesis = synthesis,
            Accuracy = shared.Accuracy,
            AllParts = all?.Accuracy,
            AllPhotographs = every?.Accuracy,
            Parts = [.. predictor.Classes.Select(c => c.Value)],
            Confusion = Rows(widest.Confusion),
            Leaking = leaking,
            LeakingLeftOut = !request.AllowLeaks,
            Seconds = Math.Round(seconds, 1),
        };
    }

    /// <summary>The model of renders alone, which those that go on with photographs share.</summary>
    private string TrainOnRenders(FrameRecord[] rendered, TrainingOptions options, IProgress<StageProgress> progress, CancellationToken cancel) =>
        Train("renders-" + Name(options.Seed, 0), options, Math.Max(1, request.PicturesShown / rendered.Length), rendered, progress, cancel);

    /// <returns>The run's folder; a run that is there is gone on with, or left as it is where it is complete.</returns>
    private string Train(string name, TrainingOptions options, int epochs, FrameRecord[] frames, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        string run = Path.Combine(folder, "runs", name);
        new Trainer(clock, progress).Train(
            new TrainingRequest
            {
                Options = options with { Epochs = epochs, WarmupEpochs = Math.Min(epochs, options.WarmupEpochs) },
                Frames = [.. frames.Select(f => new LabelledFrame(f, SplitRole.Train))],
                RunFolder = run,
                Resume = true,
                Dataset = request.Photographs,
            },
            cancel);
        return run;
    }

    private static string Name(ulong seed, int count) => FormattableString.Invariant($"seed-{seed}-real-{count}");

    /// <summary>So many of the frames from all of them, over and over where there are not as many.</summary>
    internal static IEnumerable<T> Spread<T>(IReadOnlyList<T> frames, int count) =>
        Enumerable.Range(0, count).Select(i => frames[count < frames.Count ? (int)((long)i * frames.Count / count) : i % frames.Count]);

    /// <summary>Of each part, one item proves and the others may train; the only item of a part proves.</summary>
    internal static (FrameRecord[] Pool, FrameRecord[] HeldOut) HoldOut(IReadOnlyList<FrameRecord> real, Seed seed)
    {
        HashSet<GroupKey> held = [];
        foreach (IGrouping<PartId, GroupKey> part in real.Select(f => GroupKey.Of(f)).Distinct().GroupBy(k => k.Part))
        {
            GroupKey[] items = [.. part.Order()];
            held.Add(items[seed.For("held-out item").At(0).Below(part.Key.Value, items.Length)]);
        }

        ILookup<bool, FrameRecord> divided = real.ToLookup(f => held.Contains(GroupKey.Of(f)));
        return ([.. divided[false]], [.. divided[true]]);
    }

    private static IEnumerable<FrameRecord> Few(FrameRecord[] frames, int count, Seed seed) =>
        seed.For("few real frames").At(0).Permutation(frames[0].Part.Value, frames.Length).Take(count).Select(i => frames[i]);

    private static long[][] Rows(ConfusionMatrix confusion) =>
        [.. Enumerable.Range(0, confusion.Classes.Count).Select(row => Enumerable.Range(0, confusion.Classes.Count).Select(column => (long)confusion[row, column]).ToArray())];
}
