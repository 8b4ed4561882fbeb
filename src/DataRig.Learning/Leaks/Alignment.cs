namespace DataRig.Learning.Leaks;

/// <summary>
/// Lays one thumbnail over another, with the scale and shift that a crop makes and the gain and offset that a change of
/// brightness makes, by Gauss-Newton steps on the squared difference (Lucas and Kanade, 1981).
/// </summary>
internal static class Alignment
{
    private const int Side = Thumbnail.Side, Iterations = 10;

    /// <summary>Numbers of a movement that scales and shifts, and of one that turns and slants as well.</summary>
    private const int Shifting = 4, Turning = 6;

    /// <summary>Pixels between those that the steps look at: the pictures are blurred.</summary>
    private const int Stride = 2;

    /// <summary>Places nearer to the edge than this may have no counterpart.</summary>
    private const int Border = 6;

    /// <summary>What is scaled or shifted by more is another picture.</summary>
    private const double MostScale = 0.14, MostShift = 0.12 * Side, MostTurn = 0.25;

    /// <param name="still">The picture that may be a crop of the other.</param>
    /// <param name="moving">The other.</param>
    /// <param name="start">The window of the other that looks most like it.</param>
    /// <param name="turns">Whether it may also be turned and slanted, as what stands on a turntable is from one stop to the next.</param>
    /// <returns>How alike two pictures are once they lie on each other.</returns>
    public static Match Of(Bands still, Bands moving, Window start, bool turns = false)
    {
        double[] movement = Movement(start, turns);
        for (int i = 0; i < Iterations; i++)
        {
            if (Step(still.Smooth, moving.Smooth, movement) is not { } step)
            {
                break;
            }

            for (int k = 0; k < movement.Length; k++)
            {
                movement[k] += step[k];
            }

            if (Math.Max(Math.Abs(movement[0]), Math.Abs(movement[2])) > MostScale || Math.Max(Math.Abs(movement[1]), Math.Abs(movement[3])) > MostShift || movement.Skip(Shifting).Any(m => Math.Abs(m) > MostTurn))
            {
                movement = Movement(start, turns);
                break;
            }

            if (step.Take(movement.Length).All(s => Math.Abs(s) < 2e-3))
            {
                break;
            }
        }

        return new Match(Correlation(still.Colours, moving.Colours, movement), TintDifference(still, moving, movement));
    }

    private static double[] Movement(Window window, bool turns)
    {
        double spare = 1 - window.Scale;
        double[] movement = new double[turns ? Turning : Shifting];
        (movement[0], movement[1]) = (-spare, spare * ((window.X * (Side - 1)) - (Side / 2.0)));
        (movement[2], movement[3]) = (-spare, spare * ((window.Y * (Side - 1)) - (Side / 2.0)));
        return movement;
    }

    /// <summary>Where in the moving one a place lies: across x + m0 u + m1 + m4 v, down y + m2 v + m3 + m5 u, where u and v are counted from the centre.</summary>
    private static (float X, float Y) Place(double[] movement, int x, int y)
    {
        double u = x - (Side / 2.0), v = y - (Side / 2.0);
        (double across, double down) = movement.Length == Turning ? (movement[4] * v, movement[5] * u) : (0, 0);
        return ((float)(x + (movement[0] * u) + movement[1] + across), (float)(y + (movement[2] * v) + movement[3] + down));
    }

    /// <summary>The next step of the unknowns of the movement, then gain and offset; null where nothing tells.</summary>
    private static double[]? Step(float[] still, float[] moving, double[] movement)
    {
        int unknowns = movement.Length + 2;
        double[,] normal = new double[unknowns, unknowns + 1];
        Span<double> row = stackalloc double[unknowns];
        for (int y = Border; y < Side - Border; y += Stride)
        {
            for (int x = Border; x < Side - Border; x += Stride)
            {
                double u = x - (Side / 2.0), v = y - (Side / 2.0);
                (float fromX, float fromY) = Place(movement, x, y);
                if (fromX < 1 || fromY < 1 || fromX >= Side - 2 || fromY >= Side - 2)
                {
                    continue;
                }

                double value = Thumbnail.At(moving, fromX, fromY);
                double acrossSlope = (Thumbnail.At(moving, fromX + 1, fromY) - Thumbnail.At(moving, fromX - 1, fromY)) / 2;
                double downSlope = (Thumbnail.At(moving, fromX, fromY + 1) - Thumbnail.At(moving, fromX, fromY - 1)) / 2;
                (row[0], row[1], row[2], row[3]) = (acrossSlope * u, acrossSlope, downSlope * v, downSlope);
                if (movement.Length == Turning)
                {
                    (row[4], row[5]) = (acrossSlope * v, downSlope * u);
                }

                (row[^2], row[^1]) = (-still[(y * Side) + x], -1);
                for (int i = 0; i < unknowns; i++)
                {
                    for (int j = i; j < unknowns; j++)
                    {
                        normal[i, j] += row[i] * row[j];
                    }

                    normal[i, unknowns] -= row[i] * value;
                }
            }
        }

        return Solve(normal);
    }

