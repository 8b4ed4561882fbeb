using DataRig.Core;
using DataRig.Data;
using DataRig.Rig.Tests.Cameras;

namespace DataRig.Rig.Tests;

public sealed class CaptureSessionTests
{
    private static readonly CapturePlan Plan = FakeRig.Plan;

    [Fact]
    public async Task Every_item_is_taken_in_every_pose_at_every_stop()
    {
        FakeRig rig = new();

        CaptureResult result = await rig.RunAsync(Plan);

        Assert.Equal((24, 0), (result.Captured, result.Marked));
        Assert.Equal(Plan.FrameCount(), rig.Frames.Count);
        Assert.Equal(24, rig.Frames.Select(f => (f.Sweep, f.Stop)).Distinct().Count());
        Assert.Equal(["3001-blue", "3001-red", "3003-red"], rig.Frames.Select(f => f.Item.Value).Distinct().Order());
        Assert.All(rig.Frames, f => Assert.Equal(f.Stop * 90.0, f.AzimuthDegrees));
        Assert.All(rig.Frames, f => Assert.Equal($"pose {(f.Sweep >= 3 ? 1 : 0)}", f.Pose));
        Assert.All(rig.Frames, f => Assert.Equal(35, f.ElevationDegrees)); // the camera's own, of a rig without an arm
        Assert.All(rig.Frames, f => Assert.Equal("7", f.Metadata["gain"]));
        Assert.Equal(["ring=1"], rig.LightsSet.Distinct());
        Assert.Equal(1, rig.Homings);
    }

