using DataRig.Core;

namespace DataRig.Rig;

/// <summary>Where captured frames go. A frame is safe once <see cref="Write"/> returns.</summary>
public interface IFrameWriter
{
    void Write(Frame frame);
}

/// <summary>
/// One sitting at the rig: places each item, turns it through its stops, and hands every proven,
/// checked frame to the writer. Told which stops are already safe, it goes on from there.
/// </summary>
public sealed class CaptureSession(SessionId id, CapturePlan plan, CaptureRig rig, IFrameWriter frames)
{
    /// <param name="taken">The (sweep, stop) pairs that earlier runs of this session made safe.</param>
    /// <param name="progress">Frames done of frames planned.</param>
    /// <param name="cancel">Stops between two frames.</param>
    /// <returns>Frames captured by this call.</returns>
    /// <exception cref="WorkFailedException">The rig failed; everything captured is safe.</exception>
    public async Task<int> RunAsync(IReadOnlySet<(int Sweep, int Stop)> taken, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        int captured = 0;
        long done = taken.Count;
        progress.Report(new StageProgress("Capture", done, plan.FrameCount()));
        await rig.Lights.SetAsync(plan.LightLevel, cancel).ConfigureAwait(false);
        await rig.Turntable.HomeAsync(cancel).ConfigureAwait(false);
        foreach (Sweep sweep in plan.Sweeps())
        {
            int[] stops = [.. Enumerable.Range(0, plan.StopsPerSweep).Where(stop => !taken.Contains((sweep.Index, stop)))];
            if (stops.Length == 0)
            {
                continue;
            }

            string? pose = await rig.Operator.PlaceAsync(sweep.Placement, cancel).ConfigureAwait(false);
            foreach (int stop in stops)
            {
                cancel.ThrowIfCancellationRequested();
                TablePosition position = await rig.Turntable.MoveToStopAsync(stop, plan.StopsPerSweep, cancel).ConfigureAwait(false);
                Shot shot = await ShootAsync(position, cancel).ConfigureAwait(false);
                frames.Write(new Frame
                {
                    Image = shot.Image,
                    Source = FrameSource.Captured,
                    Part = sweep.Placement.Part,
                    Item = sweep.Placement.Item,
                    Session = id,
                    Sweep = sweep.Index,
                    Stop = stop,
                    Pose = pose,
                    AzimuthDegrees = position.AzimuthDegrees,
                    ElevationDegrees = rig.Camera.ElevationDegrees,
                });
                captured++;
                progress.Report(new StageProgress("Capture", ++done, plan.FrameCount(), sweep.Placement.Item.Value));
            }
        }

        return captured;
    }

    /// <summary>Takes a picture that passes the gate, or says what was wrong with the last one.</summary>
    private async Task<Shot> ShootAsync(TablePosition position, CancellationToken cancel)
    {
        string? wrong = null;
        for (int attempt = 0; attempt <= plan.RetriesPerShot; attempt++)
        {
            Shot shot = await rig.Camera.CaptureAsync(default, cancel).ConfigureAwait(false);
            wrong = ShotGate.Problem(shot, position);
            if (wrong is null)
            {
                return shot;
            }
        }

        throw new WorkFailedException(
            $"The camera's picture at {position.AzimuthDegrees:F1} degrees was refused {plan.RetriesPerShot + 1} times: {wrong}. Check the camera and resume; every frame so far is safe.");
    }
}
