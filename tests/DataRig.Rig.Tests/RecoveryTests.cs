using DataRig.Core;
using DataRig.Data;
using DataRig.Rig.Tests.Cameras;

namespace DataRig.Rig.Tests;

/// <summary>The way back from a lost link or position.</summary>
public sealed class RecoveryTests
{
    private static readonly CapturePlan Plan = FakeRig.Plan;

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
        Assert.Equal(1000 - 4, rig.HomeFaults.Count); // at once, and after pauses of 0.5, 1 and 2 of the 5 seconds
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
    public async Task The_mark_is_asked_for_once_a_loss_however_often_the_board_is_looked_for()
    {
        FakeRig rig = new() { FindsZero = false };
        rig.MoveFaults[7] = rig.MoveFaults[15] = new LinkLostException("The cable is out.");
        rig.HomeFaults.Enqueue(new LinkLostException("not there yet"));
        rig.HomeFaults.Enqueue(new LinkLostException("not there yet"));

        await rig.RunAsync(Plan);

        Assert.Equal([ChoreKind.TurnToMark, ChoreKind.TurnToMark], rig.Chores.Select(c => c.Kind));
        Assert.Equal(24, rig.Frames.Count);
    }

    [Fact]
    public async Task Plates_alone_bind_a_resumed_session_to_the_mark()
    {
        FakeRig rig = new() { FindsZero = false }, fresh = new() { FindsZero = false };
        for (int stop = 0; stop < 4; stop++)
        {
            rig.PlateStops.Add(stop, ImageCodec.EncodeJpeg(TestPictures.Table(96, 64, stop, empty: true)));
        }

        await rig.RunAsync(Plan with { Plates = true });
        await fresh.RunAsync(Plan);

        Assert.Equal([ChoreKind.TurnToMark], rig.Chores.Select(c => c.Kind));
        Assert.Empty(fresh.Chores);
    }
}
