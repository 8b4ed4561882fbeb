using DataRig.Core;

namespace DataRig.Learning.Loading;

/// <summary>Lays the pictures of a batch over each other in pairs (Zhang et al., 2018, "mixup").</summary>
internal static class MixUp
{
    private const int Stretch = 1024;

    /// <param name="batch">Changed in place.</param>
    /// <param name="strength">Both parameters of the beta distribution that the share is drawn from; more than 0.</param>
    /// <param name="draws">What is drawn for this batch.</param>
    public static Batch Apply(Batch batch, double strength, Draws draws)
    {
        int[] others = draws.Permutation("mixup order", batch.Count);
        float own = (float)Beta(draws, strength), other = 1 - own;
        int size = batch.Pixels.Length / batch.Count;
        // A stretch of all pictures at a time: every picture is needed as it was by the one that it shows through.
        float[] before = new float[batch.Count * Stretch];
        for (int start = 0; start < size; start += Stretch)
        {
            int length = Math.Min(Stretch, size - start);
            for (int i = 0; i < batch.Count; i++)
            {
                batch.Pixels.AsSpan((i * size) + start, length).CopyTo(before.AsSpan(i * Stretch));
            }

            for (int i = 0; i < batch.Count; i++)
            {
                ReadOnlySpan<float> first = before.AsSpan(i * Stretch, length), second = before.AsSpan(others[i] * Stretch, length);
                Span<float> mixed = batch.Pixels.AsSpan((i * size) + start, length);
                for (int at = 0; at < length; at++)
                {
                    mixed[at] = (own * first[at]) + (other * second[at]);
                }
            }
        }

        return batch with { Mixed = new Mixture([.. others.Select(o => batch.Labels[o])], own) };
    }

    /// <summary>A symmetric beta draw: the share of one gamma draw in the sum of two.</summary>
    private static double Beta(Draws draws, double strength)
    {
        double first = Gamma(draws, "first", strength), second = Gamma(draws, "second", strength);
        return first + second > 0 ? first / (first + second) : 0.5;
    }

    /// <summary>Marsaglia and Tsang (2000); below 1 the draw of one more, times a power of a uniform one.</summary>
    private static double Gamma(Draws draws, string name, double shape)
    {
        if (shape < 1)
        {
            return Gamma(draws, name, shape + 1) * Math.Pow(1 - draws.Uniform($"mixup {name} power"), 1 / shape);
        }

        double d = shape - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        for (int round = 0; ; round++)
        {
            double x = draws.Normal($"mixup {name} {round}"), v = 1 + (c * x);
            double cube = v * v * v;
            if (v > 0 && Math.Log(1 - draws.Uniform($"mixup {name} {round} test")) < (0.5 * x * x) + d - (d * cube) + (d * Math.Log(cube)))
            {
                return d * cube;
            }
        }
    }
}
