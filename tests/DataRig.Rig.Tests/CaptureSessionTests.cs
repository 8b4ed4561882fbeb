using DataRig.Core;

namespace DataRig.Rig.Tests;

public sealed class CaptureSessionTests
{
    private static readonly CapturePlan Plan = new()
    {
        Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = ["red", "blue"], ["3003"] = ["red"] },
        PosesPerItem = 2,
        StopsPerSweep = 4,
        RetriesPerShot = 2,
        RecoverySeconds = 5,
        Plates = false,
    };

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
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_position_or_link_is_found_again_by_homing(bool link)
    {
        FakeRig rig = new();
        rig.MoveFaults[7] = link ? new LinkLostException("the cable is out") : new PositionLostException("the board was reset");
        rig.HomeFaults.Enqueue(new LinkLostException("not there yet")); // the cable is still out when it looks first

        await rig.RunAsync(Plan);

        Assert.Equal(24, rig.Frames.Select(f => (f.Sweep, f.Stop)).Distinct().Count());
        Assert.Equal(24, rig.Frames.Count);
        Assert.Equal(2, rig.Homings);
        Assert.Empty(rig.Chores);
        Assert.All(rig.Frames, f => Assert.Equal(f.Stop * 90.0, f.AzimuthDegrees));
        Assert.True(rig.LightsSet.Count >= 2, "a board that was reset has dark lights: they are set again");
    }

    [Fact]
    public async Task Without_a_switch_a_person_turns_the_table_to_its_mark_first()
    {
        FakeRig rig = new() { FindsZero = false };
        rig.MoveFaults[7] = new PositionLostException("the board was reset");

        await rig.RunAsync(Plan);

        Assert.Equal([ChoreKind.TurnToMark], rig.Chores.Select(c => c.Kind));
        Assert.Equal(24, rig.Frames.Count);
    }

    [Fact]
    public async Task A_cable_that_stays_out_pauses_the_session_after_a_while()
    {
        FakeRig rig = new() { Mends = 0 };
        rig.MoveFaults[7] = new LinkLostException("The cable is out.");
        for (int i = 0; i < 1000; i++)
        {
            rig.HomeFaults.Enqueue(new LinkLostException("The cable is out."));
        }

        SessionPausedException paused = await Assert.ThrowsAsync<SessionPausedException>(() => rig.RunAsync(Plan));

        Assert.StartsWith("The cable is out. The session is paused", paused.Message, StringComparison.Ordinal);
        Assert.Equal(6, rig.Frames.Count);
        Assert.True(rig.HomeFaults.Count > 980, "it looked for the board without a pause");
    }

    [Fact]
    public async Task A_table_that_sticks_asks_for_help_instead_of_homing_for_ever()
    {
        FakeRig rig = new() { Mends = 0 };
        for (int move = 7; move < 100; move++)
        {
            rig.MoveFaults[move] = new PositionLostException("The table sticks.");
        }

        SessionPausedException paused = await Assert.ThrowsAsync<SessionPausedException>(() => rig.RunAsync(Plan));

        Assert.Contains("sticks", paused.Message);
        Assert.InRange(rig.Homings, 2, 5);
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
    public async Task The_empty_table_is_photographed_once_and_under_the_same_exposure()
    {
        FakeRig rig = new();
        CapturePlan plan = Plan with { Plates = true };

        await rig.RunAsync(plan);

        Assert.Equal([0, 1, 2, 3], rig.PlateStops.Keys.Order());
        Assert.Equal([ChoreKind.ClearTable], rig.Chores.Select(c => c.Kind));
        Assert.Equal(1, rig.Locks);

        FakeRig resumed = new() { TakenBefore = [.. rig.Frames.Take(9).Select(f => (f.Sweep!.Value, f.Stop!.Value))], PlateStops = rig.PlateStops, Kept = rig.Kept };
        await resumed.RunAsync(plan);

        Assert.Empty(resumed.Chores);
        Assert.Equal(rig.Kept!.Lock, resumed.EarlierLock);
    }

    [Fact]
    public async Task A_skipped_sweep_is_never_asked_for_again()
    {
        SessionControl control = new();
        FakeRig rig = new() { AfterShot = shots => { if (shots == 2) control.Skip(); } };

        await rig.RunAsync(Plan, control);

        Assert.Equal(2 + 20, rig.Frames.Count);
        Assert.Equal(["skip 0/2", "skip 0/3"], rig.Log.Where(l => l.StartsWith("skip", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_sweep_is_made_again_from_its_start_when_asked_even_after_its_last_stop()
    {
        SessionControl control = new();
        FakeRig rig = new() { AfterShot = shots => { if (shots == 8) control.Redo(); } };

        await rig.RunAsync(Plan, control);

        Assert.Single(rig.Log, l => l == "retake 1");
        Assert.Equal(24, rig.Frames.Select(f => (f.Sweep, f.Stop)).Distinct().Count());
        Assert.Equal(7, rig.Placed.Count);
        Assert.Equal(rig.Placed[1], rig.Placed[2]);
    }

    [Fact]
    public async Task A_paused_session_shoots_nothing_until_it_goes_on()
    {
        SessionControl control = new();
        List<int> meanwhile = [];
        FakeRig rig = new()
        {
            AfterShot = shots =>
            {
                if (control.IsPaused)
                {
                    meanwhile.Add(shots);
                }

                if (shots == 3)
                {
                    control.Pause();
                }
            },
        };

        Task<CaptureResult> run = rig.RunAsync(Plan, control);
        await Patience.UntilAsync(() => rig.Notes.Contains("paused"));
        Assert.Equal(3, rig.Shots);
        control.Resume();

        Assert.Equal(24, (await run).Captured);
        Assert.Empty(meanwhile);
    }
}
