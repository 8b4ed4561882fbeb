using DataRig.Data;
using DataRig.Learning.Loading;
using DataRig.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Proving;

/// <summary>What a network makes of frames: a row of numbers each, alike for pictures that look alike to it, of length 1.</summary>
/// <param name="Frames">The frames.</param>
/// <param name="Rows">One a frame, all equally long.</param>
public sealed record Embeddings(IReadOnlyList<FrameRecord> Frames, IReadOnlyList<float[]> Rows)
{
    /// <summary>The frames that look most like a row to the network, one an item, the nearest first; likeness is the cosine, in [-1, 1].</summary>
    /// <param name="row">As long as the others, of length 1.</param>
    /// <param name="count">How many.</param>
    public IReadOnlyList<(FrameRecord Frame, double Likeness)> Nearest(float[] row, int count)
    {
        // The frames of one item, a few degrees apart, would fill the list with one picture.
        Dictionary<GroupKey, (FrameRecord Frame, double Likeness)> nearest = [];
        for (int i = 0; i < Rows.Count; i++)
        {
            GroupKey item = new(Frames[i].Part, Frames[i].Item);
            double likeness = SoftmaxRegression.Dot(row, Rows[i]);
            if (!nearest.TryGetValue(item, out (FrameRecord Frame, double Likeness) known) || likeness > known.Likeness)
            {
                nearest[item] = (Frames[i], likeness);
            }
        }

        return [.. nearest.Values.OrderByDescending(n => n.Likeness).ThenBy(n => n.Frame.Id.Value).Take(count)];
    }
}

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
            rows.AddRange(Embed(predictor.Network, batch));
            progress?.Report(new Core.StageProgress("Compare", rows.Count, frames.Count));
        }

        return new Embeddings(frames, rows);
    }

    /// <summary>What a network makes of the pictures of one batch, each row of length 1.</summary>
    internal static float[][] Embed(Network network, Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Tensor rows = nn.functional.normalize(network.Embed(network.Maps(batch.Pictures())), dim: 1).cpu().contiguous();
        float[] all = [.. rows.data<float>()];
        return [.. all.Chunk(all.Length / batch.Count)];
    }
}
