using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;

namespace DataRig.Tui.Models;

/// <summary>What a dataset holds: parts by items, how evenly they were seen, what the audit found, and the frames themselves.</summary>
internal sealed class DatasetModel
{
    private const int Sectors = 24, GridPixels = 64;
    private const string Bars = " ▁▂▃▄▅▆▇█";

    private readonly Workbench _bench;
    private readonly FramePictures _pictures;
    private IReadOnlyList<FrameRecord> _frames = [];
    private IReadOnlyList<Row> _rows = [];
    private string? _loaded;
    private bool _loading;
    private AuditReport? _audit;
    private int _row;
    private int _cell;
    private int _first;
    private (int Columns, int Rows) _grid = (1, 1);

    public DatasetModel(Workbench bench)
    {
        _bench = bench;
        _pictures = new FramePictures(bench.Inbox);
        Actions =
        [
            Make("Browse or list", KeyName.Tab, "goes from the list to its frames and back", () => Browsing = !Browsing, () => _rows.Count > 0 ? null : Nothing),
            Make("Down", KeyName.Down, "the next row, or the frame below", () => Move(1, vertical: true), Some, hinted: false),
            Make("Up", KeyName.Up, "the row before, or the frame above", () => Move(-1, vertical: true), Some, hinted: false),
            Make("Right", KeyName.Right, "the next frame", () => Move(1, vertical: false), Some, hinted: false),
            Make("Left", KeyName.Left, "the frame before", () => Move(-1, vertical: false), Some, hinted: false),
            Make("Page down", KeyName.PageDown, "a page of frames on", () => Page(1), Some, hinted: false),
            Make("Page up", KeyName.PageUp, "a page of frames back", () => Page(-1), Some, hinted: false),
            Make("Relabel", "e", "says of which part and item the chosen frame is", Relabel, OnFrame),
            Make("Drop into the trash", "d", "puts the chosen frame into the trash; u brings it back", Drop, OnFrame),
            Make("Confirm", "c", "notes that somebody looked at the chosen frame and found it right", Confirm, OnFrame),
            Make("Undo the last edit", "u", "takes the last edit back", Undo, () => _bench.HasData ? null : Nothing),
            Make("Audit", "a", "looks at every frame, label and file for what could spoil training", Audit, () => _bench.Work.IsRunning(JobKind.Audit) ? "An audit runs already." : _bench.HasData ? null : Nothing),
            Make("Open a dataset", "o", "works with another dataset", () => _bench.Open(Welcome.DataForm(_bench)), () => null),
        ];
    }

    private const string Nothing = "There is no dataset yet: capture on 1, or open one with o.";

    public IReadOnlyList<UiAction> Actions { get; }

    /// <summary>Whether the arrow keys go through the frames rather than the list.</summary>
    public bool Browsing { get; private set; }

    /// <summary>Reads the catalog again, beside the screen, where it may have changed.</summary>
    public void Refresh()
    {
        if (!_bench.HasData || _loading)
        {
            return;
        }

        _loading = true;
        string folder = _bench.DataFolder;
        _ = Task.Run(() =>
        {
            try
            {
                IReadOnlyList<FrameRecord> frames = _bench.Data(folder, create: false).Frames();
                _bench.Inbox.Post(() => Take(folder, frames));
            }
            catch (DataRigException e)
            {
                _bench.Inbox.Post(() => _bench.Notice(e.Message, Tone.Bad));
            }
            finally
            {
                _bench.Inbox.Post(() => _loading = false);
            }
        });
    }

    /// <summary>Parts and their items, the chosen row marked.</summary>
    public IReadOnlyList<TextLine> List() => _rows.Count == 0
        ? [new TextLine(_bench.HasData ? _loading ? "Reading ..." : "The dataset has no frame." : Nothing, Tone.Quiet)]
        :
        [
            new TextLine($"  {"part, item",-16}{"taken",6}{"drawn",6}{"poses",6}{"seen",6}", Tone.Quiet),
            .. _rows.Select((r, i) => new TextLine(
                new Piece(i == _row ? "› " : "  ", Tone.Accent),
                new Piece(
                    string.Create(CultureInfo.InvariantCulture, $"{Cut(r.Item is null ? r.Part.Value : "  " + r.Item, 15),-16}{r.Photographed.Count,6}{r.Rendered,6}{r.Poses,6}{(r.Photographed.Count == 0 ? "" : $"{100 * Coverage(r.Photographed):0}%"),6}"),
                    i == _row && !Browsing ? Tone.Chosen : r.Item is null ? Tone.Strong : Tone.Plain))),
        ];

