using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>
/// Label Studio: <c>tasks.json</c> with the labels as predictions, which a person accepts or corrects there, and the labelling
/// configuration that goes with them. What is exported from Label Studio as JSON is read with its annotations, the last one of each
/// task. Boxes and polygons are in percent; the polygons of a box carry its name with a point and a number.
/// </summary>
internal sealed partial class LabelStudio : ICorrectedFormat
{
    private const string Part = "part", Boxes = "box", Masks = "mask", Image = "image", LocalFiles = "/data/local-files/?d=";

    public string Name => "labelstudio";

    public string Title => "Label Studio tasks with the labelling configuration";

    public string Tool => "label-studio";

    public Carried Carries => Carried.All;

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        Stream stream = writer.Stream("tasks.json");
        int id = 0;
        stream.Write("["u8);
        foreach (FormatFrame frame in frames)
        {
            stream.Write(id++ == 0 ? "\n"u8 : ",\n"u8);
            FormatWriter.WriteJson(stream, json => WriteTask(json, frame, id));
        }

        stream.Write("\n]\n"u8);
        XElement image = new("Image", new XAttribute("name", Image), new XAttribute("value", "$image"));
        XElement Control(string type, string name, string label) => new(type, new XAttribute("name", name), new XAttribute("toName", Image), writer.Parts.Select(p => new XElement(label, new XAttribute("value", p.Value))));
        writer.WriteXml("label-config.xml", new XElement("View", image, Control("Choices", Part, "Choice"), Control("RectangleLabels", Boxes, "Label"), Control("PolygonLabels", Masks, "Label")));
    }

    private static void WriteTask(Utf8JsonWriter json, FormatFrame frame, int id)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteStartObject("data");
        json.WriteString(Image, LocalFiles + frame.File);
        json.WriteNumber("width", frame.Width);
        json.WriteNumber("height", frame.Height);
        JsonFields.WriteGroup(json, Fields.OfSent, frame);
        json.WriteEndObject();
        json.WriteStartArray("annotations");
        json.WriteEndArray();
        json.WriteStartArray("predictions");
        json.WriteStartObject();
        json.WriteString("model_version", "datarig");
        json.WriteNumber("score", 1);
        json.WriteStartArray("result");
        Region(json, "part", "choices", Part, frame, () =>
        {
            json.WriteStartArray("choices");
            json.WriteStringValue(frame.Part.Value);
            json.WriteEndArray();
        });
        for (int i = 0; i < frame.Annotations.Count; i++)
        {
            WriteAnnotation(json, frame, frame.Annotations[i], string.Create(CultureInfo.InvariantCulture, $"a{i}"));
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAnnotation(Utf8JsonWriter json, FormatFrame frame, Annotation annotation, string name)
    {
        Region(json, name, "rectanglelabels", Boxes, frame, () =>
        {
            json.WriteNumber("x", 100 * annotation.Box.X / frame.Width);
            json.WriteNumber("y", 100 * annotation.Box.Y / frame.Height);
            json.WriteNumber("width", 100 * annotation.Box.Width / frame.Width);
            json.WriteNumber("height", 100 * annotation.Box.Height / frame.Height);
            json.WriteNumber("rotation", 0);
            Labels(json, "rectanglelabels", annotation);
        }, () => JsonFields.WriteGroup(json, Fields.OfAnnotation, annotation));
        IReadOnlyList<double[]> polygons = annotation.Mask is { } mask ? MaskOutline.Polygons(mask) : [];
        for (int i = 0; i < polygons.Count; i++)
        {
            double[] polygon = polygons[i];
            Region(json, string.Create(CultureInfo.InvariantCulture, $"{name}.{i}"), "polygonlabels", Masks, frame, () =>
            {
                json.WritePropertyName("points");
                JsonSerializer.Serialize(json, Enumerable.Range(0, polygon.Length / 2).Select(p => new[] { 100 * polygon[2 * p] / frame.Width, 100 * polygon[(2 * p) + 1] / frame.Height }));
                Labels(json, "polygonlabels", annotation);
            });
        }
    }

    private static void Labels(Utf8JsonWriter json, string key, Annotation annotation)
    {
        json.WriteStartArray(key);
        json.WriteStringValue(annotation.Part.Value);
        json.WriteEndArray();
    }

    private static void Region(Utf8JsonWriter json, string id, string type, string from, FormatFrame frame, Action value, Action? meta = null)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("type", type);
        json.WriteString("from_name", from);
        json.WriteString("to_name", Image);
        json.WriteNumber("original_width", frame.Width);
        json.WriteNumber("original_height", frame.Height);
        json.WriteNumber("image_rotation", 0);
        json.WriteStartObject("value");
        value();
        json.WriteEndObject();
        if (meta is not null)
        {
            json.WriteStartObject("meta");
            meta();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public bool Recognizes(FormatReader reader) => LabelFiles(reader).Any();

    public IEnumerable<FormatFrame> Read(FormatReader reader) =>
        Tasks(reader).Select(task => ReadTask(reader, task, Last(task["annotations"]?.Elements.Where(a => !IsSkipped(a)))?["result"] ?? task["predictions"]?.Elements.LastOrDefault()?["result"]));

    public IEnumerable<Verdict> ReadVerdicts(FormatReader reader)
    {
        foreach (JsonValue task in Tasks(reader))
        {
            IGrouping<string?, JsonValue>[] people = [.. (task["annotations"]?.Elements ?? []).GroupBy(Who)];
            if (people.Length == 0)
            {
                yield return new Verdict(ReadTask(reader, task, null), null, null, VerdictKind.Open);
            }

            foreach (IGrouping<string?, JsonValue> person in people)
            {
                // Who annotates a task again means what was said last.
                JsonValue said = Last(person)!;
                FormatFrame frame = ReadTask(reader, task, said["result"]);
                bool isChosen = (said["result"]?.Elements ?? []).Any(r => r["type"]?.Text == "choices");
                VerdictKind kind = IsSkipped(said) ? VerdictKind.Skipped : said["ground_truth"]?.Text == "1" ? VerdictKind.Decided : VerdictKind.Judged;
                yield return new Verdict(isChosen ? frame : frame with { Part = default }, person.Key, When(said), kind);
            }
        }
    }

    private static IEnumerable<JsonValue> Tasks(FormatReader reader)
    {
        foreach ((_, _, JsonValue task) in LabelFiles(reader).SelectMany(reader.ReadJsonRows))
        {
            if (task["data"]?[Image]?.IsText != true)
            {
                task.Problem($"a task has \"data\" with the address of an \"{Image}\"");
                continue;
            }

            yield return task;
        }
    }

    private static IEnumerable<string> LabelFiles(FormatReader reader) => reader.Files("*.json").Where(f => reader.Head(f) is ['[', ..] head && head.Contains("\"data\"", StringComparison.Ordinal));

    private static FormatFrame ReadTask(FormatReader reader, JsonValue task, JsonValue? result)
    {
        JsonValue data = task["data"]!;
        string image = data[Image]!.Text!;
        string named = Uri.UnescapeDataString(image.StartsWith(LocalFiles, StringComparison.Ordinal) ? image[LocalFiles.Length..] : image);
        string picture = reader.Picture(named, "", "images");
        if (!reader.Has(picture))
        {
            // Uploaded files get eight digits and a dash before their name.
            picture = reader.Picture(UploadPrefix().Replace(Path.GetFileName(named), ""), "", "images");
        }

        FormatFrame frame = new() { File = reader.Has(picture) ? picture : named, Where = task.Where, Source = FrameSource.Imported, Part = default, Item = default, };
        frame = JsonFields.Fill(data[Fields.Group], Fields.OfSent, frame);
        JsonValue[] regions = [.. result?.Elements ?? []];
        foreach (JsonValue choice in regions.Where(r => r["type"]?.Text == "choices"))
        {
            string? part = choice["value"]?["choices"]?.Elements.FirstOrDefault()?.Text;
            frame = part is null ? frame : frame with { Part = new PartId(part) };
        }

        JsonValue? sized = regions.FirstOrDefault(r => r["original_width"] is not null);
        (double width, double height) = (sized?["original_width"]?.Number ?? data["width"]?.Number ?? 0, sized?["original_height"]?.Number ?? data["height"]?.Number ?? 0);
        return frame with
        {
            Width = (int)width,
            Height = (int)height,
            Annotations = [.. regions.Where(r => r["type"]?.Text is "rectanglelabels" or "polygonlabels").GroupBy(r => (r["id"]?.Text ?? "").Split('.')[0]).Select(g => ReadAnnotation(g, (int)width, (int)height)).OfType<Annotation>()],
        };
    }

    private static JsonValue? Last(IEnumerable<JsonValue>? annotations) => annotations?.OrderBy(a => When(a) ?? DateTimeOffset.MinValue).LastOrDefault();

    private static bool IsSkipped(JsonValue annotation) => annotation["was_cancelled"]?.Text == "1";

    /// <summary>A user's number, or an object that says more of them.</summary>
    private static string? Who(JsonValue annotation) =>
        annotation["completed_by"] is not { } user ? null
        : user["email"]?.Text is { Length: > 0 } email ? email
        : (user["id"] ?? user).Text is { } id ? $"user {id}" : null;

    private static DateTimeOffset? When(JsonValue annotation) =>
        DateTimeOffset.TryParse(annotation["updated_at"]?.Text ?? annotation["created_at"]?.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    /// <summary>A rectangle, polygons, or both of one thing.</summary>
    private static Annotation? ReadAnnotation(IEnumerable<JsonValue> regions, int width, int height)
    {
        Box? box = null;
        List<double[]> polygons = [];
        string? part = null;
        JsonValue? first = null, details = null;
        foreach (JsonValue region in regions)
        {
            first ??= region;
            if (region["value"] is not { } value)
            {
                region.Problem("the region has no value");
                return null;
            }

            if (region["type"]!.Text == "rectanglelabels")
            {
                if (value.RequiredNumber("x") is not { } x || value.RequiredNumber("y") is not { } y || value.RequiredNumber("width") is not { } w || value.RequiredNumber("height") is not { } h)
                {
                    return null;
                }

                if (x < -0.1 || y < -0.1 || x + w > 100.1 || y + h > 100.1)
                {
                    value.Problem("the box is not within 0 to 100; Label Studio counts in percent of the picture");
                    return null;
                }

                box = new Box(x * width / 100, y * height / 100, w * width / 100, h * height / 100);
                box = Rotated.Bounds(box.Value, value["rotation"]?.Number ?? 0, (box.Value.X, box.Value.Y), width, height);
                part ??= value["rectanglelabels"]?.Elements.FirstOrDefault()?.Text;
                details = region["meta"]?[Fields.Group];
            }
            else
            {
                double[]?[] points = [.. value.Array("points").Select(p => p.Numbers(2))];
                if (points.Length < 3 || points.Any(p => p is null))
                {
                    value.Problem("a polygon has at least three points");
                    return null;
                }

                polygons.Add([.. points.SelectMany(p => new[] { p![0] * width / 100, p[1] * height / 100 })]);
                part ??= value["polygonlabels"]?.Elements.FirstOrDefault()?.Text;
            }
        }

        if (part is null || width <= 0 || height <= 0 || (long)width * height > ImageCodec.MaxPixels)
        {
            first!.Problem(part is null ? "the region has no label" : "the region does not say its picture's size");
            return null;
        }

        Mask? mask = polygons.Count > 0 && MaskOutline.Fill(width, height, polygons) is { Area: > 0 } filled ? filled : null;
        if ((box ?? mask?.Bounds()) is not { } bounds)
        {
            first!.Problem("the polygon covers no pixel");
            return null;
        }

        return JsonFields.Fill(details, Fields.OfAnnotation, new Annotation { Part = new PartId(part), Item = default, Box = bounds, Mask = mask });
    }

    [GeneratedRegex("^[0-9a-f]{8}-")]
    private static partial Regex UploadPrefix();
}
