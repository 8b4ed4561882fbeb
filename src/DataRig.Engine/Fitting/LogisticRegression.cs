namespace DataRig.Engine.Fitting;

/// <summary>Tells two kinds apart by a weighted sum of features: logistic regression with ridge (Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 4.4), by gradient descent with Nesterov's momentum.</summary>
internal sealed class LogisticRegression
{
    private const int Rounds = 400;
    private const double Ridge = 0.02;

    private readonly double[] _mean;
    private readonly double[] _scale;
    private readonly double[] _weights;

    /// <param name="features">One row a sample; all of one length.</param>
    /// <param name="second">Whether each sample is of the second kind.</param>
    public LogisticRegression(IReadOnlyList<double[]> features, IReadOnlyList<bool> second)
    {
        int n = features[0].Length;
        _mean = [.. Enumerable.Range(0, n).Select(i => features.Average(f => f[i]))];
        _scale = [.. Enumerable.Range(0, n).Select(i => Math.Sqrt(features.Average(f => (f[i] - _mean[i]) * (f[i] - _mean[i]))) is > 1e-9 and double s ? 1 / s : 0)];
        double[][] rows = [.. features.Select(Standard)];
        _weights = new double[n + 1];
        double[] ahead = new double[n + 1], gradient = new double[n + 1];
        // The logistic loss curves at most a quarter as much as the squares of a row.
        double step = 1 / ((0.25 * rows.Average(r => r.Sum(v => v * v))) + Ridge);
        for (int round = 0; round < Rounds; round++)
        {
            Array.Clear(gradient);
            for (int s = 0; s < rows.Length; s++)
            {
                double error = (Chance(rows[s], ahead) - (second[s] ? 1 : 0)) / rows.Length;
                for (int i = 0; i <= n; i++)
                {
                    gradient[i] += error * rows[s][i];
                }
            }

            double momentum = round / (round + 3.0);
            for (int i = 0; i <= n; i++)
            {
                double next = ahead[i] - (step * (gradient[i] + (i < n ? Ridge * ahead[i] : 0)));
                ahead[i] = next + (momentum * (next - _weights[i]));
                _weights[i] = next;
            }
        }
    }

    /// <summary>How likely a sample is of the second kind, in [0, 1].</summary>
    public double Chance(double[] features) => Chance(Standard(features), _weights);

    private static double Chance(double[] row, double[] weights)
    {
        double sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            sum += row[i] * weights[i];
        }

        return 1 / (1 + Math.Exp(-sum));
    }

    /// <summary>Mean 0 and deviation 1, and a last 1 for the bias.</summary>
    private double[] Standard(double[] features) => [.. features.Select((f, i) => (f - _mean[i]) * _scale[i]), 1];
}