    /// <summary>The row of <see cref="List"/> to keep in sight.</summary>
    public int Focus => _rows.Count == 0 ? 0 : _row + 1;

    /// <summary>What is known of the chosen row, and what the audit found.</summary>
    public IReadOnlyList<TextLine> Details()
    {
        List<TextLine> lines = [];
        if (_rows.Count > 0)
        {
            Row row = _rows[_row];
            int[] sectors = SectorsOf(row.Photographed);
            int most = Math.Max(1, sectors.Max());
            lines.Add(new TextLine(new Piece($"{row.Part}{(row.Item is null ? "" : ", " + row.Item)}: ", Tone.Strong), new Piece($"{row.Sessions} session{(row.Sessions == 1 ? "" : "s")}, {row.Reviewed} looked at", Tone.Plain)));
            lines.Add(new TextLine(new Piece("seen ", Tone.Quiet), new Piece(string.Concat(sectors.Select(s => Bars[s == 0 ? 0 : 1 + ((s * (Bars.Length - 2)) / most)])), Tone.Accent), new Piece($" {sectors.Count(s => s > 0)}/{Sectors}", Tone.Quiet)));
        }

        if (Frame is { } frame && Browsing)
        {
            string doubt = frame.Marks.Count > 0 ? "; " + string.Join(", ", frame.Marks) : "";
            lines.Add(new TextLine(new Piece($"frame {frame.Id} ", Tone.Strong), new Piece($"{frame.Part} {frame.Item}, {frame.Source.ToString().ToLowerInvariant()}{(frame.AzimuthDegrees is { } a ? $", {Figures.Degrees(a)}" : "")}{doubt}", Tone.Plain)));
        }

        if (_bench.Work.Last(JobKind.Audit) is { IsRunning: true } job)
        {
            lines.Add(new TextLine($"audit {Figures.Progress(job)}", Tone.Accent));
        }
        else if (_audit is { } audit)
        {
            lines.Add(audit.Findings.Count == 0
                ? new TextLine($"audit: {audit.Frames} frames, nothing wrong", Tone.Good)
                : new TextLine($"audit: {audit.Findings.Count} findings; {audit.Findings[0].What}", audit.Sound ? Tone.Warn : Tone.Bad));
        }
        else
        {
            lines.Add(new TextLine("a audits the dataset", Tone.Quiet));
        }

        return lines;
    }

    /// <summary>The frames of the chosen row that fit into a grid, and which of them is chosen; -1 for none.</summary>
    public (IReadOnlyList<Thumbnail> Cells, int Chosen) Grid(int columns, int rows)
    {
        _grid = (columns, rows);
        if (_rows.Count == 0)
        {
            return ([], -1);
        }

        IReadOnlyList<FrameRecord> frames = _rows[_row].All;
        _first = Math.Clamp(_first, Math.Max(0, (_cell / columns - rows + 1) * columns), _cell / columns * columns);
        Dataset dataset = _bench.Data(create: false);
        return ([.. frames.Skip(_first).Take(columns * rows).Select(f => new Thumbnail(
            _pictures.Of(dataset, f, GridPixels),
            f.AzimuthDegrees is { } azimuth ? string.Create(CultureInfo.InvariantCulture, $"{azimuth:0}° {Short(f)}") : Short(f),
            f.Marks.Count > 0 ? Tone.Warn : f.Review == ReviewState.Reviewed ? Tone.Good : Tone.Quiet))], Browsing ? _cell - _first : -1);
    }

    /// <summary>A click on a row of the list, from 0 with the heading.</summary>
    public void ClickRow(int line)
    {
        if (line >= 1 && line <= _rows.Count)
        {
            (_row, _cell, Browsing) = (line - 1, 0, false);
        }
    }

    /// <summary>A click on a picture of the grid.</summary>
    public void ClickCell(int index)
    {
        if (_rows.Count > 0 && _first + index < _rows[_row].All.Count)
        {
            (_cell, Browsing) = (_first + index, true);
        }
    }

    /// <summary>The chosen frame; null where there is none.</summary>
    public FrameRecord? Frame => _rows.Count > 0 && _cell < _rows[_row].All.Count ? _rows[_row].All[_cell] : null;

    private static EditedBy By => new(Environment.UserName.Length > 0 ? Environment.UserName : "tui");

