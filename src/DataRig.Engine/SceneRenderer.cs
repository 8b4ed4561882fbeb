using DataRig.Core;
using DataRig.Engine.Rendering;

namespace DataRig.Engine;

/// <summary>
/// Draws frames of a scene. It owns a thread and an OpenGL context on it, so it may be called from any thread;
/// calls at the same time wait for each other.
/// </summary>
public sealed class SceneRenderer : IDisposable
{
    private readonly RenderThread _thread = new("renderer");
    private GlDevice? _device;
    private Pipeline? _pipeline;

    /// <exception cref="WorkFailedException">There is no OpenGL ES 3.1 on this machine.</exception>
    public SceneRenderer(Scene scene, RendererOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scene);
        options ??= new RendererOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Supersampling, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Supersampling, 4);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ShadowSamples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ShadowSamples, ShadowPass.MaxSamples);
        try
        {
            _thread.Invoke(() =>
            {
                _device = GlDevice.Open();
                _pipeline = _device.Call(() => new Pipeline(_device, scene.Image, options));
                return true;
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Draws one frame. The same sampled scene gives the same bytes on the same driver, whatever was drawn before.</summary>
    public RenderedFrame Render(SampledScene sampled)
    {
        ArgumentNullException.ThrowIfNull(sampled);
        return _thread.Invoke(() => _pipeline!.Render(sampled));
    }

    /// <summary>Draws and samples on the renderer's thread while the caller does something else.</summary>
    internal Task<RenderedFrame> Start(Func<SampledScene> sample) => _thread.Start(() => _pipeline!.Render(sample()));

    /// <summary>The picture's draw calls and no more: no labels, and nothing is read back.</summary>
    internal Task<bool> StartDrawing(Func<SampledScene> sample) => _thread.Start(() =>
    {
        _pipeline!.Draw(sample());
        return true;
    });

    /// <summary>Draws frames and adds up the processor time that each pass takes, on all threads of this process.</summary>
    internal IReadOnlyList<PassTime> Profile(IEnumerable<Func<SampledScene>> samples) => _thread.Invoke(() =>
    {
        OrderedDictionary<string, TimeSpan> times = [];
        int frames = 0;
        TimeSpan before = Environment.CpuUsage.TotalTime;
        _pipeline!.Passed = Count;
        foreach (Func<SampledScene> sample in samples)
        {
            SampledScene scene = sample();
            Count("sampling");
            _pipeline.Render(scene);
            frames++;
        }

        _pipeline.Passed = null;
        return (IReadOnlyList<PassTime>)[.. times.Select(t => new PassTime(t.Key, t.Value.TotalMilliseconds / frames))];

        void Count(string pass)
        {
            _device!.Gl.Finish();
            TimeSpan now = Environment.CpuUsage.TotalTime;
            times[pass] = times.GetValueOrDefault(pass) + now - before;
            before = now;
        }
    });

    public void Dispose()
    {
        _thread.Invoke(() =>
        {
            _device?.Call(() =>
            {
                _pipeline?.Dispose();
                _device.Dispose();
                return true;
            });
            (_pipeline, _device) = (null, null);
            return true;
        });
        _thread.Dispose();
    }
}

/// <param name="Pass">Its name.</param>
/// <param name="ProcessorMilliseconds">Of processor time a frame, over all threads.</param>
public sealed record PassTime(string Pass, double ProcessorMilliseconds);
