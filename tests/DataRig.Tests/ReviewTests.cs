using System.Text.Json;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Learning.Explaining;
using DataRig.Rig;
using DataRig.Terminal;

namespace DataRig.Tests;

/// <summary>From a model's errors to edits of the dataset, and to a plan for the rig.</summary>
public sealed class ReviewTests
{
    private static readonly EditedBy Me = new("tester");

    [Fact]
    public async Task What_a_model_gets_wrong_is_relabelled_taken_back_dropped_and_captured_again()
    {
        using Cli cli = new();
        await cli.JsonAsync("capture", "--data", "data");
        await cli.JsonAsync("train", "--data", "data", "--out", "m", "--set", "epochs=1", "preprocessing.inputPixels=32", "checkFiveImages=false");
        int before = (await cli.JsonAsync("dataset", "info", "--data", "data")).GetProperty("frames").GetInt32();

        JsonElement[] listed = [.. (await cli.JsonAsync("review", "--model", "m", "--count", "8", "--doubtful", "8", "--split", "train")).GetProperty("frames").EnumerateArray()];
        Assert.NotEmpty(listed);
        Assert.All(listed, f => Assert.True(File.Exists(f.GetProperty("heat").GetString()) && File.Exists(f.GetProperty("picture").GetString())));
        long first = listed[0].GetProperty("frame").GetInt64();

        JsonElement edit = Assert.Single((await cli.JsonAsync("review", "--data", "data", "--relabel", $"{first}=3039/3039-red", "--note", "seen by hand")).GetProperty("edits").EnumerateArray());
        Assert.Equal("3039/3039-red", edit.GetProperty("new").GetString());
        Assert.Equal(("review", "seen by hand"), (edit.GetProperty("source").GetString(), edit.GetProperty("note").GetString()));
        await cli.JsonAsync("review", "--data", "data", "--undo");

        cli.Write("edits.jsonl", $$"""
            {"frame": {{first}}, "do": "recapture", "note": "blurred"}

            {"frame": {{first}}, "do": "drop"}
            """);
        JsonElement done = await cli.JsonAsync("review", "--data", "data", "--edits", "edits.jsonl", "--plan", "again.json");
        Assert.Equal(["recapture", "drop"], done.GetProperty("edits").EnumerateArray().Select(e => e.GetProperty("kind").GetString()));
        Assert.Equal(1, done.GetProperty("recapture").GetProperty("frames").GetInt32());
        Assert.Equal(before - 1, (await cli.JsonAsync("dataset", "info", "--data", "data")).GetProperty("frames").GetInt32());

        Assert.Equal(1, (await cli.JsonAsync("capture", "--rig", "again.json", "--data", "data")).GetProperty("framesCaptured").GetInt32());
        using Dataset dataset = Dataset.Open(cli.At("data"));
        FrameRecord dropped = Assert.Single(dataset.Frames(new FrameFilter { Review = ReviewState.Trashed })), again = dataset.Frames().MaxBy(f => f.Id.Value)!;
        Assert.Equal((dropped.Part, dropped.Item, dropped.Pose), (again.Part, again.Item, again.Pose));
        Assert.Equal(dropped.AzimuthDegrees!.Value, again.AzimuthDegrees!.Value, 1.0);
        Assert.Empty(dataset.Wanted());
        Assert.Contains(dataset.Edits(), e => e.By.Note == $"taken again as frame {again.Id}");
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_in_a_sentence_and_nothing_is_changed()
    {
        using Cli cli = new();
        using (Dataset dataset = Dataset.Create(cli.At("data")))
        {
            Add(dataset, "3001", "3001-red", 1);
        }

        cli.Write("wrong.jsonl", """{"frame": 1, "do": "relabel"}""");
        cli.Write("missing.jsonl", "{\"frame\": 1, \"do\": \"drop\"}\n{\"frame\": 77, \"do\": \"drop\"}");

        (int code, _, string remarks) = await cli.RunAsync("review", "--data", "data", "--edits", "wrong.jsonl");
        Assert.Equal((2, true), (code, remarks.Contains("wrong.jsonl, line 1", StringComparison.Ordinal) && remarks.Contains("a relabelling names the right part", StringComparison.Ordinal)));
        (code, _, remarks) = await cli.RunAsync("review", "--data", "data", "--edits", "missing.jsonl");
        Assert.Equal((1, true), (code, remarks.Contains("has no frame 77; nothing was changed", StringComparison.Ordinal)));
        (code, _, remarks) = await cli.RunAsync("review", "--data", "data", "--relabel", "1");
        Assert.Equal((2, true), (code, remarks.Contains("--relabel takes FRAME=PART", StringComparison.Ordinal)));
        Assert.Empty((await cli.JsonAsync("dataset", "edits", "--data", "data")).GetProperty("edits").EnumerateArray());

        // An imported frame: no plan can ask for it.
        JsonElement recapture = (await cli.JsonAsync("review", "--data", "data", "--recapture", "1", "--plan", "none.json")).GetProperty("recapture");
        Assert.Equal(JsonValueKind.Null, recapture.GetProperty("plan").ValueKind);
        Assert.Contains("was not captured at a rig", recapture.GetProperty("reasons")[0].GetString());
        Assert.False(File.Exists(cli.At("none.json")));
    }

    [Fact]
    public async Task A_person_answers_line_by_line_and_leaving_keeps_everything()
    {
        using TempDataset temp = new();
        FrameRecord[] frames = [.. Enumerable.Range(0, 4).Select(i => Add(temp.Dataset, "3001", $"3001-{i}", (byte)i))];
        StringWriter screen = new();

        IReadOnlyList<Edit> edits = await new ReviewTalk(temp.Dataset, new StringReader("3003 3003-red\nu\nb\nnonsense of three words\nl 3004\nd\n\nr\n"), screen, Me).RunAsync([.. frames.Select(Item)], TestContext.Current.CancellationToken);

        // Relabelled and taken back, back to it, relabelled again, the next dropped, one passed over, the last wanted again; the end of the answers ends it.
        Assert.Equal([EditKind.Relabel, EditKind.Relabel, EditKind.Relabel, EditKind.Drop, EditKind.Recapture], edits.Select(e => e.Kind));
        Assert.NotNull(edits[1].Undoes);
        Assert.Equal("3004", temp.Dataset.Frames().Single(f => f.Id == frames[0].Id).Part.Value);
        Assert.Equal(frames[1].Id, Assert.Single(temp.Dataset.Frames(new FrameFilter { Review = ReviewState.Trashed })).Id);
        Assert.Equal(frames[3].Id, Assert.Single(temp.Dataset.Wanted()).Frame.Id);
        Assert.Contains("frame 1, 3001 (3001-0) is taken for 3003, 90% against 5%; most like 3003-blue", screen.ToString());
        Assert.Contains("is no answer", screen.ToString());
    }

    [Fact]
    public async Task A_person_who_is_called_away_loses_nothing()
    {
        using TempDataset temp = new();
        FrameRecord frame = Add(temp.Dataset, "3001", "3001-red", 1), second = Add(temp.Dataset, "3001", "3001-blue", 2);
        using CancellationTokenSource away = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using LeavingReader answers = new("d", away);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new ReviewTalk(temp.Dataset, answers, new StringWriter(), Me).RunAsync([Item(frame), Item(second)], away.Token));

        Assert.Equal(frame.Id, Assert.Single(temp.Dataset.Frames(new FrameFilter { Review = ReviewState.Trashed })).Id);
    }

