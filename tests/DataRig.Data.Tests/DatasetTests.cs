using DataRig.Core;
using DataRig.Data.Storage;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Tests;

public sealed class DatasetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder["data"];

    [Fact]
    public void WhatGoesInComesOut()
    {
        Frame frame = TestFrames.Rendered(3);
        using (Dataset written = Dataset.Create(Path))
        {
            Assert.Single(written.AddFrames([frame]));
        }

        using Dataset dataset = Dataset.Open(Path);
        FrameRecord record = Assert.Single(dataset.Frames());
        Assert.Equal(
            (frame.Source, frame.Part, frame.Item, frame.Pose, frame.AzimuthDegrees, frame.ElevationDegrees, frame.Origin, 64, 48),
            (record.Source, record.Part, record.Item, record.Pose, record.AzimuthDegrees, record.ElevationDegrees, record.Origin, record.Width, record.Height));
        Assert.Equal(frame.Intrinsics, record.Intrinsics);
        Assert.Empty(record.Maps);
        Assert.Equal(frame.Image.Bytes, dataset.ReadImageFile(record));
        Assert.Equal(TestPictures.Make(3).Width, dataset.ReadImage(record).Width);
        IReadOnlyList<Annotation> annotations = dataset.Annotations(record.Id);
        Assert.Equal(2, annotations.Count);
        for (int i = 0; i < 2; i++)
        {
            Annotation expected = frame.Annotations[i];
            Assert.Equal(expected with { Mask = null }, annotations[i] with { Mask = null });
            Assert.Equal(expected.Mask!.ToPixels(), annotations[i].Mask!.ToPixels());
        }

        Assert.Equal(annotations.Count, dataset.Annotations(new FrameFilter { Part = record.Part })[record.Id].Count);
        Assert.Empty(dataset.Annotations(new FrameFilter { Source = FrameSource.Imported }));
    }

    [Fact]
    public void FramesCanBeFilteredAndCounted()
    {
        using Dataset dataset = Dataset.Create(Path);
        SessionId session = dataset.BeginSession("{}").Id;
        dataset.AddFrames([
            TestFrames.Captured(session, 0, 0), TestFrames.Captured(session, 0, 1), TestFrames.Captured(session, 1, 0, "3002", "red"),
            TestFrames.Rendered(1), TestFrames.Imported("a.jpg", "3003", "red", 1)]);
        Assert.Equal(3, dataset.Frames(new FrameFilter { Session = session }).Count);
        Assert.Equal(2, dataset.Frames(new FrameFilter { Item = new ItemId("red") }).Count);
        Assert.Single(dataset.Frames(new FrameFilter { Item = new ItemId("red"), Part = new PartId("3003") }));
        DatasetInfo info = dataset.Info();
        Assert.Equal((5, 3, 1, 1, 4, 1), (info.Frames, info.Captured, info.Rendered, info.Imported, info.Items, info.Sessions));
        Assert.Equal([new PartInfo(new PartId("3001"), 2, 3), new PartInfo(new PartId("3002"), 1, 1), new PartInfo(new PartId("3003"), 1, 1)], info.Parts);
        Assert.Equal(dataset.Hash(), info.Hash);
    }

    [Fact]
    public void TheHashAndTheOrderFollowFromTheFramesAlone()
    {
        Frame[] frames = [.. Enumerable.Range(0, 9).Select(i => TestFrames.Rendered(i, i % 2 == 0 ? "3001" : "3003")), TestFrames.Imported("b/x.jpg", "3003", "blue", 77)];
        using Dataset one = Dataset.Create(_folder["one"], new FixedTime(2020));
        one.AddFrames(frames);
        using Dataset other = Dataset.Create(_folder["other"], new FixedTime(2030));
        other.BeginSession("""{ "never": "used" }""");
        foreach (Frame frame in frames.Reverse())
        {
            other.AddFrames([frame with { Annotations = [.. frame.Annotations.Reverse()] }]);
        }

        Assert.Equal(one.Hash(), other.Hash());
        Assert.Equal(one.Frames().Select(f => f.ImageHash), other.Frames().Select(f => f.ImageHash));

        using Dataset renamed = Dataset.Create(_folder["renamed"]);
        renamed.AddFrames([.. frames.Select((f, i) => f with { Origin = $"elsewhere {99 - i}" })]);
        Assert.Equal(one.Hash(), renamed.Hash());
    }

    [Fact]
    public void EveryLabelCountsInTheHash()
    {
        Frame frame = TestFrames.Rendered(1);
        Annotation first = frame.Annotations[0];
        Frame[] others =
        [
            frame with { Image = TestPictures.Jpeg(99) },
            frame with { Part = new PartId("3002") },
            frame with { Item = new ItemId("other") },
            frame with { Source = FrameSource.Imported },
            frame with { Pose = "studs-down" },
            frame with { Pose = null },
            frame with { AzimuthDegrees = 7.30000001 },
            frame with { ElevationDegrees = null },
            frame with { Annotations = [] },
            frame with { Annotations = [first] },
            frame with { Annotations = [first with { Box = first.Box with { Width = first.Box.Width - 1 } }, frame.Annotations[1]] },
            frame with { Annotations = [first with { Mask = null }, frame.Annotations[1]] },
            frame with { Annotations = [first with { Mask = new Mask(64, 48, [64 * 48]) }, frame.Annotations[1]] },
            frame with { Annotations = [first with { VisibleFraction = 0.123 }, frame.Annotations[1]] },
            frame with { Annotations = [first with { Truncated = !first.Truncated }, frame.Annotations[1]] },
            frame with { Annotations = [first with { Item = new ItemId("third") }, frame.Annotations[1]] },
            frame with { Intrinsics = frame.Intrinsics! with { CenterY = 24 } },
            frame with { Intrinsics = null },
            frame with { Annotations = [first with { AmodalBox = new Box(0, 0, 64, 46) }, frame.Annotations[1]] },
            frame with { Annotations = [first with { TruncatedFraction = null }, frame.Annotations[1]] },
            frame with { Annotations = [first with { PoseInCamera = first.PoseOnTable }, frame.Annotations[1]] },
            frame with { Annotations = [first with { PoseOnTable = null }, frame.Annotations[1]] },
            TestFrames.WithMaps(frame, 1),
            TestFrames.WithMaps(frame, 2),
        ];
        string[] hashes = [.. others.Prepend(frame).Select((f, i) =>
        {
            using Dataset dataset = Dataset.Create(_folder[$"d{i}"]);
            dataset.AddFrames([f]);
            return dataset.Hash();
        })];
        Assert.Distinct(hashes);
    }

    [Fact]
    public void AFrameIsNeverThereTwice()
    {
        using Dataset dataset = Dataset.Create(Path);
        SessionId session = dataset.BeginSession("{}").Id;
        Frame[] frames = [TestFrames.Captured(session, 0, 0), TestFrames.Rendered(1), TestFrames.Imported("a.jpg", "3003", "red", 1)];
        IReadOnlyList<FrameId> ids = dataset.AddFrames(frames);
        string hash = dataset.Hash();
        Assert.Equal(ids, dataset.AddFrames(frames));
        Assert.Equal(3, dataset.AddFrames([.. frames, .. frames]).Distinct().Count());
        Assert.Equal(3, dataset.Frames().Count);
        Assert.Equal(hash, dataset.Hash());
    }

    [Fact]
    public void AFrameWithOtherContentIsRefusedAndTheBatchWithIt()
    {
        using Dataset dataset = Dataset.Create(Path);
        SessionId session = dataset.BeginSession("{}").Id;
        dataset.AddFrames([TestFrames.Captured(session, 0, 0), TestFrames.Rendered(1), TestFrames.Imported("a.jpg", "3003", "red", 1)]);
        Frame[] contradictions =
        [
            TestFrames.Captured(session, 0, 0) with { Image = TestPictures.Jpeg(5) },
            TestFrames.Rendered(1) with { Image = TestPictures.Jpeg(5) },
            TestFrames.Rendered(1) with { Annotations = [] },
            TestFrames.Imported("a.jpg", "3003", "blue", 1),
        ];
        foreach (Frame frame in contradictions)
        {
            Assert.Contains("already", Assert.Throws<WorkFailedException>(() => dataset.AddFrames([TestFrames.Rendered(50), frame])).Message);
        }

        Assert.Equal(3, dataset.Frames().Count);
        dataset.AddFrames([TestFrames.Imported("a.jpg", "3003", "red", 2)]); // another picture of that name, from another folder
        Assert.Equal(4, dataset.Frames().Count);
    }

    [Fact]
    public void TheSamePictureIsKeptOnce()
    {
        using Dataset dataset = Dataset.Create(Path);
        dataset.AddFrames([TestFrames.Imported("a.jpg", "3001", "red", 1), TestFrames.Imported("b.jpg", "3001", "red", 1), TestFrames.Imported("c.jpg", "3002", "red", 1)]);
        Assert.Equal(3, dataset.Frames().Count);
        Assert.Single(Directory.GetFiles(_folder["data", "images"], "*.jpg", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(_folder["data", "images", "incoming"]));
    }

    [Fact]
    public void AFrameThatContradictsItselfIsRefused()
    {
        using Dataset dataset = Dataset.Create(Path);
        SessionId session = dataset.BeginSession("{}").Id;
        Frame captured = TestFrames.Captured(session, 0, 0), rendered = TestFrames.Rendered(1);
        Frame[] wrong =
        [
            captured with { Stop = null },
            captured with { Sweep = -1 },
            rendered with { Origin = null },
            rendered with { Session = session },
            rendered with { AzimuthDegrees = double.NaN },
            rendered with { Image = rendered.Image with { Width = 63 } },
            rendered with { Annotations = [rendered.Annotations[0] with { Mask = new Mask(8, 8, [64]) }] },
            rendered with { Annotations = [rendered.Annotations[0] with { VisibleFraction = 1.5 }] },
            rendered with { Annotations = [rendered.Annotations[0] with { TruncatedFraction = -0.1 }] },
            rendered with { Annotations = [rendered.Annotations[0] with { AmodalBox = new Box(0, 0, double.NaN, 1) }] },
            rendered with { Annotations = [rendered.Annotations[0] with { PoseOnTable = new RigidPose(default, new System.Numerics.Vector3(float.NaN)) }] },
            rendered with { Maps = new Dictionary<MapKind, EncodedImage> { [MapKind.Normals] = rendered.Image } },
            TestFrames.WithMaps(captured, 1),
            rendered with { Annotations = [rendered.Annotations[0] with { Box = new Box(0, 0, double.PositiveInfinity, 1) }] },
        ];
        Assert.All(wrong, frame => Assert.Throws<ArgumentException>(() => dataset.AddFrames([frame])));
        Assert.All(["", " 3001", "..", "a/b", "a\\b", "a\nb", new string('x', 101)], name =>
            Assert.Contains("cannot be a part's", Assert.Throws<WorkFailedException>(() => dataset.AddFrames([rendered with { Part = new PartId(name) }])).Message));
        Assert.Throws<WorkFailedException>(() => dataset.AddFrames([rendered with { Image = new EncodedImage([1, 2, 3], 64, 48) }]));
        dataset.AddFrames([captured]);
        Assert.Contains("one turn of one item", Assert.Throws<ArgumentException>(() => dataset.AddFrames([TestFrames.Captured(session, 0, 1, "3002", "x")])).Message);
        Assert.Single(dataset.Frames());
    }

    [Fact]
    public void TheJournalKnowsWhatIsLeftToDo()
    {
        FixedTime time = new(2026);
        SessionId first, second;
        using (Dataset dataset = Dataset.Create(Path, time))
        {
            first = dataset.BeginSession("""{ "stops": 3 }""").Id;
            second = dataset.BeginSession("{}").Id;
            dataset.AddFrames([TestFrames.Captured(first, 0, 0)]);
            dataset.AddFrames([TestFrames.Captured(first, 2, 1)]);
            dataset.FinishSession(second, SessionStatus.Cancelled);
        }

        using Dataset reopened = Dataset.Open(Path, time);
        SessionRecord open = Assert.Single(reopened.OpenSessions());
        Assert.Equal((first, """{ "stops": 3 }""", time.GetUtcNow(), (DateTimeOffset?)null), (open.Id, open.Plan, open.Started, open.Ended));
        Assert.Equal([new TakenStop(0, 0), new TakenStop(2, 1)], reopened.TakenStops(first).OrderBy(s => s.Sweep));
        Assert.Empty(reopened.TakenStops(second));
        reopened.AddFrames([TestFrames.Captured(first, 2, 2)]);
        reopened.FinishSession(first, SessionStatus.Done);
        Assert.Equal([SessionStatus.Done, SessionStatus.Cancelled], reopened.Sessions().Select(s => s.Status));
        Assert.NotNull(reopened.Sessions()[0].Ended);
        Assert.Contains("closed (done)", Assert.Throws<WorkFailedException>(() => reopened.AddFrames([TestFrames.Captured(first, 3, 0)])).Message);
        Assert.Throws<WorkFailedException>(() => reopened.FinishSession(first, SessionStatus.Done));
        Assert.Contains("no session", Assert.Throws<WorkFailedException>(() => reopened.AddFrames([TestFrames.Captured(new SessionId("session-9"), 3, 0)])).Message);
    }

    [Fact]
    public async Task WhatAKillLeftOfAStopIsClearedAwayAndTheStopIsTakenAgain()
    {
        using Dataset dataset = Dataset.Create(Path);
        SessionId session = dataset.BeginSession("{}").Id;
        dataset.CommitStop(TestFrames.Captured(session, 0, 0));
        FrameRecord torn = dataset.Frames(new FrameFilter { Session = session }).Single();
        dataset.CommitStop(TestFrames.Captured(session, 0, 1));
        // As if the power had gone after the first frame's file and before its row.
        Execute($"DELETE FROM frames WHERE id = {torn.Id}; UPDATE journal SET state = 'stored' WHERE stop = 0");
        Assert.DoesNotContain((await DatasetAudit.RunAsync(dataset)).Findings, f => f.Issue == AuditIssue.OrphanImage);

        Assert.Equal(1, dataset.RecoverSession(session));

        Assert.False(File.Exists(torn.ImagePath));
        Assert.Equal([new TakenStop(0, 1)], dataset.TakenStops(session));
        Assert.Empty((await DatasetAudit.RunAsync(dataset)).Findings);
        dataset.CommitStop(TestFrames.Captured(session, 0, 0));
        Assert.Equal(2, dataset.Frames().Count);
        Assert.Equal(0, dataset.RecoverSession(session));
    }

    [Fact]
    public void AStopThatNobodyWantsCountsAsTaken()
    {
        using Dataset dataset = Dataset.Create(Path);
        SessionId session = dataset.BeginSession("{}").Id;
        dataset.NoteStop(session, 3, 2, StopState.Moved, 17);
        dataset.NoteStop(session, 3, 1, StopState.Skipped);

        dataset.RecoverSession(session);

        Assert.Equal([new TakenStop(3, 1)], dataset.TakenStops(session));
    }

    [Fact]
    public async Task ASweepThatIsTakenBackLiesInTheTrash()
    {
        using Dataset dataset = Dataset.Create(Path);
        SessionId session = dataset.BeginSession("{}").Id;
        foreach (int stop in new[] { 0, 1, 2 })
        {
            dataset.CommitStop(TestFrames.Captured(session, stop == 2 ? 1 : 0, stop));
        }

        Assert.Equal(2, dataset.TrashSweep(session, 0));

        Assert.Equal([new TakenStop(1, 2)], dataset.TakenStops(session));
        Assert.Equal(2, Directory.GetFiles(System.IO.Path.Combine(Path, "trash")).Length);
        Assert.True((await DatasetAudit.RunAsync(dataset)).Sound);
        dataset.CommitStop(TestFrames.Captured(session, 0, 0, "3002", "another")); // another item may lie there now
    }

    [Fact]
    public async Task PlatesAndOpticsAreKeptWithTheirSession()
    {
        EncodedImage image = TestPictures.Jpeg(77);
        SessionId session;
        using (Dataset dataset = Dataset.Create(Path))
        {
            session = dataset.BeginSession("{}").Id;
            Assert.Null(dataset.Optics(session));
            dataset.KeepOptics(session, """{"gain":2}""");
            dataset.AddPlate(session, new Plate(4, image, 22.5, "dim"));
            dataset.AddPlate(session, new Plate(4, TestPictures.Jpeg(78), 22.5, "dim")); // the first one stays
        }

        using Dataset reopened = Dataset.Open(Path);
        Plate plate = Assert.Single(reopened.Plates(session));
        Assert.Equal((4, 22.5, "dim"), (plate.Stop, plate.AzimuthDegrees, plate.Light));
        Assert.Equal(image.Bytes, plate.Image.Bytes);
        Assert.Equal("""{"gain":2}""", reopened.Optics(session));
        Assert.Empty((await DatasetAudit.RunAsync(reopened)).Findings);
    }

    [Fact]
    public async Task ADatasetOfTheFirstVersionIsBroughtUpToDate()
    {
        SessionId session;
        using (Dataset dataset = Dataset.Create(Path))
        {
            session = dataset.BeginSession("{}").Id;
            dataset.AddFrames([TestFrames.Captured(session, 0, 0)]);
        }

        Execute(WithoutGeometry);
        Execute("""
            DROP TABLE journal; DROP TABLE plates; DROP TABLE renderings;
            ALTER TABLE frames DROP COLUMN light; ALTER TABLE frames DROP COLUMN metadata; ALTER TABLE frames DROP COLUMN marks;
            ALTER TABLE annotations DROP COLUMN quality; ALTER TABLE sessions DROP COLUMN optics; PRAGMA user_version = 1;
            """);

        using Dataset upgraded = Dataset.Open(Path);

        Assert.Empty(upgraded.Frames().Single().Marks);
        upgraded.CommitStop(TestFrames.Captured(session, 0, 1) with { Light = "dim", Marks = ["dark", "late"], Metadata = new Dictionary<string, string> { ["gain"] = "2" } });
        Assert.Equal(2, (await DatasetAudit.RunAsync(upgraded)).Findings.Count(f => f.Issue == AuditIssue.MarkedFrame));
        FrameRecord marked = upgraded.Frames().Single(f => f.Stop == 1);
        Assert.Equal(("dim", "dark|late", "2"), (marked.Light, string.Join('|', marked.Marks), marked.Metadata["gain"]));
    }

    [Fact]
    public void ADatasetOfTheSecondVersionKeepsItsHashAndTakesGeometry()
    {
        string hash;
        using (Dataset dataset = Dataset.Create(Path))
        {
            Frame frame = TestFrames.Rendered(1);
            dataset.AddFrames([frame with { Intrinsics = null, Annotations = [.. frame.Annotations.Select(a => a with { AmodalBox = null, TruncatedFraction = null, PoseInCamera = null, PoseOnTable = null })] }]);
            hash = dataset.Hash();
        }

        Execute(WithoutGeometry);
        Execute("PRAGMA user_version = 2");
        using Dataset upgraded = Dataset.Open(Path);
        Assert.Equal(hash, upgraded.Hash());
        Assert.All(upgraded.Annotations(upgraded.Frames().Single().Id), a => Assert.Null(a.PoseInCamera));
        FrameId added = upgraded.AddFrames([TestFrames.WithMaps(TestFrames.Rendered(2), 2)])[0];
        Assert.All(upgraded.Annotations(added), a => Assert.NotNull(a.AmodalBox));
        Assert.Equal(2, upgraded.Frames().Single(f => f.Id == added).Maps.Count);
        Assert.NotEqual(hash, upgraded.Hash());
    }

    [Fact]
    public void MapsComeBackAndAFrameGainsThoseThatItLacks()
    {
        Frame plain = TestFrames.Rendered(1), full = TestFrames.WithMaps(plain, 1);
        using Dataset dataset = Dataset.Create(Path);
        FrameId id = dataset.AddFrames([plain])[0];
        Assert.Contains("--depth", Assert.Throws<WorkFailedException>(() => dataset.ReadMapFile(dataset.Frames().Single(), MapKind.Depth)).Message);
        Assert.Equal(id, dataset.AddFrames([full])[0]);
        Assert.Equal(id, dataset.AddFrames([full])[0]);
        Assert.Equal(id, dataset.AddFrames([plain])[0]);
        FrameRecord record = dataset.Frames().Single();
        foreach (MapKind kind in Enum.GetValues<MapKind>())
        {
            Assert.Equal(full.Maps[kind].Bytes, dataset.ReadMapFile(record, kind));
        }

        Assert.Contains("another picture or other labels", Assert.Throws<WorkFailedException>(() => dataset.AddFrames([TestFrames.WithMaps(plain, 2)])).Message);
        using Dataset other = Dataset.Create(_folder["other"]);
        other.AddFrames([full]);
        Assert.Equal(other.Hash(), dataset.Hash());
    }

    [Fact]
    public void WhatIsNoDatasetIsSaidInOneSentence()
    {
        AssertOneSentence("There is no dataset", () => Dataset.Open(_folder["nowhere"]));
        AssertOneSentence("it has no dataset.db", () => Dataset.Open(_folder.Path));
        _folder.Write("text/dataset.db", new byte[4096].Select((_, i) => (byte)(i * 7)).ToArray());
        AssertOneSentence("not a DataRig catalog", () => Dataset.Open(_folder["text"]));
        _folder.Write("photos/a.jpg", [1]);
        AssertOneSentence("something else is there", () => Dataset.Create(_folder["photos"]));
        AssertOneSentence("something else is there", () => Dataset.OpenOrCreate(_folder["photos", "a.jpg"]));
        AssertOneSentence("", () => Dataset.Create(_folder["photos", "a.jpg", "below"]));
        AssertOneSentence("", () => Dataset.Create("/proc/datarig"));
        using Dataset dataset = Dataset.Create(Path);
        AssertOneSentence("already holds a dataset", () => Dataset.Create(Path));
    }

    [Fact]
    public void ANewerOrForeignCatalogIsRefused()
    {
        Dataset.Create(Path).Dispose();
        Execute("PRAGMA user_version = 99");
        AssertOneSentence("newer DataRig", () => Dataset.Open(Path));
        Execute("PRAGMA application_id = 7");
        AssertOneSentence("another program's", () => Dataset.Open(Path));
    }

    [Fact]
    public void ACreationThatWasCutShortIsFinished()
    {
        Directory.CreateDirectory(_folder["data", "images", "incoming"]);
        Dataset.OpenOrCreate(Path).Dispose();
        Directory.Delete(Path, recursive: true);
        _folder.Write("data/dataset.db", []);
        using Dataset dataset = Dataset.Open(Path);
        dataset.AddFrames([TestFrames.Rendered(1)]);
        Assert.Single(dataset.Frames());
    }

    [Fact]
    public void AnotherWriterIsSaidAndReadersGoOn()
    {
        using Dataset dataset = Dataset.Create(Path);
        dataset.AddFrames([TestFrames.Rendered(1)]);
        using (SqliteConnection other = Connect())
        {
            using SqliteTransaction transaction = other.BeginTransaction();
            using Dataset waiting = Dataset.Open(Path, null, busyTimeoutSeconds: 1);
            AssertOneSentence("another process is writing", () => waiting.AddFrames([TestFrames.Rendered(2)]));
            Assert.Single(waiting.Frames());
        }

        dataset.AddFrames([TestFrames.Rendered(2)]);
        Assert.Equal(2, dataset.Frames().Count);
    }

    [Fact]
    public void AFullDiskLosesNothing()
    {
        using Dataset dataset = Dataset.Create(Path);
        dataset.AddFrames([TestFrames.Rendered(1)]);
        long pages = dataset.Pragma("PRAGMA page_count");
        dataset.Pragma($"PRAGMA max_page_count = {pages}");
        string hash = dataset.Hash();
        AssertOneSentence("disk is full", () =>
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
        Assert.Contains("disk is full", Explain.Failure(full, Path)!.Message);
    }

    [Fact]
    public void AFolderCanBeMovedAfterDispose()
    {
        using (Dataset dataset = Dataset.Create(Path))
        {
            dataset.AddFrames([TestFrames.Rendered(1)]);
        }

        Assert.Equal(["dataset.db", "images"], Directory.GetFileSystemEntries(Path).Select(System.IO.Path.GetFileName).Order());
        Directory.Move(Path, _folder["moved"]);
        using Dataset moved = Dataset.Open(_folder["moved"]);
        Assert.Equal(64, moved.ReadImage(moved.Frames()[0]).Width);
    }

    [Fact]
    public void AMissingOrCutPictureIsSaidWithItsPath()
    {
        using Dataset dataset = Dataset.Create(Path);
        dataset.AddFrames([TestFrames.Rendered(1)]);
        FrameRecord frame = dataset.Frames()[0];
        File.WriteAllBytes(frame.ImagePath, dataset.ReadImageFile(frame)[..500]);
        AssertOneSentence(frame.ImagePath, () => dataset.ReadImage(frame));
        File.Delete(frame.ImagePath);
        AssertOneSentence("is missing", () => dataset.ReadImage(frame));
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertOneSentence(string expected, Action work)
    {
        string message = Assert.Throws<WorkFailedException>(work).Message;
        Assert.Contains(expected, message);
        Assert.EndsWith(".", message);
        Assert.DoesNotContain('\n', message);
    }

    private static void AssertOneSentence(string expected, Func<object> work) => AssertOneSentence(expected, () => { work(); });

    /// <summary>Takes back what the third version of the catalog brought.</summary>
    private const string WithoutGeometry = """
        DROP TABLE maps; ALTER TABLE frames DROP COLUMN intrinsics;
        ALTER TABLE annotations DROP COLUMN amodal_x; ALTER TABLE annotations DROP COLUMN amodal_y;
        ALTER TABLE annotations DROP COLUMN amodal_width; ALTER TABLE annotations DROP COLUMN amodal_height;
        ALTER TABLE annotations DROP COLUMN truncated_fraction; ALTER TABLE annotations DROP COLUMN pose_in_camera; ALTER TABLE annotations DROP COLUMN pose_on_table;
        """;

    private SqliteConnection Connect()
    {
        SqliteConnection connection = new($"Data Source={_folder["data", "dataset.db"]};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = Connect();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class FixedTime(int year) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(year, 5, 4, 3, 2, 1, TimeSpan.Zero);
    }
}
