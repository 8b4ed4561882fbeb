using DataRig.Core;

namespace DataRig.Data.Tests;

public sealed class DatasetEditsTests : IDisposable
{
    private static readonly EditedBy Ann = new("ann"), Bob = new("bob", "label-studio", "seen twice");

    private readonly TempFolder _folder = new();
    private readonly Dataset _dataset;
    private readonly FrameId[] _ids;

    public DatasetEditsTests()
    {
        _dataset = Dataset.Create(_folder["data"], new FixedTime(2027));
        _ids = [.. _dataset.AddFrames([.. Enumerable.Range(0, 4).Select(i => TestFrames.Imported($"{i}.jpg", "3001", $"item-{i % 2}", (ulong)i)), TestFrames.WithMaps(TestFrames.Rendered(7), 7)])];
    }

    [Fact]
    public void ARelabelledFrameIsOfTheOtherPartInEverythingAndUndoBringsAllBack()
    {
        string before = _dataset.Hash();
        Edit edit = Assert.Single(_dataset.Relabel([_ids[4]], new PartId("3003"), null, Ann));
        Assert.Equal((EditKind.Relabel, "3001/synthetic", "3003/synthetic", 2027), (edit.Kind, edit.Old, edit.New, edit.At.Year));
        FrameRecord frame = Assert.Single(_dataset.Frames(new FrameFilter { Review = ReviewState.Reviewed }));
        Assert.Equal("3003", frame.Part.Value);
        Assert.Equal(["3002", "3003"], _dataset.Annotations(frame.Id).Select(a => a.Part.Value).Order());
        Assert.Contains(_dataset.Info().Parts, p => p.Part.Value == "3003" && p.Frames == 1);
        Assert.NotEqual(before, _dataset.Hash());
        Assert.Empty(_dataset.Relabel([_ids[4]], new PartId("3003"), null, Ann));

        Edit back = _dataset.Undo(edit.Id, Bob);
        Assert.Equal((edit.Id, "3003/synthetic", "3001/synthetic", Bob), (back.Undoes!.Value, back.Old, back.New, back.By));
        Assert.Equal(before, _dataset.Hash());
        Assert.Equal([edit.Id, back.Id], _dataset.Edits(_ids[4]).Select(e => e.Id));
        Assert.Equal(back.Id, _dataset.Edits()[0].UndoneBy);
        Assert.Empty(_dataset.Frames(new FrameFilter { Review = ReviewState.Reviewed }));
        Sentence.AssertOne("was undone already", () => _dataset.Undo(edit.Id, Ann));
        Sentence.AssertOne($"took edit {edit.Id} back", () => _dataset.Undo(back.Id, Ann));
        Sentence.AssertOne("no edit 99", () => _dataset.Undo(new EditId(99), Ann));
    }

    [Fact]
    public void TheTrashVanishesFromEverythingAndComesBack()
    {
        string before = _dataset.Hash();
        string[] named = Names();
        Edit drop = _dataset.Drop([_ids[0], _ids[2]], Ann)[0];
        Assert.Empty(_dataset.Drop([_ids[0]], Ann));
        Assert.Equal(3, _dataset.Frames().Count);
        Assert.Equal(3, _dataset.WholeFrames().Count());
        Assert.DoesNotContain(_dataset.Items(), i => i.Group.Item.Value == "item-0");
        Assert.Equal([_ids[0], _ids[2]], _dataset.Frames(new FrameFilter { Review = ReviewState.Trashed }).Select(f => f.Id));
        Assert.NotEqual(before, _dataset.Hash());
        Sentence.AssertOne("is in the trash", () => _dataset.Relabel([_ids[0]], new PartId("x"), null, Ann));

        // Imported once more it stays where it was put.
        _dataset.AddFrames([TestFrames.Imported("0.jpg", "3001", "item-0", 0)]);
        Assert.Equal(3, _dataset.Frames().Count);
        Assert.Equal(EditKind.Restore, _dataset.Undo(drop.Id, Bob).Kind);
        Assert.Single(_dataset.Restore([_ids[2]], Ann));
        Assert.Equal(before, _dataset.Hash());
        Assert.Equal(named, Names());
        Sentence.AssertOne("not in the trash any more", () => _dataset.Undo(_dataset.Edits(_ids[2])[0].Id, Ann));
    }

