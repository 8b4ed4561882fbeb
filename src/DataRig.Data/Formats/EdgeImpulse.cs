using System.Text.Json;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>
/// Edge Impulse: pictures under <c>training/</c> and <c>testing/</c>, in each a <c>bounding_boxes.labels</c> with boxes in whole
/// pixels, and <c>info.labels</c> with each picture's class and metadata. It knows no validation; that is told in the metadata.
/// </summary>
internal sealed class EdgeImpulse : IDatasetFormat
{
    private const string Boxes = "bounding_boxes.labels", Info = "info.labels";

    public string Name => "edgeimpulse";

    public string Title => "Edge Impulse uploader";

    public Carried Carries => Carried.All & ~(Carried.Masks | Carried.Subpixel | Carried.Details);

    public string PictureFile(FormatFrame frame, string name) => $"{Category(frame)}/{name}";

    private static string Category(FormatFrame frame) => frame.Role == SplitRole.Test ? "testing" : "training";

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        SortedSet<string> categories = new(StringComparer.Ordinal);
        Stream info = writer.Stream(Info);
        info.Write("{\"version\": 1, \"files\": ["u8);
        int count = 0;
        foreach (FormatFrame frame in frames)
        {
            string category = Category(frame);
            Stream boxes = writer.Stream($"{category}/{Boxes}");
            boxes.Write(categories.Add(category) ? "{\"version\": 1, \"type\": \"bounding-box-labels\", \"boundingBoxes\": {\n"u8 : ",\n"u8);
            FormatWriter.WriteJson(boxes, json => json.WriteStringValue(Path.GetFileName(frame.File)));
            boxes.Write(": "u8);
            FormatWriter.WriteJson(boxes, json => WriteBoxes(json, frame));
            info.Write(count++ == 0 ? "\n"u8 : ",\n"u8);
            FormatWriter.WriteJson(info, json =>
            {
                json.WriteStartObject();
                json.WriteString("path", frame.File);
                json.WriteString("name", Path.GetFileNameWithoutExtension(frame.File));
                json.WriteString("category", category);
                json.WriteStartObject("label");
                json.WriteString("type", "label");
                json.WriteString("label", frame.Part.Value);
                json.WriteEndObject();
                json.WriteStartObject("metadata");
                foreach ((string key, string value) in Fields.Of(Fields.OfFrame, frame).Where(f => f.Key != "part"))
                {
                    json.WriteString(key, value); // metadata are texts there
                }

                json.WriteEndObject();
                json.WritePropertyName("boundingBoxes");
                WriteBoxes(json, frame);
                json.WriteEndObject();
            });
        }

        info.Write("\n]}\n"u8);
        foreach (string category in categories)
        {
            writer.Stream($"{category}/{Boxes}").Write("\n}}\n"u8);
        }
    }

    private static void WriteBoxes(Utf8JsonWriter json, FormatFrame frame)
    {
        json.WriteStartArray();
        foreach (Annotation annotation in frame.Annotations)
        {
            Box box = Outwards.Of(annotation.Box);
            json.WriteStartObject();
            json.WriteString("label", annotation.Part.Value);
            json.WriteNumber("x", box.X);
            json.WriteNumber("y", box.Y);
            json.WriteNumber("width", box.Width);
            json.WriteNumber("height", box.Height);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public bool Recognizes(FormatReader reader) => reader.Files("*.labels").Any();

    public IEnumerable<FormatFrame> Read(FormatReader reader)
    {
        if (reader.Has(Info))
        {
            foreach (JsonValue file in reader.ReadJson(Info)?.Array("files") ?? [])
            {
                if (file.Required("path") is { } path)
                {
                    FormatFrame frame = Frame(reader, path, file.Where) with { Part = file["label"]?["label"]?.Text is { Length: > 0 } label ? new PartId(label) : default, Annotations = [.. ReadBoxes(file["boundingBoxes"])] };
                    yield return JsonFields.Fill(file["metadata"], Fields.OfFrame, frame);
                }
            }

            yield break;
        }

        foreach (string list in reader.Files(Boxes))
        {
            string folder = Path.GetDirectoryName(list)!;
            foreach ((string name, JsonValue boxes) in reader.ReadJson(list)?["boundingBoxes"]?.Members ?? [])
            {
                yield return Frame(reader, folder.Length == 0 ? name : $"{folder}/{name}", boxes.Where) with { Annotations = [.. ReadBoxes(boxes)] };
            }
        }
    }

    private static FormatFrame Frame(FormatReader reader, string path, string where) => new()
    {
        File = reader.Picture(path, ""),
        Where = where,
        Source = FrameSource.Imported,
        Part = default,
        Item = default,
        Role = null,
    };

    private static IEnumerable<Annotation> ReadBoxes(JsonValue? boxes)
    {
        foreach (JsonValue box in boxes?.Elements ?? [])
        {
            if (box.Required("label") is { } label && box.RequiredNumber("x") is { } x && box.RequiredNumber("y") is { } y && box.RequiredNumber("width") is { } width && box.RequiredNumber("height") is { } height)
            {
                yield return new Annotation { Part = new PartId(label), Item = default, Box = new Box(x, y, width, height) };
            }
        }
    }
}
