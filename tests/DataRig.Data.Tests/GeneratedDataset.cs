using System.Globalization;
using System.Numerics;
using DataRig.Core;
using DataRig.Data.Formats;

namespace DataRig.Data.Tests;

/// <summary>Datasets drawn from a seed, with everything that a frame can have, and what is left of them in a format.</summary>
internal static class GeneratedDataset
{
    private static readonly string[] Parts = ["3001", "brick 2x4", "Ünï, \"q\" & <x>", "a.b", "50%_1"];

    private static readonly string[] Items = ["red", "blue; dark", "3001-1", "ß"];

    private static readonly EncodedImage[] Pictures = [.. Enumerable.Range(0, 12).Select(i => i == 5 ? ImageCodec.EncodePng(TestPictures.Make(5, 20, 30)) : TestPictures.Jpeg((ulong)i, 16 + (4 * (i % 4)), 12 + (6 * (i % 3))))];

    /// <summary>Fills a dataset with frames of every source.</summary>
    /// <param name="marked">Whether each frame's own part is marked in it first; else some have no annotation.</param>
    /// <param name="rendered">Whether some frames are rendered.</param>
    public static void Fill(Dataset dataset, ulong seed, bool marked, bool rendered = true)
    {
        Draws draws = new Seed(seed).At(0);
        SessionId session = dataset.BeginSession("{}").Id;
        List<Frame> frames = [];
        int count = draws.Below("count", 14) + 2;
        for (int i = 0; i < count; i++)
        {
            Draws d = new Seed(seed).At(i + 1);
            string part = d.Choose("part", Parts), item = d.Choose("item", Items);
            EncodedImage picture = d.Choose("picture", Pictures);
            Frame frame = new() { Image = picture, Source = d.Choose("source", rendered ? Enum.GetValues<FrameSource>() : [FrameSource.Captured, FrameSource.Imported]), Part = new PartId(part), Item = new ItemId(item) };
            frame = frame.Source switch
            {
                FrameSource.Captured => frame with { Session = session, Sweep = (Array.IndexOf(Parts, part) * 10) + Array.IndexOf(Items, item), Stop = i },
                FrameSource.Rendered => frame with { Item = new ItemId(item + " rendered"), Origin = $"scene, seed 1, index {i}" },
                _ => frame with { Origin = $"photos/{i}.jpg" },
            };
            frame = frame with
            {
                Pose = d.Chance("posed", 0.5) ? "studs up" : null,
                AzimuthDegrees = d.Chance("turned", 0.5) ? d.Uniform("azimuth", 0, 360) : null,
                ElevationDegrees = d.Chance("raised", 0.5) ? d.Uniform("elevation", -10, 90) : null,
                Light = d.Chance("lit", 0.3) ? "ring, \"left\"" : null,
                Marks = d.Chance("marked", 0.3) ? ["dark", "late; twice"] : [],
                Metadata = d.Chance("told", 0.3) ? new Dictionary<string, string> { ["gain"] = "2", ["note"] = "a \"b\"\n<c>" } : new Dictionary<string, string>(),
                Intrinsics = d.Chance("seen", 0.3) ? new Intrinsics(d.Uniform("f", 10, 20), 12.5, 8, 6.125) : null,
                Annotations = [.. Enumerable.Range(0, marked ? d.Below("annotations", 3) + 1 : d.Below("annotations", 4)).Select(n => Annotation(new Seed(seed).For($"{i}").At(n), frame, marked && n == 0))],
            };
            frames.Add(frame);
        }

        dataset.AddFrames(frames);
    }

    private static Annotation Annotation(Draws d, Frame frame, bool own)
    {
        (int width, int height) = (frame.Image.Width, frame.Image.Height);
        bool masked = d.Chance("masked", 0.6);
        ulong noise = d.Bits("pixels");
        Mask mask = Mask.FromPixels(width, height, [.. Enumerable.Range(0, width * height).Select(p => p == 40 || (Draws.SplitMix(ref noise) & 7) < 3 ? (byte)1 : (byte)0)]);
        double x = d.Uniform("x", 0, width - 6), y = d.Uniform("y", 0, height - 6);
        Box box = masked ? mask.Bounds()!.Value : d.Chance("whole", 0.3) ? new Box(Math.Floor(x), Math.Floor(y), 5, 4) : new Box(x, y, d.Uniform("w", 1.5, width - x), d.Uniform("h", 1.5, height - y));
        bool detailed = d.Chance("detailed", 0.6);
        return new Annotation
        {
            Part = own ? frame.Part : new PartId(d.Choose("part", Parts)),
            Item = own ? frame.Item : new ItemId(d.Choose("item", Items)),
            Box = box,
            Mask = masked ? mask : null,
            VisibleFraction = detailed ? d.Uniform("visible") : 1,
            Truncated = detailed && d.Chance("truncated", 0.5),
            TruncatedFraction = detailed ? d.Uniform("cut") : null,
            AmodalBox = detailed ? new Box(0, 0, width, height - 0.25) : null,
            PoseInCamera = detailed ? new RigidPose(new Quaternion(0.1f, -0.7f, 0.1f, 0.7f), new Vector3((float)d.Uniform("tx"), -12.345678f, 1e-7f)) : null,
            PoseOnTable = detailed ? new RigidPose(Quaternion.Identity, Vector3.UnitX) : null,
            Quality = detailed ? d.Uniform("quality") : null,
        };
    }

