using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Loading;

/// <summary>Pictures ready for a network, made off the training thread.</summary>
/// <param name="Pixels">[count, 3, S, S], row-major; see <see cref="PixelScale"/>.</param>
/// <param name="Labels">One a picture.</param>
/// <param name="Side">S.</param>
internal sealed record Batch(float[] Pixels, long[] Labels, int Side)
{
    public int Count => Labels.Length;

    /// <summary>What was laid over the pictures, if anything.</summary>
    public Mixture? Mixed { get; init; }

    /// <summary>One tensor of all pictures. Owned by the dispose scope of the calling thread.</summary>
    public Tensor Pictures() => tensor(Pixels, [Count, 3, Side, Side]).to(TorchRuntime.Device);

    public Tensor Targets() => tensor(Labels).to(TorchRuntime.Device);
}

/// <summary>Other pictures of the same batch that show through.</summary>
/// <param name="Labels">Of the other pictures.</param>
/// <param name="Share">How much of each picture is its own, in [0, 1].</param>
internal sealed record Mixture(long[] Labels, double Share)
{
    public Tensor Targets() => tensor(Labels).to(TorchRuntime.Device);
}

/// <summary>How 8-bit values become network inputs: 0 to 255 becomes -2 to 2.</summary>
internal static class PixelScale
{
    /// <summary>With black at 0 and white at 1: what the input 0 is, and what a difference of 1 between inputs is.</summary>
    public const float Middle = 0.5f, Unit = 0.25f;

    public static float ToInput(float value) => (value - 127.5f) * (1 / 63.75f);

    public static Vector<float> ToInput(Vector<float> values) => (values - new Vector<float>(127.5f)) * (1 / 63.75f);

    /// <summary>The other way.</summary>
    public static float ToLevel(float input) => (input * 63.75f) + 127.5f;
}
