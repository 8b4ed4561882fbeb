using System.Globalization;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>A column of a table; its cells are texts, numbers among them.</summary>
internal sealed record Column(string Name, bool Numeric);

/// <summary>
/// Frames as a table, with a row a frame, and what is marked in them as another, with a row an annotation that names its frame's
/// file. What kind of file the tables are is for those who derive from it.
/// </summary>
internal abstract class Tables : IDatasetFormat
{
    public const string Frames = "frames", Annotations = "annotations";

    private static readonly Column[] FrameColumns = [new("file", false), new("width", true), new("height", true), .. Fields.OfFrame.Select(f => new Column(f.Key, f.Numeric))];

    private static readonly Column[] AnnotationColumns =
        [new("file", false), new("part", false), new("x", true), new("y", true), new("boxWidth", true), new("boxHeight", true), new("mask", false), .. Fields.OfAnnotation.Select(f => new Column(f.Key, f.Numeric))];

    public abstract string Name { get; }

    public abstract string Title { get; }

    public Carried Carries => Carried.All;

    public int Likelihood => 3;

    /// <summary>With the dot.</summary>
    protected abstract string Extension { get; }

    /// <summary>Begins a file; rows are added until it is disposed.</summary>
    protected abstract ITableWriter Begin(Stream stream, Column[] columns);

    /// <summary>The rows of a file with their places, each cell by its column's name, empty ones left out.</summary>
    protected abstract IEnumerable<(string Where, Dictionary<string, string> Cells)> Rows(FormatReader reader, string file, Column[] known, string[] required);

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        using ITableWriter rows = Begin(writer.Stream(Frames + Extension), FrameColumns), marked = Begin(writer.Stream(Annotations + Extension), AnnotationColumns);
        foreach (FormatFrame frame in frames)
        {
            rows.Add([frame.File, Whole(frame.Width), Whole(frame.Height), .. Fields.OfFrame.Select(f => f.Get(frame))]);
            foreach (Annotation a in frame.Annotations)
            {
                string? mask = a.Mask is { } pixels ? MaskRle.Encode(pixels) : null;
                marked.Add([frame.File, a.Part.Value, Fields.Of(a.Box.X), Fields.Of(a.Box.Y), Fields.Of(a.Box.Width), Fields.Of(a.Box.Height), mask, .. Fields.OfAnnotation.Select(f => f.Get(a))]);
            }
        }
    }

    public bool Recognizes(FormatReader reader) => reader.Has(Frames + Extension);

    public IEnumerable<FormatFrame> Read(FormatReader reader)
    {
        List<(FormatFrame Frame, string Place)> frames = [];
        Dictionary<string, int> index = new(StringComparer.Ordinal);
        foreach ((string where, Dictionary<string, string> cells) in Rows(reader, Frames + Extension, FrameColumns, ["file", "part", "item"]))
        {
            FormatFrame frame = new() { File = cells["file"], Where = where, Source = FrameSource.Imported, Part = new PartId(cells["part"]), Item = new ItemId(cells["item"]), Width = Size(cells, "width"), Height = Size(cells, "height") };
            // "./a.jpg" and "a.jpg" are one file; where it is does not matter here.
            string place = Path.GetFullPath(frame.File, "/");
            if (index.TryAdd(place, frames.Count))
            {
                reader.CountRow();
                frames.Add((Fields.Fill(Fields.OfFrame, frame, cells, what => reader.Problems.Add(where, what)), place));
            }
            else
            {
                reader.Problems.Add(where, $"\"{Fields.Short(frame.File)}\" stands in line {frames[index[place]].Frame.Where.Split(':')[^1]} already; keep one of them");
            }
        }

        Dictionary<string, List<Annotation>> annotations = [];
        if (reader.Has(Annotations + Extension))
        {
            foreach ((string where, Dictionary<string, string> cells) in Rows(reader, Annotations + Extension, AnnotationColumns, ["file", "part", "x", "y", "boxWidth", "boxHeight"]))
            {
                string place = Path.GetFullPath(cells["file"], "/");
                if (!index.TryGetValue(place, out int at))
                {
                    reader.Problems.Add(where, $"there is no frame \"{Fields.Short(cells["file"])}\" in {Frames}{Extension}");
                }
                else if (ReadAnnotation(reader, where, cells, frames[at].Frame) is { } annotation)
                {
                    reader.CountRow();
                    (annotations.TryGetValue(place, out List<Annotation>? list) ? list : annotations[place] = []).Add(annotation);
                }
            }
        }

        return frames.Select(f => f.Frame with { Annotations = annotations.GetValueOrDefault(f.Place, []) });
    }

    private static Annotation? ReadAnnotation(FormatReader reader, string where, Dictionary<string, string> cells, FormatFrame frame)
    {
        try
        {
            double[] box = [.. new[] { "x", "y", "boxWidth", "boxHeight" }.Select(side => Fields.Number(cells[side]))];
            Mask? mask = cells.TryGetValue("mask", out string? runs) ? MaskRle.Decode(frame.Width, frame.Height, runs) : null;
            return Fields.Fill(Fields.OfAnnotation, new Annotation { Part = new PartId(cells["part"]), Item = default, Box = new Box(box[0], box[1], box[2], box[3]), Mask = mask }, cells, what => reader.Problems.Add(where, what));
        }
        catch (FormatException e)
        {
            reader.Problems.Add(where, $"the box or mask cannot be read: {e.Message}");
            return null;
        }
    }

    private static int Size(Dictionary<string, string> cells, string key) => cells.TryGetValue(key, out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0;

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A table that rows are added to.</summary>
internal interface ITableWriter : IDisposable
{
    /// <param name="cells">One for each column; null leaves it empty.</param>
    void Add(string?[] cells);
}
