using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>When the search ends, and how wide it looks.</summary>
internal sealed record CmaEsOptions
{
    /// <summary>Points tried a generation; 4 + 3 ln n (Hansen's default) where it is 0.</summary>
    public int Population { get; init; }

    public int MaxGenerations { get; init; } = 200;

    /// <summary>It is done when the search is this much narrower than it began, in every direction.</summary>
    public double Narrowest { get; init; } = 1e-3;
}

/// <param name="Point">The mean of the last generation, which noise moves less than its best point.</param>
/// <param name="Value">What the objective gives there.</param>
/// <param name="Generations">How many it took.</param>
internal sealed record CmaEsResult(double[] Point, double Value, int Generations);

/// <summary>
/// The evolution strategy with covariance matrix adaptation: minimises a function of which nothing is known but its values.
/// The formulas and default constants are those of Hansen, "The CMA Evolution Strategy: A Tutorial" (2016), numbered in the
/// comments, with positive weights only.
/// </summary>
internal static class CmaEs
{
    /// <param name="objective">Takes a point, gives its value; NaN counts as the worst.</param>
    /// <param name="start">Where the search begins.</param>
    /// <param name="deviations">How wide it looks at first in each direction; above 0. It works in these units, so that numbers of all sizes are one to it.</param>
    /// <param name="options">When it ends.</param>
    /// <param name="seed">The points tried follow from this.</param>
    /// <param name="cancel">Looked at before every generation.</param>
    public static CmaEsResult Minimize(Func<double[], double> objective, double[] start, double[] deviations, CmaEsOptions options, Seed seed, CancellationToken cancel = default)
    {
        int n = start.Length;
        int lambda = options.Population > 0 ? options.Population : 4 + (int)(3 * Math.Log(n)); // (48)
        int mu = lambda / 2;
        double[] weights = [.. Enumerable.Range(1, mu).Select(i => Math.Log((lambda + 1) / 2.0) - Math.Log(i))]; // (49)
        double total = weights.Sum();
        weights = [.. weights.Select(w => w / total)];
        double muEff = 1 / weights.Sum(w => w * w); // (8)
        double cSigma = (muEff + 2) / (n + muEff + 5); // (55)
        double dSigma = 1 + (2 * Math.Max(0, Math.Sqrt((muEff - 1) / (n + 1)) - 1)) + cSigma; // (55)
        double cc = (4 + (muEff / n)) / (n + 4 + (2 * muEff / n)); // (56)
        double c1 = 2 / (((n + 1.3) * (n + 1.3)) + muEff); // (57)
        double cMu = Math.Min(1 - c1, 2 * (muEff - 2 + (1 / muEff)) / (((n + 2) * (n + 2)) + muEff)); // (58)
        double expected = Math.Sqrt(n) * (1 - (1.0 / (4 * n)) + (1.0 / (21.0 * n * n))); // of the length of a normal vector

        double[] mean = new double[n], pathC = new double[n], pathSigma = new double[n];
        double[,] covariance = SymmetricMatrix.Identity(n);
        double sigma = 1;
        int generation = 0;
        for (; generation < options.MaxGenerations; generation++)
        {
            cancel.ThrowIfCancellationRequested();
            (double[] scales, double[,] axes) = SymmetricMatrix.Eigen(covariance);
            scales = [.. scales.Select(s => Math.Sqrt(Math.Max(s, 1e-30)))];
            if (sigma * scales.Max() < options.Narrowest)
            {
                break;
            }

            Draws draws = seed.At(generation);
            (double Value, double[] Step)[] tried = [.. Enumerable.Range(0, lambda).Select(k =>
            {
                double[] step = Turn(axes, [.. scales.Select((s, i) => s * draws.Normal($"{k}.{i}"))]); // (38), (39)
                double value = objective(Place(start, deviations, mean, step, sigma)); // (40)
                return (double.IsNaN(value) ? double.PositiveInfinity : value, step);
            }).OrderBy(t => t.Item1)];

            double[] way = new double[n]; // (41)
            for (int k = 0; k < mu; k++)
            {
                Add(way, tried[k].Step, weights[k]);
            }

            Add(mean, way, sigma); // (42)

            double[] whitened = Turn(axes, [.. TurnBack(axes, way).Select((w, i) => w / scales[i])]);
            Scale(pathSigma, 1 - cSigma);
            Add(pathSigma, whitened, Math.Sqrt(cSigma * (2 - cSigma) * muEff)); // (43)
            double length = Math.Sqrt(pathSigma.Sum(p => p * p));
            bool steady = length / Math.Sqrt(1 - Math.Pow(1 - cSigma, 2 * (generation + 1))) < (1.4 + (2.0 / (n + 1))) * expected;
            Scale(pathC, 1 - cc);
            Add(pathC, way, steady ? Math.Sqrt(cc * (2 - cc) * muEff) : 0); // (45)

            double keep = 1 - c1 - cMu + (steady ? 0 : c1 * cc * (2 - cc)); // (47)
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    double rankMu = 0;
                    for (int k = 0; k < mu; k++)
                    {
                        rankMu += weights[k] * tried[k].Step[i] * tried[k].Step[j];
                    }

                    covariance[i, j] = (keep * covariance[i, j]) + (c1 * pathC[i] * pathC[j]) + (cMu * rankMu);
                }
            }

            sigma *= Math.Exp(Math.Min(1, cSigma / dSigma * ((length / expected) - 1))); // (44)
        }

        double[] point = Place(start, deviations, mean, new double[n], 0);
        return new CmaEsResult(point, objective(point), generation);
    }

    private static double[] Place(double[] start, double[] deviations, double[] mean, double[] step, double sigma) =>
        [.. start.Select((s, i) => s + (deviations[i] * (mean[i] + (sigma * step[i]))))];

    private static double[] Turn(double[,] axes, double[] values) =>
        [.. Enumerable.Range(0, values.Length).Select(row => values.Select((v, column) => axes[row, column] * v).Sum())];

    private static double[] TurnBack(double[,] axes, double[] values) =>
        [.. Enumerable.Range(0, values.Length).Select(column => values.Select((v, row) => axes[row, column] * v).Sum())];

    private static void Scale(double[] values, double by)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= by;
        }
    }

    private static void Add(double[] sum, double[] values, double weight)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += weight * values[i];
        }
    }
}
