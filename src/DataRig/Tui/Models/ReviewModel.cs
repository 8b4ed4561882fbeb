using System.Globalization;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Rig;

namespace DataRig.Tui.Models;

/// <summary>What a model gets wrong, the surest errors first, and what a person does about each.</summary>
internal sealed class ReviewModel
{
    private const int Pixels = 320;
    private const string PlanName = "recapture.json";

    private readonly Workbench _bench;
    private readonly FramePictures _pictures;
    private readonly HashSet<FrameId> _handled = [];
    private IReadOnlyList<FramePrediction> _errors = [];
    private ValidationReport? _report;
    private Dataset? _data;
    private string _run = "";
    private int _at;

    public ReviewModel(Workbench bench)
    {
        _bench = bench;
        _pictures = new FramePictures(bench.Inbox);
        Actions =
        [
            Make("Find errors", "s", "shows the chosen run of the Train screen the items that it has never seen", Find, () => Busy() ?? (_bench.Train.Chosen is { } run && File.Exists(run.BestPath) ? null : "There is no trained run yet; 4 trains one.")),
            Make("Next error", KeyName.Right, "the next error, less sure than this", () => Move(1), Some),
            Make("Earlier error", KeyName.Left, "the error before", () => Move(-1), Some, hinted: false),
            Make("Relabel", "e", "says what the frame really shows", Relabel, Some),
            Make("Drop into the trash", "d", "puts the frame into the trash", Drop, Some),
            Make("Confirm the label", "c", "the label is right, the model is wrong", Confirm, Some),
            Make("Recapture", "r", "wants the same part, item, pose and angle photographed again", Recapture, Some),
            Make("Undo the last edit", "u", "takes the last edit back", () => FrameEdits.Undo(_bench), () => _bench.HasData ? null : "There is no dataset yet."),
            Make("Plan the recaptures", "P", $"writes {PlanName}: the rig with the items that are wanted again, and takes it for the next session", Plan, () => _bench.HasData && _bench.Rig is not null ? null : "There is no dataset yet."),
        ];
    }

    public IReadOnlyList<UiAction> Actions { get; }

    /// <summary>The error that is looked at.</summary>
    public FramePrediction? Error => _at < _errors.Count ? _errors[_at] : null;

    /// <summary>Its picture, once it is read.</summary>
    public Picture? Picture => Error is { } error && _data is not null ? _pictures.Of(_data, error.Frame, Pixels) : null;

    /// <summary>What the model said and what is true.</summary>
    public IReadOnlyList<TextLine> Words()
    {
        if (_bench.Work.Last(JobKind.Validation) is { IsRunning: true } job)
        {
            return [new TextLine($"{job.Progress.Stage ?? "Opens the model"} {Figures.Progress(job)}", Tone.Accent)];
        }

        if (_report is not { } report)
        {
            return [new TextLine("s shows the chosen run's errors on items that it has never seen, the surest first.", Tone.Quiet)];
        }

        List<TextLine> lines =
        [
            new TextLine(new Piece(_run, Tone.Strong), new Piece($": {Figures.Percent(report.Metrics.Accuracy)} of {report.Predictions.Count} frames right, macro F1 {Figures.Percent(report.Metrics.MacroF1)}", Tone.Plain)),
            TextLine.Empty,
        ];
        if (Error is not { } error)
        {
            return [.. lines, new TextLine("No error at all.", Tone.Good)];
        }

        return
        [
            .. lines,
            new TextLine(new Piece($"error {_at + 1} of {_errors.Count}", Tone.Strong), new Piece(_handled.Contains(error.Frame.Id) ? "  handled" : "", Tone.Good)),
            new TextLine(new Piece("it is    ", Tone.Quiet), new Piece(error.Frame.Part.Value, Tone.Good), new Piece($"  {Figures.Percent(error.TruthProbability)}", Tone.Quiet)),
            new TextLine(new Piece("model    ", Tone.Quiet), new Piece(error.Said.Value, Tone.Bad), new Piece($"  {Figures.Percent(error.Confidence)}", Tone.Quiet)),
            TextLine.Empty,
            new TextLine($"frame {error.Frame.Id}, {error.Frame.Item}", Tone.Plain),
            new TextLine(string.Create(CultureInfo.InvariantCulture, $"{error.Frame.Pose ?? "pose unknown"}, {(error.Frame.AzimuthDegrees is { } azimuth ? Figures.Degrees(azimuth) : "angle unknown")}"), Tone.Quiet),
            .. error.Frame.Marks.Select(m => new TextLine(m, Tone.Warn)),
        ];
    }

