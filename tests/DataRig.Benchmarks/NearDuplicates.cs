using System.Diagnostics;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Benchmarks;

/// <summary>How far apart the hashes of pictures are that are the same and that are not, and how fast many are compared.</summary>
internal static class NearDuplicates
{
    public static Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Distances(arguments[0]);
        }

        const int Many = 100_000;
        ulong state = 1;
        PerceptualHash[] random = [.. Enumerable.Range(0, Many).Select(_ => new PerceptualHash(Draws.SplitMix(ref state), Draws.SplitMix(ref state), Draws.SplitMix(ref state), Draws.SplitMix(ref state)))];
        Stopwatch clock = Stopwatch.StartNew();
        int near = PerceptualHash.Pairs(random).Count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Many} hashes, all pairs: {clock.Elapsed.TotalSeconds:F1} s ({near} near)"));
        return Task.FromResult(0);
    }

    private static void Distances(string folder)
    {
        using Dataset dataset = Dataset.Open(folder);
        IReadOnlyList<FrameRecord> frames = dataset.Frames();
        PerceptualHash[] hashes = new PerceptualHash[frames.Count], small = new PerceptualHash[frames.Count], bright = new PerceptualHash[frames.Count];
        Stopwatch clock = Stopwatch.StartNew();
        Parallel.For(0, frames.Count, i => hashes[i] = PerceptualHash.Of(dataset.ReadImage(frames[i])));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{frames.Count / clock.Elapsed.TotalSeconds:F0} pictures a second decoded and hashed"));
        Parallel.For(0, frames.Count, i =>
        {
            Picture picture = dataset.ReadImage(frames[i]);
            small[i] = PerceptualHash.Of(ImageCodec.Decode(ImageCodec.EncodeJpeg(ImageCodec.Resize(picture, picture.Width / 2, picture.Height / 2), 60).Bytes));
            bright[i] = PerceptualHash.Of(new Picture(picture.Width, picture.Height, [.. picture.Rgb.Select(v => (byte)Math.Min(255, v * 1.1))]));
        });
        Show("half the size, JPEG quality 60", frames.Select((_, i) => hashes[i].Distance(small[i])));
        Show("a tenth brighter", frames.Select((_, i) => hashes[i].Distance(bright[i])));
        int[] Nearest(Func<FrameRecord, FrameRecord, bool> which)
        {
            int[] nearest = new int[frames.Count];
            Parallel.For(0, frames.Count, i => nearest[i] = Enumerable.Range(0, frames.Count).Where(j => j != i && which(frames[i], frames[j])).Select(j => hashes[i].Distance(hashes[j])).DefaultIfEmpty(255).Min());
            return nearest;
        }

        Show("nearest other of the item", Nearest((a, b) => a.Item == b.Item && a.Part == b.Part));
        Show("nearest of another item", Nearest((a, b) => a.Part == b.Part && a.Item != b.Item));
        Show("nearest of another part", Nearest((a, b) => a.Part != b.Part));
    }

    private static void Show(string what, IEnumerable<int> distances)
    {
        int[] order = [.. distances.Order()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-32} least {order[0],3}  1% {order[order.Length / 100],3}  half {order[order.Length / 2],3}  99% {order[order.Length * 99 / 100],3}  most {order[^1],3}  near {100.0 * order.Count(d => d <= PerceptualHash.Near) / order.Length:F1}%"));
    }
}
