using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Learning.Explaining;

namespace DataRig.Tui.Models;

/// <summary>What a model gets wrong and which labels it doubts, the surest first, and what a person does about each.</summary>
internal sealed class ReviewModel
{
    private const int Pixels = 320, SmallPixels = 64, MostErrors = 48, MostDoubtful = 24;
    private const string PlanName = "recapture.json";

    private readonly Workbench _bench;
    private readonly FramePictures _pictures;
    private readonly HashSet<FrameId> _handled = [];
    private IReadOnlyList<ReviewItem>? _items;
    private Dataset? _data;
    private string _run = "";
    private int _at;
    private bool _heat = true;
    private (ReviewItem Item, bool Heat, Picture Picture)? _shown;

    public ReviewModel(Workbench bench)
    {
        _bench = bench;
        _pictures = new FramePictures(bench.Inbox);
        Actions =
        [
            Make("Find errors", "s", "shows the chosen run of the Train screen the items that it has never seen, and looks for labels that other frames contradict", Find, () => Busy() ?? (_bench.Train.Chosen is { } run && File.Exists(run.BestPath) ? null : "There is no trained run yet; 4 trains one.")),
            Make("Next error", KeyName.Right, "the next frame, less sure than this", () => Move(1), Some),
            Make("Earlier error", KeyName.Left, "the frame before", () => Move(-1), Some, hinted: false),
            Make("Heat on or off", "h", "shows where the model looks, or the bare picture", () => _heat = !_heat, Some, hinted: false),
            Make("Relabel", "e", "says what the frame really shows", Relabel, Some),
            Make("Drop into the trash", "d", "puts the frame into the trash", Drop, Some),
            Make("Confirm the label", "c", "the label is right, the model is wrong", Confirm, Some),
            Make("Recapture", "r", "wants the same part, item, pose and angle photographed again", Recapture, Some),
            Make("Undo the last edit", "u", "takes the last edit back", () => FrameEdits.Undo(_bench, _data ?? _bench.Data(create: false)), () => _bench.HasData ? null : "There is no dataset yet."),
            Make("Plan the recaptures", "P", $"writes {PlanName}: the rig with a plan of what is wanted again, and takes it for the next session", Plan, () => _bench.HasData && _bench.Rig is not null ? null : "There is no dataset yet."),
        ];
    }

    public IReadOnlyList<UiAction> Actions { get; }

    /// <summary>The frame that is looked at.</summary>
    public ReviewItem? Item => _items is { } items && _at < items.Count ? items[_at] : null;

    /// <summary>What the network sees of it, with the heat over it unless that is off.</summary>
    public Picture? Picture
    {
        get
        {
            if (Item is not { } item)
            {
                return null;
            }

            if (_shown is not { } shown || shown.Item != item || shown.Heat != _heat)
            {
                shown = (item, _heat, _heat ? item.Explanation.Heated(Pixels) : item.Explanation.Plain(Pixels));
                _shown = shown;
            }

            return shown.Picture;
        }
    }

    /// <summary>The training frames that look to the network like the one that is looked at, the nearest first.</summary>
    public (IReadOnlyList<Thumbnail> Cells, int Chosen) Nearest(int columns, int rows) => Item is not { } item || _data is null ? ([], -1) :
    (
        [
            .. item.Explanation.Nearest.Take(columns * rows).Select(n => new Thumbnail(
                _pictures.Of(_data, n.Frame, SmallPixels),
                string.Create(CultureInfo.InvariantCulture, $"{n.Frame.Part} {100 * n.Likeness:0}%"),
                n.Frame.Part == item.Frame.Part ? Tone.Good : Tone.Warn)),
        ],
        -1);

    /// <summary>What the model said and what is true.</summary>
    public IReadOnlyList<TextLine> Words()
    {
        if (_bench.Work.Last(JobKind.Validation) is { IsRunning: true } job)
        {
            return [new TextLine($"{job.Progress.Stage ?? "Opens the model"} {Figures.Progress(job)}", Tone.Accent)];
        }

        if (_items is not { } items)
        {
            return [new TextLine("s shows the chosen run's errors on items that it has never seen, the surest first, and labels that other frames contradict.", Tone.Quiet)];
        }

        if (Item is not { } item)
        {
            return [new TextLine(_run, Tone.Strong), new TextLine("No error at all, and no label to doubt.", Tone.Good)];
        }

        bool error = item.Reason == ReviewReason.Error;
        FrameRecord frame = item.Frame;
        return
        [
            new TextLine(new Piece($"{_at + 1} of {items.Count}", Tone.Strong), new Piece(error ? "  error of " : "  doubtful to ", Tone.Plain), new Piece(_run, Tone.Plain), new Piece(_handled.Contains(frame.Id) ? "  handled" : "", Tone.Good)),
            new TextLine(new Piece("label    ", Tone.Quiet), new Piece(frame.Part.Value, Tone.Good), new Piece($"  {Figures.Percent(item.LabelProbability)}", Tone.Quiet)),
            new TextLine(new Piece(error ? "model    " : "rather   ", Tone.Quiet), new Piece(item.Said.Value, Tone.Bad), new Piece($"  {Figures.Percent(item.Probability)}", Tone.Quiet)),
            new TextLine($"frame {frame.Id}, {frame.Item}"),
            new TextLine($"{frame.Pose ?? "pose unknown"}, {(frame.AzimuthDegrees is { } azimuth ? Figures.Degrees(azimuth) : "angle unknown")}", Tone.Quiet),
            .. item.Explanation.Share is { } share ? [new TextLine($"heat of {item.Explanation.HeatOf}: {Figures.Percent(share.OnPart)} on the part's {Figures.Percent(share.PartArea)} of the view", Tone.Quiet)] : Array.Empty<TextLine>(),
            .. frame.Marks.Select(m => new TextLine(m, Tone.Warn)),
        ];
    }