    /// <summary>Every frame in words, as far as a format carries it, in no order that matters.</summary>
    public static string[] Seen(Dataset dataset, Carried carried, Split? split)
    {
        IReadOnlyDictionary<FrameId, IReadOnlyList<Annotation>> annotations = dataset.Annotations();
        return [.. dataset.Frames().Select(f => Seen(f, annotations.GetValueOrDefault(f.Id, []), carried, split)).Order(StringComparer.Ordinal)];
    }

    private static string Seen(FrameRecord f, IReadOnlyList<Annotation> annotations, Carried carried, Split? split)
    {
        bool Has(Carried what) => carried.HasFlag(what);
        ItemId item = Has(Carried.Item) ? f.Item : new ItemId($"{f.Part}-1");
        FrameSource source = Has(Carried.Source) ? f.Source : FrameSource.Imported;
        IEnumerable<string> marked = !Has(Carried.Boxes) ? [] : annotations.Select((a, i) => Seen(Has(Carried.Overlaps) ? a : a with { Mask = Uncovered(a.Mask, annotations.Skip(i + 1)) }, f, item, carried)).Order(StringComparer.Ordinal);
        return string.Join(
            " | ",
            f.ImageHash[..8], f.Part, item, source,
            Has(Carried.Source) && f.Source != FrameSource.Captured ? f.Origin : "",
            Has(Carried.Session) ? $"{f.Session} {f.Sweep} {f.Stop}" : "",
            Has(Carried.Pose) ? $"{f.Pose} {Number(f.AzimuthDegrees)} {Number(f.ElevationDegrees)}" : "",
            Has(Carried.Camera) ? $"{f.Light} {string.Join(';', f.Marks)} {string.Join(';', f.Metadata.OrderBy(m => m.Key))} {f.Intrinsics}" : "",
            Has(Carried.Split) && Has(Carried.Item) && f.Source != FrameSource.Rendered ? $"{split?.RoleOf(f)}" : "",
            string.Join(" & ", marked));
    }

    private static string Seen(Annotation a, FrameRecord f, ItemId item, Carried carried)
    {
        bool details = carried.HasFlag(Carried.Details);
        Box b = carried.HasFlag(Carried.Subpixel) ? a.Box : new Box(Math.Floor(a.Box.X), Math.Floor(a.Box.Y), Math.Ceiling(a.Box.Right) - Math.Floor(a.Box.X), Math.Ceiling(a.Box.Bottom) - Math.Floor(a.Box.Y));
        string box = string.Create(CultureInfo.InvariantCulture, $"{b.X:F6} {b.Y:F6} {b.Width:F6} {b.Height:F6}").Replace("-0.000000", "0.000000", StringComparison.Ordinal);
        return string.Join(
            ' ',
            a.Part, details ? a.Item : a.Part == f.Part ? item : new ItemId($"{a.Part}-1"), box,
            carried.HasFlag(Carried.Masks) && a.Mask is { } mask ? string.Join(',', mask.Counts) : "",
            details ? $"{Number(a.VisibleFraction)} {a.Truncated} {Number(a.TruncatedFraction)} {a.AmodalBox} {a.PoseInCamera} {a.PoseOnTable} {Number(a.Quality)}" : "");
    }

    /// <summary>What later masks leave of one; null where they leave nothing.</summary>
    private static Mask? Uncovered(Mask? mask, IEnumerable<Annotation> later)
    {
        byte[]? pixels = mask?.ToPixels();
        foreach (byte[] above in later.Select(a => a.Mask?.ToPixels()).OfType<byte[]>())
        {
            pixels = pixels?.Zip(above, (p, a) => a == 0 ? p : (byte)0).ToArray();
        }

        return pixels is not null && pixels.Any(p => p != 0) ? Mask.FromPixels(mask!.Width, mask.Height, pixels) : null;
    }

    private static string Number(double? number) => number?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
