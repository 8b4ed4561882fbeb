using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Rig;
using DataRig.Rig.Simulation;

namespace DataRig.Twin;

/// <summary>A camera that renders what lies on the twin's table at the angle where the table really stands.</summary>
internal sealed class TwinCamera(Scene scene, TwinTable table, SimulatedTurntable turntable, SimulatedLights lights, TimeProvider time) : ICamera
{
    private readonly RenderThread _thread = new();
    private SceneRenderer? _renderer;

    public double? ElevationDegrees { get; private set; }

    public async Task<Shot> CaptureAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        DateTimeOffset takenAt = time.GetUtcNow();
        SampledScene seen = Lit(table.At(turntable.ActualDegrees));
        RenderedFrame frame = await _thread.RunAsync(() => (_renderer ??= new SceneRenderer(scene)).Render(seen)).ConfigureAwait(false);
        ElevationDegrees = frame.ElevationDegrees;
        return new Shot(ImageCodec.EncodeJpeg(frame.Picture, frame.JpegQuality), takenAt);
    }

    /// <summary>The scene under the rig's lights as they are set now.</summary>
    private SampledScene Lit(SampledScene scene)
    {
        float level = (float)lights.Level;
        return scene with
        {
            Lights = [.. scene.Lights.Select(l => l with { Radiance = l.Radiance * level })],
            Ambient = scene.Ambient * level,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _thread.RunAsync(() =>
        {
            _renderer?.Dispose();
            return true;
        }).ConfigureAwait(false);
        await _thread.DisposeAsync().ConfigureAwait(false);
    }
}
