using System.Globalization;
using System.Text.Json;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>
/// SageMaker Ground Truth's augmented manifest: a JSON object a line, with the part as an image classification and, where
/// anything is marked, boxes as an object detection. <c>source-ref</c> is below the folder; put your bucket's address before it.
/// </summary>
internal sealed class GroundTruth : IDatasetFormat
{
    private const string Attribute = "part", Boxes = "boxes", Metadata = "-metadata", Job = "datarig";

    /// <summary>Ground Truth asks for a date; a dataset's frames have none, and the same dataset gives the same bytes.</summary>
    private const string NoDate = "1970-01-01T00:00:00.000000";

    public string Name => "groundtruth";

    public string Title => "Amazon SageMaker Ground Truth's augmented manifest: classification and boxes";

    public Carried Carries => Carried.All & ~(Carried.Masks | Carried.Subpixel);

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        foreach (FormatFrame frame in frames)
        {
            writer.JsonLine($"{frame.Subset ?? "all"}.manifest", json =>
            {
                json.WriteStartObject();
                json.WriteString("source-ref", frame.File);
                json.WriteNumber(Attribute, writer.IndexOf(frame.Part));
                json.WriteStartObject(Attribute + Metadata);
                json.WriteString("class-name", frame.Part.Value);
                json.WriteNumber("confidence", 1);
                WriteJob(json, "image-classification");
                if (frame.Annotations.Count > 0)
                {
                    WriteBoxes(json, frame, writer);
                }

                JsonFields.WriteGroup(json, Fields.OfFrame, frame, "part");
                json.WriteEndObject();
            });
        }
    }

    private static void WriteBoxes(Utf8JsonWriter json, FormatFrame frame, FormatWriter writer)
    {
        json.WriteStartObject(Boxes);
        json.WriteStartArray("image_size");
        json.WriteStartObject();
        json.WriteNumber("width", frame.Width);
        json.WriteNumber("height", frame.Height);
        json.WriteNumber("depth", 3);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("annotations");
        foreach (Annotation annotation in frame.Annotations)
        {
            Box box = Outwards.Of(annotation.Box);
            json.WriteStartObject();
            json.WriteNumber("class_id", writer.IndexOf(annotation.Part));
            json.WriteNumber("left", box.X);
            json.WriteNumber("top", box.Y);
            json.WriteNumber("width", box.Width);
            json.WriteNumber("height", box.Height);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject(Boxes + Metadata);
        json.WriteStartArray("objects");
        foreach (Annotation annotation in frame.Annotations)
        {
            json.WriteStartObject();
            json.WriteNumber("confidence", 1);
            JsonFields.WriteGroup(json, Fields.OfAnnotation, annotation);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("class-map");
        foreach (PartId part in frame.Annotations.Select(a => a.Part).Distinct().Order())
        {
            json.WriteString(writer.IndexOf(part).ToString(CultureInfo.InvariantCulture), part.Value);
        }

        json.WriteEndObject();
        WriteJob(json, "object-detection");
    }

    private static void WriteJob(Utf8JsonWriter json, string type)
    {
        json.WriteString("type", $"groundtruth/{type}");
        json.WriteString("job-name", Job);
        json.WriteString("human-annotated", "yes");
        json.WriteString("creation-date", NoDate);
        json.WriteEndObject();
    }

    public bool Recognizes(FormatReader reader) => LabelFiles(reader).Any();

    public IEnumerable<FormatFrame> Read(FormatReader reader) =>
        from file in LabelFiles(reader)
        let role = FormatFrame.RoleOf(Path.GetFileNameWithoutExtension(file))
        from line in reader.ReadJsonLines(file)
        let frame = ReadLine(reader, line, role)
        where frame is not null
        select frame;

    private static IEnumerable<string> LabelFiles(FormatReader reader) =>
        reader.Files().Where(f => Path.GetExtension(f) is ".manifest" or ".jsonl" && reader.Head(f).Contains("\"source-ref\"", StringComparison.Ordinal));

    private static FormatFrame? ReadLine(FormatReader reader, JsonValue line, SplitRole? role)
    {
        if (line.Required("source-ref") is not { } source)
        {
            return null;
        }

        FormatFrame frame = new() { File = reader.Picture(source, "", "images"), Where = line.Where, Source = FrameSource.Imported, Part = default, Item = default, Role = role };
        foreach ((string key, JsonValue metadata) in line.Members.Where(m => m.Key.EndsWith(Metadata, StringComparison.Ordinal)))
        {
            string attribute = key[..^Metadata.Length];
            switch (metadata["type"]?.Text)
            {
                case "groundtruth/image-classification":
                    frame = metadata.Required("class-name") is { } name ? frame with { Part = new PartId(name) } : frame;
                    break;
                case "groundtruth/object-detection" when line[attribute] is { } boxes:
                    JsonValue? size = boxes["image_size"]?.Elements.FirstOrDefault();
                    frame = frame with
                    {
                        Width = (int)(size?["width"]?.Whole ?? 0),
                        Height = (int)(size?["height"]?.Whole ?? 0),
                        Annotations = [.. ReadBoxes(boxes, metadata)],
                    };
                    break;
                case "groundtruth/object-detection":
                    metadata.Problem($"there is no \"{attribute}\" that it tells of");
                    break;
                default:
                    metadata.Problem($"the type {metadata["type"]?.Text ?? "(missing)"} is not read; expected groundtruth/image-classification or groundtruth/object-detection");
                    break;
            }
        }

        return JsonFields.Fill(line[Fields.Group], Fields.OfFrame, frame);
    }

    private static IEnumerable<Annotation> ReadBoxes(JsonValue boxes, JsonValue metadata)
    {
        JsonValue[] objects = metadata["objects"] is { } list ? [.. list.Elements] : [];
        int at = 0;
        foreach (JsonValue box in boxes.Array("annotations"))
        {
            JsonValue? details = at < objects.Length ? objects[at][Fields.Group] : null;
            at++;
            string? id = box["class_id"]?.Text;
            if (metadata["class-map"]?[id ?? ""]?.Text is not { } name)
            {
                box.Problem($"the class-map has no class of id {id ?? "(missing)"}");
            }
            else if (box.RequiredNumber("left") is { } left && box.RequiredNumber("top") is { } top && box.RequiredNumber("width") is { } width && box.RequiredNumber("height") is { } height)
            {
                yield return JsonFields.Fill(details, Fields.OfAnnotation, new Annotation { Part = new PartId(name), Item = default, Box = new Box(left, top, width, height) });
            }
        }
    }
}