    /// <summary>Which part is taken for which, the commonest first.</summary>
    public IReadOnlyList<TextLine> Confusions() => _items is null
        ? [new TextLine("Nothing yet.", Tone.Quiet)]
        : _items.Count == 0
            ? [new TextLine("None.", Tone.Good)]
            : [.. _items.GroupBy(e => (e.Frame.Part, e.Said)).OrderByDescending(g => g.Count()).Select(g => new TextLine(new Piece($"{g.Count(),4} ", Tone.Strong), new Piece($"{g.Key.Part} taken for {g.Key.Said}", Tone.Plain)))];

    private void Find()
    {
        string folder = _bench.Train.Chosen!.Folder;
        _bench.Work.Start(JobKind.Validation, (progress, cancel) =>
        {
            using Predictor predictor = Predictor.Open(folder);
            Dataset data = _bench.Data(predictor.Run.Record.Dataset.Length > 0 ? predictor.Run.Record.Dataset : _bench.DataFolder, create: false);
            Split split = data.LoadSplit() ?? throw new WorkFailedException("The dataset has no split yet; train on it first.");
            ReviewRequest request = new() { Folder = Path.Combine(folder, "review"), Errors = MostErrors, Doubtful = MostDoubtful };
            IReadOnlyList<ReviewItem> items = ReviewJob.Find(predictor, data, split, request, progress, cancel);
            _bench.Inbox.Post(() =>
            {
                (_items, _data, _run, _at) = (items, data, Path.GetFileName(folder), 0);
                _handled.Clear();
            });
            int errors = items.Count(i => i.Reason == ReviewReason.Error);
            return Task.FromResult($"{errors} errors on frames of unseen items to look at, {items.Count - errors} doubtful labels.");
        });
    }

    private void Move(int by) => _at = Math.Clamp(_at + by, 0, Math.Max(0, _items!.Count - 1));

    private void Relabel() => _bench.Open(FrameEdits.RelabelForm(_bench, _data!, Item!.Frame, [.. Item.Explanation.Parts.Select(p => p.Part)], Next));

    private void Drop()
    {
        FrameEdits.Drop(_bench, _data!, Item!.Frame);
        Next();
    }

    private void Confirm()
    {
        _data!.Confirm([Item!.Frame.Id], FrameEdits.By("review"));
        _bench.Notice($"Frame {Item.Frame.Id} is confirmed.", Tone.Good);
        Next();
    }

    private void Recapture()
    {
        _data!.Recapture([Item!.Frame.Id], FrameEdits.By("review"));
        _bench.Notice($"Frame {Item.Frame.Id} is wanted again; P makes a plan of what is wanted.", Tone.Good);
        Next();
    }

    private void Next()
    {
        _handled.Add(Item!.Frame.Id);
        Move(1);
    }

    /// <summary>Writes a rig file whose plan takes what is wanted again, and works with it from then on.</summary>
    private void Plan()
    {
        string file = Path.Combine(_bench.Home, PlanName);
        NextCapture next = Recaptures.Plan(_data ?? _bench.Data(create: false), _bench.Rig!.Plan);
        if (next.Plan is null)
        {
            _bench.Notice(next.Reasons is [var reason, ..] ? reason : "Nothing is wanted again; r on a frame wants it.", Tone.Warn);
            return;
        }

        next.Write(_bench.Rig, file);
        _bench.LoadRig(file);
        _bench.Show(Screen.Session);
        _bench.Notice($"{PlanName} plans {next.Plan.FrameCount()} frames; s captures them.", Tone.Good);
    }

    private string? Busy() => _bench.Work.IsRunning(JobKind.Validation) ? "A model is being shown frames already." : null;

    private string? Some() => Item is null ? "There is no frame to look at; s finds them." : null;

    private UiAction Make(string name, string key, string does, Action execute, Func<string?> hindrance, bool hinted = true) =>
        new(name, key, does, execute, Screen.Review) { Hindrance = hindrance, Hinted = hinted };
}
