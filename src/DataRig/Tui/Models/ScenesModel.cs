using System.Globalization;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Jobs;

namespace DataRig.Tui.Models;

/// <summary>Scenes: what they draw, what is drawn at random in them, and how fast.</summary>
internal sealed class ScenesModel
{
    private const int PreviewFrames = 12, PreviewPixels = 96;

    private readonly Workbench _bench;
    private IReadOnlyList<string> _files = [];
    private SceneRanges? _ranges;
    private string? _problem;
    private int _file;
    private int _range;
    private long _first;
    private int? _count;
    private double? _perSecond;

    public ScenesModel(Workbench bench)
    {
        _bench = bench;
        Actions =
        [
            Make("Preview", "p", "draws a few frames of the scene as it is set now", Preview, () => _bench.Work.IsRunning(JobKind.Preview) ? "A preview is being drawn already." : _problem),
            Make("Other frames", "n", "draws the next few frames", () =>
            {
                _first += PreviewFrames;
                Preview();
            }, () => _bench.Work.IsRunning(JobKind.Preview) ? "A preview is being drawn already." : _problem),
            Make("Start a synthesis", "s", "renders labelled frames into the dataset, in the background", Start, () => _bench.Work.IsRunning(JobKind.Synthesis) ? "A synthesis runs already; x stops it." : _problem),
            Make("Stop the synthesis", "x", "stops after this batch; whole batches are safe", () => _bench.Work.Last(JobKind.Synthesis)!.Stop(), () => _bench.Work.IsRunning(JobKind.Synthesis) ? null : "No synthesis runs."),
            Make("How many frames", "f", "how many frames the synthesis makes", () => _bench.Open(new Form(CountField())), () => null),
            Make("Next scene", KeyName.Tab, "takes the next scene file", () => Choose(_file + 1), () => _files.Count > 1 ? null : "There is only one scene."),
            Make("Next range", KeyName.Down, "chooses the next range", () => Move(1), () => null, hinted: false),
            Make("Earlier range", KeyName.Up, "chooses the range before", () => Move(-1), () => null, hinted: false),
            Make("Widen the range", "+", "lets the number vary by a quarter more", () => Change(r => r.Widen(_range, 1.25)), HasRange),
            Make("Narrow the range", "-", "lets the number vary by a fifth less", () => Change(r => r.Widen(_range, 0.8)), HasRange),
            Make("Shift up", KeyName.Right, "shifts the range up by a tenth of its width", () => Change(r => r.Shift(_range, 0.1)), HasRange, hinted: false),
            Make("Shift down", KeyName.Left, "shifts the range down by a tenth of its width", () => Change(r => r.Shift(_range, -0.1)), HasRange, hinted: false),
            Make("Reset the range", KeyName.Backspace, "takes the file's range again", () => Change(r => r.Reset(_range)), HasRange, hinted: false),
        ];
        Refresh();
    }

    public IReadOnlyList<UiAction> Actions { get; }

    /// <summary>Frames of the scene, the first last.</summary>
    public IReadOnlyList<Thumbnail> Thumbnails { get; private set; } = [];

    /// <summary>The row of <see cref="Ranges"/> to keep in sight.</summary>
    public int Focus => _range;

    /// <summary>The scene, its size, and how fast it is drawn.</summary>
    public IReadOnlyList<TextLine> Words()
    {
        List<TextLine> lines =
        [
            new TextLine(new Piece(_files.Count > 0 ? Path.GetFileName(_files[_file]) : "no scene", Tone.Strong), new Piece(_files.Count > 1 ? $"  {_file + 1} of {_files.Count}" : "", Tone.Quiet), new Piece(_ranges is { IsChanged: true } ? "  changed" : "", Tone.Warn)),
            new TextLine(string.Create(CultureInfo.InvariantCulture, $"{Count} frames are to be made (f)")),
        ];
        if (_problem is not null)
        {
            lines.Add(new TextLine(_problem, Tone.Bad));
        }

        if (_bench.Work.Last(JobKind.Synthesis) is { } job)
        {
            lines.Add(new TextLine(job.IsRunning ? Figures.Progress(job) : job.Words, job.State == JobState.Failed ? Tone.Bad : Tone.Accent));
            if (job.Rate is { } rate)
            {
                lines.Add(new TextLine($"{Figures.Number(rate)} a second{(job.Left is { } left ? $", {Figures.Time(left)} left" : "")}", Tone.Quiet));
            }
        }
        else if (_perSecond is { } rate)
        {
            lines.Add(new TextLine($"preview at {Figures.Number(rate)} frames a second", Tone.Quiet));
        }

        if (_bench.Work.IsRunning(JobKind.Preview))
        {
            lines.Add(new TextLine("drawing ...", Tone.Accent));
        }

        return lines;
    }

    /// <summary>What varies, the chosen line marked.</summary>
    public IReadOnlyList<TextLine> Ranges() => _ranges is null || _ranges.Count == 0
        ? [new TextLine("Nothing varies.", Tone.Quiet)]
        : [.. Enumerable.Range(0, _ranges.Count).Select(i => new TextLine(
            new Piece(i == _range ? "› " : "  ", Tone.Accent),
            new Piece($"{_ranges.Path(i)}  ", i == _range ? Tone.Chosen : Tone.Plain),
            new Piece(_ranges.Words(i), Tone.Accent)))];

