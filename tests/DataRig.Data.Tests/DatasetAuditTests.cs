using DataRig.Core;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Tests;

public sealed class DatasetAuditTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dataset _dataset;

    public DatasetAuditTests()
    {
        _dataset = Dataset.Create(_folder["data"]);
        _dataset.AddFrames([.. Enumerable.Range(0, 8).Select(i => TestFrames.Rendered(i)), .. Enumerable.Range(20, 8).Select(i => TestFrames.Imported($"{i}.jpg", "3001", $"item-{i % 4}", (ulong)i))]);
        _dataset.SaveSplit(GroupSplit.Assign(_dataset.Items(), new Seed(1)));
    }

    [Fact]
    public async Task ASoundDatasetHasNoFindings()
    {
        List<StageProgress> progress = [];
        AuditReport report = await DatasetAudit.RunAsync(_dataset, progress: new Collect(progress));
        Assert.Empty(report.Findings);
        Assert.True(report.Sound);
        Assert.Equal((16, 16, 16), (report.Frames, report.Files, progress.Count));
    }

    [Fact]
    public async Task PicturesThatAreGoneChangedOrBrokenAreFound()
    {
        IReadOnlyList<FrameRecord> frames = _dataset.Frames();
        File.Delete(frames[0].ImagePath);
        byte[] changed = File.ReadAllBytes(frames[1].ImagePath);
        changed[^30] ^= 1;
        File.WriteAllBytes(frames[1].ImagePath, changed);
        byte[] cut = TestPictures.Jpeg(99).Bytes[..600]; // its header is whole
        FrameId broken = _dataset.AddFrames([TestFrames.Imported("cut.jpg", "3001", "item-1", 99) with { Image = new EncodedImage(cut, 64, 48) }])[0];
        Sql($"UPDATE frames SET width = 65 WHERE id = {frames[2].Id}");
        AuditReport report = await DatasetAudit.RunAsync(_dataset);
        Assert.Equal(
            [(AuditIssue.MissingImage, frames[0].Id), (AuditIssue.ChangedImage, frames[1].Id), (AuditIssue.UndecodableImage, broken), (AuditIssue.WrongSize, frames[2].Id)],
            report.Findings.Select(f => (f.Issue, f.Frame!.Value)));
        Assert.False(report.Sound);
    }

    [Fact]
    public async Task OrphansAreFoundAndHarmless()
    {
        _folder.Write("data/images/ab/abcdef.jpg", [1]);
        _folder.Write("data/images/incoming/half", [1]);
        AuditReport report = await DatasetAudit.RunAsync(_dataset);
        Assert.Equal(2, report.Findings.Count);
        Assert.All(report.Findings, f => Assert.Equal(AuditIssue.OrphanImage, f.Issue));
        Assert.True(report.Sound);
    }

    [Fact]
    public async Task MapsAreLookedAtLikePictures()
    {
        FrameId[] ids = [.. _dataset.AddFrames([.. Enumerable.Range(50, 4).Select(i => TestFrames.WithMaps(TestFrames.Rendered(i), i))])];
        Assert.Empty((await DatasetAudit.RunAsync(_dataset)).Findings);

        Dictionary<FrameId, FrameRecord> frames = _dataset.Frames().Where(f => ids.Contains(f.Id)).ToDictionary(f => f.Id);
        File.Delete(frames[ids[0]].Maps[MapKind.Depth].Path);
        File.AppendAllText(frames[ids[1]].Maps[MapKind.Normals].Path, "x");
        Sql($"UPDATE maps SET image = '{frames[ids[2]].Maps[MapKind.Normals].Hash}' WHERE frame = {ids[2]} AND kind = 'depth'"); // a map of the other kind
        Sql($"DELETE FROM maps WHERE frame = {ids[3]}");
        AuditReport report = await DatasetAudit.RunAsync(_dataset);
        Assert.Equal(
            [(AuditIssue.MissingImage, ids[0]), (AuditIssue.ChangedImage, ids[1])],
            report.Findings.Where(f => f.Issue is AuditIssue.MissingImage or AuditIssue.ChangedImage).Select(f => (f.Issue, f.Frame!.Value)));
        Assert.Contains("depth file", report.Findings[0].What);
        Assert.Equal(ids[2], Assert.Single(report.Findings, f => f.Issue == AuditIssue.UndecodableImage).Frame);
        Assert.Equal(3, report.Findings.Count(f => f.Issue == AuditIssue.OrphanImage));
    }

    [Fact]
    public async Task LabelsOutsideTheirFrameAreFound()
    {
        Frame frame = TestFrames.Rendered(100);
        Annotation annotation = frame.Annotations[0] with { Mask = null, AmodalBox = null };
        Box[] boxes = [new(-1, 0, 5, 5), new(0, 0, 64.5, 48), new(3, 3, 0, 5), new(0, 40, 5, 9), new(0, 0, 64, 48)];
        FrameId id = _dataset.AddFrames([frame with { Annotations = [.. boxes.Select(b => annotation with { Box = b }), annotation with { Mask = new Mask(64, 48, [64 * 48]) }, annotation with { AmodalBox = new Box(0, 0, 64, 49) }] }])[0];
        AuditReport report = await DatasetAudit.RunAsync(_dataset);
        Assert.Equal(5, report.Findings.Count(f => f.Issue == AuditIssue.BoxOutside && f.Frame == id));
        Assert.Single(report.Findings, f => f.Issue == AuditIssue.EmptyMask);
        Assert.Equal(6, report.Findings.Count);
    }

    [Fact]
    public async Task FramesThatShowNextToNothingAreFound()
    {
        EncodedImage dark = ImageCodec.EncodeJpeg(new Picture(64, 48, [.. Enumerable.Repeat((byte)12, 64 * 48 * 3)]), 90);
        Frame far = TestFrames.Rendered(100);
        Annotation[] small = [far.Annotations[0] with { Mask = null, AmodalBox = null, Box = new Box(3, 3, 4, 6) }, far.Annotations[1]];
        IReadOnlyList<FrameId> ids = _dataset.AddFrames(
        [
            TestFrames.Imported("dark.jpg", "3001", "item-1", 0) with { Image = dark },
            far with { Annotations = small },
            TestFrames.Rendered(101) with { Annotations = [small[0], small[0] with { Box = new Box(3, 3, 5, 5) }] }, // large enough once
            TestFrames.Imported("empty.jpg", "nothing", "morning", 102) with { Annotations = [small[1]] },
        ]);
        _dataset.SaveSplit(GroupSplit.Assign(_dataset.Items(), new Seed(1)));
        AuditReport report = await DatasetAudit.RunAsync(_dataset);
        Assert.Equal([(AuditIssue.NearEmpty, ids[0]), (AuditIssue.NearEmpty, ids[1]), (AuditIssue.NotEmpty, ids[3])], report.Findings.Select(f => (f.Issue, f.Frame!.Value)));
        Assert.Contains("24 pixels", report.Findings[1].What);
        Assert.False(report.Sound);
    }

    [Fact]
    public async Task FindingsOfAnotherAuditComeInTheirOrder()
    {
        AuditReport report = (await DatasetAudit.RunAsync(_dataset)).With([new AuditFinding(AuditIssue.ClassTint, null, "3001", "bluish")], ["not all"]);
        Assert.True(report.Sound);
        report = report.With([new AuditFinding(AuditIssue.LabelOutlier, new FrameId(3), "3.jpg", "odd"), new AuditFinding(AuditIssue.NearEmpty, new FrameId(4), "4.jpg", "empty")], ["nor that"]);
        Assert.False(report.Sound);
        Assert.Equal([AuditIssue.NearEmpty, AuditIssue.LabelOutlier, AuditIssue.ClassTint], report.Findings.Select(f => f.Issue));
        Assert.Equal(["not all", "nor that"], report.Skipped);
    }

    [Fact]
    public async Task ADamagedMaskIsFoundAndSaid()
    {
        FrameRecord frame = _dataset.Frames(new FrameFilter { Source = FrameSource.Rendered })[0];
        Sql($"UPDATE annotations SET mask = x'FF' WHERE frame = {frame.Id}");
        Assert.Equal(frame.Id, Assert.Single((await DatasetAudit.RunAsync(_dataset)).Findings, f => f.Issue == AuditIssue.EmptyMask).Frame);
        Assert.Contains("is damaged", Assert.Throws<WorkFailedException>(() => _dataset.Annotations(frame.Id)).Message);
    }

    [Fact]
    public async Task ThePictureOnBothSidesOfTheSplitIsFound()
    {
        Split split = _dataset.LoadSplit()!;
        FrameRecord held = _dataset.Frames().First(f => split.RoleOf(f) == SplitRole.Test);
        FrameRecord learned = _dataset.Frames(new FrameFilter { Source = FrameSource.Imported }).First(f => split.RoleOf(f) == SplitRole.Train);
        EncodedImage image = new(_dataset.ReadImageFile(held), held.Width, held.Height);
        _dataset.AddFrames([TestFrames.Imported("leak.jpg", "3001", learned.Item.Value, 0) with { Image = image }]);
        AuditFinding leak = Assert.Single((await DatasetAudit.RunAsync(_dataset)).Findings);
        Assert.Equal((AuditIssue.LeakedAcrossSplit, held.Id), (leak.Issue, leak.Frame!.Value));

        _dataset.AddFrames([TestFrames.Imported("wrong.jpg", "3002", "late", 0) with { Image = image }]);
        IReadOnlyList<AuditFinding> findings = (await DatasetAudit.RunAsync(_dataset)).Findings;
        Assert.Equal([AuditIssue.ContradictingParts, AuditIssue.LeakedAcrossSplit, AuditIssue.NotInSplit], findings.Select(f => f.Issue));
    }

    public void Dispose()
    {
        _dataset.Dispose();
        _folder.Dispose();
    }

    private void Sql(string statement)
    {
        using SqliteConnection connection = new($"Data Source={_folder["data", "dataset.db"]};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    private sealed class Collect(List<StageProgress> seen) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            lock (seen)
            {
                seen.Add(value);
            }
        }
    }
}
