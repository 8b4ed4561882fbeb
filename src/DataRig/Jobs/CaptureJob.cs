using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Rig;

namespace DataRig.Jobs;

/// <summary>Captures a plan into a dataset: a new session, or the rest of one that was interrupted.</summary>
internal static class CaptureJob
{
    /// <summary>Begins a session and captures its whole plan.</summary>
    /// <returns>Frames captured by this call.</returns>
    public static async Task<int> BeginAsync(RigFile file, Seed seed, Dataset dataset, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        JournalledPlan plan = new() { Seed = seed.Value, Plan = file.Plan };
        SessionRecord session = dataset.BeginSession(StrictJson.Write(plan));
        return await CaptureAsync(session, plan, file, dataset, progress, cancel).ConfigureAwait(false);
    }

    /// <summary>Goes on with every session of the dataset that was interrupted, each by the plan and seed it began with.</summary>
    /// <returns>Frames captured by this call; 0 where no session was interrupted.</returns>
    public static async Task<int> ResumeAsync(RigFile file, Dataset dataset, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        int captured = 0;
        foreach (SessionRecord session in dataset.OpenSessions())
        {
            JournalledPlan plan = StrictJson.Read<JournalledPlan>(session.Plan, $"the plan of {session.Id}");
            captured += await CaptureAsync(session, plan, file, dataset, progress, cancel).ConfigureAwait(false);
        }

        return captured;
    }

    private static async Task<int> CaptureAsync(
        SessionRecord session, JournalledPlan journalled, RigFile file, Dataset dataset, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        HashSet<(int Sweep, int Stop)> taken = [.. dataset.TakenStops(session.Id).Select(t => (t.Sweep, t.Stop))];
        int captured = 0;
        if (taken.Count < journalled.Plan.FrameCount())
        {
            await using CaptureRig rig = RigFactory.Create(file, journalled.Plan, new Seed(journalled.Seed).For($"capture {session.Id}"));
            captured = await new CaptureSession(session.Id, journalled.Plan, rig, new DatasetWriter(dataset)).RunAsync(taken, progress, cancel).ConfigureAwait(false);
        }

        dataset.FinishSession(session.Id, SessionStatus.Done);
        return captured;
    }

    /// <summary>What the journal keeps of a session: enough to go on with it as if nothing had happened.</summary>
    private sealed record JournalledPlan
    {
        public required ulong Seed { get; init; }

        public required CapturePlan Plan { get; init; }
    }

    /// <summary>Captured frames are made safe one at a time.</summary>
    private sealed class DatasetWriter(Dataset dataset) : IFrameWriter
    {
        public void Write(Frame frame) => dataset.AddFrames([frame]);
    }
}
