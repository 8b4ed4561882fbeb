using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Rig;

namespace DataRig.Jobs;

/// <summary>Frames that are wanted again: from the mark in the dataset's log to a plan that the rig runs, and back when they are there.</summary>
internal static class Recaptures
{
    /// <summary>How far a new frame's azimuth may lie from the wanted one.</summary>
    private const double SameDegrees = 1;

    /// <summary>Stops in a turn at most; see <see cref="CapturePlan.StopsPerSweep"/>.</summary>
    private const int MostStops = 3600;

    /// <summary>
    /// What to capture so that every wanted frame is taken again: its items, in the poses and at the angles that are wanted. One plan
    /// asks the same of all its items, so that it may take more than is wanted.
    /// </summary>
    /// <param name="dataset">Whose log has the marks, and whose sessions say which pose a frame was taken in.</param>
    /// <param name="plan">The rig's plan as it is: lights, gate, names of poses.</param>
    public static NextCapture Plan(Dataset dataset, CapturePlan plan)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        Dictionary<SessionId, CapturePlan> sessions = dataset.Sessions().ToDictionary(s => s.Id, CaptureJob.PlanOf);
        List<(FrameRecord Frame, string Item, int Pose)> wanted = [];
        List<string> reasons = [];
        foreach (FrameRecord frame in dataset.Wanted().Select(w => w.Frame))
        {
            if (NextCapture.Planned(GroupKey.Of(frame)) is not { } item || frame.Session is not { } session || !sessions.TryGetValue(session, out CapturePlan? taken))
            {
                reasons.Add($"Frame {frame.Id} ({frame.Item}) was not captured at a rig, so that no plan can ask for it.");
                continue;
            }

            Placement placement = taken.Sweeps()[frame.Sweep!.Value].Placement;
            wanted.Add((frame, item, placement.Pose));
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"Frame {frame.Id}: {frame.Item}{(frame.Pose is null ? "" : $", {frame.Pose}")}{(frame.AzimuthDegrees is { } at ? $" at {at:F1} degrees" : "")}."));
        }

        if (wanted.Count == 0)
        {
            return new NextCapture(null, reasons);
        }

        int poses = Math.Max(plan.PosesPerItem, wanted.Max(w => w.Pose) + 1);
        double[] azimuths = [.. wanted.Select(w => w.Frame.AzimuthDegrees).OfType<double>().Distinct()];
        bool everywhere = wanted.Any(w => w.Frame.AzimuthDegrees is null);
        int stops = everywhere ? plan.StopsPerSweep : Stops(plan.StopsPerSweep, azimuths);
        int[] turns = everywhere ? [] : [.. azimuths.Select(a => (int)Math.Round(a * stops / 360) % stops).Distinct().Order()];
        int[] inPoses = [.. wanted.Select(w => w.Pose).Distinct().Order()];
        return new NextCapture(
            plan with
            {
                Items = wanted.GroupBy(w => w.Frame.Part).ToDictionary(g => g.Key.Value, g => (IReadOnlyList<string>)[.. g.Select(w => w.Item).Distinct().Order(StringComparer.Ordinal)]),
                PosesPerItem = poses,
                Poses = inPoses.Length == poses ? [] : inPoses,
                PoseNames = plan.PoseNames.Count == poses ? plan.PoseNames : [],
                StopsPerSweep = stops,
                Turns = turns.Length == stops ? [] : turns,
            },
            reasons);
    }

    /// <summary>Takes the marks back of frames that were taken again since.</summary>
    public static void Settle(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        IReadOnlyList<WantedFrame> wanted = dataset.Wanted();
        if (wanted.Count == 0)
        {
            return;
        }

        Dictionary<SessionId, DateTimeOffset> started = dataset.Sessions().ToDictionary(s => s.Id, s => s.Started);
        IReadOnlyList<FrameRecord> captured = dataset.Frames(new FrameFilter { Source = FrameSource.Captured });
        foreach (WantedFrame want in wanted)
        {
            FrameRecord? again = captured.FirstOrDefault(f => f.Id.Value > want.Frame.Id.Value && f.Part == want.Frame.Part && f.Item == want.Frame.Item && f.Pose == want.Frame.Pose && f.Light == want.Frame.Light
                && f.Session is { } session && started[session] >= want.Edit.At
                && (want.Frame.AzimuthDegrees is not { } azimuth || (f.AzimuthDegrees is { } at && Math.Abs(Angle.Difference(azimuth, at)) <= SameDegrees)));
            if (again is not null)
            {
                dataset.Undo(want.Edit.Id, new EditedBy("capture", "capture", $"taken again as frame {again.Id}"));
            }
        }
    }

    /// <summary>The fewest stops, a multiple of the plan's own, among which every angle is.</summary>
    private static int Stops(int own, IReadOnlyList<double> azimuths)
    {
        for (int stops = own; stops <= MostStops; stops += own)
        {
            double step = 360.0 / stops;
            if (azimuths.All(a => Math.Abs(Angle.Difference(Math.Round(a / step) * step, a)) <= SameDegrees / 2))
            {
                return stops;
            }
        }

        return own;
    }
}
