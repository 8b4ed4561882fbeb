using System.Globalization;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>
/// CVAT for images 1.1: one <c>annotations.xml</c> with an element an image, the part as its tag, boxes, and masks as run lengths
/// within their box or, where wanted, as polygons. A box and its mask have one group. What CVAT has no attribute for is written as attributes
/// of its own, by name; <c>cvat-labels.json</c> declares them for a task.
/// </summary>
internal sealed class Cvat : ICorrectedFormat
{
    public string Name => "cvat";

    public string Title => "CVAT for images 1.1";

    public string Tool => "cvat";

    public Carried Carries => Carried.All;

    public int Likelihood => 2;

    /// <summary>What each label carries besides its name there.</summary>
    private static readonly string[] AttributeNames = [.. Fields.OfSent.Select(f => f.Key).Union(Fields.OfAnnotation.Select(f => f.Key))];

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        writer.WriteJson("cvat-labels.json", json => WriteLabels(json, writer.Parts));
        writer.Write("annotations.xml", stream => WriteImages(stream, frames, writer));
    }

    /// <summary>The labels as CVAT's label editor takes them under "Raw", so that a task has a place for our attributes.</summary>
    private static void WriteLabels(Utf8JsonWriter json, IReadOnlyList<PartId> parts) => JsonSerializer.Serialize(json, parts.Select(p => new
    {
        name = p.Value,
        type = "any",
        attributes = AttributeNames.Select(name => new { name, mutable = false, input_type = "text", default_value = "", values = new[] { "" } }),
    }), LabelJson);

    /// <summary>As <see cref="FormatWriter.Json"/>: letters of all languages as they are.</summary>
    private static readonly JsonSerializerOptions LabelJson = new() { Encoder = FormatWriter.Json.Encoder };

    private static void WriteImages(Stream stream, IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        using XmlWriter xml = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new System.Text.UTF8Encoding(false), Indent = true, NewLineChars = "\n" });
        xml.WriteStartElement("annotations");
        xml.WriteElementString("version", "1.1");
        IEnumerable<XElement> attributes = AttributeNames.Select(k => new XElement("attribute", new XElement("name", k), new XElement("mutable", "False"), new XElement("input_type", "text"), new XElement("default_value"), new XElement("values")));
        new XElement(
            "meta",
            new XElement("task", new XElement("name", "datarig"), new XElement("labels", writer.Parts.Select(p => new XElement(
                "label",
                new XElement("name", p.Value),
                new XElement("type", "any"),
                new XElement("attributes", attributes)))))).WriteTo(xml);
        int id = 0;
        foreach (FormatFrame frame in frames)
        {
            Image(frame, id++, writer.Polygons).WriteTo(xml);
        }

        xml.WriteEndElement();
    }

    private static XElement Image(FormatFrame frame, int id, bool polygons) => new(
        "image",
        new XAttribute("id", id),
        new XAttribute("name", frame.File),
        frame.Subset is { } subset ? new XAttribute("subset", subset) : null,
        new XAttribute("width", frame.Width),
        new XAttribute("height", frame.Height),
        new XElement("tag", new XAttribute("label", frame.Part.Value), new XAttribute("source", "manual"), Attributes(Fields.OfSent, frame)),
        frame.Annotations.SelectMany((a, i) => Shapes(a, i + 1, polygons)));

    private static IEnumerable<XElement> Shapes(Annotation annotation, int group, bool polygons)
    {
        Box box = annotation.Box;
        XElement Shape(string kind, params object?[] content) => new(
            kind, new XAttribute("label", annotation.Part.Value), new XAttribute("source", "manual"), new XAttribute("occluded", annotation.VisibleFraction < 1 ? 1 : 0), new XAttribute("z_order", 0), new XAttribute("group_id", group), content);
        yield return Shape("box", new XAttribute("xtl", Number(box.X)), new XAttribute("ytl", Number(box.Y)), new XAttribute("xbr", Number(box.Right)), new XAttribute("ybr", Number(box.Bottom)), Attributes(Fields.OfAnnotation, annotation));
        if (annotation.Mask is not { } mask || mask.Bounds() is not { } bounds)
        {
            yield break;
        }

        if (!polygons)
        {
            yield return Shape("mask", new XAttribute("rle", string.Join(", ", Runs(mask, bounds))), new XAttribute("left", bounds.X), new XAttribute("top", bounds.Y), new XAttribute("width", bounds.Width), new XAttribute("height", bounds.Height));
            yield break;
        }

        foreach (double[] polygon in MaskOutline.Polygons(mask))
        {
            yield return Shape("polygon", new XAttribute("points", string.Join(';', Enumerable.Range(0, polygon.Length / 2).Select(p => $"{Number(polygon[2 * p])},{Number(polygon[(2 * p) + 1])}"))));
        }
    }

    /// <summary>Along the rows of the box, zeros first.</summary>
    private static List<int> Runs(Mask mask, Box box)
    {
        byte[] pixels = mask.ToPixels();
        List<int> runs = [];
        (int run, byte current) = (0, 0);
        for (int y = (int)box.Y; y < box.Bottom; y++)
        {
            for (int x = (int)box.X; x < box.Right; x++)
            {
                if (pixels[(y * mask.Width) + x] != current)
                {
                    runs.Add(run);
                    (run, current) = (0, (byte)(1 - current));
                }

                run++;
            }
        }

        runs.Add(run);
        return runs;
    }

    private static IEnumerable<XElement> Attributes<T>(Field<T>[] fields, T value) => Fields.Of(fields, value).Select(f => new XElement("attribute", new XAttribute("name", f.Key), f.Value));

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    public bool Recognizes(FormatReader reader) => LabelFiles(reader).Any();

    public IEnumerable<FormatFrame> Read(FormatReader reader) =>
        from file in LabelFiles(reader)
        from image in reader.ReadXmlRows(file, depth: 1, name => name == "image")
        let frame = ReadImage(reader, file, image)
        where frame is not null
        select frame;

    /// <summary>
    /// An image's labels are of whoever the task or job is assigned to, or belongs to; CVAT does not say who changed which. An
    /// image that came back as it was need not have been looked at, so it proves nothing.
    /// </summary>
    public IEnumerable<Verdict> ReadVerdicts(FormatReader reader)
    {
        foreach (string file in LabelFiles(reader))
        {
            (string? who, DateTimeOffset? at) = (null, null);
            foreach (XElement element in reader.ReadXmlRows(file, depth: 1, name => name is "meta" or "image"))
            {
                if (element.Name.LocalName == "meta")
                {
                    (who, at) = Author(element);
                }
                else if (ReadImage(reader, file, element) is { } frame)
                {
                    yield return new Verdict(frame, who, at, VerdictKind.Unproven);
                }
            }
        }
    }

    /// <summary>Who worked on a task, and when it was changed last.</summary>
    private static (string? Who, DateTimeOffset? At) Author(XElement meta)
    {
        XElement? work = meta.Element("job") ?? meta.Element("task") ?? meta.Element("project");
        IEnumerable<string?> names = from role in new[] { "assignee", "owner" } from holder in new[] { work, meta.Element("task") } from name in new[] { "username", "email" } select holder?.Element(role)?.Element(name)?.Value.Trim();
        string? when = work?.Element("updated")?.Value ?? meta.Element("dumped")?.Value;
        return (names.FirstOrDefault(n => !string.IsNullOrEmpty(n)), DateTimeOffset.TryParse(when, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null);
    }

    private static IEnumerable<string> LabelFiles(FormatReader reader) => reader.Files("*.xml").Where(f => reader.Head(f).Contains("<annotations", StringComparison.Ordinal));

    private static FormatFrame? ReadImage(FormatReader reader, string file, XElement image)
    {
        string where = FormatReader.Place(file, image);
        if (image.Attribute("name")?.Value is not { Length: > 0 } name || Attribute(image, "width") is not { } width || Attribute(image, "height") is not { } height || width * height > ImageCodec.MaxPixels)
        {
            reader.Problems.Add(where, "an image has a name, a width and a height");
            return null;
        }

        XElement? tag = image.Element("tag");
        FormatFrame frame = new()
        {
            File = reader.Picture(name, "", "images"),
            Where = where,
            Source = FrameSource.Imported,
            Part = tag?.Attribute("label")?.Value is { Length: > 0 } label ? new PartId(label) : default,
            Item = default,
            Role = FormatFrame.RoleOf(image.Attribute("subset")?.Value),
            Width = (int)width,
            Height = (int)height,
        };
        string? part = frame.Part.Value;
        frame = Fill(reader, file, tag, Fields.OfSent, frame);
        int alone = 0;
        IEnumerable<IGrouping<string, XElement>> shapes = image.Elements().Where(e => e.Name.LocalName is "box" or "mask" or "polygon")
            .GroupBy(e => e.Attribute("group_id")?.Value is { } group and not "0" ? $"{group} {e.Attribute("label")?.Value}" : FormattableString.Invariant($"alone {alone++}"));
        return frame with
        {
            Part = part is null ? frame.Part : new PartId(part), // the tag, which people change, goes before the attribute
            Annotations = [.. shapes.SelectMany(g => ReadShapes(reader, file, [.. g], (int)width, (int)height))],
        };
    }

    /// <summary>A box with its mask or polygons; without a box each one is a thing of its own.</summary>
    private static IEnumerable<Annotation> ReadShapes(FormatReader reader, string file, XElement[] shapes, int width, int height)
    {
        XElement[] boxes = [.. shapes.Where(s => s.Name.LocalName == "box")];
        bool together = boxes.Length == 1;
        foreach (XElement[] thing in together ? [shapes] : shapes.Select(s => new[] { s }).ToArray())
        {
            string where = FormatReader.Place(file, thing[0]);
            Box? box = null;
            Mask? mask = null;
            string? problem = thing[0].Attribute("label")?.Value is { Length: > 0 } ? null : "a shape has a label";
            foreach (XElement shape in thing)
            {
                if (shape.Name.LocalName != "box")
                {
                    Mask? read = shape.Name.LocalName == "mask" ? ReadMask(shape, width, height) : ReadPolygon(shape, width, height);
                    mask = mask is null || read is null ? read : Mask.FromPixels(width, height, [.. mask.ToPixels().Zip(read.ToPixels(), (a, b) => (byte)(a | b))]);
                    problem ??= read is null ? $"the {shape.Name.LocalName} cannot be read, or does not lie in the {width}x{height} picture" : null;
                }
                else if (Attribute(shape, "xtl") is { } left && Attribute(shape, "ytl") is { } top && Attribute(shape, "xbr") is { } right && Attribute(shape, "ybr") is { } bottom)
                {
                    box = Rotated.Bounds(new Box(left, top, right - left, bottom - top), Attribute(shape, "rotation") ?? 0, ((left + right) / 2, (top + bottom) / 2), width, height);
                }
                else
                {
                    problem ??= "a box has xtl, ytl, xbr and ybr";
                }
            }

            if (problem is not null || (box ?? mask?.Bounds()) is not { } bounds)
            {
                reader.Problems.Add(where, problem ?? "the shape covers no pixel");
                continue;
            }

            Annotation annotation = new() { Part = new PartId(thing[0].Attribute("label")!.Value), Item = default, Box = bounds, Mask = mask };
            yield return Fill(reader, file, together ? boxes[0] : thing[0], Fields.OfAnnotation, annotation);
        }
    }

    private static Mask? ReadMask(XElement shape, int width, int height)
    {
        string[] cells = (shape.Attribute("rle")?.Value ?? "").Split(',');
        int[] runs = [.. cells.Select(c => int.TryParse(c, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int run) ? run : -1)];
        (double? left, double? top, double? across, double? down) = (Attribute(shape, "left"), Attribute(shape, "top"), Attribute(shape, "width"), Attribute(shape, "height"));
        if (runs.Any(r => r < 0) || left is not >= 0 || top is not >= 0 || across is not > 0 || down is not > 0 || left + across > width || top + down > height || runs.Sum(r => (long)r) > (long)(across * down))
        {
            return null;
        }

        byte[] pixels = new byte[width * height];
        int at = 0;
        for (int i = 0; i < runs.Length; i++)
        {
            for (int end = at + runs[i]; at < end; at++)
            {
                pixels[(((int)top + (at / (int)across)) * width) + (int)left + (at % (int)across)] = (byte)(i & 1);
            }
        }

        return Mask.FromPixels(width, height, pixels);
    }

    private static Mask? ReadPolygon(XElement shape, int width, int height)
    {
        double?[] numbers = [.. (shape.Attribute("points")?.Value ?? "").Split(';', ',').Select(XmlFields.Number)];
        return numbers.Length < 6 || numbers.Length % 2 != 0 || numbers.Any(n => n is null) ? null : MaskOutline.Fill(width, height, [[.. numbers.Select(n => n!.Value)]]);
    }

    private static double? Attribute(XElement element, string name) => XmlFields.Number(element.Attribute(name)?.Value);

    private static T Fill<T>(FormatReader reader, string file, XElement? element, Field<T>[] fields, T value) => element is null ? value : Fields.Fill(
        fields, value, element.Elements("attribute").Where(a => a.Attribute("name") is not null).Select(a => KeyValuePair.Create(a.Attribute("name")!.Value, a.Value)), what => reader.Problems.Add(FormatReader.Place(file, element), what));
}