    [Fact]
    public async Task PurgedPicturesAreGoneUnlessAnotherFrameOrASnapshotHoldsThem()
    {
        FrameId twin = _dataset.AddFrames([TestFrames.Imported("twin.jpg", "3001", "item-1", 1)])[0];
        _dataset.Drop([_ids[3]], Ann);
        Snapshot kept = _dataset.TakeSnapshot("first", "ann");
        FrameRecord[] frames = [.. _dataset.Frames()];
        FrameRecord rendered = frames.Single(f => f.Id == _ids[4]);
        _dataset.Drop([_ids[0]], Ann);
        Assert.Equal(1, _dataset.Purge(Ann));
        Assert.True(File.Exists(frames.Single(f => f.Id == _ids[0]).ImagePath));
        Sentence.AssertOne("was purged", () => _dataset.Restore([_ids[3]], Ann));
        Sentence.AssertOne("cannot be undone", () => _dataset.Undo(_dataset.Edits(_ids[3])[^1].Id, Ann));

        _folder.Execute("DELETE FROM snapshot_frames");
        _dataset.Drop([_ids[1], _ids[4]], Ann);
        Assert.Equal(3, _dataset.Purge(Ann));
        Assert.False(File.Exists(rendered.ImagePath));
        Assert.All(rendered.Maps.Values, m => Assert.False(File.Exists(m.Path)));
        Assert.True(File.Exists(_dataset.Frames().Single(f => f.Id == twin).ImagePath));
        Assert.Empty((await DatasetAudit.RunAsync(_dataset)).Findings);
        Assert.Empty(_dataset.Frames(new FrameFilter { Review = ReviewState.Trashed }));

        // A picture that comes again lies in the trash, from where it can be taken.
        _dataset.AddFrames([TestFrames.WithMaps(TestFrames.Rendered(7), 7)]);
        _dataset.Restore([_ids[4]], Ann);
        Assert.Equal(2, _dataset.Frames().Single(f => f.Id == _ids[4]).Maps.Count(m => File.Exists(m.Value.Path)));
        Assert.Equal(5, kept.Frames);
    }

    [Fact]
    public void CorrectedBoxesAreEditsAndUndoneInTheirOrder()
    {
        string before = _dataset.Hash();
        Annotation box = new() { Part = new PartId("3001"), Item = new ItemId("synthetic"), Box = new Box(1, 2, 30, 40), Quality = 0.5 };
        Edit corrected = _dataset.Annotate(_ids[4], [box], Ann)!;
        Assert.Equal(("2", "1"), (corrected.Old, corrected.New));
        Assert.Null(_dataset.Annotate(_ids[4], [box], Ann));
        Assert.Equal(box, Assert.Single(_dataset.Annotations(_ids[4])));
        Edit relabelled = _dataset.Relabel([_ids[4]], new PartId("3010"), new ItemId("blue"), Ann)[0];
        Assert.Equal("blue", Assert.Single(_dataset.Annotations(_ids[4])).Item.Value);
        Sentence.AssertOne("undo that one first", () => _dataset.Undo(corrected.Id, Ann));
        _dataset.Undo(relabelled.Id, Ann);
        Assert.Equal(box, Assert.Single(_dataset.Annotations(_ids[4])));
        _dataset.Undo(corrected.Id, Ann);
        Assert.Equal(before, _dataset.Hash());
        Sentence.AssertOne("fractions lie in [0, 1]", () => { _dataset.Annotate(_ids[4], [box with { VisibleFraction = 2 }], Ann); });
        Sentence.AssertOne("folder's name", () => { _dataset.Annotate(_ids[4], [box with { Part = new PartId("a/b") }], Ann); });
    }

    [Fact]
    public void WantedFramesAreListedUntilTheirMarkIsUndone()
    {
        _dataset.Recapture([_ids[4], _ids[1]], Bob);
        Assert.Empty(_dataset.Recapture([_ids[4]], Bob));
        _dataset.Drop([_ids[4]], Ann);
        Assert.Equal([_ids[4], _ids[1]], _dataset.Wanted().Select(w => w.Frame.Id));
        WantedFrame wanted = _dataset.Wanted()[0];
        Assert.Equal(("3001", "synthetic", "studs-up", Bob), (wanted.Frame.Part.Value, wanted.Frame.Item.Value, wanted.Frame.Pose, wanted.Edit.By));
        _dataset.Undo(wanted.Edit.Id, Ann);
        Assert.Equal(_ids[1], Assert.Single(_dataset.Wanted()).Frame.Id);
    }

    [Fact]
    public void AConfirmedFrameIsReviewed()
    {
        Edit edit = _dataset.Confirm([_ids[0]], Ann)[0];
        Assert.Empty(_dataset.Confirm([_ids[0]], Ann));
        Assert.Equal(_ids[0], Assert.Single(_dataset.Frames(new FrameFilter { Review = ReviewState.Reviewed })).Id);
        Assert.Equal(4, _dataset.Frames(new FrameFilter { Review = ReviewState.Unreviewed }).Count);
        _dataset.Undo(edit.Id, Ann);
        Assert.Equal(5, _dataset.Frames(new FrameFilter { Review = ReviewState.Unreviewed }).Count);
    }

