using System.Diagnostics;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Data.Formats;

namespace DataRig.Benchmarks;

/// <summary>Exports datasets of several sizes to COCO, and says how many frames a second that is, against a plain copy of the same files, and how much memory it takes.</summary>
internal static class ExportSpeed
{
    private const int Side = 64, Batch = 1000, Sample = 20;

    /// <summary>Bytes that a frame more may cost: what names the frames of an export is kept.</summary>
    private const double MostAFrame = 400;

    public static Task<int> RunAsync(string[] arguments)
    {
        int[] sizes = arguments.Length == 0 ? [10_000, 50_000, 100_000] : [.. arguments.Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("datarig-bench-");
        try
        {
            using Dataset dataset = Dataset.Create(Path.Combine(scratch.FullName, "data"));
            List<(int Frames, double Heap)> peaks = [];
            foreach (int size in sizes.Order())
            {
                Fill(dataset, size);
                double copied = Copy(dataset, Path.Combine(scratch.FullName, "copy"));
                string target = Path.Combine(scratch.FullName, "coco");
                double exported = Seconds(() => Export(dataset, target, null));
                long labels = new FileInfo(Path.Combine(target, "annotations", "instances.json")).Length;
                Directory.Delete(target, recursive: true);
                copied = Math.Min(copied, Copy(dataset, Path.Combine(scratch.FullName, "copy")));
                Peak peak = new(); // by itself, for it takes time
                Export(dataset, target, peak);
                Directory.Delete(target, recursive: true);
                peaks.Add((size, peak.Heap));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size,7} frames  export {size / exported,6:F0} frames/s  plain copy {size / copied,6:F0} frames/s  ratio {copied / exported:F2}  labels {labels / 1e6:F0} MB  most in the heap {peak.Heap / 1e6:F1} MB, in the process {peak.Process / 1e6:F0} MB"));
            }

            double slope = peaks.Count < 2 ? 0 : (peaks[^1].Heap - peaks[0].Heap) / (peaks[^1].Frames - peaks[0].Frames);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a frame more takes {slope:F0} bytes of the heap: {(slope <= MostAFrame ? "flat" : $"NOT flat, the most is {MostAFrame}")}"));
            return Task.FromResult(slope <= MostAFrame ? 0 : 1);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    /// <summary>Adds frames until there are as many, each with a picture of its own and a mask.</summary>
    private static void Fill(Dataset dataset, int size)
    {
        for (int at = dataset.Info().Frames; at < size; at += Batch)
        {
            Frame[] frames = new Frame[Math.Min(Batch, size - at)];
            Parallel.For(0, frames.Length, i => frames[i] = Frame(at + i));
            dataset.AddFrames(frames);
        }
    }

    private static Frame Frame(int number)
    {
        (PartId part, ItemId item) = (new PartId($"part-{number % 10}"), new ItemId($"item-{number % 40}"));
        byte[] pixels = new byte[Side * Side];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int x, int y) = (i % Side - 32, i / Side - 32);
            pixels[i] = (x * x) + (y * y) < 200 + (number % 300) ? (byte)1 : (byte)0;
        }

        Mask mask = Mask.FromPixels(Side, Side, pixels);
        return new Frame
        {
            Image = ImageCodec.EncodeJpeg(Pictures.Table(Side, Side, number, number % 360), 90),
            Source = FrameSource.Imported,
            Part = part,
            Item = item,
            AzimuthDegrees = number % 360,
            Origin = $"{number}.jpg",
            Annotations = [new Annotation { Part = part, Item = item, Mask = mask, Box = mask.Bounds()!.Value }],
        };
    }

    private static void Export(Dataset dataset, string target, Peak? peak) => DatasetExport.Run(dataset, DatasetFormats.Named("coco"), target, new ExportOptions(), peak);

    /// <summary>As the export does it: several at a time.</summary>
    /// <returns>Seconds.</returns>
    private static double Copy(Dataset dataset, string target)
    {
        string[] files = [.. dataset.Frames().Select(f => f.ImagePath)];
        Directory.CreateDirectory(target);
        double seconds = Seconds(() => Parallel.ForEach(files, file => File.Copy(file, Path.Combine(target, Path.GetFileName(file)))));
        Directory.Delete(target, recursive: true);
        return seconds;
    }

    private static double Seconds(Action work)
    {
        Stopwatch watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>The most memory at some moments on the way, garbage collected.</summary>
    private sealed class Peak : IProgress<StageProgress>
    {
        public double Heap { get; private set; }

        public double Process { get; private set; }

        public void Report(StageProgress value)
        {
            if (value.Done % (Math.Max(Sample, value.Total) / Sample) == 0)
            {
                Heap = Math.Max(Heap, GC.GetTotalMemory(forceFullCollection: true));
                using Process self = System.Diagnostics.Process.GetCurrentProcess();
                Process = Math.Max(Process, self.WorkingSet64);
            }
        }
    }
}
