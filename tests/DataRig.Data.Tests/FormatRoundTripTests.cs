using CsCheck;
using DataRig.Core;
using DataRig.Data.Formats;

namespace DataRig.Data.Tests;

/// <summary>Every format: what is written is read back equal, as far as the format carries it; the same dataset gives the same bytes.</summary>
public sealed class FormatRoundTripTests
{
    public static TheoryData<string, bool> Written => [.. DatasetFormats.All.Where(f => f.CanWrite).SelectMany(f => new[] { (f.Name, false), (f.Name, true) }.Where(n => !n.Item2 || n.Name is "coco" or "cvat"))];

    [Theory]
    [MemberData(nameof(Written))]
    public void WhatIsWrittenIsReadBack(string name, bool polygons)
    {
        IDatasetFormat format = DatasetFormats.Named(name);
        Gen.Select(Gen.ULong, Gen.Bool).Sample(
            (seed, isSplit) =>
            {
                using TempFolder folder = new();
                using Dataset dataset = Dataset.Create(folder["data"]), back = Dataset.Create(folder["back"]);
                GeneratedDataset.Fill(dataset, seed, marked: !format.Carries.HasFlag(Carried.Unmarked), rendered: format.Carries.HasFlag(Carried.Source));
                Split? split = isSplit ? GroupSplit.Assign(dataset.Items(), new Seed(seed)) : null;
                ExportResult written = DatasetExport.Run(dataset, format, folder["out"], new ExportOptions { Split = split, Polygons = polygons });
                Assert.Equal(dataset.Frames().Count, written.Frames);
                Assert.False(File.Exists(folder["out", ".datarig-export"]));
                ImportResult read = DatasetImport.RunAsync(back, folder["out"], new ImportOptions { Format = name == "yolo-seg" ? format : null }).GetAwaiter().GetResult();
                Assert.Equal((name, written.Frames), (read.Format, read.Imported));
                Assert.Equal(GeneratedDataset.Seen(dataset, format.Carries, split), GeneratedDataset.Seen(back, format.Carries, back.LoadSplit()));
                // Percent, and a far edge in place of a width, cost the last digit.
                if (format.Carries == Carried.All && name is not ("labelstudio" or "cvat"))
                {
                    Assert.Equal(dataset.Hash(), back.Hash());
                }
            },
            iter: 4,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void TheSameFramesGiveTheSameBytesInWhateverOrderTheyCame(string name, bool polygons)
    {
        using TempFolder folder = new();
        using Dataset one = Dataset.Create(folder["one"]), other = Dataset.Create(folder["other"]);
        GeneratedDataset.Fill(one, 7, marked: true);
        other.BeginSession("{}");
        foreach (Frame frame in one.WholeFrames().Reverse())
        {
            other.AddFrames([frame]);
        }

        foreach ((Dataset dataset, string target) in new[] { (one, "a"), (other, "b"), (one, "c") })
        {
            DatasetExport.Run(dataset, DatasetFormats.Named(name), folder[target], new ExportOptions { Split = GroupSplit.Assign(dataset.Items(), new Seed(3)), Polygons = polygons });
        }

        Assert.Equal(Files("a"), Files("b"));
        Assert.Equal(Files("a"), Files("c"));

        string[] Files(string root) => [.. Directory.GetFiles(folder[root], "*", SearchOption.AllDirectories).Select(f => $"{Path.GetRelativePath(folder[root], f)} {Storage.ImageStore.Hash(File.ReadAllBytes(f))}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void MasksArePolygonsAndRunLengthsExactly() => Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12], Gen.Byte.Array[144]).Sample((width, height, noise) =>
    {
        Mask mask = Mask.FromPixels(width, height, [.. noise.Take(width * height).Select(n => n > 110 ? (byte)1 : (byte)0)]);
        Assert.Equal(mask.Counts, MaskRle.Decode(width, height, MaskRle.Encode(mask)).Counts);
        Assert.Equal(mask.ToPixels(), MaskOutline.Fill(width, height, MaskOutline.Polygons(mask)).ToPixels());
        Assert.Equal(mask.ToPixels(), MaskOutline.Fill(width, height, [MaskOutline.Polygon(mask)]).ToPixels());
    });

    [Fact]
    public void RunLengthsAreThoseOfCocosTools()
    {
        // Worked out by hand from maskApi.c: 6 zeros, 1 one, 40 zeros, 2 ones, 1 zero; from the third on the difference to the run before the last.
        Mask mask = new(10, 5, [6, 1, 40, 2, 1]);
        Assert.Equal("61X11iN", MaskRle.Encode(mask));
    }
}