    [Fact]
    public void APartTakesAnotherNameTogetherWithItsSplitAndGoesBack()
    {
        _dataset.AddFrames([TestFrames.Imported("z.jpg", "3003", "other", 99)]);
        Split split = GroupSplit.Assign(_dataset.Items(), new Seed(1));
        _dataset.SaveSplit(split);
        string before = _dataset.Hash();
        Edit merged = _dataset.RenamePart(new PartId("3001"), new PartId("3003"), Ann);
        Assert.DoesNotContain(_dataset.Info().Parts, p => p.Part.Value == "3001");
        Assert.Equal(split.Roles.Count, _dataset.LoadSplit()!.Roles.Count(r => r.Key.Part.Value == "3003"));
        _dataset.Undo(merged.Id, Bob);
        Assert.Equal(before, _dataset.Hash());
        Assert.Equal(split.Hash, _dataset.LoadSplit()!.Hash);

        Edit renamed = _dataset.RenamePart(new PartId("3001"), new PartId("brick"), Ann);
        Edit again = _dataset.RenamePart(new PartId("brick"), new PartId("block"), Ann);
        Sentence.AssertOne("moved on by a later rename", () => _dataset.Undo(renamed.Id, Ann));
        _dataset.Undo(again.Id, Ann);
        _dataset.Undo(renamed.Id, Ann);
        Assert.Equal(before, _dataset.Hash());

        _dataset.AddFrames([TestFrames.Imported("y.jpg", "3003", "item-0", 98)]);
        Sentence.AssertOne("two items cannot become one", () => _dataset.RenamePart(new PartId("3001"), new PartId("3003"), Ann));
        Sentence.AssertOne("has no part", () => _dataset.RenamePart(new PartId("nothing"), new PartId("3003"), Ann));
        _dataset.BeginSession("{}");
        Sentence.AssertOne("A session is open", () => _dataset.RenamePart(new PartId("3001"), new PartId("new"), Ann));
    }

    [Fact]
    public void ASnapshotGivesBackExactlyWhatItHeld()
    {
        string before = _dataset.Hash();
        string[] named = Names();
        Snapshot snapshot = _dataset.TakeSnapshot("v1", "ann");
        Assert.Equal((before, 5), (snapshot.Hash, snapshot.Frames));
        _dataset.Relabel([_ids[4], _ids[0]], new PartId("3010"), null, Ann);
        _dataset.Annotate(_ids[4], [], Ann);
        _dataset.Drop([_ids[1]], Ann);
        _dataset.AddFrames([TestFrames.Imported("new.jpg", "3001", "item-0", 50)]);

        using (Dataset then = Dataset.OpenSnapshot(_folder["data"], "v1"))
        {
            Assert.Equal((before, snapshot), (then.Hash(), then.OpenedAt));
            Assert.Equal(named, then.Frames().Select(f => $"{f.Part} {f.Item} {f.Origin}"));
            Assert.Equal(2, then.Annotations(_ids[4]).Count);
            then.SaveSplit(GroupSplit.Assign(then.Items(), new Seed(3)), "then");
            Sentence.AssertOne("a snapshot", () => then.Drop([_ids[2]], Ann));
            Sentence.AssertOne("a snapshot", () => then.AddFrames([TestFrames.Imported("more.jpg", "3001", "item-0", 51)]));
        }

        Assert.NotEqual(before, _dataset.Hash());
        Assert.NotNull(_dataset.LoadSplit("then"));
        Sentence.AssertOne("has a snapshot \"v1\" already", () => _dataset.TakeSnapshot("v1", "ann"));
        Sentence.AssertOne("no snapshot \"v2\", only v1", () => Dataset.OpenSnapshot(_folder["data"], "v2"));
        _dataset.RenamePart(new PartId("3001"), new PartId("brick"), Ann);
        Sentence.AssertOne("no longer gives what it held", () => Dataset.OpenSnapshot(_folder["data"], "v1"));
    }

    [Fact]
    public void FramesAreFoundByNumberAndByPicture()
    {
        FrameRecord frame = _dataset.Frames()[0];
        Assert.Equal([frame.Id], _dataset.Find(frame.Id.ToString()));
        Assert.Equal([frame.Id], _dataset.Find(frame.ImagePath));
        Assert.Equal([frame.Id], _dataset.Find(frame.ImageHash[..12]));
        Sentence.AssertOne("has no frame", () => _dataset.Find(frame.ImageHash[..11]));
    }

    public void Dispose()
    {
        _dataset.Dispose();
        _folder.Dispose();
    }

    private string[] Names() => [.. _dataset.Frames().Select(f => $"{f.Part} {f.Item} {f.Origin}")];
}