    /// <summary>Looks which scene files there are: the rig's, and those beside it and beside the program.</summary>
    public void Refresh()
    {
        string? mine = _bench.Rig?.Synthesis.Scene;
        string[] folders = [.. new[] { mine is null ? null : Path.GetDirectoryName(mine), Path.Combine(AppContext.BaseDirectory, "scenes") }.OfType<string>().Where(Directory.Exists)];
        _files = [.. new[] { mine }.OfType<string>().Concat(folders.SelectMany(f => Directory.EnumerateFiles(f, "*.json").Order(StringComparer.Ordinal))).DistinctBy(Path.GetFileName)];
        Choose(0);
    }

    public void ClickRow(int line)
    {
        if (_ranges is not null && line < _ranges.Count)
        {
            _range = line;
        }
    }

    private int Count => _count ?? Math.Max(1, _bench.Rig?.Synthesis.Count ?? 1000);

    private ulong Seed => _bench.Rig?.Seed ?? 1;

    private void Choose(int file)
    {
        if (_files.Count == 0)
        {
            _problem = "There is no scene file; name one under \"synthesis\" in rig.json.";
            return;
        }

        (_file, _range, _first, Thumbnails) = (file % _files.Count, 0, 0, []);
        try
        {
            (_ranges, _problem) = (new SceneRanges(_files[_file]), null);
        }
        catch (WorkFailedException e)
        {
            (_ranges, _problem) = (null, e.Message);
        }
    }

    private void Move(int by) => _range = Math.Clamp(_range + by, 0, Math.Max(0, (_ranges?.Count ?? 1) - 1));

    private void Change(Action<SceneRanges> change) => change(_ranges!);

    private string? HasRange() => _ranges is { Count: > 0 } ? null : "Nothing varies in this scene.";

    private Field CountField() => new("Frames to make", () => Count.ToString(CultureInfo.InvariantCulture), text =>
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > 10_000_000)
        {
            return $"Expected a whole number from 1 to 10000000, found \"{text}\".";
        }

        _count = count;
        return null;
    });

    /// <summary>The scene file as it is set now: itself, or a changed copy beside it, where its meshes are.</summary>
    private string Written()
    {
        string file = _files[_file];
        if (_ranges is not { IsChanged: true })
        {
            return file;
        }

        string changed = Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileNameWithoutExtension(file) + ".changed.json");
        File.WriteAllText(changed, _ranges.Text());
        return changed;
    }

    private void Preview()
    {
        string file = Written();
        long first = _first;
        _bench.Work.Start(JobKind.Preview, (progress, cancel) =>
        {
            SynthesisRequest request = Request(file, first, PreviewFrames);
            long began = _bench.Clock.GetTimestamp();
            List<Thumbnail> drawn = [];
            using (Synthesizer synthesizer = new(request.Scene))
            {
                foreach (RenderedFrame frame in synthesizer.Render(request.Seed, Enumerable.Range(0, request.Count).Select(i => first + i), cancel))
                {
                    drawn.Insert(0, new Thumbnail(LivePictures.Fit(frame.Picture, PreviewPixels), $"{frame.Part} {frame.Scene.Draws.Index}", frame.Verdict.Agreed ? Tone.Quiet : Tone.Bad));
                    progress.Report(new StageProgress("Preview", drawn.Count, request.Count));
                    Thumbnail[] all = [.. drawn];
                    _bench.Inbox.Post(() => Thumbnails = all);
                }
            }

            double seconds = _bench.Clock.GetElapsedTime(began).TotalSeconds;
            _bench.Inbox.Post(() => _perSecond = seconds > 0 ? drawn.Count / seconds : null);
            return Task.FromResult("The preview is drawn.");
        });
    }

    private void Start()
    {
        string file = Written();
        int count = Count;
        _bench.Work.Start(JobKind.Synthesis, async (progress, cancel) =>
        {
            SynthesisResult result = await SynthesisJob.RunAsync(Request(file, 0, count), _bench.Data(create: true), progress, cancel).ConfigureAwait(false);
            return result.Labels.Unresolved == 0
                ? $"Rendered {result.Frames} frames, {Figures.Number(result.FramesPerSecond)} a second; all labels agree with the geometry."
                : $"Rendered {result.Frames} frames; {result.Labels.Unresolved} have labels that do not agree with the geometry and are marked.";
        });
    }

    /// <summary>Frames of the planned parts that have a model, as the main job renders them; of the scene's own where none has.</summary>
    private SynthesisRequest Request(string file, long first, int count)
    {
        PartLibrary library = Scene.Load(file, bytes => ImageCodec.Decode(bytes)).Library;
        string[] parts = [.. (_bench.Rig?.Plan.Items.Keys ?? []).Where(p => library.Parts.Contains(new PartId(p))).Order(StringComparer.Ordinal)];
        return SynthesisRequest.Of(file, new Seed(Seed), first, count, parts, parts.Length > 0 ? _bench.Rig!.Plan.PosesPerItem : null);
    }

    private UiAction Make(string name, string key, string does, Action execute, Func<string?> hindrance, bool hinted = true) =>
        new(name, key, does, execute, Screen.Scenes) { Hindrance = hindrance, Hinted = hinted };
}
