using DataRig.Core;
using DataRig.Data.Formats;

namespace DataRig.Data.Tests;

public sealed class DatasetExportTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dataset _dataset;

    public DatasetExportTests()
    {
        _dataset = Dataset.Create(_folder["data"]);
        _dataset.AddFrames([
            .. Enumerable.Range(0, 20).Select(i => TestFrames.Imported($"{i}.jpg", i < 12 ? "3001" : "3002", $"item-{i % 4}", (ulong)i)),
            TestFrames.Imported("copy.jpg", "3001", "item-0", 0),
            .. Enumerable.Range(50, 3).Select(i => TestFrames.Rendered(i))]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FoldersFollowTheSplit(bool hardLink)
    {
        Split split = GroupSplit.Assign(_dataset.Items(), new Seed(4));
        ExportResult result = Export("out", new ExportOptions { Split = split, HardLink = hardLink });
        Assert.Equal(24, result.Frames);
        Assert.Equal(["test", "train", "val"], Below("out"));
        foreach (FrameRecord frame in _dataset.Frames())
        {
            string subset = split.RoleOf(frame) switch { SplitRole.Train => "train", SplitRole.Test => "test", _ => "val" };
            string file = _folder["out", subset, frame.Part.Value, frame.Item.Value, $"{frame.Part}-{frame.Item}-{frame.ImageHash[..16]}.jpg"];
            Assert.Equal(_dataset.ReadImageFile(frame), File.ReadAllBytes(file));
        }

        Assert.Equal(24, Directory.GetFiles(_folder["out"], "*.jpg", SearchOption.AllDirectories).Length);
        Assert.Single(Directory.GetFiles(_folder["out"], "*-2.jpg", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path, "*.partial"));
    }

    [Fact]
    public void WithoutASplitThePartsAreTheFoldersAndAnEmptyTargetWillDo()
    {
        Directory.CreateDirectory(_folder["out"]);
        Assert.Equal(3, Export("out", new ExportOptions { Frames = FrameQuery.Parse(["source=rendered"]) }).Frames);
        Assert.Equal(["3001"], Below("out"));
        Export("all", new ExportOptions());
        Assert.Equal(["3001", "3002"], Below("all"));
    }

    [Fact]
    public void TheSameDatasetGivesTheSameNames()
    {
        using Dataset other = Dataset.Create(_folder["other"]);
        foreach (FrameRecord frame in _dataset.Frames().Reverse())
        {
            other.AddFrames([new Frame { Image = new EncodedImage(_dataset.ReadImageFile(frame), frame.Width, frame.Height), Source = FrameSource.Imported, Part = frame.Part, Item = frame.Item, Origin = frame.Origin }]);
        }

        Export("one", new ExportOptions());
        DatasetExport.Run(other, DatasetFormats.Named("folders"), _folder["two"], new ExportOptions());
        Assert.Equal(Files("one"), Files("two"));

        string[] Files(string root) => [.. Directory.GetFiles(_folder[root], "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_folder[root], f)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void ATargetThatHoldsSomethingIsRefused()
    {
        _folder.Write("out/mine.txt", [1]);
        string message = Assert.Throws<WorkFailedException>(() => Export("out", new ExportOptions())).Message;
        Assert.Contains("is not empty", message);
        Assert.Equal(["mine.txt"], Below("out"));
        Assert.Throws<WorkFailedException>(() => Export("out/mine.txt", new ExportOptions()));
        Assert.Throws<WorkFailedException>(() => Export("out/mine.txt/below", new ExportOptions()));
    }

    [Fact]
    public void AnItemOutsideTheSplitIsSaid()
    {
        Split split = GroupSplit.Assign(_dataset.Items(), new Seed(4));
        _dataset.AddFrames([TestFrames.Imported("late.jpg", "3001", "late", 99)]);
        Assert.Contains("3001 late came after the split", Assert.Throws<WorkFailedException>(() => Export("out", new ExportOptions { Split = split })).Message);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void AStoppedExportIsGoneOnWithAndAMissingPictureIsSaid()
    {
        using CancellationTokenSource cancel = new();
        Assert.Throws<OperationCanceledException>(() => DatasetExport.Run(_dataset, DatasetFormats.Named("folders"), _folder["out"], new ExportOptions(), new CancelAfter(cancel, 5), cancel.Token));
        Assert.Equal(["data", "out.partial"], Below(""));
        string done = Directory.GetFiles(_folder["out.partial"], "*.jpg", SearchOption.AllDirectories)[0];
        File.SetLastWriteTimeUtc(done, DateTime.UnixEpoch);
        File.WriteAllBytes(done + ".tmp", [1]); // a kill's
        Assert.Equal(24, Export("out", new ExportOptions()).Frames);
        Assert.Equal(["data", "out"], Below(""));
        Assert.Equal(24, Directory.GetFiles(_folder["out"], "*.jpg", SearchOption.AllDirectories).Length);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(done.Replace(".partial", "", StringComparison.Ordinal))); // not copied again

        File.Delete(_dataset.Frames()[7].ImagePath);
        Assert.Contains("is missing", Assert.Throws<WorkFailedException>(() => Export("other", new ExportOptions())).Message);
        Assert.False(Directory.Exists(_folder["other"]));
    }

    [Fact]
    public void AnExportOfOtherFramesBeginsAnew()
    {
        using CancellationTokenSource cancel = new();
        Assert.Throws<OperationCanceledException>(() => DatasetExport.Run(_dataset, DatasetFormats.Named("folders"), _folder["out"], new ExportOptions(), new CancelAfter(cancel, 5), cancel.Token));
        Assert.Equal(8, Export("out", new ExportOptions { Frames = FrameQuery.Parse(["part=3002"]) }).Frames);
        Assert.Equal(8, Directory.GetFiles(_folder["out"], "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void BalancedEachPartGivesAsManyAndTheFilterChooses()
    {
        Assert.Equal(16, Export("even", new ExportOptions { Balance = true }).Frames);
        Assert.Equal(8, Directory.GetFiles(_folder["even", "3001"], "*.jpg", SearchOption.AllDirectories).Length);
        Assert.Equal(3, Export("turned", new ExportOptions { Frames = FrameQuery.Parse(["azimuth=0..360"]) }).Frames);
        Assert.Equal(1, Export("around", new ExportOptions { Frames = FrameQuery.Parse(["azimuth=350..6"]) }).Frames);
        Assert.Equal(4, Export("items", new ExportOptions { Frames = FrameQuery.Parse(["item=item-0,item-1", "part=3002"]) }).Frames);
        Split split = GroupSplit.Assign(_dataset.Items(), new Seed(4));
        Assert.Equal(_dataset.Frames().Count(f => split.RoleOf(f) == SplitRole.Test), Export("tested", new ExportOptions { Split = split, Frames = FrameQuery.Parse(["split=test"]) }).Frames);
        _dataset.Confirm([_dataset.Frames()[0].Id], new EditedBy("ann"));
        Assert.Equal(1, Export("reviewed", new ExportOptions { Frames = FrameQuery.Parse(["review=reviewed"]) }).Frames);
        Sentence.AssertOne("no split to choose frames by", () => Export("x", new ExportOptions { Frames = FrameQuery.Parse(["split=test"]) }));
        Sentence.AssertOne("nothing to export", () => Export("x", new ExportOptions { Frames = FrameQuery.Parse(["part=none"]) }));
        Sentence.AssertOne("no key \"colour\"", () => FrameQuery.Parse(["colour=red"]));
        Sentence.AssertOne("azimuth cannot be \"left\"", () => FrameQuery.Parse(["azimuth=left"]));
        Sentence.AssertOne("is no condition", () => FrameQuery.Parse(["part"]));
    }

    [Fact]
    public async Task PicturesAreCutAndMadeSmallerTogetherWithWhatIsMarkedInThem()
    {
        FrameRecord frame = _dataset.Frames(new FrameFilter { Source = FrameSource.Rendered })[0];
        byte[] pixels = new byte[64 * 48];
        for (int y = 10; y < 30; y++)
        {
            pixels.AsSpan((y * 64) + 20, 20).Fill(1);
        }

        Mask mask = Mask.FromPixels(64, 48, pixels);
        _dataset.Annotate(frame.Id, [new Annotation { Part = frame.Part, Item = frame.Item, Mask = mask, Box = mask.Bounds()!.Value }, new Annotation { Part = frame.Part, Item = new ItemId("away"), Box = new Box(0, 40, 5, 5) }], new EditedBy("ann"));
        ExportOptions options = new() { Crop = true, Size = 12, JpegQuality = 50, Frames = FrameQuery.Parse(["source=rendered", "review=reviewed"]) };
        DatasetExport.Run(_dataset, DatasetFormats.Named("coco"), _folder["cut"], options);
        using Dataset back = Dataset.Create(_folder["back"]);
        await DatasetImport.RunAsync(back, _folder["cut"], new ImportOptions());
        FrameRecord small = Assert.Single(back.Frames());
        Assert.Equal((12, 12), (small.Width, small.Height));
        Annotation left = Assert.Single(back.Annotations(small.Id));
        Assert.Equal(new Box(1, 1, 10, 10), left.Box); // 20 of 24 pixels, two on each side, halved
        Assert.Equal(100, left.Mask!.Area);
        Assert.InRange(JpegQuality.Of(back.ReadImageFile(small))!.Value, 48, 52);
    }

    [Fact]
    public void WhatTheFormatCannotHoldIsListedOnce()
    {
        IReadOnlyList<string> left = Export("out", new ExportOptions { Split = GroupSplit.Assign(_dataset.Items(), new Seed(4)) }).LeftOut;
        Assert.Equal(["whether a frame was captured or rendered", "pose, azimuth and elevation", "light, camera and marks", "boxes", "masks", "items, occlusion, poses and quality of what is marked"], left);
        Assert.Empty(DatasetExport.Run(_dataset, DatasetFormats.Named("coco"), _folder["coco"], new ExportOptions()).LeftOut);
    }

    [Fact]
    public void WhatAKilledExportLeftIsReplaced()
    {
        _folder.Write("out.partial/3001/old.jpg", [1]);
        Export("out", new ExportOptions());
        Assert.Empty(Directory.GetFiles(_folder["out"], "old.jpg", SearchOption.AllDirectories));
    }

    public void Dispose()
    {
        _dataset.Dispose();
        _folder.Dispose();
    }

    private ExportResult Export(string target, ExportOptions options) => DatasetExport.Run(_dataset, DatasetFormats.Named("folders"), _folder[target], options);

    private string[] Below(string folder) => [.. Directory.GetFileSystemEntries(_folder[folder]).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal)];

    private sealed class CancelAfter(CancellationTokenSource cancel, int frames) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value.Done == frames)
            {
                cancel.Cancel();
            }
        }
    }
}