    private void Take(string folder, IReadOnlyList<FrameRecord> frames)
    {
        if (folder != _loaded)
        {
            (_loaded, _row, _cell, _audit, Browsing) = (folder, 0, 0, null, false);
        }

        _frames = frames;
        List<Row> rows = [];
        foreach (IGrouping<PartId, FrameRecord> part in frames.GroupBy(f => f.Part).OrderBy(p => p.Key))
        {
            rows.Add(new Row(part.Key, null, [.. part]));
            rows.AddRange(part.Where(f => f.Source != FrameSource.Rendered).GroupBy(f => f.Item).OrderBy(i => i.Key).Select(i => new Row(part.Key, Name(part.Key, i.Key), [.. i])));
        }

        _rows = rows;
        _row = Math.Clamp(_row, 0, Math.Max(0, rows.Count - 1));
        _cell = rows.Count == 0 ? 0 : Math.Clamp(_cell, 0, Math.Max(0, rows[_row].All.Count - 1));
    }

    private void Move(int by, bool vertical)
    {
        if (Browsing)
        {
            int to = _cell + (vertical ? by * _grid.Columns : by);
            _cell = to >= 0 && to < _rows[_row].All.Count ? to : _cell;
        }
        else
        {
            (_row, _cell) = (Math.Clamp(_row + by, 0, _rows.Count - 1), 0);
        }
    }

    private void Page(int by)
    {
        if (Browsing)
        {
            _cell = Math.Clamp(_cell + (by * _grid.Columns * _grid.Rows), 0, _rows[_row].All.Count - 1);
        }
        else
        {
            (_row, _cell) = (Math.Clamp(_row + (by * 10), 0, _rows.Count - 1), 0);
        }
    }

    private void Relabel() => _bench.Open(FrameEdits.RelabelForm(_bench, _bench.Data(create: false), Frame!, [.. _frames.Select(f => f.Part).Distinct().Order()], Refresh));

    private void Drop()
    {
        FrameEdits.Drop(_bench, _bench.Data(create: false), Frame!);
        Refresh();
    }

    private void Confirm()
    {
        _bench.Data(create: false).Confirm([Frame!.Id], By);
        _bench.Notice($"Frame {Frame.Id} is confirmed.", Tone.Good);
        Refresh();
    }

    private void Undo()
    {
        FrameEdits.Undo(_bench, _bench.Data(create: false));
        Refresh();
    }

    private void Audit() => _bench.Work.Start(JobKind.Audit, async (progress, cancel) =>
    {
        AuditReport report = await AuditJob.RunAsync(_bench.Data(create: false), filesOnly: false, progress, cancel).ConfigureAwait(false);
        _bench.Inbox.Post(() => _audit = report);
        return report.Findings.Count == 0 ? $"{report.Frames} frames audited, nothing is wrong." : $"The audit has {report.Findings.Count} findings.";
    });

    private string? Some() => _rows.Count > 0 ? null : Nothing;

    private string? OnFrame() => Frame is null ? Nothing : Browsing ? null : "Tab goes to the frames first.";

    private static int[] SectorsOf(IReadOnlyList<FrameRecord> frames)
    {
        int[] sectors = new int[Sectors];
        foreach (double azimuth in frames.Select(f => f.AzimuthDegrees).OfType<double>())
        {
            sectors[(int)(azimuth * Sectors / 360) % Sectors]++;
        }

        return sectors;
    }

    private static double Coverage(IReadOnlyList<FrameRecord> frames) => SectorsOf(frames).Count(s => s > 0) / (double)Sectors;

    private static string Name(PartId part, ItemId item) => item.Value.StartsWith(part.Value + "-", StringComparison.Ordinal) ? item.Value[(part.Value.Length + 1)..] : item.Value;

    private static string Short(FrameRecord frame) => Name(frame.Part, frame.Item);

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";

    private UiAction Make(string name, string key, string does, Action execute, Func<string?> hindrance, bool hinted = true) =>
        new(name, key, does, execute, Screen.Dataset) { Hindrance = hindrance, Hinted = hinted };

    /// <summary>A part, or one item of it, with its frames.</summary>
    private sealed record Row(PartId Part, string? Item, IReadOnlyList<FrameRecord> All)
    {
        public IReadOnlyList<FrameRecord> Photographed { get; } = [.. All.Where(f => f.Source != FrameSource.Rendered)];

        public int Rendered { get; } = All.Count(f => f.Source == FrameSource.Rendered);

        public int Poses { get; } = All.Where(f => f.Source != FrameSource.Rendered).Select(f => f.Pose).Distinct().Count();

        public int Sessions { get; } = All.Select(f => f.Session).OfType<SessionId>().Distinct().Count();

        public int Reviewed { get; } = All.Count(f => f.Review == ReviewState.Reviewed);
    }
}
