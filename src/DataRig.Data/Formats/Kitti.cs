using System.Globalization;
using System.Text;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>
/// KITTI's object labels: a text file a picture with fifteen columns an object: type, truncated (0 to 1), occluded (0 not, 1 partly,
/// 2 largely), alpha, left, top, right, bottom in pixels, and the 3D columns as KITTI writes them where they are not known. Spaces in
/// types are written as %20. The frame's own part comes first.
/// </summary>
internal sealed class Kitti : IDatasetFormat
{
    private const string Unknown3D = "-1 -1 -1 -1000 -1000 -1000 -10";

    public string Name => "kitti";

    public string Title => "KITTI object detection: NVIDIA TAO, FiftyOne";

    public Carried Carries => Carried.Split | Carried.Boxes | Carried.Subpixel;

    public string PictureFile(FormatFrame frame, string name) => $"{frame.Subset ?? "training"}/image_2/{name}";

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        foreach (FormatFrame frame in frames)
        {
            StringBuilder lines = new();
            foreach (Annotation a in frame.Annotations.OrderBy(a => a.Part != frame.Part || a.Item != frame.Item))
            {
                double truncated = a.TruncatedFraction ?? (a.Truncated ? 1 : 0);
                int occluded = a.VisibleFraction >= 0.9 ? 0 : a.VisibleFraction >= 0.5 ? 1 : 2;
                lines.Append(CultureInfo.InvariantCulture, $"{a.Part.Value.Replace("%", "%25", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal)} {truncated:0.00} {occluded} -10 {a.Box.X:R} {a.Box.Y:R} {a.Box.Right:R} {a.Box.Bottom:R} {Unknown3D}\n");
            }

            writer.WriteText(LabelsOf(frame.File), lines.ToString());
        }
    }

    private static string LabelsOf(string picture) => Path.ChangeExtension(picture, ".txt").Replace("image_2/", "label_2/", StringComparison.Ordinal);

    public bool Recognizes(FormatReader reader) => reader.Files("*.txt").Any(f => f.Contains("label_2/", StringComparison.Ordinal));

    public IEnumerable<FormatFrame> Read(FormatReader reader)
    {
        foreach (string labels in reader.Files("*.txt").Where(f => f.Contains("label_2/", StringComparison.Ordinal)))
        {
            string stem = Path.ChangeExtension(labels, null).Replace("label_2/", "image_2/", StringComparison.Ordinal);
            string[] names = labels.Split('/');
            yield return new FormatFrame
            {
                File = new[] { ".jpg", ".png", ".jpeg", ".webp" }.Select(e => stem + e).FirstOrDefault(reader.Has) ?? stem + ".jpg",
                Where = labels,
                Source = FrameSource.Imported,
                Part = default,
                Item = default,
                // KITTI's own folders are training and testing, and the labels of testing are nobody's.
                Role = names.Length > 2 && names[^3] != "training" ? FormatFrame.RoleOf(names[^3]) : null,
                Annotations = [.. reader.ReadLines(labels).Select(l => Object(reader, l.Where, l.Line)).OfType<Annotation>()],
            };
        }
    }

    private static Annotation? Object(FormatReader reader, string where, string line)
    {
        string[] cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (cells[0] == "DontCare")
        {
            return null;
        }

        double?[] n = [.. cells.Skip(1).Select(XmlFields.Number)];
        if (cells.Length is not (15 or 16) || n.Any(v => v is null))
        {
            reader.Problems.Add(where, $"expected a type and 14 numbers, found {cells.Length} cells");
            return null;
        }

        string part = cells[0].Replace("%20", " ", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
        return new Annotation { Part = new PartId(part), Item = default, Box = new Box(n[3]!.Value, n[4]!.Value, n[5]!.Value - n[3]!.Value, n[6]!.Value - n[4]!.Value) };
    }
}
