using System.Globalization;
using System.Text.Json;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>
/// FiftyOne's image datasets: <c>data/</c> and a <c>labels.json</c> with the classes and a label for each picture's name without its
/// extension, in a folder for each part of the split.
/// </summary>
internal abstract class FiftyOne : IDatasetFormat
{
    public abstract string Name { get; }

    public abstract string Title { get; }

    public abstract Carried Carries { get; }

    protected abstract void WriteLabel(Utf8JsonWriter json, FormatFrame frame, FormatWriter writer);

    /// <summary>The frame with what its label says; null, and a problem noted, where that cannot be read.</summary>
    protected abstract FormatFrame? ReadLabel(JsonValue label, FormatFrame frame, IReadOnlyList<string> classes, FormatReader reader);

    /// <summary>Whether a first label looks like this one's.</summary>
    protected abstract bool IsLabel(JsonValue label);

    public string PictureFile(FormatFrame frame, string name) => $"{Folder(frame.Subset)}data/{name}";

    private static string Folder(string? subset) => subset is null ? "" : subset + "/";

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        SortedSet<string> files = new(StringComparer.Ordinal);
        foreach (FormatFrame frame in frames)
        {
            string file = $"{Folder(frame.Subset)}labels.json";
            Stream stream = writer.Stream(file);
            if (files.Add(file))
            {
                stream.Write("{\"classes\": "u8);
                FormatWriter.WriteJson(stream, json => JsonSerializer.Serialize(json, writer.Parts.Select(p => p.Value)));
                stream.Write(",\n\"labels\": {\n"u8);
            }
            else
            {
                stream.Write(",\n"u8);
            }

            FormatWriter.WriteJson(stream, json => json.WriteStringValue(Path.GetFileNameWithoutExtension(frame.File)));
            stream.Write(": "u8);
            FormatWriter.WriteJson(stream, json => WriteLabel(json, frame, writer));
        }

        foreach (string file in files)
        {
            writer.Stream(file).Write("\n}}\n"u8);
        }
    }

    public bool Recognizes(FormatReader reader) => LabelFiles(reader).Any(f => new FormatReader(reader.Folder).ReadJson(f)?["labels"]?.Members.Select(m => m.Value).FirstOrDefault(v => !v.IsNull && !(v.IsArray && v.Length == 0)) is { } first
        ? IsLabel(first) : this is FiftyOneClassification);

    public IEnumerable<FormatFrame> Read(FormatReader reader)
    {
        foreach (string file in LabelFiles(reader))
        {
            JsonValue? root = reader.ReadJson(file);
            string folder = Path.GetDirectoryName(file)!;
            string[] classes = [.. (root?["classes"]?.Elements ?? []).Select(c => c.Text ?? "")];
            Dictionary<string, string> pictures = [];
            foreach (string picture in reader.Pictures($"{folder}/data".TrimStart('/')))
            {
                pictures.TryAdd(Path.GetFileNameWithoutExtension(picture), picture);
            }

            foreach ((string stem, JsonValue label) in root?["labels"]?.Members ?? [])
            {
                if (!pictures.TryGetValue(stem, out string? picture))
                {
                    label.Problem($"there is no picture \"{Fields.Short(stem)}\" under data/");
                    continue;
                }

                FormatFrame frame = new() { File = picture, Where = label.Where, Source = FrameSource.Imported, Part = default, Item = default, Role = FormatFrame.RoleOf(folder.Split('/')[^1]) };
                if (ReadLabel(label, frame, classes, reader) is { } read)
                {
                    yield return read;
                }
            }
        }
    }

    /// <summary>A class by its number or its name; null, and a problem noted, where there is none.</summary>
    protected static PartId? Class(JsonValue? label, IReadOnlyList<string> classes, JsonValue at)
    {
        if (label is { IsText: true, Text.Length: > 0 })
        {
            return new PartId(label.Text!);
        }

        if (label?.Whole is { } index && index >= 0 && index < classes.Count)
        {
            return new PartId(classes[(int)index]);
        }

        at.Problem($"there is no class {label?.Text ?? "(missing)"}; \"classes\" names {classes.Count}, from 0");
        return null;
    }

    private static IEnumerable<string> LabelFiles(FormatReader reader) => reader.Files("labels.json").Where(f => reader.Head(f) is ['{', ..] head && head.Contains("\"classes\"", StringComparison.Ordinal) && head.Contains("\"labels\"", StringComparison.Ordinal));
}

/// <summary>A class a picture.</summary>
internal sealed class FiftyOneClassification : FiftyOne
{
    public override string Name => "fiftyone";

    public override string Title => "FiftyOne image classification";

    public override Carried Carries => Carried.Split | Carried.Unmarked;

    protected override bool IsLabel(JsonValue label) => !label.IsArray;

    protected override void WriteLabel(Utf8JsonWriter json, FormatFrame frame, FormatWriter writer) => json.WriteNumberValue(writer.IndexOf(frame.Part));

    protected override FormatFrame? ReadLabel(JsonValue label, FormatFrame frame, IReadOnlyList<string> classes, FormatReader reader) =>
        Class(label["label"] ?? label, classes, label) is { } part ? frame with { Part = part } : null;
}

/// <summary>Boxes, in shares of the picture; the frame's own part comes first.</summary>
internal sealed class FiftyOneDetection : FiftyOne
{
    public override string Name => "fiftyone-detection";

    public override string Title => "FiftyOne image detection";

    public override Carried Carries => Carried.Item | Carried.Split | Carried.Boxes | Carried.Subpixel | Carried.Details;

    protected override bool IsLabel(JsonValue label) => label.IsArray;

    protected override void WriteLabel(Utf8JsonWriter json, FormatFrame frame, FormatWriter writer)
    {
        json.WriteStartArray();
        foreach (Annotation annotation in frame.Annotations.OrderBy(a => a.Part != frame.Part || a.Item != frame.Item))
        {
            Box box = annotation.Box;
            json.WriteStartObject();
            json.WriteNumber("label", writer.IndexOf(annotation.Part));
            json.WritePropertyName("bounding_box");
            JsonSerializer.Serialize(json, new[] { box.X / frame.Width, box.Y / frame.Height, box.Width / frame.Width, box.Height / frame.Height });
            json.WriteStartObject("attributes");
            JsonFields.Write(json, Fields.OfAnnotation, annotation);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    protected override FormatFrame? ReadLabel(JsonValue label, FormatFrame frame, IReadOnlyList<string> classes, FormatReader reader)
    {
        ImageHeader size;
        try
        {
            size = ImageCodec.Identify(File.ReadAllBytes(Path.Combine(reader.Folder, frame.File)));
        }
        catch (WorkFailedException e)
        {
            label.Problem(e.Message);
            return null;
        }

        List<Annotation> annotations = [];
        foreach (JsonValue box in label.Elements)
        {
            if (Class(box["label"], classes, box) is not { } part || (box["bounding_box"] ?? box).Numbers(4) is not { } n)
            {
                return null;
            }

            if (n.Any(v => v is < -0.01 or > 1.01))
            {
                box.Problem("the bounding box is not within 0 to 1; FiftyOne counts in shares of the picture");
                return null;
            }

            annotations.Add(JsonFields.Fill(box["attributes"], Fields.OfAnnotation, new Annotation { Part = part, Item = default, Box = new Box(n[0] * size.Width, n[1] * size.Height, n[2] * size.Width, n[3] * size.Height) }));
        }

        return frame with { Width = size.Width, Height = size.Height, Annotations = annotations };
    }
}
