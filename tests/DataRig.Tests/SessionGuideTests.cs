using DataRig.Core;
using DataRig.Rig;
using DataRig.Terminal;

namespace DataRig.Tests;

public sealed class SessionGuideTests
{
    private static readonly Placement First = new(new PartId("3001"), new ItemId("3001-red"), 0, 2);

    [Fact]
    public async Task A_person_is_told_what_to_put_where_and_answers_with_Enter()
    {
        StringWriter screen = new();
        SessionGuide guide = new(new LineAnswers(new StringReader("\n\n")), screen, live: false);

        Assert.Equal("on its side", await guide.PlaceAsync(First with { PoseName = "on its side" }, TestContext.Current.CancellationToken));
        Assert.Null(await guide.PlaceAsync(First with { Pose = 1 }, TestContext.Current.CancellationToken));

        Assert.Contains("Put part 3001, item red, on its side", screen.ToString());
        Assert.Contains("another way up than before (pose 2 of 2)", screen.ToString());
    }

    [Fact]
    public async Task Where_nobody_is_at_the_prompt_the_session_pauses()
    {
        SessionGuide guide = new(new LineAnswers(new StringReader("")), new StringWriter(), live: false);

        SessionPausedException paused = await Assert.ThrowsAsync<SessionPausedException>(() => guide.PlaceAsync(First, TestContext.Current.CancellationToken));

        Assert.Contains("datarig resume", paused.Message);
        Assert.False(await guide.DoAsync(new Chore(ChoreKind.Mend, "The cable is out."), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_question_ends_the_line_that_progress_is_written_over()
    {
        StringWriter screen = new();
        SessionGuide guide = new(new LineAnswers(new StringReader("\n")), screen, live: true);

        guide.Report(new StageProgress("Capture", 3, 8, "3001-red"));
        guide.Report(new StageProgress("Capture", 4, 8, "3001-red"));
        await guide.DoAsync(new Chore(ChoreKind.Mend, "The cable is out."), TestContext.Current.CancellationToken);

        string[] lines = screen.ToString().Split(Environment.NewLine);
        Assert.EndsWith("\r\e[KCapture 4/8  3001-red", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("! The cable is out.", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_steer_the_session_and_Enter_answers()
    {
        SessionControl control = new();
        System.Collections.Concurrent.ConcurrentQueue<char> pressed = new();
        using KeyAnswers keys = new(control, () => pressed.TryDequeue(out char key) ? key : null);

        pressed.Enqueue('\r'); // nobody asked
        pressed.Enqueue('P');
        await Patience.UntilAsync(() => control.IsPaused);
        Assert.StartsWith("p go on", keys.Keys, StringComparison.Ordinal);
        Task<bool> answer = keys.EnterAsync(TestContext.Current.CancellationToken);
        pressed.Enqueue('p');
        await Patience.UntilAsync(() => !control.IsPaused);
        Assert.False(answer.IsCompleted);
        pressed.Enqueue('\r');

        Assert.True(await answer);
    }
}
