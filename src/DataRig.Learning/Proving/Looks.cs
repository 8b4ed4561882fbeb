using DataRig.Data;
using DataRig.Learning.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Proving;

/// <summary>What a network makes of frames: a row of numbers each, alike for pictures that look alike to it, of length 1.</summary>
/// <param name="Frames">The frames.</param>
/// <param name="Rows">One a frame, all equally long.</param>
public sealed record Embeddings(IReadOnlyList<FrameRecord> Frames, IReadOnlyList<float[]> Rows);

/// <summary>Looks into a network: what it makes of frames.</summary>
public static class Looks
{
    private const int BatchSize = 64;

    /// <summary>The embeddings of frames, of whatever part they are.</summary>
    /// <param name="predictor">The model.</param>
    /// <param name="frames">Frames.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancel">Stops it.</param>
    public static Embeddings Embed(Predictor predictor, IReadOnlyList<FrameRecord> frames, IProgress<Core.StageProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        List<float[]> rows = new(frames.Count);
        BatchLoader loader = new(new PictureStore(predictor.Preprocessor, budgetBytes: 0), BatchSize);
        foreach (Batch batch in loader.Plain([.. frames.Select(f => new Sample(f, 0))], cancel))
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable frozen = no_grad();
            Tensor embedded = predictor.Network.Embed(predictor.Network.Maps(batch.Pictures()));
            rows.AddRange(Rows(nn.functional.normalize(embedded, dim: 1), batch.Count));
            progress?.Report(new Core.StageProgress("Compare", rows.Count, frames.Count));
        }

        return new Embeddings(frames, rows);
    }

    private static IEnumerable<float[]> Rows(Tensor rows, int count)
    {
        using Tensor here = rows.cpu().contiguous();
        float[] all = [.. here.data<float>()];
        return all.Chunk(all.Length / count).ToArray();
    }
}
