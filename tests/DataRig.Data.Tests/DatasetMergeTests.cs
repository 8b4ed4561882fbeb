using DataRig.Core;

namespace DataRig.Data.Tests;

/// <summary>Shards of one synthesis become the dataset that one run would have made, or nothing.</summary>
public sealed class DatasetMergeTests : IDisposable
{
    private const string Source = "scene bricks (00ff), seed 7";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_merged_dataset_is_the_unsharded_one()
    {
        string whole = Shard("whole", 0, 10), a = Shard("a", 0, 3), b = Shard("b", 3, 4), c = Shard("c", 7, 3);
        List<StageProgress> told = [];

        int frames = DatasetMerge.Merge([c, a, b], _folder["merged"], new Recorder(told.Add));

        Assert.Equal((10, 10L), (frames, told[^1].Done));
        using Dataset expected = Dataset.Open(whole), merged = Dataset.Open(_folder["merged"]);
        Assert.Equal(expected.Hash(), merged.Hash());
        Assert.Equal(expected.Frames().Select(f => (f.Origin, f.ImageHash)), merged.Frames().Select(f => (f.Origin, f.ImageHash)));
        Assert.Equal(expected.Renderings(), merged.Renderings());
        Assert.Empty((await DatasetAudit.RunAsync(merged)).Findings);
        Assert.False(Directory.Exists(_folder["merged.partial"]));
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name_and_leaves_nothing()
    {
        string a = Shard("a", 0, 3), b = Shard("b", 3, 4), c = Shard("c", 7, 3), overlap = Shard("overlap", 2, 3);
        string half = Shard("half", 3, 1), other = Shard("other", 3, 4, source: "scene bricks (00ff), seed 8"), beyond = Shard("beyond", 10, 1);

        Assert.Contains("index 7 to 9 of 10 frames missing", Refusal(a, b));
        Assert.Contains("index 4 to 6 of 10 frames missing", Refusal(a, half, c));
        Assert.Contains("index 0 to 2, 7 to 9 of 10", Refusal(b));
        Assert.Contains("the frame of index 2 is in", Refusal(a, b, c, overlap));
        Assert.Contains("overlap", Refusal(a, b, c, overlap));
        Assert.Contains("name each shard once", Refusal(a, b, c, b));
        Assert.Contains("seed 7, but", Refusal(a, other, c));
        Assert.Contains("holds the frame of index 10, which none of the shards was asked for", Refusal(a, b, c, beyond));
        Assert.Contains("There is no dataset", Refusal(a, _folder["nowhere"]));

        string Refusal(params string[] shards)
        {
            string message = Assert.Throws<WorkFailedException>(() => DatasetMerge.Merge(shards, _folder["merged"])).Message;
            Assert.False(Directory.Exists(_folder["merged"]) || Directory.Exists(_folder["merged.partial"]));
            return message;
        }
    }

    [Fact]
    public void Any_datasets_are_joined_with_their_sessions_and_splits_and_nothing_is_written_over()
    {
        foreach ((string name, string item) in new[] { ("a", "red"), ("b", "blue") })
        {
            using Dataset dataset = Dataset.Create(_folder[name]);
            SessionId session = dataset.BeginSession("{}").Id; // both are called the same
            dataset.AddFrames([TestFrames.Captured(session, 0, 0, "3001", item) with { Image = TestPictures.Jpeg(name == "a" ? 1UL : 2) }, TestFrames.Imported("x/1.jpg", "3001", item, name == "a" ? 3UL : 4), TestFrames.Rendered(1)]);
            dataset.FinishSession(session, SessionStatus.Done);
            dataset.SaveSplit(new Split(new Seed(1), new Dictionary<GroupKey, SplitRole> { [new GroupKey(new PartId("3001"), new ItemId(item))] = name == "a" ? SplitRole.Train : SplitRole.Test }));
        }

        List<string> remarks = [];
        Assert.Equal(5, DatasetMerge.Merge([_folder["a"], _folder["b"]], _folder["merged"], remark: remarks.Add)); // the same render is there once
        Assert.Empty(remarks);
        using Dataset merged = Dataset.Open(_folder["merged"]), a = Dataset.Open(_folder["a"]);
        Assert.Equal((2, 1, 2, 2), (merged.Info().Captured, merged.Info().Rendered, merged.Info().Imported, merged.Info().Sessions));
        Assert.Equal(2, merged.LoadSplit()!.Roles.Count);
        Assert.Equal(2, merged.Frames().Where(f => f.Session is not null).Select(f => f.Session).Distinct().Count());

        a.BeginSession("{}");
        Assert.Contains("is still open", Assert.Throws<WorkFailedException>(() => DatasetMerge.Merge([_folder["a"], _folder["b"]], _folder["again"])).Message);
        Assert.False(Directory.Exists(_folder["again"]) || Directory.Exists(_folder["again.partial"]));
        Assert.Contains("not empty", Assert.Throws<WorkFailedException>(() => DatasetMerge.Merge([_folder["b"]], _folder["merged"])).Message);
    }

    [Fact]
    public void Splits_that_contradict_each_other_are_not_kept()
    {
        foreach ((string name, SplitRole role) in new[] { ("a", SplitRole.Train), ("b", SplitRole.Test) })
        {
            using Dataset dataset = Dataset.Create(_folder[name]);
            dataset.AddFrames([TestFrames.Imported("x/1.jpg", "3001", "red", (ulong)role)]);
            dataset.SaveSplit(new Split(new Seed(1), new Dictionary<GroupKey, SplitRole> { [new GroupKey(new PartId("3001"), new ItemId("red"))] = role }));
        }

        List<string> remarks = [];
        Assert.Equal(2, DatasetMerge.Merge([_folder["a"], _folder["b"]], _folder["merged"], remark: remarks.Add));
        Assert.Contains("3001 red is for train in", Assert.Single(remarks));
        using Dataset merged = Dataset.Open(_folder["merged"]);
        Assert.Null(merged.LoadSplit());
    }

    [Fact]
    public void What_a_killed_merge_left_is_no_obstacle()
    {
        string a = Shard("a", 0, 10);
        _folder.Write("merged.partial/images/incoming/half", [1, 2, 3]);

        Assert.Equal(10, DatasetMerge.Merge([a], _folder["merged"]));
        Assert.False(Directory.Exists(_folder["merged.partial"]));
    }

    [Fact]
    public void A_whole_frame_comes_back_with_everything_it_was_added_with()
    {
        Frame added = TestFrames.WithMaps(TestFrames.Rendered(3), 3) with { Light = "dim", Intrinsics = new Intrinsics(90, 91, 32, 24), Marks = ["late"], Metadata = new Dictionary<string, string> { ["gain"] = "2" } };
        using Dataset dataset = Dataset.Create(_folder["d"]);
        dataset.AddFrames([added]);

        Frame back = dataset.WholeFrames().Single();

        string[] ofSessions = [nameof(Frame.Session), nameof(Frame.Sweep), nameof(Frame.Stop)];
        Assert.All(typeof(Frame).GetProperties().Where(p => !ofSessions.Contains(p.Name)), property =>
        {
            object? value = property.GetValue(added);
            Assert.False(value is null or System.Collections.ICollection { Count: 0 }, $"give the frame of this test some {property.Name}, so that a merge that forgets it is found out");
            Assert.Equivalent(value, property.GetValue(back), strict: true);
        });
    }

    [Fact]
    public void The_indices_of_another_seed_do_not_count()
    {
        using Dataset dataset = Dataset.Create(_folder["d"]);
        dataset.AddFrames([Render(3, Source), Render(1, Source), Render(5, Source + "1"), Render(6, "scene bricks (00fe), seed 7")]);

        Assert.Equal([1, 3], dataset.RenderedIndices(Source).Order());
    }

    [Theory]
    [InlineData("scene a, index b (12), seed 3, index 17", "scene a, index b (12), seed 3", 17L)]
    [InlineData("bricks.json seed 1 index 4", null, 0L)]
    [InlineData("scene x, seed 1, index -4", null, 0L)]
    [InlineData(", index 4", null, 0L)]
    [InlineData(null, null, 0L)]
    public void An_origin_is_read_back(string? origin, string? source, long index)
    {
        Rendering? expected = source is null ? null : new Rendering(source, index);
        Assert.Equal(expected, Rendering.Parse(origin));
        Assert.Equal(expected is null ? null : origin, expected?.ToString());
    }

    private string Shard(string name, long first, int count, string source = Source)
    {
        string folder = _folder[name];
        using Dataset dataset = Dataset.Create(folder);
        dataset.NoteRendering(new RenderedRange(source, 0, 10));
        dataset.AddFrames([.. Enumerable.Range(0, count).Select(i => Render(first + i, source))]);
        return folder;
    }

    private static Frame Render(long index, string source) => TestFrames.Rendered((int)index) with { Origin = new Rendering(source, index).ToString() };

    private sealed class Recorder(Action<StageProgress> action) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => action(value);
    }
}
