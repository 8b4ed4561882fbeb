namespace DataRig.Engine.Fitting;

/// <summary>Draws many pictures of one size, a renderer a processor core.</summary>
internal sealed class RenderPool : IDisposable
{
    private readonly List<SceneRenderer> _renderers = [];

    public RenderPool(Scene scene, int width, int height, RendererOptions options)
    {
        try
        {
            for (int i = 0; i < Math.Clamp(Environment.ProcessorCount, 1, 4); i++)
            {
                _renderers.Add(new SceneRenderer(scene with { Image = new ImageOptions { Width = width, Height = height } }, options));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The frames, in the scenes' order.</summary>
    public RenderedFrame[] Render(IEnumerable<SampledScene> scenes)
    {
        Task<RenderedFrame>[] begun = [.. scenes.Select((scene, i) => _renderers[i % _renderers.Count].Start(() => scene))];
        return [.. begun.Select(b => b.GetAwaiter().GetResult())];
    }

    public void Dispose() => _renderers.ForEach(r => r.Dispose());
}