    /// <summary>Gauss elimination of a symmetric system of which the upper half is given; null where it has no single answer.</summary>
    private static double[]? Solve(double[,] system)
    {
        int unknowns = system.GetLength(0);
        for (int i = 0; i < unknowns; i++)
        {
            system[i, i] *= 1 + 1e-6;
            for (int j = 0; j < i; j++)
            {
                system[i, j] = system[j, i];
            }
        }

        for (int i = 0; i < unknowns; i++)
        {
            if (!(Math.Abs(system[i, i]) > 1e-9))
            {
                return null;
            }

            for (int j = i + 1; j < unknowns; j++)
            {
                double factor = system[j, i] / system[i, i];
                for (int k = i; k <= unknowns; k++)
                {
                    system[j, k] -= factor * system[i, k];
                }
            }
        }

        double[] answer = new double[unknowns];
        for (int i = unknowns - 1; i >= 0; i--)
        {
            answer[i] = system[i, unknowns];
            for (int k = i + 1; k < unknowns; k++)
            {
                answer[i] -= system[i, k] * answer[k];
            }

            answer[i] /= system[i, i];
        }

        return answer;
    }

    private static double Correlation(float[][] still, float[][] moving, double[] movement)
    {
        double count = 0, sumA = 0, sumB = 0, squareA = 0, squareB = 0, product = 0;
        for (int y = Border; y < Side - Border; y++)
        {
            for (int x = Border; x < Side - Border; x++)
            {
                (float fromX, float fromY) = Place(movement, x, y);
                if (fromX < 0 || fromY < 0 || fromX >= Side - 1 || fromY >= Side - 1)
                {
                    continue;
                }

                for (int channel = 0; channel < still.Length; channel++)
                {
                    double a = still[channel][(y * Side) + x], b = Thumbnail.At(moving[channel], fromX, fromY);
                    count++;
                    sumA += a;
                    sumB += b;
                    squareA += a * a;
                    squareB += b * b;
                    product += a * b;
                }
            }
        }

        double spreadA = squareA - (sumA * sumA / count), spreadB = squareB - (sumB * sumB / count);
        // Pictures without any detail tell nothing of each other.
        return spreadA < 1 || spreadB < 1 ? 0 : (product - (sumA * sumB / count)) / Math.Sqrt(spreadA * spreadB);
    }

    /// <summary>
    /// How far the tints differ, where they differ most but for a two-hundredth of the places; a gain that all of them have in
    /// common is none, and what is clipped tells nothing.
    /// </summary>
    private static double TintDifference(Bands still, Bands moving, double[] movement)
    {
        List<(double A, double B)> places = new(Side * Side / Stride / Stride * 2);
        double same = 0, squares = 1e-6;
        for (int y = Border; y < Side - Border; y += Stride)
        {
            for (int x = Border; x < Side - Border; x += Stride)
            {
                (float fromX, float fromY) = Place(movement, x, y);
                if (fromX < 0 || fromY < 0 || fromX >= Side - 1 || fromY >= Side - 1 || still.Clipped[(y * Side) + x] || moving.Clipped[((int)(fromY + 0.5f) * Side) + (int)(fromX + 0.5f)])
                {
                    continue;
                }

                for (int band = 0; band < still.Tints.Length; band++)
                {
                    (double a, double b) = (still.Tints[band][(y * Side) + x], Thumbnail.At(moving.Tints[band], fromX, fromY));
                    places.Add((a, b));
                    same += a * b;
                    squares += a * a;
                }
            }
        }

        if (places.Count == 0)
        {
            return 0;
        }

        double gain = Math.Clamp(same / squares, 0.5, 2);
        double[] differences = [.. places.Select(p => Math.Abs(p.B - (gain * p.A)))];
        Array.Sort(differences);
        return differences[(int)(0.995 * (differences.Length - 1))];
    }
}

/// <summary>How alike two pictures are.</summary>
/// <param name="Detail">The correlation of their details in red, green and blue, in [-1, 1]: near 1 for one picture, whatever its crop and brightness.</param>
/// <param name="TintDifference">How far their tints (red and blue over green) differ, in levels of 255.</param>
internal readonly record struct Match(double Detail, double TintDifference);