    /// <summary>Which part is taken for which, the commonest first.</summary>
    public IReadOnlyList<TextLine> Confusions() => _report is null
        ? [new TextLine("Nothing yet.", Tone.Quiet)]
        : _errors.Count == 0
            ? [new TextLine("None.", Tone.Good)]
            : [.. _errors.GroupBy(e => (e.Frame.Part, e.Said)).OrderByDescending(g => g.Count()).Select(g => new TextLine(new Piece($"{g.Count(),4} ", Tone.Strong), new Piece($"{g.Key.Part} taken for {g.Key.Said}", Tone.Plain)))];

    private void Find()
    {
        string folder = _bench.Train.Chosen!.Folder;
        _bench.Work.Start(JobKind.Validation, (progress, cancel) =>
        {
            using Predictor predictor = Predictor.Open(folder);
            Dataset data = _bench.Data(predictor.Run.Record.Dataset.Length > 0 ? predictor.Run.Record.Dataset : _bench.DataFolder, create: false);
            Split split = data.LoadSplit() ?? throw new WorkFailedException("The dataset has no split yet; train on it first.");
            ValidationReport report = Validator.Validate(predictor, SplitJob.Frames(data, split, SplitRole.Test), progress, cancel);
            _bench.Inbox.Post(() =>
            {
                (_report, _errors, _data, _run, _at) = (report, [.. report.WorstErrors], data, Path.GetFileName(folder), 0);
                _handled.Clear();
            });
            return Task.FromResult($"{report.WorstErrors.Count()} errors on {report.Predictions.Count} frames of unseen items.");
        });
    }

    private void Move(int by) => _at = Math.Clamp(_at + by, 0, Math.Max(0, _errors.Count - 1));

    private void Relabel() => _bench.Open(FrameEdits.RelabelForm(_bench, Error!.Frame, [.. _report!.Metrics.Parts.Select(p => p.Part)], Next));

    private void Drop()
    {
        FrameEdits.Drop(_bench, Error!.Frame);
        Next();
    }

    private void Confirm()
    {
        _data!.Confirm([Error!.Frame.Id], FrameEdits.By("review"));
        _bench.Notice($"Frame {Error.Frame.Id} is confirmed.", Tone.Good);
        Next();
    }

    private void Recapture()
    {
        _data!.Recapture([Error!.Frame.Id], FrameEdits.By("review"));
        _bench.Notice($"Frame {Error.Frame.Id} is wanted again; P makes a plan of what is wanted.", Tone.Good);
        Next();
    }

    private void Next()
    {
        _handled.Add(Error!.Frame.Id);
        Move(1);
    }

    /// <summary>Writes a rig file whose plan has just the items that are wanted again, and works with it from then on.</summary>
    private void Plan()
    {
        IReadOnlyList<WantedFrame> wanted = _bench.Data(create: false).Wanted();
        if (wanted.Count == 0)
        {
            _bench.Notice("Nothing is wanted again; r on an error wants it.", Tone.Warn);
            return;
        }

        RigFile rig = _bench.Rig!;
        Dictionary<string, IReadOnlyList<string>> items = wanted.Select(w => (Part: w.Frame.Part.Value, Item: w.Frame.Item.Value)).Distinct()
            .Where(w => w.Item.StartsWith(w.Part + "-", StringComparison.Ordinal))
            .GroupBy(w => w.Part).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.Select(w => w.Item[(w.Part.Length + 1)..]).Order(StringComparer.Ordinal)]);
        if (items.Count == 0)
        {
            _bench.Notice("What is wanted was not captured at a rig; its items have no names there.", Tone.Warn);
            return;
        }

        string plan = Path.Combine(_bench.Home, PlanName);
        File.WriteAllText(plan, StrictJson.Write(rig with { Plan = rig.Plan with { Items = items } }));
        _bench.LoadRig(plan);
        _bench.Show(Screen.Session);
        _bench.Notice($"{PlanName} plans {items.Values.Sum(i => i.Count)} items again; s captures them.", Tone.Good);
    }

    private string? Busy() => _bench.Work.IsRunning(JobKind.Validation) ? "A model is being shown frames already." : null;

    private string? Some() => Error is null ? "There is no error to look at; s finds them." : null;

    private UiAction Make(string name, string key, string does, Action execute, Func<string?> hindrance, bool hinted = true) =>
        new(name, key, does, execute, Screen.Review) { Hindrance = hindrance, Hinted = hinted };
}
