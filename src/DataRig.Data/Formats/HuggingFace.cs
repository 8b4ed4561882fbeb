using System.Globalization;
using System.Text.Json;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>
/// Hugging Face's imagefolder: pictures with a <c>metadata.jsonl</c> in a folder for each part of the split, and a dataset card that
/// names them. All rows have the same columns, empty ones null.
/// </summary>
internal sealed class HuggingFace : IDatasetFormat
{
    private const string Metadata = "metadata.jsonl", Unsplit = "all";

    public string Name => "huggingface";

    public string Title => "Hugging Face datasets' imagefolder with a dataset card";

    public Carried Carries => Carried.All;

    public string PictureFile(FormatFrame frame, string name) => $"{FolderOf(frame.Subset)}/{name}";

    /// <summary>Hugging Face says validation where others say val.</summary>
    private static string FolderOf(string? subset) => subset == "val" ? "validation" : subset ?? Unsplit;

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (FormatFrame frame in frames)
        {
            string folder = FolderOf(frame.Subset);
            counts[folder] = counts.GetValueOrDefault(folder) + 1;
            writer.JsonLine($"{folder}/{Metadata}", json =>
            {
                json.WriteStartObject();
                json.WriteString("file_name", Path.GetFileName(frame.File));
                json.WriteString("label", frame.Part.Value);
                json.WriteNumber("width", frame.Width);
                json.WriteNumber("height", frame.Height);
                Columns(json, Fields.OfFrame.Where(f => f.Key is not ("part" or "split")), frame);
                json.WriteStartObject("objects");
                List(json, "bbox", frame, (j, a) => JsonSerializer.Serialize(j, new[] { a.Box.X, a.Box.Y, a.Box.Width, a.Box.Height }));
                List(json, "categories", frame, (j, a) => j.WriteStringValue(a.Part.Value));
                List(json, "mask", frame, (j, a) => j.WriteStringValue(a.Mask is { } mask ? MaskRle.Encode(mask) : null));
                foreach (Field<Annotation> field in Fields.OfAnnotation)
                {
                    List(json, field.Key, frame, (j, a) => Value(j, field, a));
                }

                json.WriteEndObject();
                json.WriteEndObject();
            });
        }

