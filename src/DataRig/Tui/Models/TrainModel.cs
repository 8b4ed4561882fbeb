using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Learning.Models;

namespace DataRig.Tui.Models;

/// <summary>Points of one curve, in order.</summary>
/// <param name="Name">For the legend.</param>
internal sealed record Curve(string Name, Tone Tone, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Trainings: what the next one learns and how, how the present one does, and the earlier ones beside it.</summary>
internal sealed class TrainModel
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Workbench _bench;
    private readonly IReadOnlyList<Field> _fields;
    private TrainingOptions? _options;
    private long _lookedAt;
    private string? _folder;
    private IReadOnlyList<Run> _runs = [];
    private IReadOnlyDictionary<string, IReadOnlyList<EpochRecord>> _histories = new Dictionary<string, IReadOnlyList<EpochRecord>>();
    private int _field;

    public TrainModel(Workbench bench)
    {
        _bench = bench;
        _fields = Fields();
        Actions =
        [
            Make("Start training", "s", "trains on the dataset by the recipe, in the background", Start, () => Busy() ?? (_bench.HasData ? null : "There is no dataset yet: capture on 1, or open one with w.")),
            Make("Stop training", "x", "stops after this step; finished epochs are saved", () => _bench.Work.Last(JobKind.Training)!.Stop(), () => Training ? null : "No training runs."),
            Make("Resume the run", "r", "goes on with the chosen run where it stopped", Resume, () => Busy() ?? (Chosen is { } run && Runs.IsUnfinished(run) ? null : "The chosen run is finished; s starts a new one.")),
            Make("Next setting", KeyName.Down, "chooses the next line of the recipe", () => Move(1), () => null, hinted: false),
            Make("Earlier setting", KeyName.Up, "chooses the line before", () => Move(-1), () => null, hinted: false),
            Make("Change the setting", KeyName.Enter, "types or chooses another value for the chosen line", () => _bench.Open(new Form(_fields[_field])), Busy),
            Make("Next run", "n", "chooses the next run to look at", () => Choose(1), () => _runs.Count > 0 ? null : "There is no run yet."),
            Make("Earlier run", "b", "chooses the run before", () => Choose(-1), () => _runs.Count > 0 ? null : "There is no run yet.", hinted: false),
        ];
        Refresh();
    }

    public IReadOnlyList<UiAction> Actions { get; }

    public bool Training => _bench.Work.IsRunning(JobKind.Training);

    /// <summary>The run whose curves are shown.</summary>
    public Run? Chosen => _runs.FirstOrDefault(r => r.Folder == _folder) ?? (_runs.Count > 0 ? _runs[0] : null);

    /// <summary>The newest run, where it waits to be gone on with.</summary>
    public Run? Unfinished => !Training && _runs is [var newest, ..] && Runs.IsUnfinished(newest) ? newest : null;

    private TrainingOptions Options
    {
        get => _options ?? (_bench.Rig?.Training ?? new TrainingOptions()) with { Seed = _bench.Rig?.Seed ?? 1 };
        set => _options = value;
    }

    /// <summary>The recipe of the next training; the chosen line can be changed.</summary>
    public IReadOnlyList<TextLine> Recipe() =>
    [
        .. _fields.Select((f, i) => new TextLine(
            new Piece(i == _field ? "› " : "  ", Tone.Accent),
            new Piece($"{f.Name,-10}", Tone.Quiet),
            new Piece(f.Value(), i == _field ? Tone.Chosen : Tone.Plain))),
    ];

    /// <summary>The row of <see cref="Recipe"/> to keep in sight.</summary>
    public int Focus => _field;

    /// <summary>A click on a row of <see cref="Recipe"/>.</summary>
    public void ClickSetting(int row) => _field = row < _fields.Count ? row : _field;

    /// <summary>How the training does, in numbers.</summary>
    public IReadOnlyList<TextLine> Metrics()
    {
        List<TextLine> lines = [];
        if (_bench.Work.Last(JobKind.Training) is { } job)
        {
            lines.Add(job.IsRunning
                ? new TextLine(new Piece(job.State == JobState.Stopping ? "stopping ... " : $"{100 * job.Share:0}% ", Tone.Accent), new Piece(job.Progress.Note ?? job.Progress.Stage ?? "prepares", Tone.Plain))
                : new TextLine(job.Words, job.State == JobState.Failed ? Tone.Bad : Tone.Good));
            if (job.Left is { } left)
            {
                lines.Add(new TextLine($"{Figures.Time(left)} left, {Figures.Number(job.Rate)} frames a second", Tone.Quiet));
            }
        }

        if (Chosen is { } run && _histories.GetValueOrDefault(run.Folder) is [.., var last] history)
        {
            EpochRecord best = history.Aggregate((a, b) => b.IsBetterThan(a) ? b : a);
            if (lines.Count > 0)
            {
                lines.Add(TextLine.Empty);
            }

            lines.Add(new TextLine(Path.GetFileName(run.Folder), Tone.Strong));
            lines.Add(new TextLine($"epoch {last.Epoch} of {run.Options.Epochs}, {Figures.Number(last.ImagesPerSecond)}/s"));
            lines.Add(new TextLine($"{"",-10}{"loss",7}{"right",8}", Tone.Quiet));
            lines.Add(new TextLine($"{"training",-10}{Figures.Loss(last.TrainLoss),7}{Figures.Percent(last.TrainAccuracy),8}"));
            lines.Add(last.ValidationLoss is null
                ? new TextLine("no items to validate on", Tone.Quiet)
                : new TextLine($"{"validation",-10}{Figures.Loss(last.ValidationLoss),7}{Figures.Percent(last.ValidationAccuracy),8}"));
            lines.Add(new TextLine($"best: epoch {best.Epoch}{(best.ValidationMacroF1 is null ? "" : $", F1 {Figures.Percent(best.ValidationMacroF1)}")}", Tone.Quiet));
        }

        return lines.Count > 0 ? lines : [new TextLine("s starts a training by this recipe; Enter changes a line of it.", Tone.Quiet)];
    }

    /// <summary>The losses of the chosen run by epoch, and the validation loss of the run before it.</summary>
    public IReadOnlyList<Curve> Curves()
    {
        if (Chosen is not { } run || !_histories.TryGetValue(run.Folder, out IReadOnlyList<EpochRecord>? history))
        {
            return [];
        }

        List<Curve> curves = [];
        if (_runs.SkipWhile(r => r.Folder != run.Folder).Skip(1).FirstOrDefault() is { } other && _histories.TryGetValue(other.Folder, out IReadOnlyList<EpochRecord>? earlier))
        {
            curves.Add(new Curve(Path.GetFileName(other.Folder), Tone.Quiet, Points(earlier, e => e.ValidationLoss ?? e.TrainLoss)));
        }

        curves.Add(new Curve("training", Tone.Accent, Points(history, e => e.TrainLoss)));
        curves.Add(new Curve("validation", Tone.Warn, Points(history, e => e.ValidationLoss)));
        return [.. curves.Where(c => c.Points.Count > 0)];
    }

    /// <summary>The runs side by side, the newest first.</summary>
    public IReadOnlyList<TextLine> Table()
    {
        if (_runs.Count == 0)
        {
            return [new TextLine("No run yet.", Tone.Quiet)];
        }

        return
        [
            new TextLine($"  {"run",-16}{"network",-11}{"epochs",7}{"loss",7}{"F1",7}", Tone.Quiet),
            .. _runs.Select(run =>
            {
                IReadOnlyList<EpochRecord> history = _histories.GetValueOrDefault(run.Folder, []);
                EpochRecord? best = history.Count == 0 ? null : history.Aggregate((a, b) => b.IsBetterThan(a) ? b : a);
                bool chosen = run.Folder == Chosen?.Folder;
                string name = Path.GetFileName(run.Folder);
                return new TextLine(
                    new Piece(chosen ? "› " : "  ", Tone.Accent),
                    new Piece(string.Create(CultureInfo.InvariantCulture, $"{Cut(name, 15),-16}{Cut(run.Options.Model, 10),-11}{history.Count + "/" + run.Options.Epochs,7}{Figures.Loss(best?.ValidationLoss ?? best?.TrainLoss),7}{Figures.Percent(best?.ValidationMacroF1),7}"), chosen ? Tone.Chosen : Tone.Plain));
            }),
        ];
    }

    /// <summary>Looks at the runs' files, now and then while one is being trained.</summary>
    public void Tick()
    {
        if (Training && _bench.Clock.GetElapsedTime(_lookedAt) >= Look)
        {
            Refresh();
        }
    }

    public void Refresh()
    {
        _lookedAt = _bench.Clock.GetTimestamp();
        _runs = Runs.All(_bench.RunsFolder);
        _histories = _runs.ToDictionary(r => r.Folder, r => r.History);
    }

    public void Start()
    {
        string folder = Runs.NewFolder(_bench.Clock, _bench.RunsFolder);
        TrainingOptions options = Options;
        string data = _bench.DataFolder;
        Begin(folder, (progress, cancel) =>
        {
            Dataset dataset = _bench.Data(data, create: false);
            Split split = SplitJob.EnsureSplit(dataset, new Seed(options.Seed));
            LeakJob.Require(dataset, split, allow: false, progress, cancel);
            TrainJob.Train((dataset, split), null, options, folder, progress, cancel);
        });
    }

    /// <summary>Goes on with the chosen run.</summary>
    public void Resume() => Resume(Chosen!);

    public void Resume(Run run)
    {
        string folder = run.Folder;
        Begin(folder, (progress, cancel) => TrainJob.GoOn(folder, f => _bench.Data(f, create: false), progress, cancel));
    }

    private void Begin(string folder, Action<IProgress<StageProgress>, CancellationToken> train)
    {
        _folder = Path.GetFullPath(folder);
        _bench.Work.Start(JobKind.Training, (progress, cancel) =>
        {
            train(progress, cancel);
            return Task.FromResult(Prove(folder, progress, cancel));
        });
    }

    /// <summary>Shows the model the items that it has never seen.</summary>
    private string Prove(string folder, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        using Predictor predictor = Predictor.Open(folder);
        if (predictor.Run.Record.Dataset.Length == 0)
        {
            return "Trained on renders alone; open photographs to prove it on.";
        }

        Dataset dataset = _bench.Data(predictor.Run.Record.Dataset, create: false);
        IReadOnlyList<FrameRecord> unseen = dataset.LoadSplit() is { } split ? SplitJob.Frames(dataset, split, SplitRole.Test) : [];
        if (unseen.Count == 0)
        {
            return "Trained; there is one item of each part only, so that nothing can be proven.";
        }

        ValidationReport report = Validator.Validate(predictor, unseen, progress, cancel);
        string without = predictor.Run.Record is { RenderedFrames: 0, Stream: null } ? " It learned from photographs alone: s on the Scenes screen renders more." : "";
        return $"Trained: {Figures.Percent(report.Metrics.Accuracy)} right on {unseen.Count} frames of items it has never seen.{without}";
    }

    private void Move(int by) => _field = (_field + by + _fields.Count) % _fields.Count;

    private void Choose(int by)
    {
        int at = _runs.ToList().FindIndex(r => r.Folder == Chosen?.Folder);
        _folder = _runs[(at + by + _runs.Count) % _runs.Count].Folder;
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";

    /// <summary>A click on a row of <see cref="Table"/>, from 0 with the heading.</summary>
    public void ClickRun(int line)
    {
        if (line >= 1 && line <= _runs.Count)
        {
            _folder = _runs[line - 1].Folder;
        }
    }

    /// <summary>The row of <see cref="Table"/> to keep in sight.</summary>
    public int FocusRun => _runs.Count == 0 ? 0 : 1 + Math.Max(0, _runs.ToList().FindIndex(r => r.Folder == Chosen?.Folder));

    private string? Busy() => Training ? "A training runs already; x stops it." : null;

    private static IReadOnlyList<(double X, double Y)> Points(IReadOnlyList<EpochRecord> history, Func<EpochRecord, double?> value) =>
        [.. history.Where(e => value(e) is not null).Select(e => ((double)e.Epoch, value(e)!.Value))];

    private IReadOnlyList<Field> Fields() =>
    [
        new("data", () => Path.GetFileName(_bench.DataFolder), folder =>
        {
            try
            {
                _bench.OpenData(folder);
                return null;
            }
            catch (WorkFailedException e)
            {
                return e.Message;
            }
        }),
        new("network", () => Options.Model, name => ModelNames.All.Contains(name) ? Set(Options with { Model = name }) : ModelNames.Unknown(name)) { Choices = () => ModelNames.All },
        new("weights", () => Options.Weights ?? "none", weights => Set((Options with { Weights = weights is "none" or "" ? null : weights }).WeightsFrom(_bench.Home))) { Choices = () => ["none", "imagenet"] },
        Number("epochs", () => Options.Epochs, 1, 10_000, n => Options with { Epochs = (int)n, WarmupEpochs = Math.Min(Options.WarmupEpochs, n) }, whole: true),
        Number("batch", () => Options.BatchSize, 2, 4096, n => Options with { BatchSize = (int)n }, whole: true),
        Number("rate", () => Options.LearningRate, 1e-12, 10, n => Options with { LearningRate = n }),
        new("optimizer", () => Options.Optimizer.ToString(), name => Enum.TryParse(name, ignoreCase: true, out OptimizerKind kind) && Enum.IsDefined(kind) ? Set(Options with { Optimizer = kind }) : $"Expected one of {string.Join(", ", Enum.GetNames<OptimizerKind>())}.") { Choices = Enum.GetNames<OptimizerKind> },
        new("augment", () => Options.Augmentation == AugmentationOptions.None ? "none" : Options.Augmentation == new AugmentationOptions() ? "default" : "as in rig.json", text =>
            text == "as in rig.json" ? Set(Options with { Augmentation = _bench.Rig?.Training.Augmentation ?? new AugmentationOptions() })
            : AugmentationOptions.TryRead(text, out AugmentationOptions? value, out _) ? Set(Options with { Augmentation = value! }) : "Expected default, none, or as in rig.json.") { Choices = () => ["default", "none", "as in rig.json"] },
        Number("renders", () => Options.SyntheticShare, 0, 1, n => Options with { SyntheticShare = n }),
        Number("seed", () => Options.Seed, 0, 1e15, n => Options with { Seed = (ulong)n }, whole: true),
    ];

    private Field Number(string name, Func<double> value, double least, double most, Func<double, TrainingOptions> set, bool whole = false) => new(
        name,
        () => value().ToString("0.##########", CultureInfo.InvariantCulture),
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most && (!whole || number == Math.Floor(number))
            ? Set(set(number))
            : string.Create(CultureInfo.InvariantCulture, $"Expected {(whole ? "a whole number" : "a number")} from {least} to {most}, found \"{text}\"."));

    /// <summary>Takes other options, or says what does not go together in them.</summary>
    private string? Set(TrainingOptions options)
    {
        if (options.Validate().Select(p => p.Problem).FirstOrDefault() is { } problem)
        {
            return problem + ".";
        }

        Options = options;
        return null;
    }

    private UiAction Make(string name, string key, string does, Action execute, Func<string?> hindrance, bool hinted = true) =>
        new(name, key, does, execute, Screen.Train) { Hindrance = hindrance, Hinted = hinted };
}
