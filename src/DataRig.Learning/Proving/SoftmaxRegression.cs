using System.Numerics;
using System.Runtime.InteropServices;

namespace DataRig.Learning.Proving;

/// <summary>Logistic regression over several classes: a linear classifier of rows of numbers, fitted by Adam (Kingma and Ba, 2015) on all rows at once.</summary>
internal sealed class SoftmaxRegression
{
    private const int Steps = 150;
    private const float Rate = 0.05f, Decay = 1e-3f, First = 0.9f, Second = 0.999f;

    private readonly int _width;
    private readonly int _classes;

    /// <summary>A row of weights a class, its bias at the end.</summary>
    private readonly float[] _weights;

    private SoftmaxRegression(int width, int classes) => (_width, _classes, _weights) = (width, classes, new float[classes * (width + 1)]);

    /// <summary>Fits rows of equal length; every class counts alike, however many rows it has.</summary>
    public static SoftmaxRegression Fit(IReadOnlyList<float[]> rows, IReadOnlyList<int> labels, int classes)
    {
        SoftmaxRegression fitted = new(rows[0].Length, classes);
        float[] weights = fitted._weights, gradient = new float[weights.Length], mean = new float[weights.Length], square = new float[weights.Length];
        float[] count = new float[classes], probabilities = new float[classes];
        foreach (int label in labels)
        {
            count[label]++;
        }

        int present = count.Count(c => c > 0);
        for (int step = 1; step <= Steps; step++)
        {
            Array.Clear(gradient);
            for (int i = 0; i < rows.Count; i++)
            {
                fitted.Probabilities(rows[i], probabilities);
                float share = 1 / (count[labels[i]] * present);
                for (int c = 0; c < classes; c++)
                {
                    float slope = share * (probabilities[c] - (c == labels[i] ? 1 : 0));
                    int at = c * (fitted._width + 1);
                    Add(gradient.AsSpan(at, fitted._width), rows[i], slope);
                    gradient[at + fitted._width] += slope;
                }
            }

            float firstBias = 1 - MathF.Pow(First, step), secondBias = 1 - MathF.Pow(Second, step);
            for (int w = 0; w < weights.Length; w++)
            {
                float g = gradient[w] + (Decay * weights[w]);
                mean[w] = (First * mean[w]) + ((1 - First) * g);
                square[w] = (Second * square[w]) + ((1 - Second) * g * g);
                weights[w] -= Rate * (mean[w] / firstBias) / (MathF.Sqrt(square[w] / secondBias) + 1e-8f);
            }
        }

        return fitted;
    }

    /// <summary>The probability of each class.</summary>
    public float[] Probabilities(float[] row)
    {
        float[] probabilities = new float[_classes];
        Probabilities(row, probabilities);
        return probabilities;
    }

    private void Probabilities(float[] row, float[] probabilities)
    {
        float highest = float.MinValue, sum = 0;
        for (int c = 0; c < _classes; c++)
        {
            int at = c * (_width + 1);
            probabilities[c] = Dot(_weights.AsSpan(at, _width), row) + _weights[at + _width];
            highest = MathF.Max(highest, probabilities[c]);
        }

        for (int c = 0; c < _classes; c++)
        {
            sum += probabilities[c] = MathF.Exp(probabilities[c] - highest);
        }

        for (int c = 0; c < _classes; c++)
        {
            probabilities[c] /= sum;
        }
    }

    /// <summary>The sum of the products of numbers in the same places.</summary>
    internal static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ReadOnlySpan<Vector<float>> wideA = MemoryMarshal.Cast<float, Vector<float>>(a), wideB = MemoryMarshal.Cast<float, Vector<float>>(b);
        Vector<float> sums = Vector<float>.Zero;
        for (int i = 0; i < wideA.Length; i++)
        {
            sums += wideA[i] * wideB[i];
        }

        float sum = Vector.Sum(sums);
        for (int i = wideA.Length * Vector<float>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void Add(Span<float> to, ReadOnlySpan<float> row, float times)
    {
        Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(to);
        ReadOnlySpan<Vector<float>> wideRow = MemoryMarshal.Cast<float, Vector<float>>(row);
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] += wideRow[i] * times;
        }

        for (int i = wide.Length * Vector<float>.Count; i < to.Length; i++)
        {
            to[i] += row[i] * times;
        }
    }
}
