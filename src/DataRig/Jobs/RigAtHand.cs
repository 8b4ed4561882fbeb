using DataRig.Core;
using DataRig.Rig;

namespace DataRig.Jobs;

/// <summary>A rig that is turned, lit and looked through by hand, while no session has it. One call at a time.</summary>
/// <param name="rig">The rig; disposed with this.</param>
/// <param name="placement">What a simulated hand lays on the table; null where a person does.</param>
internal sealed class RigAtHand(CaptureRig rig, Placement? placement) : IAsyncDisposable
{
    /// <summary>Even steps in a turn: one jog is ten degrees.</summary>
    public const int Steps = 36;

    private static readonly double[] Levels = [1, 0.5, 0];

    private int _step;
    private int _level;
    private bool _homed;
    private bool _locked;

    /// <summary>Opens the rig of a configuration.</summary>
    /// <param name="file">The rig.</param>
    /// <param name="make">Makes it.</param>
    public static RigAtHand Open(RigFile file, Func<RigFile, CapturePlan, Seed, Sitting, CaptureRig> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        CaptureRig rig = make(file, file.Plan, new Seed(file.Seed), new Sitting(new Terminal.Nobody()));
        return new RigAtHand(rig, file.Camera is SimulatedCameraOptions ? file.Plan.Sweeps()[0].Placement : null);
    }

    /// <summary>Turns by some steps and looks.</summary>
    public async Task<(double AzimuthDegrees, Shot Shot)> JogAsync(int steps, CancellationToken cancel)
    {
        await ReadyAsync(cancel).ConfigureAwait(false);
        _step = ((_step + steps) % Steps + Steps) % Steps;
        TablePosition position = await rig.Turntable.MoveToStopAsync(_step, Steps, cancel).ConfigureAwait(false);
        return (position.AzimuthDegrees, await LookAsync(cancel).ConfigureAwait(false));
    }

    /// <summary>Sets every light to the next of full, half and off, and looks.</summary>
    /// <exception cref="WorkFailedException">The rig has no light that can be set.</exception>
    public async Task<(double Level, Shot Shot)> LightAsync(CancellationToken cancel)
    {
        await ReadyAsync(cancel).ConfigureAwait(false);
        if (rig.Lights.Channels.Count == 0)
        {
            throw new WorkFailedException("This rig has no light that DataRig can set; give \"lights\" a driver in rig.json.");
        }

        _level = (_level + 1) % Levels.Length;
        await ShineAsync(cancel).ConfigureAwait(false);
        return (Levels[_level], await LookAsync(cancel).ConfigureAwait(false));
    }

    /// <summary>Meters the exposure anew under the light there is, and looks.</summary>
    public async Task<(CameraLock Held, Shot Shot)> MeterAsync(CancellationToken cancel)
    {
        await ReadyAsync(cancel).ConfigureAwait(false);
        CameraLock held = await rig.Camera.LockAsync(null, cancel).ConfigureAwait(false);
        _locked = true;
        return (held, await rig.Camera.CaptureAsync(new ShotTarget(null, _step), cancel).ConfigureAwait(false));
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    private async Task ReadyAsync(CancellationToken cancel)
    {
        if (_homed)
        {
            return;
        }

        if (placement is not null)
        {
            await rig.Operator.PlaceAsync(placement, cancel).ConfigureAwait(false);
        }

        await rig.Turntable.HomeAsync(cancel).ConfigureAwait(false);
        await ShineAsync(cancel).ConfigureAwait(false);
        _homed = true;
    }

    private Task ShineAsync(CancellationToken cancel) => rig.Lights.SetAsync(rig.Lights.Channels.ToDictionary(c => c, _ => Levels[_level]), cancel);

    private async Task<Shot> LookAsync(CancellationToken cancel)
    {
        if (!_locked)
        {
            await rig.Camera.LockAsync(null, cancel).ConfigureAwait(false);
            _locked = true;
        }

        return await rig.Camera.CaptureAsync(new ShotTarget(null, _step), cancel).ConfigureAwait(false);
    }
}
