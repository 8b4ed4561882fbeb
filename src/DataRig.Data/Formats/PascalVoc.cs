using System.Globalization;
using System.Xml.Linq;
using DataRig.Core;
using DataRig.Data.Images;

namespace DataRig.Data.Formats;

/// <summary>
/// Pascal VOC: <c>JPEGImages/</c>, an XML file a picture under <c>Annotations/</c>, and the split as lists under
/// <c>ImageSets/Main/</c>. Boxes are whole pixels counted from 1, the last one within. Where there are masks,
/// <c>SegmentationObject/</c> has a picture of the objects' numbers, in the order of the XML file, and <c>SegmentationClass/</c>
/// one of their classes' (VOC2012 development kit, sections 4 and 8).
/// </summary>
internal sealed class PascalVoc : IDatasetFormat
{
    public string Name => "voc";

    private const string Objects = "SegmentationObject", Classes = "SegmentationClass";

    /// <summary>Numbers from here on mean the edges of objects.</summary>
    private const int Edge = 255;

    public string Title => "Pascal VOC detection and segmentation: torchvision's VOCDetection and VOCSegmentation, TensorFlow, labelImg";

    public Carried Carries => Carried.All & ~(Carried.Subpixel | Carried.Overlaps);

    public string PictureFile(FormatFrame frame, string name) => $"JPEGImages/{name}";

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        foreach (FormatFrame frame in frames)
        {
            string stem = Path.GetFileNameWithoutExtension(frame.File);
            bool segmented = frame.Annotations.Any(a => a.Mask is not null);
            if (segmented)
            {
                WriteMasks(frame, stem, writer);
                writer.Line($"ImageSets/Segmentation/{frame.Subset ?? "trainval"}.txt", stem);
            }

            writer.WriteXml($"Annotations/{stem}.xml", new XElement(
                "annotation",
                new XElement("folder", "JPEGImages"),
                new XElement("filename", Path.GetFileName(frame.File)),
                new XElement("path", frame.File),
                new XElement("source", new XElement("database", "DataRig")),
                new XElement("size", new XElement("width", frame.Width), new XElement("height", frame.Height), new XElement("depth", 3)),
                new XElement("segmented", segmented ? 1 : 0),
                XmlFields.Element(Fields.OfFrame, frame),
                frame.Annotations.Select(Element)));
            writer.Line($"ImageSets/Main/{frame.Subset ?? "trainval"}.txt", stem);
        }
    }

    private static void WriteMasks(FormatFrame frame, string stem, FormatWriter writer)
    {
        byte[] objects = new byte[frame.Width * frame.Height], classes = new byte[objects.Length];
        for (int i = 0; i < frame.Annotations.Count; i++)
        {
            (int number, int index) = (i + 1, writer.IndexOf(frame.Annotations[i].Part) + 1);
            if (Math.Max(number, index) >= Edge)
            {
                throw new WorkFailedException($"Pascal VOC's masks know at most {Edge - 1} classes and as many objects in a picture, and {stem} has more; export in another format, or fewer parts with --filter.");
            }

            byte[] pixels = frame.Annotations[i].Mask?.ToPixels() ?? [];
            for (int p = 0; p < pixels.Length; p++)
            {
                if (pixels[p] != 0)
                {
                    (objects[p], classes[p]) = ((byte)number, (byte)index);
                }
            }
        }

        writer.WriteBytes($"{Objects}/{stem}.png", IndexPng.Encode(frame.Width, frame.Height, objects));
        writer.WriteBytes($"{Classes}/{stem}.png", IndexPng.Encode(frame.Width, frame.Height, classes));
    }

    private static XElement Element(Annotation annotation)
    {
        Box box = Outwards.Of(annotation.Box);
        return new XElement(
            "object",
            new XElement("name", annotation.Part.Value),
            new XElement("pose", "Unspecified"),
            new XElement("truncated", annotation.Truncated ? 1 : 0),
            new XElement("difficult", 0),
            new XElement("bndbox", new XElement("xmin", box.X + 1), new XElement("ymin", box.Y + 1), new XElement("xmax", box.Right), new XElement("ymax", box.Bottom)),
            XmlFields.Element(Fields.OfAnnotation, annotation));
    }

    public bool Recognizes(FormatReader reader) => LabelFiles(reader).Any();

    public IEnumerable<FormatFrame> Read(FormatReader reader)
    {
        Dictionary<string, SplitRole> roles = [];
        foreach (string list in reader.Files("*.txt").Where(f => f.EndsWith($"ImageSets/Main/{Path.GetFileName(f)}", StringComparison.Ordinal)))
        {
            foreach ((string where, string line) in FormatFrame.RoleOf(Path.GetFileNameWithoutExtension(list)) is null ? [] : reader.ReadLines(list))
            {
                SplitRole role = FormatFrame.RoleOf(Path.GetFileNameWithoutExtension(list))!.Value;
                if (!roles.TryAdd(line.Trim(), role) && roles[line.Trim()] != role)
                {
                    reader.Problems.Add(where, $"\"{Fields.Short(line.Trim())}\" is in two lists; keep it in one");
                }
            }
        }

        foreach (string file in LabelFiles(reader))
        {
            if (reader.ReadXml(file) is { } root)
            {
                yield return ReadFile(reader, file, root, roles.TryGetValue(Path.GetFileNameWithoutExtension(file), out SplitRole role) ? role : null);
            }
        }
    }

    private static IEnumerable<string> LabelFiles(FormatReader reader) => reader.Files("*.xml").Where(f => reader.Head(f).Contains("<annotation", StringComparison.Ordinal) && !reader.Head(f).Contains("<annotations", StringComparison.Ordinal));

    private static FormatFrame ReadFile(FormatReader reader, string file, XElement root, SplitRole? role)
    {
        string stem = Path.GetFileNameWithoutExtension(file), top = $"{Path.GetDirectoryName(Path.GetDirectoryName(file))}/".TrimStart('/');
        string named = root.Element("filename")?.Value is { Length: > 0 } name ? name : Path.GetFileNameWithoutExtension(file);
        string beside = $"{top}JPEGImages";
        string? Picture() => new[] { ".jpg", ".jpeg", ".png" }.Select(e => $"{beside}/{stem}{e}").FirstOrDefault(reader.Has) ?? reader.PictureOf(stem);
        (int Width, int Height, byte[] Numbers)? masks = ReadMasks(reader, $"{top}{Objects}/{stem}.png");
        Mask? Mask(int number) => masks is { } m && m.Numbers.AsSpan().Contains((byte)number) ? Core.Mask.FromPixels(m.Width, m.Height, [.. m.Numbers.Select(n => n == number ? (byte)1 : (byte)0)]) : null;
        FormatFrame frame = new()
        {
            File = reader.Picture(named, beside, "JPEGImages", Path.GetDirectoryName(file)!, "") is var picture && reader.Has(picture) ? picture : Picture() ?? picture,
            Where = file,
            Source = FrameSource.Imported,
            Part = default,
            Item = default,
            Role = role,
            Width = (int)(XmlFields.Number(root.Element("size")?.Element("width")?.Value) ?? 0),
            Height = (int)(XmlFields.Number(root.Element("size")?.Element("height")?.Value) ?? 0),
            Annotations = [.. root.Elements("object").Select((o, i) => ReadObject(reader, file, o) is { } read ? read with { Mask = Mask(i + 1) } : null).OfType<Annotation>()],
        };
        return XmlFields.Fill(reader, file, root.Element(Fields.Group), Fields.OfFrame, frame);
    }

    private static (int Width, int Height, byte[] Numbers)? ReadMasks(FormatReader reader, string file)
    {
        try
        {
            return reader.Has(file) && reader.ReadBytes(file) is { } bytes ? IndexPng.Decode(bytes) : null;
        }
        catch (WorkFailedException e)
        {
            reader.Problems.Add(file, e.Message);
            return null;
        }
    }

    private static Annotation? ReadObject(FormatReader reader, string file, XElement element)
    {
        double?[] box = [.. new[] { "xmin", "ymin", "xmax", "ymax" }.Select(side => XmlFields.Number(element.Element("bndbox")?.Element(side)?.Value))];
        if (element.Element("name")?.Value is not { Length: > 0 } name || box is not [{ } left, { } top, { } right, { } bottom])
        {
            reader.Problems.Add(FormatReader.Place(file, element), "an object has a name, and a bndbox with xmin, ymin, xmax and ymax");
            return null;
        }

        Annotation annotation = new() { Part = new PartId(name), Item = default, Box = new Box(left - 1, top - 1, right - left + 1, bottom - top + 1), Truncated = element.Element("truncated")?.Value.Trim() == "1" };
        return XmlFields.Fill(reader, file, element.Element(Fields.Group), Fields.OfAnnotation, annotation);
    }
}

/// <summary>Our fields as attributes of an XML element.</summary>
internal static class XmlFields
{
    /// <summary>An element of ours with what there is to say.</summary>
    public static XElement Element<T>(Field<T>[] fields, T value) => new(Fields.Group, Fields.Of(fields, value).Select(f => new XAttribute(f.Key, f.Value)));

    public static T Fill<T>(FormatReader reader, string file, XElement? element, Field<T>[] fields, T value) => element is null
        ? value
        : Fields.Fill(fields, value, element.Attributes().Select(a => KeyValuePair.Create(a.Name.LocalName, a.Value)), what => reader.Problems.Add(FormatReader.Place(file, element), what));

    public static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;
}
