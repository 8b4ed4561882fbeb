using System.Globalization;
using System.Security.Cryptography;
using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Jobs;

namespace DataRig.Benchmarks;

/// <summary>
/// A long synthesis of small frames in one run: memory over time, which must stay flat, and fifty frames rendered again alone,
/// which must be equal to the byte, labels and all.
/// </summary>
internal static class SynthesisMemory
{
    private const int Side = 64;
    private const int Again = 50;

    /// <summary>Of a frame a bit is kept (whether it is there); the process has SQLite's and the driver's caches besides, which fill slowly.</summary>
    private const double MostHeapBytesAFrame = 20, MostProcessBytesAFrame = 300;

    public static async Task<int> RunAsync(string[] args)
    {
        int frames = args.Select(a => int.TryParse(a, CultureInfo.InvariantCulture, out int n) ? n : 0).FirstOrDefault(n => n > 0, 100_000);
        SynthesisRequest request = SynthesisRequest.Of(Path.Combine(AppContext.BaseDirectory, "scenes", "turntable.json"), new Seed(1), 0, frames, []);
        request = request with { Scene = request.Scene with { Image = request.Scene.Image with { Width = Side, Height = Side } } };
        string folder = Directory.CreateTempSubdirectory("datarig-bench-").FullName;
        try
        {
            using Dataset dataset = Dataset.Create(Path.Combine(folder, "data"));
            MemorySamples samples = new(dataset.Folder, Math.Max(64, frames / 100), MostHeapBytesAFrame, MostProcessBytesAFrame);
            (int made, double perSecond, LabelTally labels) = await SynthesisJob.RunAsync(request, dataset, samples, default);
            Console.WriteLine(FormattableString.Invariant($"{made} frames of {Side}x{Side}, {perSecond:F1} a second; labels that did not agree with the geometry: {labels.Mismatched}, still after drawing again: {labels.Unresolved}"));
            bool flat = samples.Flat();
            string hash = dataset.Hash();
            (double heap, double resident) = MemorySamples.Now();
            Console.WriteLine(FormattableString.Invariant($"after hashing the dataset ({hash[..12]}): heap {heap / 1e6:F2} MB, process {resident / 1e6:F1} MB"));
            int different = RenderAgain(request, dataset);
            Console.WriteLine($"{Again} of them rendered again alone: {(different == 0 ? "equal to the byte" : $"{different} DIFFER")}");
            return flat && different == 0 && made == frames && labels.Mismatched == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>How many differ from what the dataset holds.</returns>
    private static int RenderAgain(SynthesisRequest request, Dataset dataset)
    {
        using Synthesizer synthesizer = new(request.Scene, renderers: 1);
        return new Seed(2).At(0).Permutation("again", request.Count).Take(Again).Count(index =>
        {
            Frame frame = request.ToFrame(synthesizer.Render(request.Seed, [index]).Single());
            string hash = Convert.ToHexStringLower(SHA256.HashData(frame.Image.Bytes));
            string file = Path.Combine(dataset.Folder, "images", hash[..2], hash + ".jpg");
            if (!File.Exists(file) || !File.ReadAllBytes(file).AsSpan().SequenceEqual(frame.Image.Bytes))
            {
                return true;
            }

            try
            {
                dataset.AddFrames([frame]); // refuses a frame that is there with other labels
                return false;
            }
            catch (WorkFailedException)
            {
                return true;
            }
        });
    }
}
