namespace DataRig.Rig.Tests;

/// <summary>What a person asks of a session while it runs.</summary>
public sealed class SessionControlTests
{
    private static readonly CapturePlan Plan = FakeRig.Plan;

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

    [Fact]
    public void A_wish_goes_on_with_a_paused_session()
    {
        SessionControl control = new();
        control.Pause();
        control.Skip();
        Assert.False(control.IsPaused);

        control.Pause();
        control.Redo();
        Assert.False(control.IsPaused);

        Assert.Equal((true, true), control.Take());
        Assert.Equal((false, false), control.Take());
    }

    [Fact]
    public async Task Whoever_waits_goes_on_however_often_pause_was_pressed()
    {
        SessionControl control = new();
        control.Pause();
        Task waiting = control.WaitAsync(CancellationToken.None);
        control.Pause();
        Assert.False(waiting.IsCompleted);

        control.Resume();

        Assert.True(waiting.IsCompleted);
        await waiting;
        await control.WaitAsync(CancellationToken.None);
    }
}
