using System.Formats.Tar;
using System.Globalization;
using System.Text;
using System.Text.Json;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>
/// WebDataset's shards: tar files of a thousand samples, each a picture, a <c>.cls</c> with the class's number and a <c>.json</c>
/// with everything else, under one name. <c>train-000000.tar</c> and so on by the split, <c>all-000000.tar</c> without one.
/// </summary>
internal sealed class WebDataset : IDatasetFormat
{
    private const int SamplesAShard = 1000;

    public string Name => "webdataset";

    public string Title => "WebDataset shards: webdataset, Hugging Face datasets, img2dataset";

    public Carried Carries => Carried.All;

    public bool PacksPictures => true;

    public string PictureFile(FormatFrame frame, string name) => name;

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        Dictionary<string, Shard> open = [];
        try
        {
            foreach (FormatFrame frame in frames)
            {
                string subset = frame.Subset ?? "all";
                Shard shard = open.TryGetValue(subset, out Shard? there) ? there : open[subset] = new Shard(writer, subset, 0);
                shard.Add(frame);
                if (shard.Samples == SamplesAShard)
                {
                    shard.Finish();
                    open[subset] = new Shard(writer, subset, shard.Number + 1);
                }
            }

            foreach (Shard shard in open.Values.Where(s => s.Samples > 0))
            {
                shard.Finish();
            }
        }
        finally
        {
            foreach (Shard shard in open.Values)
            {
                shard.Dispose();
            }
        }
    }

    /// <summary>A tar file that grows. One that a stopped export left whole is not written again.</summary>
    private sealed class Shard(FormatWriter writer, string subset, int number) : IDisposable
    {
        private readonly string _file = string.Create(CultureInfo.InvariantCulture, $"{subset}-{number:D6}.tar");
        private TarWriter? _tar;

        public int Number => number;

        public int Samples { get; private set; }

        public void Add(FormatFrame frame)
        {
            Samples++;
            if (_tar is null && writer.Has(_file))
            {
                return;
            }

            _tar ??= new TarWriter(writer.Stream(_file), TarEntryFormat.Ustar, leaveOpen: true);
            string key = Path.GetFileNameWithoutExtension(frame.File);
            Member(key + Path.GetExtension(frame.File), writer.Picture(frame));
            Member(key + ".cls", Encoding.UTF8.GetBytes(writer.IndexOf(frame.Part).ToString(CultureInfo.InvariantCulture)));
            using MemoryStream json = new();
            FormatWriter.WriteJson(json, j => WriteSample(j, frame, writer));
            Member(key + ".json", json.ToArray());
        }

        public void Finish()
        {
            if (_tar is not null)
            {
                _tar.Dispose();
                _tar = null;
                writer.Finish(_file);
            }
        }

        public void Dispose() => _tar?.Dispose();

        private void Member(string name, byte[] bytes) => _tar!.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = new MemoryStream(bytes),
            ModificationTime = DateTimeOffset.UnixEpoch,
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        });
    }

    private static void WriteSample(Utf8JsonWriter json, FormatFrame frame, FormatWriter writer)
    {
        json.WriteStartObject();
        JsonFields.Write(json, Fields.OfFrame, frame);
        json.WriteNumber("class", writer.IndexOf(frame.Part));
        json.WriteNumber("width", frame.Width);
        json.WriteNumber("height", frame.Height);
        json.WriteStartArray("annotations");
        foreach (Annotation annotation in frame.Annotations)
        {
            json.WriteStartObject();
            json.WriteString("part", annotation.Part.Value);
            json.WritePropertyName("bbox");
            JsonSerializer.Serialize(json, new[] { annotation.Box.X, annotation.Box.Y, annotation.Box.Width, annotation.Box.Height });
            if (annotation.Mask is { } mask)
            {
                json.WriteString("mask", MaskRle.Encode(mask));
            }

            JsonFields.Write(json, Fields.OfAnnotation, annotation);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public bool Recognizes(FormatReader reader) => reader.Files("*.cls").Any() && reader.Pictures().Any();

    public IEnumerable<FormatFrame> Read(FormatReader reader)
    {
        HashSet<string> files = [.. reader.Files()];
        foreach (string picture in reader.Pictures())
        {
            string folder = Path.GetDirectoryName(picture)!, name = Path.GetFileName(picture);
            string key = (folder.Length > 0 ? folder + "/" : "") + name[..name.IndexOf('.', StringComparison.Ordinal)];
            FormatFrame frame = new() { File = picture, Where = picture, Source = FrameSource.Imported, Part = default, Item = default };
            if (files.Contains(key + ".json") && reader.ReadJson(key + ".json") is { } json)
            {
                (int width, int height) = ((int)(json["width"]?.Whole ?? 0), (int)(json["height"]?.Whole ?? 0));
                frame = JsonFields.Fill(json, Fields.OfFrame, frame) with
                {
                    Width = width,
                    Height = height,
                    Annotations = [.. (json["annotations"]?.Elements ?? []).Select(a => ReadAnnotation(a, width, height)).OfType<Annotation>()],
                };
            }

            // Others' samples have a class and no more: its number is all there is to call it by.
            if (frame.Part.Value is null && files.Contains(key + ".cls") && reader.ReadText(key + ".cls") is { } number)
            {
                frame = frame with { Part = new PartId(number.Trim()) };
            }

            yield return frame with { Role = frame.Role ?? FormatFrame.RoleOf(folder.Split('/')[^1].Split('-')[0]) };
        }
    }

    private static Annotation? ReadAnnotation(JsonValue json, int width, int height)
    {
        if (json.Required("part") is not { } part || (json["bbox"] ?? json).Numbers(4) is not { } box)
        {
            return null;
        }

        try
        {
            Mask? mask = json["mask"]?.Text is { } runs ? MaskRle.Decode(width, height, runs) : null;
            return JsonFields.Fill(json, Fields.OfAnnotation, new Annotation { Part = new PartId(part), Item = default, Box = new Box(box[0], box[1], box[2], box[3]), Mask = mask });
        }
        catch (FormatException e)
        {
            json.Problem($"the mask cannot be read: {e.Message}");
            return null;
        }
    }
}
