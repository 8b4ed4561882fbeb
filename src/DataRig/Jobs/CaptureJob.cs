using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Rig;

namespace DataRig.Jobs;

/// <summary>Captures a plan into a dataset: a new session, or the rest of one that was interrupted.</summary>
/// <param name="file">The rig.</param>
/// <param name="dataset">Where frames and journal go.</param>
/// <param name="sitting">Who sits at a real rig; a simulated one has a hand of its own.</param>
internal sealed class CaptureJob(RigFile file, Dataset dataset, Sitting sitting)
{
    /// <summary>Makes the rig; a test hands it another.</summary>
    public Func<RigFile, CapturePlan, Seed, Sitting, CaptureRig> Rig { get; init; } = RigFactory.Create;

    /// <summary>Begins a session and captures its whole plan.</summary>
    public async Task<CaptureResult> BeginAsync(Seed seed, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        JournalledPlan plan = new() { Seed = seed.Value, Plan = file.Plan };
        SessionRecord session = dataset.BeginSession(StrictJson.Write(plan));
        return await CaptureAsync(session, plan, progress, cancel).ConfigureAwait(false);
    }

    /// <summary>Goes on with every session of the dataset that was interrupted, each by the plan and seed it began with.</summary>
    public async Task<CaptureResult> ResumeAsync(IProgress<StageProgress> progress, CancellationToken cancel)
    {
        CaptureResult all = default;
        foreach (SessionRecord session in dataset.OpenSessions())
        {
            JournalledPlan plan = StrictJson.Read<JournalledPlan>(session.Plan, $"the plan of {session.Id}");
            CaptureResult result = await CaptureAsync(session, plan, progress, cancel).ConfigureAwait(false);
            all = new CaptureResult(all.Captured + result.Captured, all.Marked + result.Marked);
        }

        return all;
    }

    /// <summary>The plan that a session was begun with.</summary>
    public static CapturePlan PlanOf(SessionRecord session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return StrictJson.Read<JournalledPlan>(session.Plan, $"the plan of {session.Id}").Plan;
    }

    private async Task<CaptureResult> CaptureAsync(SessionRecord session, JournalledPlan journalled, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        DatasetJournal journal = new(dataset, session.Id);
        CaptureResult result = default;
        if (journal.Taken().Count < journalled.Plan.FrameCount())
        {
            await using CaptureRig rig = Rig(file, journalled.Plan, new Seed(journalled.Seed).For($"capture {session.Id}"), sitting);
            result = await new CaptureSession(journalled.Plan, rig, journal, progress, sitting.Control, sitting.Watch).RunAsync(cancel).ConfigureAwait(false);
        }

        dataset.FinishSession(session.Id, SessionStatus.Done);
        Recaptures.Settle(dataset);
        return result;
    }

    /// <summary>What the journal keeps of a session: enough to go on with it as if nothing had happened.</summary>
    private sealed record JournalledPlan
    {
        public required ulong Seed { get; init; }

        public required CapturePlan Plan { get; init; }
    }
}
