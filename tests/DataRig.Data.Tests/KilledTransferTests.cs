using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using DataRig.Core;
using DataRig.Data.Formats;

namespace DataRig.Data.Tests;

/// <summary>
/// A process that exports or imports is killed with SIGKILL at some moment; nothing half passes for a whole, and once more the
/// same gives what an undisturbed one gives, byte by byte and hash by hash.
/// </summary>
public sealed class KilledTransferTests : IClassFixture<KilledTransferTests.Source>
{
    private const string Variable = "DATARIG_TEST_TRANSFER";

    private readonly Source _source;
    private readonly TempFolder _folder = new();

    public KilledTransferTests(Source source) => _source = source;

    public static TheoryData<string> Written => [.. DatasetFormats.All.Where(f => f.CanWrite).Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Written))]
    public void AnExportThatWasKilledIsGoneOnWith(string format)
    {
        using (_folder)
        {
            Draws draws = new Seed(31).For(format).At(0);
            string whole = _folder["whole"], again = _folder["again"];
            Export(_source.Folder, format, whole);
            for (int kill = 0; kill < (format is "coco" or "webdataset" ? 2 : 1); kill++)
            {
                Kill("export", format, _source.Folder, again, draws.Below($"export{kill}", Source.Frames));
                if (Directory.Exists(again))
                {
                    break; // it was quicker, and is whole
                }
            }

            Assert.True(Directory.Exists(again) || Directory.Exists($"{again}.partial"));
            if (!Directory.Exists(again))
            {
                Export(_source.Folder, format, again);
            }

            Assert.False(Directory.Exists($"{again}.partial"));
            Assert.Equal(Files(whole), Files(again));
        }
    }

    /// <summary>Formats differ in what they read, not in how it is added: a folder, a zip file, tar files, tables.</summary>
    [Theory]
    [InlineData("folders", false)]
    [InlineData("coco", true)]
    [InlineData("webdataset", false)]
    [InlineData("parquet", true)]
    public async Task AnImportThatWasKilledIsGoneOnWith(string format, bool zipped)
    {
        using (_folder)
        {
            string whole = _folder["whole"], source = zipped ? _folder["whole.zip"] : whole;
            Export(_source.Folder, format, whole);
            if (zipped)
            {
                ZipFile.CreateFromDirectory(whole, source, CompressionLevel.NoCompression, includeBaseDirectory: false);
            }

            await ImportAsync(source, format, _folder["one"]);
            Draws draws = new Seed(32).For(format).At(0);
            Kill("import", format, source, _folder["two"], draws.Below("early", 3));
            Kill("import", format, source, _folder["two"], 4 + draws.Below("late", 4));
            ImportResult result = await ImportAsync(source, format, _folder["two"]);
            Assert.Equal(Source.Frames, result.Imported + result.AlreadyThere);
            using Dataset one = Dataset.Open(_folder["one"]), two = Dataset.Open(_folder["two"]);
            Assert.Equal(one.Hash(), two.Hash());
            Assert.Equal(one.LoadSplit()?.Hash, two.LoadSplit()?.Hash);
            Assert.Equal(one.Frames().Select(f => f.Origin), two.Frames().Select(f => f.Origin));
            Assert.False(Directory.Exists(_folder["two", "unpacked"]));
            Assert.True((await DatasetAudit.RunAsync(two)).Sound);
        }
    }

    /// <summary>The test program is its own victim: started with this variable it exports or imports until it is killed.</summary>
    [ModuleInitializer]
    internal static void TransferUntilKilled()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split('\n') is not [var verb, var format, var from, var to])
        {
            return;
        }

        Aloud progress = new();
        if (verb == "export")
        {
            Export(from, format, to, progress);
        }
        else
        {
            ImportAsync(from, format, to, progress).GetAwaiter().GetResult();
        }

        Environment.Exit(0);
    }

    private static void Export(string data, string format, string target, IProgress<StageProgress>? progress = null)
    {
        using Dataset dataset = Dataset.Open(data);
        DatasetExport.Run(dataset, DatasetFormats.Named(format), target, new ExportOptions { Split = dataset.LoadSplit() }, progress);
    }

    private static async Task<ImportResult> ImportAsync(string source, string format, string target, IProgress<StageProgress>? progress = null)
    {
        using Dataset dataset = Dataset.OpenOrCreate(target);
        return await DatasetImport.RunAsync(dataset, source, new ImportOptions { Format = DatasetFormats.Named(format) }, progress);
    }

    /// <summary>Kills it after so many words of progress, and a moment.</summary>
    private static void Kill(string verb, string format, string from, string to, int words)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, typeof(KilledTransferTests).Assembly.GetName().Name!)) { RedirectStandardOutput = true };
        start.Environment[Variable] = string.Join('\n', verb, format, from, to);
        using Process process = Process.Start(start)!;
        for (int i = 0; i <= words && process.StandardOutput.ReadLine() is not null; i++)
        {
            // the next word
        }

        process.Kill();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
    }

    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => $"{Path.GetRelativePath(folder, f)} {Storage.ImageStore.Hash(File.ReadAllBytes(f))}").Order(StringComparer.Ordinal)];

    private sealed class Aloud : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            Console.Out.WriteLine(value.Done);
            Console.Out.Flush();
        }
    }

    /// <summary>A dataset of several batches, with a split.</summary>
    public sealed class Source : IDisposable
    {
        public const int Frames = 70;

        private readonly TempFolder _folder = new();

        public Source()
        {
            using Dataset dataset = Dataset.Create(_folder["data"]);
            dataset.AddFrames([.. Enumerable.Range(0, Frames).Select(i =>
            {
                (PartId part, ItemId item) = (new PartId($"part {i % 3}"), new ItemId($"item-{i % 12}"));
                Mask mask = Mask.FromPixels(16, 12, [.. Enumerable.Range(0, 16 * 12).Select(p => (p + i) % 7 < 3 ? (byte)1 : (byte)0)]);
                return new Frame
                {
                    Image = TestPictures.Jpeg((ulong)i, 16, 12), Source = FrameSource.Imported, Part = part, Item = item, Origin = $"{i}.jpg", AzimuthDegrees = i,
                    Annotations = [new Annotation { Part = part, Item = item, Box = mask.Bounds()!.Value, Mask = mask }],
                };
            })]);
            dataset.SaveSplit(GroupSplit.Assign(dataset.Items(), new Seed(1)));
        }

        public string Folder => _folder["data"];

        public void Dispose() => _folder.Dispose();
    }
}
