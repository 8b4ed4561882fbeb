using DataRig.Core;
using DataRig.Rig;
using DataRig.Tui.Models;

namespace DataRig.Tests.Tui;

/// <summary>The simulated rig, whose camera waits before every shot until a test lets it: a session that stands where it is looked at.</summary>
internal sealed class SteppedRig
{
    private int _allowed;
    private int _shots;

    /// <summary>Pictures taken so far.</summary>
    public int Shots => Volatile.Read(ref _shots);

    /// <summary>Whether the person at the screen puts the parts down rather than the twin's hand alone.</summary>
    public bool Asks { get; init; }

    /// <summary>Asked before every shot besides; a shot waits until it says yes.</summary>
    public Func<int, bool> Ready { get; set; } = _ => true;

    /// <summary>A rig for <see cref="WorkbenchOptions.MakeRig"/>.</summary>
    public CaptureRig Make(RigFile file, CapturePlan plan, Seed seed, Sitting sitting)
    {
        CaptureRig rig = RigFactory.Create(file, plan, seed, sitting);
        return rig.With(camera: new Camera(rig.Camera, this), person: Asks ? new Both(sitting.Person, rig.Operator) : null);
    }

    /// <summary>Lets it take so many pictures in all.</summary>
    public void Allow(int shots) => Volatile.Write(ref _allowed, shots);

    private async Task WaitAsync(CancellationToken cancel)
    {
        while (Shots >= Volatile.Read(ref _allowed) || !Ready(Shots))
        {
            await Task.Delay(1, cancel);
        }

        Interlocked.Increment(ref _shots);
    }

    private sealed class Camera(ICamera camera, SteppedRig rig) : ICamera
    {
        public double? ElevationDegrees => camera.ElevationDegrees;

        public Task<CameraLock> LockAsync(CameraLock? earlier, CancellationToken cancel) => camera.LockAsync(earlier, cancel);

        public async Task<Shot> CaptureAsync(ShotTarget target, CancellationToken cancel)
        {
            await rig.WaitAsync(cancel);
            return await camera.CaptureAsync(target, cancel);
        }

        public ValueTask DisposeAsync() => camera.DisposeAsync();
    }

    /// <summary>A person who says when, and the twin's hand that does it.</summary>
    private sealed class Both(IOperator person, IOperator hand) : IOperator
    {
        public async Task<string?> PlaceAsync(Placement placement, CancellationToken cancel)
        {
            await person.PlaceAsync(placement, cancel);
            return await hand.PlaceAsync(placement, cancel);
        }

        public async Task<bool> DoAsync(Chore chore, CancellationToken cancel) => await person.DoAsync(chore, cancel) && (chore.Kind == ChoreKind.Mend || await hand.DoAsync(chore, cancel));
    }
}

internal static class CaptureRigs
{
    /// <summary>A rig with some of its parts exchanged; it owns the others still.</summary>
    public static CaptureRig With(this CaptureRig rig, ICamera? camera = null, ITurntable? turntable = null, IOperator? person = null) => new()
    {
        Turntable = turntable ?? rig.Turntable,
        Camera = camera ?? rig.Camera,
        Lights = rig.Lights,
        Operator = person ?? rig.Operator,
        Reader = rig.Reader,
        Time = rig.Time,
        PictureSize = rig.PictureSize,
        Beneath = rig.Beneath,
    };
}
