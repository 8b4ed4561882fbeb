using DataRig.Core;

namespace DataRig.Data.Tests;

/// <summary>Frames go in and come out, each once, and have a hash.</summary>
public sealed class DatasetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Data => _folder["data"];

    [Fact]
    public void WhatGoesInComesOut()
    {
        Frame frame = TestFrames.Rendered(3);
        using (Dataset written = Dataset.Create(Data))
        {
            Assert.Single(written.AddFrames([frame]));
        }

        using Dataset dataset = Dataset.Open(Data);
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
        using Dataset dataset = Dataset.Create(Data);
        SessionId session = dataset.BeginSession("{}").Id;
        dataset.AddFrames([
            TestFrames.Captured(session, 0, 0), TestFrames.Captured(session, 0, 1), TestFrames.Captured(session, 1, 0, "3002", "red"),
            TestFrames.Rendered(1), TestFrames.Imported("a.jpg", "3003", "red", 1)]);
        Assert.Equal(3, dataset.Frames(new FrameFilter { Session = session }).Count);
        Assert.Equal(2, dataset.Frames(new FrameFilter { Item = new ItemId("red") }).Count);
        Assert.Single(dataset.Frames(new FrameFilter { Item = new ItemId("red"), Part = new PartId("3003") }));
        DatasetInfo info = dataset.Info();
        Assert.Equal((5, 3, 1, 1, 4, 1), (info.Frames, info.Captured, info.Rendered, info.Imported, info.Items, info.Sessions));
        Assert.Equal([new PartInfo(new PartId("3001"), 2, 2, 1), new PartInfo(new PartId("3002"), 1, 1, 0), new PartInfo(new PartId("3003"), 1, 1, 0)], info.Parts);
        Assert.Equal(3, info.Imbalance);
        Assert.Equal([new PictureSize(64, 48, 5)], info.Sizes);
        Assert.Equal(dataset.Frames().DistinctBy(f => f.ImageHash).Sum(f => new FileInfo(f.ImagePath).Length), info.PictureBytes);
        Assert.Equal(new MarkedInfo(1, 2, 2), info.Marked);
        AzimuthCoverage[] seen = [.. info.Azimuths];
        Assert.Equal([("3001", false, 2), ("3001", true, 1), ("3002", false, 1)], seen.Select(a => (a.Part.Value, a.Rendered, a.Covered)));
        Assert.Equal([1, 1, 0], seen[0].Sectors.Take(3)); // stops at 0 and 10 degrees
        dataset.Drop([dataset.Frames()[0].Id], new EditedBy("ann"));
        dataset.Confirm([dataset.Frames()[0].Id], new EditedBy("ann"));
        Assert.Equal((4, 1, 1), (dataset.Info().Frames, dataset.Info().Trashed, dataset.Info().Reviewed));
        info = dataset.Info();
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
        using Dataset dataset = Dataset.Create(Data);
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
        using Dataset dataset = Dataset.Create(Data);
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
        using Dataset dataset = Dataset.Create(Data);
        dataset.AddFrames([TestFrames.Imported("a.jpg", "3001", "red", 1), TestFrames.Imported("b.jpg", "3001", "red", 1), TestFrames.Imported("c.jpg", "3002", "red", 1)]);
        Assert.Equal(3, dataset.Frames().Count);
        Assert.Single(Directory.GetFiles(_folder["data", "images"], "*.jpg", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(_folder["data", "images", "incoming"]));
    }

    [Fact]
    public void AFrameThatContradictsItselfIsRefused()
    {
        using Dataset dataset = Dataset.Create(Data);
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
    public void MapsComeBackAndAFrameGainsThoseThatItLacks()
    {
        Frame plain = TestFrames.Rendered(1), full = TestFrames.WithMaps(plain, 1);
        using Dataset dataset = Dataset.Create(Data);
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

    public void Dispose() => _folder.Dispose();
}
