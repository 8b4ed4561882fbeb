using System.Globalization;
using System.Text;
using DataRig.Core;
using YamlDotNet.RepresentationModel;

namespace DataRig.Data.Formats;

/// <summary>
/// Ultralytics' YOLO datasets: <c>data.yaml</c> with the classes, and beside each picture under <c>images/</c> a text file under
/// <c>labels/</c> with a line an object, in shares of the picture. Pictures lie in a folder for each part and item, which YOLO passes
/// over and we read again.
/// </summary>
internal abstract class Yolo : IDatasetFormat
{
    protected const int BoxCells = 5;

    private const string Yaml = "data.yaml";

    public abstract string Name { get; }

    public abstract string Title { get; }

    public abstract Carried Carries { get; }

    public string PictureFile(FormatFrame frame, string name) => $"images/{frame.Subset ?? "all"}/{frame.Part}/{frame.Item}/{name}";

    /// <summary>Whether a line of this many cells is this one's.</summary>
    protected abstract bool IsLine(int cells);

    /// <summary>The line's numbers after the class, in shares of the picture.</summary>
    protected abstract double[] Shape(Annotation annotation, FormatFrame frame);

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        SortedSet<string> subsets = new(StringComparer.Ordinal);
        foreach (FormatFrame frame in frames)
        {
            subsets.Add(frame.Subset ?? "all");
            if (frame.Annotations.Count > 0)
            {
                StringBuilder lines = new();
                foreach (Annotation annotation in frame.Annotations)
                {
                    lines.Append(writer.IndexOf(annotation.Part)).Append(' ').AppendJoin(' ', Shape(annotation, frame).Select(v => v.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
                }

                writer.WriteText(LabelsOf(frame.File), lines.ToString());
            }
        }

        // Without a split everything is trained and validated on: YOLO starts without neither.
        string[] yaml =
        [
            "path: .",
            .. new[] { "train", "val", "test" }.Where(s => subsets.Contains(s) || (subsets.Contains("all") && s != "test")).Select(s => $"{s}: images/{(subsets.Contains(s) ? s : "all")}"),
            $"nc: {writer.Parts.Count}",
            "names:",
            .. writer.Parts.Select(p => $"  - {System.Text.Json.JsonSerializer.Serialize(p.Value, Relaxed)}"),
        ];
        writer.WriteText(Yaml, string.Join('\n', yaml) + "\n");
    }

    public bool Recognizes(FormatReader reader)
    {
        if (YamlFile(reader) is null)
        {
            return false;
        }

        // The first object tells boxes from polygons; a dataset without any is one of boxes.
        string? first = reader.Files("*.txt").Where(f => f.Split('/').Contains("labels")).Select(f => reader.Head(f).Split('\n')[0].Trim()).FirstOrDefault(l => l.Length > 0);
        return IsLine(first?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length ?? BoxCells);
    }

    public IEnumerable<FormatFrame> Read(FormatReader reader)
    {
        if (YamlFile(reader) is not { } yaml || Names(reader, yaml) is not { } names)
        {
            yield break;
        }

        HashSet<string> known = [.. names];
        HashSet<string> used = [];
        foreach (string picture in reader.Pictures())
        {
            string[] folders = picture.Split('/')[..^1];
            int subset = Array.FindLastIndex(folders, f => FormatFrame.RoleOf(f) is not null || f == "all");
            string[] below = subset < 0 ? [] : folders[(subset + 1)..];
            string labels = LabelsOf(picture);
            used.Add(labels);
            bool ours = below.Length == 2 && known.Contains(below[0]);
            yield return new FormatFrame
            {
                File = picture,
                Where = picture,
                Source = FrameSource.Imported,
                Part = ours ? new PartId(below[0]) : default,
                Item = ours ? new ItemId(below[1]) : default,
                Role = subset < 0 ? null : FormatFrame.RoleOf(folders[subset]),
                Annotations = [.. Objects(reader, picture, labels, names)],
            };
        }

        foreach (string lost in reader.Files("*.txt").Where(f => f.Split('/').Contains("labels") && !used.Contains(f)))
        {
            reader.Problems.Add(lost, "there is no picture that these labels are of");
        }
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string LabelsOf(string picture)
    {
        string[] names = Path.ChangeExtension(picture, ".txt").Split('/');
        int at = Array.LastIndexOf(names, "images", names.Length - 1);
        if (at >= 0)
        {
            names[at] = "labels";
        }

        return string.Join('/', names);
    }

    private static IEnumerable<Annotation> Objects(FormatReader reader, string picture, string labels, string[] names)
    {
        if (!reader.Has(labels))
        {
            yield break; // a picture without an object
        }

        ImageHeader? size = null;
        foreach ((string where, string line) in reader.ReadLines(labels))
        {
            string[] cells = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            double[] numbers = [.. cells.Skip(1).Select(c => double.TryParse(c, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) ? n : double.NaN)];
            bool polygon = numbers.Length >= 6 && numbers.Length % 2 == 0;
            if (!int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index >= names.Length)
            {
                reader.Problems.Add(where, $"there is no class {Fields.Short(cells[0])}; {Yaml} names {names.Length}, from 0");
            }
            else if ((numbers.Length != 4 && !polygon) || numbers.Any(n => !double.IsFinite(n)))
            {
                reader.Problems.Add(where, $"expected a class and four numbers, or the points of a polygon, found {cells.Length} cells");
            }
            else if (numbers.Any(n => n is < -0.01 or > 1.01))
            {
                reader.Problems.Add(where, "a number is not from 0 to 1; YOLO counts in shares of the picture, not in pixels or percent");
            }
            else if ((size ??= Size(reader, picture)) is { } s)
            {
                yield return Object(new PartId(names[index]), numbers, s.Width, s.Height);
            }
            else
            {
                yield break; // whoever checks pictures says what is wrong with it
            }
        }
    }

    private static Annotation Object(PartId part, double[] n, int width, int height)
    {
        if (n.Length == 4)
        {
            return new Annotation { Part = part, Item = default, Box = new Box((n[0] - (n[2] / 2)) * width, (n[1] - (n[3] / 2)) * height, n[2] * width, n[3] * height) };
        }

        double[] points = [.. n.Select((v, i) => v * (i % 2 == 0 ? width : height))];
        double left = points.Where((_, i) => i % 2 == 0).Min(), right = points.Where((_, i) => i % 2 == 0).Max(), top = points.Where((_, i) => i % 2 == 1).Min(), bottom = points.Where((_, i) => i % 2 == 1).Max();
        Box box = new(left, top, right - left, bottom - top);
        bool closedBox = n.Length == 10 && n[0] == n[8] && n[1] == n[9];
        Mask? mask = closedBox ? null : MaskOutline.Fill(width, height, [points]);
        return new Annotation { Part = part, Item = default, Box = mask?.Bounds() ?? box, Mask = mask is { Area: > 0 } ? mask : null };
    }

    /// <summary>A picture's size; null where it cannot be told.</summary>
    private static ImageHeader? Size(FormatReader reader, string picture)
    {
        try
        {
            return ImageCodec.Identify(File.ReadAllBytes(Path.Combine(reader.Folder, picture)));
        }
        catch (WorkFailedException)
        {
            return null;
        }
    }

    private static string? YamlFile(FormatReader reader) => reader.Files("*.yaml").Concat(reader.Files("*.yml")).FirstOrDefault(f => reader.Head(f).Split('\n').Any(l => l.StartsWith("names:", StringComparison.Ordinal)));

    private static YamlNode? Child(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? child) ? child : null;

    /// <summary>The classes by their numbers; null, and a problem noted, where they cannot be read.</summary>
    private static string[]? Names(FormatReader reader, string file)
    {
        try
        {
            YamlStream yaml = [];
            yaml.Load(new StringReader(reader.ReadText(file) ?? ""));
            YamlNode? names = yaml.Documents.FirstOrDefault()?.RootNode is YamlMappingNode root ? Child(root, "names") : null;
            string?[] found = names switch
            {
                YamlSequenceNode list => [.. list.Select(n => (n as YamlScalarNode)?.Value)],
                YamlMappingNode map => [.. Enumerable.Range(0, map.Children.Count).Select(i => (Child(map, i.ToString(CultureInfo.InvariantCulture)) as YamlScalarNode)?.Value)],
                _ => [],
            };
            if (found.Length > 0 && found.All(n => n is not null))
            {
                return found!;
            }

            reader.Problems.Add(names is null ? file : $"{file}:{names.Start.Line}", "\"names\" must list the classes, or number them from 0");
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            reader.Problems.Add($"{file}:{e.Start.Line}:{e.Start.Column}", $"this is not YAML: {e.Message.TrimEnd('.')}");
        }

        return null;
    }
}

/// <summary>Boxes: class, centre and size.</summary>
internal sealed class YoloDetection : Yolo
{
    public override string Name => "yolo";

    public override string Title => "Ultralytics YOLO detection";

    public override Carried Carries => Carried.Item | Carried.Split | Carried.Boxes | Carried.Subpixel | Carried.Unmarked;

    protected override bool IsLine(int cells) => cells <= BoxCells;

    protected override double[] Shape(Annotation annotation, FormatFrame frame) =>
        [annotation.Box.Center.X / frame.Width, annotation.Box.Center.Y / frame.Height, annotation.Box.Width / frame.Width, annotation.Box.Height / frame.Height];
}

/// <summary>Masks as polygons; what has none is outlined by its box, a polygon of five points that ends where it began.</summary>
internal sealed class YoloSegmentation : Yolo
{
    public override string Name => "yolo-seg";

    public override string Title => "Ultralytics YOLO segmentation";

    public override Carried Carries => Carried.Item | Carried.Split | Carried.Boxes | Carried.Masks | Carried.Subpixel | Carried.Unmarked;

    protected override bool IsLine(int cells) => cells > BoxCells;

    protected override double[] Shape(Annotation annotation, FormatFrame frame)
    {
        Box b = annotation.Box;
        double[] points = annotation.Mask is { Area: > 0 } mask ? MaskOutline.Polygon(mask) : [b.X, b.Y, b.Right, b.Y, b.Right, b.Bottom, b.X, b.Bottom, b.X, b.Y];
        return [.. points.Select((v, i) => v / (i % 2 == 0 ? frame.Width : frame.Height))];
    }
}