    [Fact]
    public async Task Every_frame_is_journalled_step_by_step()
    {
        FakeRig rig = new();

        await rig.RunAsync(Plan);

        foreach (Frame frame in rig.Frames)
        {
            string at = $"{frame.Sweep}/{frame.Stop}";
            Assert.Equal([$"intent {at}", $"moved {at}", $"commit {at}"], rig.Log.Where(l => l.EndsWith(" " + at, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_session_goes_on_where_it_stopped()
    {
        FakeRig rig = new() { TakenBefore = [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0)] };

        await rig.RunAsync(Plan);

        Assert.Equal(24 - 5, rig.Frames.Count);
        Assert.Empty(rig.Frames.Select(f => (f.Sweep!.Value, f.Stop!.Value)).Intersect(rig.TakenBefore));
        Assert.Equal(5, rig.Placed.Count); // the finished sweep is not laid out again
    }

    [Fact]
    public async Task Lights_change_faster_than_the_table_turns_and_the_table_faster_than_the_arm_lifts()
    {
        FakeRig rig = new();
        CapturePlan plan = Plan with
        {
            Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = ["red"] },
            PosesPerItem = 1,
            StopsPerSweep = 2,
            ElevationsDegrees = [30, 60],
            Lights = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["full"] = new Dictionary<string, double> { ["ring"] = 1 }, ["dim"] = new Dictionary<string, double> { ["ring"] = 0.25 } },
        };

        await rig.RunAsync(plan);

        Assert.Equal(8, plan.FrameCount());
        Assert.Equal(
            ["30 0 full", "30 0 dim", "30 180 full", "30 180 dim", "60 0 full", "60 0 dim", "60 180 full", "60 180 dim"],
            rig.Frames.Select(f => FormattableString.Invariant($"{f.ElevationDegrees} {f.AzimuthDegrees} {f.Light}")));
        Assert.Equal(4, rig.Moves); // a turn for every angle, none for a light
        Assert.Equal(2, rig.Lifts);
        Assert.Equal(["ring=1", "ring=0.25"], rig.LightsSet.Distinct());
    }

    [Fact]
    public async Task A_plan_that_names_a_light_the_rig_lacks_is_refused_before_a_part_is_shot()
    {
        FakeRig rig = new() { Mends = 0 };
        CapturePlan plan = Plan with { Lights = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["x"] = new Dictionary<string, double> { ["back"] = 1 } } };

        SessionPausedException paused = await Assert.ThrowsAsync<SessionPausedException>(() => rig.RunAsync(plan));

        Assert.Contains("\"back\"", paused.Message);
        Assert.Contains("it has ring", paused.Message);
    }

    [Fact]
    public async Task A_bad_picture_is_taken_again()
    {
        FakeRig rig = new();
        rig.Spoil.Enqueue(s => s with { Image = s.Image with { Bytes = s.Image.Bytes[..^9] } });
        rig.Spoil.Enqueue(s => s with { TakenAt = s.TakenAt - TimeSpan.FromSeconds(1) });

        await rig.RunAsync(Plan);

        Assert.Equal(24, rig.Frames.Count);
        Assert.Equal(26, rig.Shots);
        Assert.Empty(rig.Chores);
    }

    [Fact]
    public async Task A_camera_that_only_gives_bad_pictures_pauses_the_session_with_a_reason()
    {
        FakeRig rig = new() { Mends = 0 };
        for (int i = 0; i < 3; i++)
        {
            rig.Spoil.Enqueue(s => s with { Image = s.Image with { Bytes = [.. "<html>"u8] } });
        }

        SessionPausedException paused = await Assert.ThrowsAsync<SessionPausedException>(() => rig.RunAsync(Plan));

        Assert.Contains("3 times", paused.Message);
        Assert.Equal(3, rig.Shots);
        Assert.Contains("resume", paused.Message);
    }

    [Fact]
    public async Task What_a_person_mends_goes_on_at_the_same_stop()
    {
        FakeRig rig = new() { Mends = 1 };
        for (int i = 0; i < 3; i++)
        {
            rig.Spoil.Enqueue(s => s with { Image = s.Image with { Bytes = [1, 2, 3] } });
        }

        await rig.RunAsync(Plan);

        Assert.Equal(24, rig.Frames.Select(f => (f.Sweep, f.Stop)).Distinct().Count());
        Assert.Equal([ChoreKind.Mend], rig.Chores.Select(c => c.Kind));
        Assert.Equal((25, 2), (rig.Moves, rig.LightsSet.Count)); // whoever mended it may have touched anything
    }

    [Fact]
    public async Task A_full_disk_loses_no_frame_once_there_is_room()
    {
        FakeRig rig = new() { Mends = 1 };
        rig.CommitFaults[5] = new WorkFailedException("The disk is full.");

        await rig.RunAsync(Plan);

        Assert.Equal(24, rig.Frames.Select(f => (f.Sweep, f.Stop)).Distinct().Count());
        Assert.Contains(rig.Chores, c => c.Words.Contains("full", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_full_disk_and_nobody_there_pauses_the_session()
    {
        FakeRig rig = new() { Mends = 0 };
        rig.CommitFaults[5] = new WorkFailedException("The disk is full.");

        SessionPausedException paused = await Assert.ThrowsAsync<SessionPausedException>(() => rig.RunAsync(Plan));

        Assert.Contains("disk is full", paused.Message);
        Assert.Equal(4, rig.Frames.Count);
    }

    [Fact]
    public async Task Cancelling_stops_between_frames_and_stores_the_one_in_hand()
    {
        using CancellationTokenSource cancel = new();
        FakeRig rig = new() { AfterShot = shots => { if (shots == 7) cancel.Cancel(); } };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.RunAsync(Plan, cancel: cancel.Token));

        Assert.Equal(7, rig.Frames.Count);
    }

    [Fact]
    public async Task A_picture_from_before_its_light_was_set_is_taken_again()
    {
        FakeRig rig = new();
        CapturePlan plan = Plan with
        {
            Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = ["red"] },
            PosesPerItem = 1,
            StopsPerSweep = 1,
            Lights = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["full"] = new Dictionary<string, double> { ["ring"] = 1 }, ["dim"] = new Dictionary<string, double> { ["ring"] = 0.25 } },
        };
        rig.Spoil.Enqueue(s => s);
        rig.Spoil.Enqueue(s => s with { TakenAt = s.TakenAt - TimeSpan.FromSeconds(0.5) }); // the table stood still by then

        await rig.RunAsync(plan);

        Assert.Equal((2, 3), (rig.Frames.Count, rig.Shots));
    }

    [Fact]
    public async Task A_lifted_arm_proves_the_tables_position_anew()
    {
        FakeRig rig = new();

        await rig.RunAsync(Plan with { Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = ["red"] }, PosesPerItem = 1, StopsPerSweep = 1, ElevationsDegrees = [30, 60] });

        Assert.Equal((2, 2), (rig.Lifts, rig.Moves));
    }

    [Fact]
    public async Task A_resumed_session_holds_its_pictures_to_the_first_ones_and_marks_what_differs()
    {
        FakeRig rig = new(), resumed = new() { TakenBefore = [(0, 0), (0, 1), (0, 2)] };
        await rig.RunAsync(Plan);
        resumed.Kept = rig.Kept;
        resumed.Spoil.Enqueue(s => s with { Image = ImageCodec.EncodeJpeg(TestPictures.Table(96, 64, 1, exposure: 1.6)) });

        CaptureResult result = await resumed.RunAsync(Plan);

        Assert.NotEmpty(rig.Kept!.Baseline.FirstFrames);
        Assert.Equal((21, 1), (result.Captured, result.Marked));
        Assert.Contains("brighter", Assert.Single(resumed.Frames[0].Marks));
    }

    [Fact]
    public async Task Whoever_cancels_is_not_asked_to_mend_anything()
    {
        using CancellationTokenSource cancel = new();
        FakeRig rig = new();
        rig.Spoil.Enqueue(_ =>
        {
            cancel.Cancel();
            throw new WorkFailedException("The camera is out.");
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.RunAsync(Plan, cancel: cancel.Token));

        Assert.Empty(rig.Chores);
    }
}
