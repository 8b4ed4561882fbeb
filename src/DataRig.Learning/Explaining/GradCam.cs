using DataRig.Learning.Loading;
using DataRig.Learning.Models;
using DataRig.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Explaining;

/// <summary>What a network makes of one picture.</summary>
/// <param name="Embedding">What it decides by, of length 1.</param>
/// <param name="Probabilities">One a class; they add up to 1.</param>
/// <param name="Heat">Where it sees the class that was asked for.</param>
internal sealed record Glance(float[] Embedding, float[] Probabilities, HeatMap Heat);

/// <summary>
/// Where a network sees a class: the maps of its last convolution, weighted by how much the class's logit rises with them, what is
/// negative left out (Selvaraju et al., "Grad-CAM", 2017). The weight is that of each place and not the mean over a map: of
/// networks that pool by the mean alone both are the same, and where the highest place or a dense layer decides, a mean would
/// smear the heat over places that had no say (Draelos and Carin, "Use HiResCAM instead of Grad-CAM", 2020). Any network will do
/// that is maps, embedding and logits.
/// </summary>
internal static class GradCam
{
    /// <param name="network">In evaluation mode.</param>
    /// <param name="batch">Prepared pictures.</param>
    /// <param name="classes">For each picture the class to look for; null takes the likeliest.</param>
    public static IReadOnlyList<Glance> Of(Network network, Batch batch, IReadOnlyList<int?> classes)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor maps;
        using (no_grad())
        {
            maps = network.Maps(batch.Pictures());
        }

        using IDisposable learning = enable_grad();
        maps = maps.detach().requires_grad_(true);
        Tensor embedded = network.Embed(maps), logits = network.Classify(embedded);
        float[][] probabilities = Rows(nn.functional.softmax(logits, dim: 1), batch.Count);
        Tensor gradient = Gradient(maps, logits, [.. classes.Select((c, i) => c ?? Evaluation.Best(probabilities[i]))]);
        using IDisposable frozen = no_grad();
        Tensor heat = gradient.mul(maps).sum(1).relu();
        (int height, int width) = ((int)heat.shape[1], (int)heat.shape[2]);
        float[][] places = Rows(heat, batch.Count), embeddings = Rows(nn.functional.normalize(embedded, dim: 1), batch.Count);
        return [.. Enumerable.Range(0, batch.Count).Select(i => new Glance(embeddings[i], probabilities[i], new HeatMap(width, height, Scaled(places[i]))))];
    }

    /// <summary>How much each picture's logit of a class rises with each place of its maps, of their shape.</summary>
    /// <param name="maps">What the logits were made of, with gradients asked for.</param>
    /// <param name="logits">[N, classes].</param>
    /// <param name="classes">One a picture.</param>
    internal static Tensor Gradient(Tensor maps, Tensor logits, IReadOnlyList<int> classes)
    {
        // Pictures do not touch each other in evaluation mode: the gradient of the sum is that of each picture's own logit.
        Tensor index = tensor(classes.Select(c => (long)c).ToArray()).to(logits.device).unsqueeze(1);
        return autograd.grad([logits.gather(1, index).sum()], [maps])[0];
    }

    private static float[] Scaled(float[] heat)
    {
        float highest = heat.Max();
        return highest > 0 ? [.. heat.Select(v => v / highest)] : heat;
    }

    private static float[][] Rows(Tensor rows, int count)
    {
        using Tensor here = rows.detach().cpu().contiguous();
        float[] all = [.. here.data<float>()];
        return [.. all.Chunk(all.Length / count)];
    }
}