        writer.WriteText("README.md", Card(counts, writer.Parts));
    }

    private static void Columns<T>(Utf8JsonWriter json, IEnumerable<Field<T>> fields, T value)
    {
        foreach (Field<T> field in fields)
        {
            json.WritePropertyName(field.Key);
            Value(json, field, value);
        }
    }

    private static void Value<T>(Utf8JsonWriter json, Field<T> field, T value)
    {
        string? text = field.Get(value);
        if (text is not null && field.Numeric)
        {
            json.WriteRawValue(text);
        }
        else
        {
            json.WriteStringValue(text);
        }
    }

    private static void List(Utf8JsonWriter json, string key, FormatFrame frame, Action<Utf8JsonWriter, Annotation> write)
    {
        json.WriteStartArray(key);
        foreach (Annotation annotation in frame.Annotations)
        {
            write(json, annotation);
        }

        json.WriteEndArray();
    }

    private static string Card(SortedDictionary<string, int> counts, IReadOnlyList<PartId> parts)
    {
        int frames = counts.Values.Sum();
        string size = frames < 1000 ? "n<1K" : frames < 10_000 ? "1K<n<10K" : frames < 100_000 ? "10K<n<100K" : frames < 1_000_000 ? "100K<n<1M" : "1M<n<10M";
        string[] lines =
        [
            "---",
            "license: other",
            "pretty_name: Parts on a turntable",
            "tags:",
            "- datarig",
            "size_categories:",
            $"- {size}",
            "task_categories:",
            "- image-classification",
            "- object-detection",
            "configs:",
            "- config_name: default",
            "  data_files:",
            .. counts.Keys.SelectMany(folder => new[] { $"  - split: {folder}", $"    path: \"{folder}/**\"" }),
            "---",
            "",
            "# Parts on a turntable",
            "",
            string.Create(CultureInfo.InvariantCulture, $"{frames} frames of {parts.Count} parts: {string.Join(", ", parts.Select(p => $"`{p}`"))}."),
            "",
            .. counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"- {c.Key}: {c.Value} frames")),
            "",
            "`label` is the part and `item` the physical object; a split never divides an item. `source` says whether a frame was captured, rendered or imported, `azimuthDegrees` how far the table had turned. In `objects`, `bbox` is x, y, width and height in pixels, and `mask` COCO's run lengths as a string.",
            "",
        ];
        return string.Join('\n', lines);
    }

    public bool Recognizes(FormatReader reader) => LabelFiles(reader).Any();

    public IEnumerable<FormatFrame> Read(FormatReader reader) =>
        from file in LabelFiles(reader)
        let folder = Path.GetDirectoryName(file)!
        from line in reader.ReadJsonLines(file)
        let frame = ReadLine(reader, line, folder)
        where frame is not null
        select frame;

    private static IEnumerable<string> LabelFiles(FormatReader reader) => reader.Files(Metadata).Where(f => reader.Head(f).Contains("\"file_name\"", StringComparison.Ordinal));

    private static FormatFrame? ReadLine(FormatReader reader, JsonValue line, string folder)
    {
        if (line.Required("file_name") is not { } name)
        {
            return null;
        }

        (int width, int height) = ((int)(line["width"]?.Whole ?? 0), (int)(line["height"]?.Whole ?? 0));
        FormatFrame frame = new()
        {
            File = reader.Picture(name, folder, ""),
            Where = line.Where,
            Source = FrameSource.Imported,
            Part = line["label"]?.Text is { Length: > 0 } label ? new PartId(label) : default,
            Item = default,
            Role = FormatFrame.RoleOf(folder.Split('/')[^1]),
            Width = width,
            Height = height,
        };
        frame = JsonFields.Fill(line, Fields.OfFrame, frame);
        return line["objects"] is { } objects ? frame with { Annotations = [.. ReadObjects(objects, width, height)] } : frame;
    }

    private static IEnumerable<Annotation> ReadObjects(JsonValue objects, int width, int height)
    {
        Dictionary<string, JsonValue[]> columns = objects.Members.GroupBy(m => m.Key).ToDictionary(m => m.Key, m => m.Last().Value.Elements.ToArray());
        JsonValue[] boxes = columns.GetValueOrDefault("bbox", []), names = columns.GetValueOrDefault("categories", columns.GetValueOrDefault("category", []));
        if (boxes.Length != names.Length)
        {
            objects.Problem($"there are {boxes.Length} boxes and {names.Length} categories");
            yield break;
        }

        for (int i = 0; i < boxes.Length; i++)
        {
            int at = i;
            if (boxes[i].Numbers(4) is not { } box)
            {
                continue;
            }

            if (names[i].Text is not { Length: > 0 } name)
            {
                names[i].Problem("a category must be text");
                continue;
            }

            Annotation annotation = new() { Part = new PartId(name), Item = default, Box = new Box(box[0], box[1], box[2], box[3]) };
            annotation = Fields.Fill(Fields.OfAnnotation, annotation, from c in columns where at < c.Value.Length && c.Value[at].Text is not null select KeyValuePair.Create(c.Key, c.Value[at].Text!), boxes[i].Problem);
            if (columns.GetValueOrDefault("mask", []) is { } masks && i < masks.Length && masks[i].Text is { } runs)
            {
                try
                {
                    annotation = annotation with { Mask = MaskRle.Decode(width, height, runs) };
                }
                catch (FormatException e)
                {
                    masks[i].Problem($"the mask cannot be read: {e.Message}");
                    continue;
                }
            }

            yield return annotation;
        }
    }
}
