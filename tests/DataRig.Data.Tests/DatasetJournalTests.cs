using DataRig.Core;

namespace DataRig.Data.Tests;

/// <summary>What a session remembers: what is taken, what a kill left, what is taken back.</summary>
public sealed class DatasetJournalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Data => _folder["data"];

    [Fact]
    public void TheJournalKnowsWhatIsLeftToDo()
    {
        FixedTime time = new(2026);
        SessionId first, second;
        using (Dataset dataset = Dataset.Create(Data, time))
        {
            first = dataset.BeginSession("""{ "stops": 3 }""").Id;
            second = dataset.BeginSession("{}").Id;
            dataset.AddFrames([TestFrames.Captured(first, 0, 0)]);
            dataset.AddFrames([TestFrames.Captured(first, 2, 1)]);
            dataset.FinishSession(second, SessionStatus.Cancelled);
        }

        using Dataset reopened = Dataset.Open(Data, time);
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
        using Dataset dataset = Dataset.Create(Data);
        SessionId session = dataset.BeginSession("{}").Id;
        dataset.CommitStop(TestFrames.Captured(session, 0, 0));
        FrameRecord torn = dataset.Frames(new FrameFilter { Session = session }).Single();
        dataset.CommitStop(TestFrames.Captured(session, 0, 1));
        Assert.Equal("committed", _folder.Ask("SELECT state FROM journal WHERE stop = 1"));
        // As if the power had gone after the first frame's file and before its row.
        _folder.Execute($"DELETE FROM frames WHERE id = {torn.Id}; UPDATE journal SET state = 'stored' WHERE stop = 0");
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
    public void AStopThatWasKilledBeforeItsPicturesFolderCameToBeIsTakenAgain()
    {
        using Dataset dataset = Dataset.Create(Data);
        SessionId session = dataset.BeginSession("{}").Id;
        dataset.CommitStop(TestFrames.Captured(session, 0, 0));
        FrameRecord torn = dataset.Frames().Single();
        _folder.Execute("DELETE FROM frames; UPDATE journal SET state = 'captured'");
        Directory.Delete(System.IO.Path.GetDirectoryName(torn.ImagePath)!, recursive: true);

        Assert.Equal(1, dataset.RecoverSession(session));

        Assert.Empty(dataset.TakenStops(session));
        dataset.CommitStop(TestFrames.Captured(session, 0, 0));
        Assert.Single(dataset.Frames());
    }

    [Fact]
    public void AStopThatNobodyWantsCountsAsTaken()
    {
        using Dataset dataset = Dataset.Create(Data);
        SessionId session = dataset.BeginSession("{}").Id;
        dataset.NoteStop(session, 3, 2, StopState.Moved, 17);
        dataset.NoteStop(session, 3, 2, StopState.Captured);
        Assert.Equal(17L, _folder.Ask("SELECT microsteps FROM journal WHERE stop = 2")); // a later step takes nothing back
        dataset.NoteStop(session, 3, 1, StopState.Skipped);

        dataset.RecoverSession(session);

        Assert.Equal([new TakenStop(3, 1)], dataset.TakenStops(session));
        Assert.Equal(1L, _folder.Ask("SELECT count(*) FROM journal")); // how far the other one came is forgotten
    }

    [Fact]
    public async Task ASweepThatIsTakenBackLiesInTheTrash()
    {
        using Dataset dataset = Dataset.Create(Data);
        SessionId session = dataset.BeginSession("{}").Id;
        foreach (int stop in new[] { 0, 1, 2 })
        {
            dataset.CommitStop(TestFrames.Captured(session, stop == 2 ? 1 : 0, stop));
        }

        Assert.Equal(2, dataset.TrashSweep(session, 0));

        Assert.Equal([new TakenStop(1, 2)], dataset.TakenStops(session));
        Assert.Equal(2, Directory.GetFiles(_folder["data", "trash"]).Length);
        Assert.True((await DatasetAudit.RunAsync(dataset)).Sound);
        dataset.CommitStop(TestFrames.Captured(session, 0, 0, "3002", "another")); // another item may lie there now
    }

    [Fact]
    public async Task PlatesAndOpticsAreKeptWithTheirSession()
    {
        EncodedImage image = TestPictures.Jpeg(77);
        SessionId session;
        using (Dataset dataset = Dataset.Create(Data))
        {
            session = dataset.BeginSession("{}").Id;
            Assert.Null(dataset.Optics(session));
            dataset.KeepOptics(session, """{"gain":2}""");
            dataset.AddPlate(session, new Plate(4, image, 22.5, "dim"));
            dataset.AddPlate(session, new Plate(4, TestPictures.Jpeg(78), 22.5, "dim")); // the first one stays
        }

        using Dataset reopened = Dataset.Open(Data);
        Plate plate = Assert.Single(reopened.Plates(session));
        Assert.Equal((4, 22.5, "dim"), (plate.Stop, plate.AzimuthDegrees, plate.Light));
        Assert.Equal(image.Bytes, plate.Image.Bytes);
        Assert.Equal("""{"gain":2}""", reopened.Optics(session));
        Assert.Empty((await DatasetAudit.RunAsync(reopened)).Findings);
    }

    [Fact]
    public void WhatIsTakenBackIsForgottenButForPicturesThatOthersShow()
    {
        using Dataset dataset = Dataset.Create(Data);
        SessionId session = dataset.BeginSession("{}").Id;
        Frame shared = TestFrames.Captured(session, 0, 0) with { Annotations = [new Annotation { Part = new PartId("3001"), Item = new ItemId("3001-red"), Box = new Box(1, 2, 3, 4) }] };
        dataset.CommitStop(shared);
        dataset.NoteStop(session, 0, 1, StopState.Skipped);
        dataset.AddFrames([TestFrames.Imported("a.jpg", "3003", "red", 1) with { Image = shared.Image }]);

        Assert.Equal(1, dataset.TrashSweep(session, 0));

        Assert.Empty(dataset.TakenStops(session));
        Assert.Equal(shared.Image.Bytes, dataset.ReadImageFile(Assert.Single(dataset.Frames())));
    }

    [Fact]
    public void AClosedSessionIsWrittenNoMore()
    {
        using Dataset dataset = Dataset.Create(Data);
        SessionId session = dataset.BeginSession("{}").Id;
        dataset.CommitStop(TestFrames.Captured(session, 0, 0));
        dataset.FinishSession(session, SessionStatus.Done);

        Sentence.AssertOne("closed (done)", () => dataset.CommitStop(TestFrames.Captured(session, 0, 1)));
        Sentence.AssertOne("closed (done)", () => dataset.TrashSweep(session, 0));
        Sentence.AssertOne("closed (done)", () => dataset.AddPlate(session, new Plate(0, TestPictures.Jpeg(7), 0, null)));
        Assert.Single(dataset.Frames());
    }

    [Fact]
    public void RecoveryClearsHalfFilesAwayAndNoPlate()
    {
        using Dataset dataset = Dataset.Create(Data);
        SessionId session = dataset.BeginSession("{}").Id;
        dataset.AddPlate(session, new Plate(0, TestPictures.Jpeg(7), 0, null));
        _folder.Execute("UPDATE journal SET state = 'stored'"); // as a stop with the same picture would leave it
        _folder.Write("data/images/incoming/half.jpg", [0xFF, 0xD8]);

        Assert.Equal(0, dataset.RecoverSession(session));

        Assert.Equal(TestPictures.Jpeg(7).Bytes, Assert.Single(dataset.Plates(session)).Image.Bytes);
        Assert.Empty(Directory.GetFiles(_folder["data", "images", "incoming"]));
    }

    public void Dispose() => _folder.Dispose();
}