    [Fact]
    public void A_plan_asks_for_the_wanted_items_in_their_poses_at_their_angles()
    {
        CapturePlan plan = new() { Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = ["red", "blue"] }, PosesPerItem = 3, Poses = [1], StopsPerSweep = 24, Turns = [3, 7] };

        Assert.Empty(plan.Validate());
        Assert.Equal(4, plan.FrameCount());
        Assert.Equal([(0, 1), (1, 1)], plan.Sweeps().Select(s => (s.Index, s.Placement.Pose)));
        Assert.Contains("\"posesPerItem\" is 3", Assert.Single((plan with { Poses = [3] }).Validate()).Problem);
    }

    private static FrameRecord Add(Dataset dataset, string part, string item, byte level)
    {
        Picture picture = new(16, 16);
        picture.Rgb.AsSpan().Fill(level);
        FrameId id = dataset.AddFrames([new Frame { Image = ImageCodec.EncodeJpeg(picture, 90), Source = FrameSource.Imported, Part = new PartId(part), Item = new ItemId(item), Origin = item }])[0];
        return dataset.Frames().Single(f => f.Id == id);
    }

    private static ReviewItem Item(FrameRecord frame) => new(frame, ReviewReason.Error, new PartId("3003"), 0.9, 0.05, new Explanation
    {
        Seen = new Picture(1, 1), Window = new Box(0, 0, 1, 1), HeatOf = new PartId("3003"), Heat = new HeatMap(1, 1, [0]), Share = null, Parts = [new PartProbability(new PartId("3003"), 0.9)],
        Nearest = [new Neighbour(frame with { Part = new PartId("3003"), Item = new ItemId("3003-blue") }, 0.9)], Measures = new FrameMeasures(0, 0, false),
    }, "heat.jpg");

    private sealed class TempDataset : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("datarig-review-").FullName;

        public TempDataset() => Dataset = Dataset.Create(Path.Combine(_folder, "data"));

        public Dataset Dataset { get; }

        public void Dispose()
        {
            Dataset.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>Gives one answer; when the next is asked for, somebody presses Ctrl-C.</summary>
    private sealed class LeavingReader(string answer, CancellationTokenSource away) : TextReader
    {
        private readonly ManualResetEventSlim _never = new();
        private bool _given;

        public override string? ReadLine()
        {
            if (!_given)
            {
                _given = true;
                return answer;
            }

            away.Cancel();
            _never.Wait(TimeSpan.FromSeconds(1));
            return null;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _never.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
