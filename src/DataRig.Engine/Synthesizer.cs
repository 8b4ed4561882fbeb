using DataRig.Core;

namespace DataRig.Engine;

/// <summary>
/// Makes frames in bulk: several renderers side by side, results in order. Frame i of a seed is the same to the
/// byte whether it is made alone or among others.
/// </summary>
public sealed class Synthesizer : IDisposable
{
    /// <summary>Frames begun ahead, for each renderer.</summary>
    private const int Ahead = 3;

    private readonly Scene _scene;
    private readonly LabelTally _labels;
    private readonly SceneRenderer[] _renderers;

    /// <param name="scene">What to draw.</param>
    /// <param name="options">How much work goes into a frame.</param>
    /// <param name="renderers">How many contexts draw side by side; as many as there are processors, but at most four, unless given.</param>
    /// <param name="labels">Where to count labels that do not agree with their geometry.</param>
    /// <exception cref="WorkFailedException">There is no OpenGL ES 3.1 on this machine.</exception>
    public Synthesizer(Scene scene, RendererOptions? options = null, int? renderers = null, LabelTally? labels = null)
    {
        ArgumentNullException.ThrowIfNull(scene);
        _scene = scene;
        _labels = labels ?? new LabelTally();
        int count = renderers ?? Math.Clamp(Environment.ProcessorCount, 1, 4);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(renderers));
        List<SceneRenderer> made = [];
        try
        {
            for (int i = 0; i < count; i++)
            {
                made.Add(new SceneRenderer(scene, options));
            }
        }
        catch
        {
            made.ForEach(r => r.Dispose());
            throw;
        }

        _renderers = [.. made];
    }

    /// <summary>The frames of a seed at the given indices, in their order. Stops between frames when cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="WorkFailedException">The labels of too many frames do not agree with their geometry.</exception>
    public IEnumerable<RenderedFrame> Render(Seed seed, IEnumerable<long> indices, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return Ordered(indices, (renderer, index) => renderer.Start(() => SceneSampler.Sample(_scene, seed, index)), cancellation).Select(Counted);
    }

    /// <summary>Draws the pictures and no more, no labels and nothing read back: what the rest of a synthesis is measured against.</summary>
    /// <returns>How many were drawn.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public int Draw(Seed seed, IEnumerable<long> indices, CancellationToken cancellation = default) =>
        Ordered(indices, (renderer, index) => renderer.StartDrawing(() => SceneSampler.Sample(_scene, seed, index)), cancellation).Count();

    /// <summary>Where the time of these frames goes, drawn by one renderer while nothing else runs in this process.</summary>
    public IReadOnlyList<PassTime> Profile(Seed seed, IEnumerable<long> indices) =>
        _renderers[0].Profile(indices.Select(index => (Func<SampledScene>)(() => SceneSampler.Sample(_scene, seed, index))));

    private IEnumerable<T> Ordered<T>(IEnumerable<long> indices, Func<SceneRenderer, long, Task<T>> start, CancellationToken cancellation)
    {
        Queue<Task<T>> begun = [];
        int next = 0;
        foreach (long index in indices)
        {
            cancellation.ThrowIfCancellationRequested();
            if (begun.Count == _renderers.Length * Ahead)
            {
                yield return begun.Dequeue().GetAwaiter().GetResult();
            }

            begun.Enqueue(start(_renderers[next++ % _renderers.Length], index));
        }

        while (begun.TryDequeue(out Task<T>? frame))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return frame.GetAwaiter().GetResult();
        }
    }

    private RenderedFrame Counted(RenderedFrame frame)
    {
        _labels.Count(frame);
        return frame;
    }

    public void Dispose()
    {
        foreach (SceneRenderer renderer in _renderers)
        {
            renderer.Dispose();
        }
    }
}
