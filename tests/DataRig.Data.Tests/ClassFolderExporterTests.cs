using DataRig.Core;

namespace DataRig.Data.Tests;

public sealed class ClassFolderExporterTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dataset _dataset;

    public ClassFolderExporterTests()
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
            string file = _folder["out", subset, frame.Part.Value, $"{frame.Item}-{frame.ImageHash[..16]}.jpg"];
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
        Assert.Equal(3, Export("out", new ExportOptions { Frames = new FrameFilter { Source = FrameSource.Rendered } }).Frames);
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
        new ClassFolderExporter().Export(other, _folder["two"], new ExportOptions());
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
    public void ACancelledOrFailedExportLeavesNothing()
    {
        using CancellationTokenSource cancel = new();
        Assert.Throws<OperationCanceledException>(() => new ClassFolderExporter().Export(_dataset, _folder["out"], new ExportOptions(), new CancelAfter(cancel, 5), cancel.Token));
        File.Delete(_dataset.Frames()[7].ImagePath);
        Assert.Contains("is missing", Assert.Throws<WorkFailedException>(() => Export("out", new ExportOptions())).Message);
        Assert.Equal(["data"], Below(""));
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

    private ExportResult Export(string target, ExportOptions options) => new ClassFolderExporter().Export(_dataset, _folder[target], options);

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
