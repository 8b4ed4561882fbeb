using System.Buffers;
using DataRig.Core;
using DataRig.Learning.Finding;

namespace DataRig.Learning;

/// <summary>
/// The empty table's colour as a quadratic function of the place, one for each channel: the light falls off
/// smoothly and tints what it falls on. Fitted by iteratively reweighted least squares with Tukey's biweight
/// (Beaton and Tukey, 1974), which gives no weight to what lies far off: the part, its shadow, the backdrop.
/// </summary>
public sealed class TableModel
{
    private const int Terms = 6;

    /// <summary>Of the normal equations: the terms, then the right sides of three channels.</summary>
    private const int Columns = Terms + 3;
    private const int Rounds = 6;

    /// <summary>Residuals in 8-bit steps that are never called outliers: JPEG and sensor noise.</summary>
    private const double LeastSpread = 2.5;

    private readonly double[][] _coefficients;
    private readonly double[] _low;
    private readonly double[] _high;

    private TableModel(double[][] coefficients, double[] low, double[] high, double spread)
    {
        _coefficients = coefficients;
        _low = low;
        _high = high;
        Spread = spread;
    }

    /// <summary>How far table pixels lie from the model, as a standard deviation in 8-bit steps.</summary>
    public double Spread { get; }

    /// <summary>The table's colour, each channel in 8-bit steps from 1 to 255.</summary>
    /// <param name="x">Across, in [0, 1].</param>
    /// <param name="y">Down, in [0, 1].</param>
    public (double R, double G, double B) At(double x, double y)
    {
        Span<double> terms = stackalloc double[Terms];
        Basis(x, y, terms);
        return (Value(0, terms), Value(1, terms), Value(2, terms));
    }

    internal static TableModel Fit(Picture picture)
    {
        // Every second pixel both ways is plenty for six numbers.
        int across = (picture.Width + 1) / 2, count = across * ((picture.Height + 1) / 2);
        double[] basis = ArrayPool<double>.Shared.Rent(count * Terms);
        double[][] values = [new double[count], new double[count], new double[count]];
        double[] weights = new double[count], residuals = new double[count], spare = new double[count];
        for (int i = 0; i < count; i++)
        {
            int x = i % across * 2, y = i / across * 2;
            Basis((x + 0.5) / picture.Width, (y + 0.5) / picture.Height, basis.AsSpan(i * Terms, Terms));
            (values[0][i], values[1][i], values[2][i]) = picture[x, y];
            spare[i] = Brightness(values, i);
        }

        // The table fills most of the picture and is light: start from what is not much darker than the lighter half is.
        double light = Ranked.Of<double>(spare, count * 3 / 4);
        for (int i = 0; i < count; i++)
        {
            weights[i] = Brightness(values, i) > 0.65 * light ? 1 : 0;
        }

        double[][] coefficients = [];
        double spread = 0;
        for (int round = 0; round < Rounds; round++)
        {
            Array.Clear(residuals);
            coefficients = LeastSquares(basis, weights, values);
            for (int channel = 0; channel < 3; channel++)
            {
                for (int i = 0; i < count; i++)
                {
                    residuals[i] = Math.Max(residuals[i], Math.Abs(values[channel][i] - Dot(coefficients[channel], basis.AsSpan(i * Terms, Terms))));
                }
            }

            spread = Math.Max(LeastSpread, MedianDeviation(residuals, weights, spare));
            double cut = 4.685 * spread;
            for (int i = 0; i < count; i++)
            {
                double u = residuals[i] / cut;
                weights[i] = u < 1 ? (1 - (u * u)) * (1 - (u * u)) : 0;
            }
        }

        ArrayPool<double>.Shared.Return(basis);
        return Bounded(values, coefficients, weights, spread);
    }

    private static double Brightness(double[][] values, int i) => (values[0][i] + (2 * values[1][i]) + values[2][i]) / 4;

    /// <summary>The median of the residuals that count, times 1.4826, which makes it a standard deviation.</summary>
    private static double MedianDeviation(double[] residuals, double[] weights, double[] spare)
    {
        int counted = 0;
        for (int i = 0; i < residuals.Length; i++)
        {
            if (weights[i] > 0)
            {
                spare[counted++] = residuals[i];
            }
        }

        return counted > 0 ? 1.4826 * Ranked.Of(spare.AsSpan(0, counted), counted / 2) : 0;
    }

    /// <summary>Outside the pixels it was fitted to the polynomial may run away: keep it within the table's own range.</summary>
    private static TableModel Bounded(double[][] values, double[][] coefficients, double[] weights, double spread)
    {
        double[] low = [1, 1, 1], high = [255, 255, 255];
        for (int channel = 0; channel < 3; channel++)
        {
            double[] table = [.. values[channel].Where((_, i) => weights[i] > 0.2)];
            if (table.Length > 0)
            {
                low[channel] = Math.Max(1, table.Min());
                high[channel] = Math.Max(1, table.Max());
            }
        }

        return new TableModel(coefficients, low, high, spread);
    }

    private double Value(int channel, ReadOnlySpan<double> terms) => Math.Clamp(Dot(_coefficients[channel], terms), _low[channel], _high[channel]);

    private static void Basis(double x, double y, Span<double> terms)
    {
        double u = (2 * x) - 1, v = (2 * y) - 1;
        (terms[0], terms[1], terms[2], terms[3], terms[4], terms[5]) = (1, u, v, u * u, u * v, v * v);
    }

    private static double Dot(double[] coefficients, ReadOnlySpan<double> terms)
    {
        double sum = 0;
        for (int i = 0; i < Terms; i++)
        {
            sum += coefficients[i] * terms[i];
        }

        return sum;
    }

    /// <summary>
    /// Solves the normal equations of the three channels, which share their weights, by Gaussian elimination; a small
    /// ridge keeps them solvable where few pixels count.
    /// </summary>
    private static double[][] LeastSquares(double[] basis, double[] weights, double[][] values)
    {
        double[] system = new double[Terms * Columns];
        for (int i = 0; i < weights.Length; i++)
        {
            double weight = weights[i];
            if (weight == 0)
            {
                continue;
            }

            ReadOnlySpan<double> terms = basis.AsSpan(i * Terms, Terms);
            double red = weight * values[0][i], green = weight * values[1][i], blue = weight * values[2][i];
            for (int row = 0; row < Terms; row++)
            {
                Span<double> line = system.AsSpan(row * Columns, Columns);
                double weighted = weight * terms[row];
                for (int column = row; column < Terms; column++)
                {
                    line[column] += weighted * terms[column];
                }

                line[Terms] += terms[row] * red;
                line[Terms + 1] += terms[row] * green;
                line[Terms + 2] += terms[row] * blue;
            }
        }

        for (int row = 0; row < Terms; row++)
        {
            system[(row * Columns) + row] += 1e-3;
            for (int column = 0; column < row; column++)
            {
                system[(row * Columns) + column] = system[(column * Columns) + row];
            }
        }

        return Solve(system);
    }

    private static double[][] Solve(double[] system)
    {
        for (int pivot = 0; pivot < Terms; pivot++)
        {
            for (int row = 0; row < Terms; row++)
            {
                double factor = row == pivot ? 0 : system[(row * Columns) + pivot] / system[(pivot * Columns) + pivot];
                for (int column = pivot; column < Columns; column++)
                {
                    system[(row * Columns) + column] -= factor * system[(pivot * Columns) + column];
                }
            }
        }

        return [.. Enumerable.Range(Terms, 3).Select(column => Enumerable.Range(0, Terms).Select(row => system[(row * Columns) + column] / system[(row * Columns) + row]).ToArray())];
    }
}
