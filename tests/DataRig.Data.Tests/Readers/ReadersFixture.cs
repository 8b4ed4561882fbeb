using System.Text.Json;
using DataRig.Core;
using DataRig.Data.Formats;

namespace DataRig.Data.Tests.Readers;

/// <summary>A dataset with every kind of frame, exported in every format, and beside the exports what it holds, as <c>truth.json</c>.</summary>
public sealed class ReadersFixture : IDisposable
{
    private static readonly string[] Parts = ["3001", "brick 2x4", "Ünï, \"q\" & <x>", "a.b", "50%_1"];

    private readonly TempFolder _folder = new();

    public ReadersFixture()
    {
        using Dataset dataset = Dataset.Create(_folder["data"]);
        SessionId session = dataset.BeginSession("{}").Id;
        Dictionary<GroupKey, SplitRole> roles = [];
        List<Frame> frames = [];
        for (int p = 0; p < Parts.Length; p++)
        {
            for (int i = 0; i < 3; i++)
            {
                GroupKey item = new(new PartId(Parts[p]), new ItemId($"{(char)('a' + i)}; ß"));
                roles[item] = (SplitRole)i;
                frames.AddRange(Enumerable.Range(0, 3).Select(n => Make(item, (((p * 3) + i) * 3) + n, n == 0 ? session : null)));
            }

            frames.Add(Make(new GroupKey(new PartId(Parts[p]), new ItemId("drawn")), 100 + p, null, rendered: true));
        }

        dataset.AddFrames(frames);
        Split split = new(new Seed(1), roles);
        foreach (IDatasetFormat format in DatasetFormats.All.Where(f => f.CanWrite))
        {
            DatasetExport.Run(dataset, format, _folder[format.Name], new ExportOptions { Split = split });
        }

        DatasetExport.Run(dataset, DatasetFormats.Named("coco"), _folder["coco-polygons"], new ExportOptions { Split = split, Polygons = true });
        DatasetExport.Run(dataset, DatasetFormats.Named("voc"), _folder["voc-jpeg"], new ExportOptions { Split = split, JpegQuality = 95 });
        WriteTruth(dataset, split);
    }

    public string Folder => _folder.Path;

    public void Dispose() => _folder.Dispose();

    /// <summary>A frame with its own part first among what is marked; every seventh has nothing marked.</summary>
    private static Frame Make(GroupKey item, int number, SessionId? session, bool rendered = false)
    {
        Draws draws = new Seed(5).At(number);
        (int width, int height) = (24 + (8 * (number % 3)), 20 + (6 * (number % 4)));
        Picture picture = TestPictures.Make((ulong)number, width, height);
        return new Frame
        {
            Image = number % 5 == 0 ? ImageCodec.EncodePng(picture) : ImageCodec.EncodeJpeg(picture, 90),
            Source = rendered ? FrameSource.Rendered : session is null ? FrameSource.Imported : FrameSource.Captured,
            Part = item.Part,
            Item = item.Item,
            Session = session,
            Sweep = session is null ? null : number,
            Stop = session is null ? null : 0,
            Origin = session is not null ? null : $"{number}.jpg",
            AzimuthDegrees = number % 2 == 0 ? draws.Uniform("azimuth", 0, 360) : null,
            Annotations = number % 7 == 6 ? [] : [.. Enumerable.Range(0, 1 + (number % 3)).Select(n => Annotation(draws, item, n, width, height))],
        };
    }

    private static Annotation Annotation(Draws draws, GroupKey item, int n, int width, int height)
    {
        double x = draws.Uniform($"x{n}", 0, width - 9), y = draws.Uniform($"y{n}", 0, height - 9), w = draws.Uniform($"w{n}", 4, width - x), h = draws.Uniform($"h{n}", 4, height - y);
        Mask? mask = null;
        if (draws.Chance($"masked{n}", 0.7))
        {
            // An ellipse with a hole, and a corner apart from it: outlines of every kind.
            byte[] pixels = new byte[width * height];
            for (int i = 0; i < pixels.Length; i++)
            {
                double u = ((i % width) + 0.5 - x - (w / 2)) / (w / 2), v = ((i / width) + 0.5 - y - (h / 2)) / (h / 2), r = (u * u) + (v * v);
                pixels[i] = (r is < 1 and > 0.1) || (u is > 0.8 and < 1 && v is > 0.8 and < 1) ? (byte)1 : (byte)0;
            }

            pixels[(((int)y + 2) * width) + (int)x + 2] = 1;
            mask = Mask.FromPixels(width, height, pixels);
        }

        return new Annotation
        {
            Part = n == 0 ? item.Part : new PartId(draws.Choose($"part{n}", Parts)),
            Item = n == 0 ? item.Item : new ItemId("other"),
            Box = mask?.Bounds() ?? new Box(x, y, w, h),
            Mask = mask,
            VisibleFraction = draws.Uniform($"visible{n}"),
            Truncated = n == 1,
        };
    }

    private void WriteTruth(Dataset dataset, Split split)
    {
        var truth = new
        {
            parts = Parts.Order(StringComparer.Ordinal),
            frames = dataset.Frames().Select(f =>
            {
                Picture picture = dataset.ReadImage(f);
                return new
                {
                    sha256 = f.ImageHash,
                    part = f.Part.Value,
                    item = f.Item.Value,
                    role = new[] { "train", "val", "test" }[(int)split.RoleOf(f)!.Value],
                    width = f.Width,
                    height = f.Height,
                    azimuth = f.AzimuthDegrees,
                    pixels = Enumerable.Range(0, 12).Select(i => (X: i * 7 % f.Width, Y: i * 5 % f.Height)).Select(p => new[] { p.X, p.Y, picture[p.X, p.Y].R, picture[p.X, p.Y].G, picture[p.X, p.Y].B }),
                    marks = dataset.Annotations(f.Id).Select(a => new { part = a.Part.Value, box = new[] { a.Box.X, a.Box.Y, a.Box.Width, a.Box.Height }, mask = a.Mask?.Counts }),
                };
            }),
        };
        File.WriteAllText(_folder["truth.json"], JsonSerializer.Serialize(truth));
    }
}
