using DataRig.Core;
using DataRig.Data.Storage;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Tests;

/// <summary>A dataset's folder as others leave it: older, newer, foreign, moved, full, half gone.</summary>
public sealed class DatasetFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Data => _folder["data"];

    [Fact]
    public async Task ADatasetOfTheFirstVersionIsBroughtUpToDate()
    {
        SessionId session;
        using (Dataset dataset = Dataset.Create(Data))
        {
            session = dataset.BeginSession("{}").Id;
            dataset.AddFrames([TestFrames.Captured(session, 0, 0)]);
        }

        _folder.Execute(WithoutGeometry);
        _folder.Execute("""
            DROP TABLE journal; DROP TABLE plates; DROP TABLE renderings;
            ALTER TABLE frames DROP COLUMN light; ALTER TABLE frames DROP COLUMN metadata; ALTER TABLE frames DROP COLUMN marks;
            ALTER TABLE annotations DROP COLUMN quality; ALTER TABLE sessions DROP COLUMN optics; PRAGMA user_version = 1;
            """);

        using Dataset upgraded = Dataset.Open(Data);

        Assert.Empty(upgraded.Frames().Single().Marks);
        upgraded.CommitStop(TestFrames.Captured(session, 0, 1) with { Light = "dim", Marks = ["dark", "late"], Metadata = new Dictionary<string, string> { ["gain"] = "2" } });
        Assert.Equal(2, (await DatasetAudit.RunAsync(upgraded)).Findings.Count(f => f.Issue == AuditIssue.MarkedFrame));
        FrameRecord marked = upgraded.Frames().Single(f => f.Stop == 1);
        Assert.Equal(("dim", "dark|late", "2"), (marked.Light, string.Join('|', marked.Marks), marked.Metadata["gain"]));
    }

    [Fact]
    public void ADatasetOfTheThirdVersionKeepsItsHashAndTakesGeometry()
    {
        string hash;
        using (Dataset dataset = Dataset.Create(Data))
        {
            Frame frame = TestFrames.Rendered(1);
            dataset.AddFrames([frame with { Intrinsics = null, Annotations = [.. frame.Annotations.Select(a => a with { AmodalBox = null, TruncatedFraction = null, PoseInCamera = null, PoseOnTable = null })] }]);
            hash = dataset.Hash();
        }

        _folder.Execute(WithoutGeometry);
        _folder.Execute("PRAGMA user_version = 3");
        using Dataset upgraded = Dataset.Open(Data);
        Assert.Equal(hash, upgraded.Hash());
        Assert.All(upgraded.Annotations(upgraded.Frames().Single().Id), a => Assert.Null(a.PoseInCamera));
        FrameId added = upgraded.AddFrames([TestFrames.WithMaps(TestFrames.Rendered(2), 2)])[0];
        Assert.All(upgraded.Annotations(added), a => Assert.NotNull(a.AmodalBox));
        Assert.Equal(2, upgraded.Frames().Single(f => f.Id == added).Maps.Count);
        Assert.NotEqual(hash, upgraded.Hash());
    }

    [Fact]
    public void ADatasetOfTheFifthVersionKeepsItsSplit()
    {
        string hash;
        using (Dataset dataset = Dataset.Create(Data))
        {
            dataset.AddFrames([.. Enumerable.Range(0, 6).Select(i => TestFrames.Imported($"{i}.jpg", "3001", $"item-{i}", (ulong)i))]);
            Split split = GroupSplit.Assign(dataset.Items(), new Seed(5));
            dataset.SaveSplit(split);
            hash = split.Hash;
        }

        _folder.Execute(WithoutGroups);
        _folder.Execute("PRAGMA user_version = 5");
        using Dataset upgraded = Dataset.Open(Data);
        Assert.Equal((hash, SplitLevel.Item), (upgraded.LoadSplit()!.Hash, upgraded.LoadSplit()!.Level));
    }

    [Fact]
    public void WhatIsNoDatasetIsSaidInOneSentence()
    {
        Sentence.AssertOne("There is no dataset", () => Dataset.Open(_folder["nowhere"]));
        Sentence.AssertOne("it has no dataset.db", () => Dataset.Open(_folder.Path));
        _folder.Write("text/dataset.db", new byte[4096].Select((_, i) => (byte)(i * 7)).ToArray());
        Sentence.AssertOne("not a DataRig catalog", () => Dataset.Open(_folder["text"]));
        _folder.Write("photos/a.jpg", [1]);
        Sentence.AssertOne("something else is there", () => Dataset.Create(_folder["photos"]));
        Sentence.AssertOne("something else is there", () => Dataset.OpenOrCreate(_folder["photos", "a.jpg"]));
        Sentence.AssertOne("", () => Dataset.Create(_folder["photos", "a.jpg", "below"]));
        Sentence.AssertOne("", () => Dataset.Create("/proc/datarig"));
        using Dataset dataset = Dataset.Create(Data);
        Sentence.AssertOne("already holds a dataset", () => Dataset.Create(Data));
    }

    [Fact]
    public void ANewerOrForeignCatalogIsRefused()
    {
        Dataset.Create(Data).Dispose();
        _folder.Execute("PRAGMA user_version = 99");
        Sentence.AssertOne("newer DataRig", () => Dataset.Open(Data));
        _folder.Execute("PRAGMA application_id = 7");
        Sentence.AssertOne("another program's", () => Dataset.Open(Data));
    }

    [Fact]
    public void ACreationThatWasCutShortIsFinished()
    {
        Directory.CreateDirectory(_folder["data", "images", "incoming"]);
        Dataset.OpenOrCreate(Data).Dispose();
        Directory.Delete(Data, recursive: true);
        _folder.Write("data/dataset.db", []);
        using Dataset dataset = Dataset.Open(Data);
        dataset.AddFrames([TestFrames.Rendered(1)]);
        Assert.Single(dataset.Frames());
    }

    [Fact]
    public void AnotherWriterIsSaidAndReadersGoOn()
    {
        using Dataset dataset = Dataset.Create(Data);
        dataset.AddFrames([TestFrames.Rendered(1)]);
        using (SqliteConnection other = _folder.Connect())
        {
            using SqliteTransaction transaction = other.BeginTransaction();
            using Dataset waiting = Dataset.Open(Data, null, busyTimeoutSeconds: 1);
            Sentence.AssertOne("another process is writing", () => waiting.AddFrames([TestFrames.Rendered(2)]));
            Assert.Single(waiting.Frames());
        }

        dataset.AddFrames([TestFrames.Rendered(2)]);
        Assert.Equal(2, dataset.Frames().Count);
    }

    [Fact]
    public void AFullDiskLosesNothing()
    {
        using Dataset dataset = Dataset.Create(Data);
        dataset.AddFrames([TestFrames.Rendered(1)]);
        long pages = dataset.Pragma("PRAGMA page_count");
        dataset.Pragma($"PRAGMA max_page_count = {pages}");
        string hash = dataset.Hash();
        Sentence.AssertOne("disk is full", () =>
        {
            for (int i = 2; i < 100; i++)
            {
                dataset.AddFrames([TestFrames.Rendered(i)]);
                hash = dataset.Hash();
            }
        });
        Assert.Equal(hash, dataset.Hash());
        dataset.Pragma("PRAGMA max_page_count = 100000");
        dataset.AddFrames([TestFrames.Rendered(100)]);
    }

    /// <summary>Linux gives a file that is always full.</summary>
    [Fact]
    public void AFullDiskIsSaidForPicturesToo()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "this system has no /dev/full");
        IOException full = Assert.Throws<IOException>(() =>
        {
            using FileStream stream = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            stream.Write([1]);
        });
        Assert.Contains("disk is full", Explain.Failure(full, Data)!.Message);
    }

    [Fact]
    public void AFolderCanBeMovedAfterDispose()
    {
        using (Dataset dataset = Dataset.Create(Data))
        {
            dataset.AddFrames([TestFrames.Rendered(1)]);
        }

        Assert.Equal(["dataset.db", "images"], Directory.GetFileSystemEntries(Data).Select(Path.GetFileName).Order());
        Directory.Move(Data, _folder["moved"]);
        using Dataset moved = Dataset.Open(_folder["moved"]);
        Assert.Equal(64, moved.ReadImage(moved.Frames()[0]).Width);
    }

    [Fact]
    public void AMissingOrCutPictureIsSaidWithItsPath()
    {
        using Dataset dataset = Dataset.Create(Data);
        dataset.AddFrames([TestFrames.Rendered(1)]);
        FrameRecord frame = dataset.Frames()[0];
        File.WriteAllBytes(frame.ImagePath, dataset.ReadImageFile(frame)[..500]);
        Sentence.AssertOne(frame.ImagePath, () => dataset.ReadImage(frame));
        File.Delete(frame.ImagePath);
        Sentence.AssertOne("is missing", () => dataset.ReadImage(frame));
    }

    /// <summary>Takes back what the fourth version of the catalog brought.</summary>
    private const string WithoutGeometry = WithoutGroups + """
        DROP TABLE edits; DROP TABLE snapshot_frames; DROP TABLE snapshot_annotations; DROP TABLE snapshots;
        ALTER TABLE frames DROP COLUMN dropped; ALTER TABLE annotations DROP COLUMN retired;
        DROP TABLE maps; ALTER TABLE frames DROP COLUMN intrinsics;
        ALTER TABLE annotations DROP COLUMN amodal_x; ALTER TABLE annotations DROP COLUMN amodal_y;
        ALTER TABLE annotations DROP COLUMN amodal_width; ALTER TABLE annotations DROP COLUMN amodal_height;
        ALTER TABLE annotations DROP COLUMN truncated_fraction; ALTER TABLE annotations DROP COLUMN pose_in_camera; ALTER TABLE annotations DROP COLUMN pose_on_table;
        """;

    private const string WithoutGroups = """
        CREATE TABLE split_items (split TEXT NOT NULL REFERENCES splits ON DELETE CASCADE, item INTEGER NOT NULL REFERENCES items, role TEXT NOT NULL, PRIMARY KEY (split, item)) WITHOUT ROWID;
        INSERT INTO split_items SELECT split, item, role FROM split_groups; DROP TABLE split_groups; ALTER TABLE splits DROP COLUMN level;
        """;

    public void Dispose() => _folder.Dispose();
}
