using System.Text.Json;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>
/// COCO's instances: boxes in pixels, masks as run lengths or polygons. <c>annotations/instances_train.json</c> and so on by the
/// split, or <c>annotations/instances.json</c>; <c>file_name</c> is below <c>images/train</c>. What COCO has no key for stands in
/// an object of ours, which readers pass over (format: cocodataset.org, "Data format").
/// </summary>
internal sealed class Coco : IDatasetFormat
{
    public string Name => "coco";

    public string Title => "COCO instances with boxes and masks: pycocotools, torchvision, Detectron2, MMDetection";

    public Carried Carries => Carried.All;

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        SortedDictionary<string, Subset> subsets = new(StringComparer.Ordinal);
        try
        {
            foreach (FormatFrame frame in frames)
            {
                string file = frame.Subset is { } name ? $"annotations/instances_{name}.json" : "annotations/instances.json";
                if (!subsets.TryGetValue(file, out Subset? subset))
                {
                    subsets.Add(file, subset = new Subset(writer.Stream(file), writer.Scratch()));
                    Begin(subset.Images, writer.Parts);
                }

                Add(subset, frame, writer);
            }

            foreach (Subset subset in subsets.Values)
            {
                subset.Images.Write("\n],\n\"annotations\": [\n"u8);
                subset.Annotations.Position = 0;
                subset.Annotations.CopyTo(subset.Images);
                subset.Images.Write("\n]}\n"u8);
            }
        }
        finally
        {
            foreach (Subset subset in subsets.Values)
            {
                subset.Annotations.Dispose();
            }
        }
    }

    /// <summary>Images go into the file at once, annotations into another one that is added at the end: a single pass, and nothing kept in memory.</summary>
    private sealed record Subset(Stream Images, Stream Annotations)
    {
        public int ImageCount { get; set; }

        public int AnnotationCount { get; set; }
    }

    private static void Begin(Stream stream, IReadOnlyList<PartId> parts)
    {
        stream.Write("{\"info\": "u8);
        FormatWriter.WriteJson(stream, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("year", 0);
            json.WriteString("version", "1.0");
            json.WriteString("description", "Exported by DataRig");
            json.WriteString("contributor", "");
            json.WriteString("url", "");
            json.WriteString("date_created", "");
            json.WriteEndObject();
        });
        stream.Write(",\n\"licenses\": [],\n\"categories\": "u8);
        FormatWriter.WriteJson(stream, json =>
        {
            json.WriteStartArray();
            for (int i = 0; i < parts.Count; i++)
            {
                json.WriteStartObject();
                json.WriteNumber("id", i + 1);
                json.WriteString("name", parts[i].Value);
                json.WriteString("supercategory", "part");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        stream.Write(",\n\"images\": [\n"u8);
    }

    private static void Add(Subset subset, FormatFrame frame, FormatWriter writer)
    {
        subset.Images.Write(subset.ImageCount++ == 0 ? ""u8 : ",\n"u8);
        FormatWriter.WriteJson(subset.Images, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("id", subset.ImageCount);
            json.WriteNumber("width", frame.Width);
            json.WriteNumber("height", frame.Height);
            json.WriteString("file_name", Path.GetFileName(frame.File));
            JsonFields.WriteGroup(json, Fields.OfFrame, frame);
            json.WriteEndObject();
        });
        foreach (Annotation annotation in frame.Annotations)
        {
            subset.Annotations.Write(subset.AnnotationCount++ == 0 ? ""u8 : ",\n"u8);
            FormatWriter.WriteJson(subset.Annotations, json =>
            {
                json.WriteStartObject();
                json.WriteNumber("id", subset.AnnotationCount);
                json.WriteNumber("image_id", subset.ImageCount);
                json.WriteNumber("category_id", writer.IndexOf(annotation.Part) + 1);
                json.WritePropertyName("bbox");
                JsonSerializer.Serialize(json, new[] { annotation.Box.X, annotation.Box.Y, annotation.Box.Width, annotation.Box.Height });
                json.WriteNumber("area", annotation.Mask?.Area ?? annotation.Box.Area);
                json.WriteNumber("iscrowd", 0);
                json.WritePropertyName("segmentation");
                WriteMask(json, annotation.Mask, writer.Polygons);
                JsonFields.WriteGroup(json, Fields.OfAnnotation, annotation);
                json.WriteEndObject();
            });
        }
    }

    private static void WriteMask(Utf8JsonWriter json, Mask? mask, bool polygons)
    {
        if (mask is null || polygons)
        {
            JsonSerializer.Serialize(json, mask is null ? [] : MaskOutline.Polygons(mask));
            return;
        }

        json.WriteStartObject();
        json.WritePropertyName("size");
        JsonSerializer.Serialize(json, new[] { mask.Height, mask.Width });
        json.WriteString("counts", MaskRle.Encode(mask));
        json.WriteEndObject();
    }

    public bool Recognizes(FormatReader reader) => LabelFiles(reader).Any();

    public IEnumerable<FormatFrame> Read(FormatReader reader) => LabelFiles(reader).SelectMany(file => ReadFile(reader, file));

    private static IEnumerable<string> LabelFiles(FormatReader reader) => reader.Files("*.json").Where(f =>
        reader.Head(f) is ['{', ..] head && (head.Contains("\"images\"", StringComparison.Ordinal) || head.Contains("\"image_id\"", StringComparison.Ordinal) || head.Contains("\"categories\"", StringComparison.Ordinal)));

    /// <summary>
    /// Goes through the file three times, for what it holds may come in any order: for what annotations refer to, for the
    /// annotations, and for the images that they belong to. In memory are its bytes and, at the end, the annotations.
    /// </summary>
    private static IEnumerable<FormatFrame> ReadFile(FormatReader reader, string file)
    {
        if (reader.ReadBytes(file) is not { } bytes || !JsonRows.IsWhole(bytes, file, reader))
        {
            yield break;
        }

        References references = ReadReferences(reader, file, bytes);
        Dictionary<long, List<Annotation>> annotations = ReadAnnotations(reader, file, bytes, references);
        string name_ = Path.GetFileNameWithoutExtension(file);
        SplitRole? role = FormatFrame.RoleOf(name_.Split('_')[^1]) ?? FormatFrame.RoleOf(Path.GetFileName(Path.GetDirectoryName(file)));
        string subset = FormatFrame.SubsetOf(role) ?? "";
        HashSet<long> images = [];
        foreach (JsonValue image in Rows(reader, file, bytes, "images"))
        {
            long? id = image["id"]?.Whole;
            if (id is null || !images.Add(id.Value))
            {
                image.Problem(id is null ? "\"id\" must be a whole number" : $"there are two images of id {id}");
                continue;
            }

            if (image.Required("file_name") is not { } picture)
            {
                continue;
            }

            (int width, int height) = references.Images[id.Value];
            FormatFrame frame = new()
            {
                File = reader.Picture(picture, $"images/{subset}".TrimEnd('/'), subset, "images", "", Path.GetDirectoryName(file)!),
                Where = image.Where,
                Source = FrameSource.Imported,
                Part = default,
                Item = default,
                Width = width,
                Height = height,
                Role = role,
                Annotations = annotations.GetValueOrDefault(id.Value, []),
            };
            yield return JsonFields.Fill(image[Fields.Group], Fields.OfFrame, frame);
        }
    }

    /// <summary>What annotations refer to by numbers: the parts, and the sizes of images.</summary>
    private sealed record References(Dictionary<long, PartId> Categories, Dictionary<long, (int Width, int Height)> Images);

    private static References ReadReferences(FormatReader reader, string file, byte[] bytes)
    {
        References references = new([], []);
        bool any = false;
        foreach ((string key, bool isElement, JsonValue value) in JsonRows.Read(bytes, file, reader, "images", "categories"))
        {
            any |= key == "images";
            if (!isElement)
            {
                value.Problem($"\"{key}\" must be an array");
            }
            else if (key == "images" && value["id"]?.Whole is { } image)
            {
                references.Images.TryAdd(image, ((int)(value["width"]?.Whole ?? 0), (int)(value["height"]?.Whole ?? 0)));
            }
            else if (key == "categories" && value.RequiredNumber("id") is { } id && value.Required("name") is { } name && !references.Categories.TryAdd((long)id, new PartId(name)))
            {
                value.Problem($"there are two categories of id {id}");
            }
        }

        if (!any)
        {
            reader.Problems.Add(file, "there are no images in it; expected an object with images, annotations and categories");
        }

        return references;
    }

    private static Dictionary<long, List<Annotation>> ReadAnnotations(FormatReader reader, string file, byte[] bytes, References references)
    {
        Dictionary<long, List<Annotation>> annotations = [];
        foreach (JsonValue row in Rows(reader, file, bytes, "annotations"))
        {
            if (row["image_id"]?.Whole is not { } image || !references.Images.TryGetValue(image, out (int Width, int Height) size))
            {
                row.Problem($"the annotation is of image {row["image_id"]?.Text ?? "nothing"}, which is not there");
            }
            else if (ReadAnnotation(row, references.Categories, size.Width, size.Height) is { } annotation)
            {
                reader.CountRow();
                (annotations.TryGetValue(image, out List<Annotation>? list) ? list : annotations[image] = []).Add(annotation);
            }
        }

        return annotations;
    }

    private static IEnumerable<JsonValue> Rows(FormatReader reader, string file, byte[] bytes, string key) =>
        JsonRows.Read(bytes, file, reader, key).Where(row => row.IsElement).Select(row => row.Value);

    private static Annotation? ReadAnnotation(JsonValue json, Dictionary<long, PartId> categories, int width, int height)
    {
        long? category = json["category_id"]?.Whole;
        if (category is null || !categories.TryGetValue(category.Value, out PartId part))
        {
            (json["category_id"] ?? json).Problem(category is null ? "\"category_id\" must be a whole number" : $"there is no category of id {category}");
            return null;
        }

        Mask? mask;
        try
        {
            mask = ReadMask(json["segmentation"], width, height);
        }
        catch (FormatException e)
        {
            json["segmentation"]!.Problem($"the mask cannot be read: {e.Message}");
            return null;
        }

        double[]? box = json["bbox"] is { } numbers ? numbers.Numbers(4) : mask?.Bounds() is { } b ? [b.X, b.Y, b.Width, b.Height] : null;
        if (box is null)
        {
            if (json["bbox"] is null)
            {
                json.Problem("there is neither a box nor a mask");
            }

            return null;
        }

        return JsonFields.Fill(json[Fields.Group], Fields.OfAnnotation, new Annotation { Part = part, Item = default, Box = new Box(box[0], box[1], box[2], box[3]), Mask = mask });
    }

    /// <exception cref="FormatException">It does not describe a mask of this size.</exception>
    private static Mask? ReadMask(JsonValue? json, int width, int height)
    {
        if (json is null || (json.IsArray && json.Length == 0))
        {
            return null;
        }

        if (json.IsArray)
        {
            double[]?[] polygons = [.. json.Elements.Select(p => p.Length >= 6 && p.Length % 2 == 0 ? p.Numbers(p.Length) : null)];
            return polygons.All(p => p is not null) && width > 0 && height > 0 && (long)width * height <= ImageCodec.MaxPixels ? MaskOutline.Fill(width, height, polygons!) : throw new FormatException("expected polygons of at least three points, and the picture's size");
        }

        if (json["size"]?.Numbers(2) is not [var rows, var columns] || json["counts"] is not { } counts || (rows, columns) != (height, width))
        {
            throw new FormatException($"expected counts, and the picture's size {height}x{width}");
        }

        return counts.IsText ? MaskRle.Decode(width, height, counts.Text!) : MaskRle.Of(width, height, [.. counts.Elements.Select(c => c.Whole is { } run and >= 0 and <= int.MaxValue ? (int)run : throw new FormatException("a run length is no whole number"))]);
    }
}
