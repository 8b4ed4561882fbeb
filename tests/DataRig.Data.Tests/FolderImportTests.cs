using System.Text;
using DataRig.Core;
using DataRig.Data.Formats;

namespace DataRig.Data.Tests;

public sealed class FolderImportTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dataset _dataset;

    public FolderImportTests() => _dataset = Dataset.Create(_folder["data"]);

    [Fact]
    public async Task FramesCsvSaysWhatIsWhat()
    {
        byte[] picture = Picture("photos/3001/one.jpg", 1);
        Picture("photos/3001/two.JPEG", 2);
        _folder.Write("photos/three.png", ImageCodec.EncodePng(TestPictures.Make(3)).Bytes);
        Csv("item,file,part\nred,3001/one.jpg,3001\n\n\"blue, dark\",./3001/two.JPEG,3001\r\nred,three.png,\"3002\"\n");
        ImportResult result = await Import();
        Assert.Equal((3, 0), (result.Imported, result.AlreadyThere));
        Assert.Empty(result.Problems);
        Assert.Empty(result.Remarks);
        IReadOnlyList<FrameRecord> frames = _dataset.Frames();
        Assert.Equal(
            [("3001", "blue, dark", "photos/3001/two.JPEG"), ("3001", "red", "photos/3001/one.jpg"), ("3002", "red", "photos/three.png")],
            frames.Select(f => (f.Part.Value, f.Item.Value, f.Origin!)));
        Assert.Equal(picture, _dataset.ReadImageFile(frames[1]));
        Assert.EndsWith(".png", frames[2].ImagePath);
    }

    [Fact]
    public async Task FramesOfAVideoComeInTheirOrderAndBelongTogetherWhateverTheyShow()
    {
        for (int i = 1; i <= 6; i++)
        {
            Picture($"photos/night/f{i}.jpg", (ulong)i);
            Picture($"photos/day/f{i}.jpg", (ulong)(10 + i));
        }

        _folder.Write("photos/labels.csv", Encoding.UTF8.GetBytes("video,first,last,part,item\nnight,4,6,spaghetti,print\nnight,1,3,fine,print\nday,1,6,fine,print\n"));
        Assert.Equal(12, (await Import()).Imported);

        IReadOnlyList<FrameRecord> frames = [.. _dataset.Frames().OrderBy(f => f.Id.Value)];
        Assert.Equal(frames.Select(f => f.Origin).Order(StringComparer.Ordinal), frames.Select(f => f.Origin));
        Assert.Equal(["fine", "fine", "fine", "spaghetti", "spaghetti", "spaghetti"], frames.Where(f => f.Origin!.StartsWith("photos/night", StringComparison.Ordinal)).Select(f => f.Part.Value));
        Assert.Equal(["day\nprint", "night\nprint"], frames.Select(f => f.Film).Distinct());
        // What is filed in folders is no video, however its items are named.
        Picture("other/fine/print/f1.jpg", 30);
        await DatasetImport.RunAsync(_dataset, _folder["other"], new ImportOptions());
        Assert.Contains(_dataset.Frames(), f => f.Film is null);
    }

    [Fact]
    public async Task EveryProblemOfACsvIsListedWithItsLine()
    {
        Picture("photos/good.jpg", 1);
        Picture("outside.jpg", 2);
        _folder.Write("photos/cut.jpg", TestPictures.Jpeg(3).Bytes[..400]);
        File.CreateSymbolicLink(_folder["photos", "link.jpg"], _folder["outside.jpg"]);
        Directory.CreateSymbolicLink(_folder["photos", "up"], _folder.Path);
        File.CreateSymbolicLink(_folder["photos", "inside.jpg"], _folder["photos", "good.jpg"]);
        Csv($"""
            file,part,item
            good.jpg,3001,a
            gone.jpg,3001,a
            ../outside.jpg,3001,a
            {_folder["outside.jpg"]},3001,a
            link.jpg,3001,a
            up/outside.jpg,3001,a
            ./good.jpg,3002,a
            cut.jpg,3001,a
            good.txt,3001,a
            x.jpg,,
            y.jpg,3001
            z.jpg,3001,a,b
            w"w.jpg,3001,a
            v.jpg,30/01,a
            inside.jpg,3001,a

            """);
        (int Line, string Expected)[] expected =
        [
            (3, "there is no file \"gone.jpg\""), (4, "leaves the folder; name a file below"), (5, "leaves the folder; name a file below"), (6, "link that leaves"), (7, "link that leaves"),
            (8, "stands in line 2 already"), (9, "is cut short"), (10, "expected .jpg"), (11, "the cell part is empty and the cell item is empty"),
            (12, "expected 3 cells, found 2"), (13, "expected 3 cells, found 4"), (14, "quotation mark"), (15, "folder's name"),
        ];
        string message = (await Assert.ThrowsAsync<WorkFailedException>(() => Import())).Message;
        Assert.Contains("13 problems", message);
        Assert.All(expected, e => Assert.Contains(message.Split('\n'), line => line.StartsWith($"frames.csv:{e.Line}: ", StringComparison.Ordinal) && line.Contains(e.Expected, StringComparison.Ordinal) && line.TrimEnd().EndsWith('.')));
        Assert.Empty(_dataset.Frames());

        ImportResult result = await Import(skipBad: true);
        Assert.Equal(13, result.Problems.Count);
        Assert.Equal(2, result.Imported);
        Assert.Contains("byte-identical", Assert.Single(result.Remarks));
    }

    [Theory]
    [InlineData("", "frames.csv:1: the file is empty")]
    [InlineData("file,part\na.jpg,3001\n", "frames.csv:1: the column \"item\" is missing")]
    [InlineData("file,part,item,colour\na.jpg,3001,a,red\n", "frames.csv:1: unknown column \"colour\"")]
    [InlineData("File,part,item\na.jpg,3001,a\n", "frames.csv:1: unknown column \"File\"")]
    [InlineData("file,part,item,item\na.jpg,3001,a,a\n", "frames.csv:1: the column \"item\" stands there twice")]
    [InlineData("file,part,item\n", "holds no pictures")]
    public async Task AWrongHeaderIsRefused(string csv, string expected)
    {
        Picture("photos/a.jpg", 1);
        Csv(csv);
        Assert.Contains(expected, (await Assert.ThrowsAsync<WorkFailedException>(() => Import())).Message);
    }

    [Fact]
    public async Task AByteOrderMarkAndQuotedLineBreaksDoNotMoveTheLines()
    {
        Picture("photos/a.jpg", 1);
        File.WriteAllText(_folder["photos", "frames.csv"], "file,part,item\n\"a\nb.jpg\",3001,a\nmissing.jpg,3001,a\na.jpg,3001,a\n", new UTF8Encoding(true));
        ImportResult result = await Import(skipBad: true);
        Assert.Equal(1, result.Imported);
        Assert.Equal(["frames.csv:2", "frames.csv:4"], result.Problems.Select(p => p[..12]));
    }

    [Fact]
    public async Task ClassFoldersNameThePartAndItemFoldersTheItem()
    {
        Picture("photos/3001/a.jpg", 1);
        Picture("photos/3001/b.JPG", 2);
        Picture("photos/3002/red/a.jpg", 3);
        Picture("photos/3002/blue/a.jpg", 4);
        Picture("photos/3002/.hidden.jpg", 5);
        Picture("photos/.thumbnails/a.jpg", 6);
        _folder.Write("photos/3001/notes.txt", [1]);
        ImportResult result = await Import();
        Assert.Equal(4, result.Imported);
        Assert.Equal(["3001 3001-1", "3001 3001-1", "3002 blue", "3002 red"], _dataset.Frames().Select(f => $"{f.Part} {f.Item}"));
        Assert.Empty(result.Remarks);
    }

    [Fact]
    public async Task TrainValTestFoldersAreRecognisedAndSayNothingOfItems()
    {
        Picture("photos/train/3001/a.jpg", 1);
        Picture("photos/val/3001/b.jpg", 2);
        Picture("photos/test/3002/a.jpg", 3);
        ImportResult result = await Import();
        Assert.Equal(["3001 3001-1", "3001 3001-1", "3002 3002-1"], _dataset.Frames().Select(f => $"{f.Part} {f.Item}"));
        Assert.Contains("do not say which pictures show the same item", Assert.Single(result.Remarks));
        Assert.Equal(2, SplitSummary.Of(GroupSplit.Assign(_dataset.Items(), new Seed(1))).Unprovable.Count);
    }

    [Fact]
    public async Task StrayAndBrokenPicturesKeepAllOutUnlessSkipped()
    {
        Picture("photos/stray.jpg", 1);
        Picture("photos/3001/good.jpg", 2);
        Picture("photos/3001/red/deep/a.jpg", 3);
        _folder.Write("photos/3001/cut.jpg", TestPictures.Jpeg(4).Bytes[..300]);
        _folder.Write("photos/3001/text.jpg", "not a picture"u8.ToArray());
        string message = (await Assert.ThrowsAsync<WorkFailedException>(() => Import())).Message;
        Assert.All(["stray.jpg:", "deep: the folder lies too deep", "cut.jpg:", "text.jpg:"], expected => Assert.Contains(expected, message));
        Assert.Empty(_dataset.Frames());
        ImportResult result = await Import(skipBad: true);
        Assert.Equal((1, 4), (result.Imported, result.Problems.Count));
    }

    [Fact]
    public async Task NothingToImportIsSaid()
    {
        Assert.Contains("There is no folder", (await Assert.ThrowsAsync<WorkFailedException>(() => Import())).Message);
        Directory.CreateDirectory(_folder["photos", "empty"]);
        Assert.Contains("holds no pictures", (await Assert.ThrowsAsync<WorkFailedException>(() => Import())).Message);
    }

    [Fact]
    public async Task ACancelledImportGoesOnWithoutCopies()
    {
        for (int i = 0; i < 150; i++)
        {
            Picture($"photos/3001/item-{i % 3}/{i:000}.jpg", (ulong)i);
        }

        using CancellationTokenSource cancel = new();
        Progress progress = new(p =>
        {
            if (p is { Stage: "Import", Done: >= 64 })
            {
                cancel.Cancel();
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Import(progress: progress, cancellation: cancel.Token));
        Assert.Equal(64, _dataset.Frames().Count);
        ImportResult rest = await Import();
        Assert.Equal((86, 64), (rest.Imported, rest.AlreadyThere));
        ImportResult again = await Import();
        Assert.Equal((0, 150), (again.Imported, again.AlreadyThere));
        Assert.Equal(150, _dataset.Frames().Count);
    }

    public void Dispose()
    {
        _dataset.Dispose();
        _folder.Dispose();
    }

    private Task<ImportResult> Import(bool skipBad = false, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) =>
        DatasetImport.RunAsync(_dataset, _folder["photos"], new ImportOptions { SkipBad = skipBad }, progress, cancellation);

    private byte[] Picture(string path, ulong seed)
    {
        byte[] bytes = TestPictures.Jpeg(seed).Bytes;
        _folder.Write(path, bytes);
        return bytes;
    }

    private void Csv(string text) => _folder.Write("photos/frames.csv", Encoding.UTF8.GetBytes(text));

    private sealed class Progress(Action<StageProgress> report) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => report(value);
    }
}
