using System.Diagnostics;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Data.Formats;

namespace DataRig.Benchmarks;

/// <summary>Imports pictures, exports them as class folders, COCO and a Ground Truth manifest, imports these, and says whether all four datasets have one hash.</summary>
internal static class SameByAnyFormat
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("datarig-bench-");
        try
        {
            using Dataset source = Dataset.Create(Path.Combine(scratch.FullName, "source"));
            await DatasetImport.RunAsync(source, arguments[0], new ImportOptions());
            string hash = source.Hash();
            Console.WriteLine($"{source.Info().Frames} frames of {source.Info().Parts.Count} parts, hash {hash}");
            bool same = true;
            foreach (string format in arguments.Length > 1 ? arguments[1..] : ["folders", "coco", "groundtruth"])
            {
                Stopwatch watch = Stopwatch.StartNew();
                string folder = DatasetExport.Run(source, DatasetFormats.Named(format), Path.Combine(scratch.FullName, format), new ExportOptions { HardLink = true }).Folder;
                double exported = watch.Elapsed.TotalSeconds;
                using Dataset back = Dataset.Create(Path.Combine(scratch.FullName, $"{format}-back"));
                ImportResult read = await DatasetImport.RunAsync(back, folder, new ImportOptions());
                string found = back.Hash();
                same &= found == hash;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{format,-12} read as {read.Format}, {read.Imported} frames, hash {found} {(found == hash ? "the same" : "ANOTHER")}; exported in {exported:F1} s, imported in {watch.Elapsed.TotalSeconds - exported:F1} s"));
            }

            return same ? 0 : 1;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
