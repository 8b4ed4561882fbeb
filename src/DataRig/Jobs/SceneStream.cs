using DataRig.Core;
using DataRig.Engine;
using DataRig.Learning;

namespace DataRig.Jobs;

/// <summary>
/// Renders of a scene straight into training: frame i is the one that the same request writes into a dataset, its JPEG included.
/// Owns its renderers, which draw ahead while somebody enumerates.
/// </summary>
internal sealed class SceneStream : IFrameStream, IDisposable
{
    private readonly SynthesisRequest _request;
    private readonly Synthesizer _synthesizer;

    /// <param name="request">The scene and the seed; its count is that of an epoch, its first index the first epoch's first.</param>
    /// <param name="share">Of the frames of every batch, more than 0, at most 1.</param>
    /// <exception cref="WorkFailedException">There is no OpenGL ES 3.1 on this machine.</exception>
    public SceneStream(SynthesisRequest request, double share)
    {
        _request = request;
        Record = new StreamRecord { Scene = request.File, Origin = request.Source, Share = share, FramesAnEpoch = request.Count };
        _synthesizer = new Synthesizer(request.Scene);
    }

    public StreamRecord Record { get; }

    public IReadOnlyList<PartId> Parts => [.. _request.Scene.Parts.Select(p => new PartId(p.Name))];

    public IEnumerable<Frame> Frames(long first, int count, CancellationToken cancel) =>
        _synthesizer.Render(_request.Seed, Enumerable.Range(0, count).Select(i => _request.First + first + i), cancel).Select(_request.ToFrame);

    public void Dispose() => _synthesizer.Dispose();
}
