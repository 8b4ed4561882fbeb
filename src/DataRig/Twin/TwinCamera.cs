using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Rig;
using DataRig.Rig.Simulation;

namespace DataRig.Twin;

/// <summary>A camera that renders what lies on the twin's table at the angle where the table really stands.</summary>
internal sealed class TwinCamera(Scene scene, TwinTable table, SimulatedTurntable turntable, SimulatedLights lights, TimeProvider time) : ICamera
{
    private readonly SceneRenderer _renderer = new(scene);

    public double? ElevationDegrees { get; private set; }

    /// <summary>The twin's exposure is the scene's, and never drifts.</summary>
    public Task<CameraLock> LockAsync(CameraLock? earlier, CancellationToken cancel) => Task.FromResult(CameraLock.Nothing("simulated"));

    public Task<Shot> CaptureAsync(ShotTarget target, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        DateTimeOffset takenAt = time.GetUtcNow();
        SampledScene seen = Lit(table.At(turntable.ActualDegrees));
        RenderedFrame frame = _renderer.Render(seen);
        ElevationDegrees = frame.ElevationDegrees;
        return Task.FromResult(new Shot(ImageCodec.EncodeJpeg(frame.Picture, frame.JpegQuality), takenAt));
    }

    /// <summary>The scene under the rig's lights as they are set now.</summary>
    private SampledScene Lit(SampledScene scene)
    {
        // What fills the shadows is the lamps' own light, thrown back by the room.
        float[] levels = [.. lights.Channels.Select(c => (float)lights.Levels.GetValueOrDefault(c))];
        return scene with
        {
            Lights = [.. scene.Lights.Zip(levels, (light, level) => light with { Radiance = light.Radiance * level })],
            Ambient = scene.Ambient * (levels.Length == 0 ? 1 : levels.Average()),
        };
    }

    public ValueTask DisposeAsync()
    {
        _renderer.Dispose();
        return ValueTask.CompletedTask;
    }
}
