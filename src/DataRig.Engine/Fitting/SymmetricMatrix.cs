namespace DataRig.Engine.Fitting;

/// <summary>What little of linear algebra the fit takes.</summary>
internal static class SymmetricMatrix
{
    private const int MostSweeps = 60;

    public static double[,] Identity(int n)
    {
        double[,] identity = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            identity[i, i] = 1;
        }

        return identity;
    }

    /// <summary>Eigenvalues, and the vectors as columns, by Jacobi's rotations (1846; Golub and Van Loan, "Matrix Computations", 8.5).</summary>
    public static (double[] Values, double[,] Vectors) Eigen(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        double[,] a = (double[,])matrix.Clone(), vectors = Identity(n);
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            double off = 0, diagonal = 0;
            for (int p = 0; p < n; p++)
            {
                diagonal += a[p, p] * a[p, p];
                for (int q = p + 1; q < n; q++)
                {
                    off += a[p, q] * a[p, q];
                }
            }

            if (off <= 1e-24 * diagonal)
            {
                break;
            }

            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    Rotate(a, vectors, p, q);
                }
            }
        }

        return ([.. Enumerable.Range(0, n).Select(i => a[i, i])], vectors);
    }

    /// <summary>The x of at least 0 in each place that makes |A x - b| smallest, from A'A and A'b, one place at a time until nothing moves (Franc, Hlavac and Navara, 2005).</summary>
    public static double[] NonNegativeLeastSquares(double[,] normal, double[] right)
    {
        int n = right.Length;
        double[] x = new double[n];
        for (int round = 0; round < 2000; round++)
        {
            double moved = 0, size = 1e-12;
            for (int i = 0; i < n; i++)
            {
                double gradient = -right[i];
                for (int j = 0; j < n; j++)
                {
                    gradient += normal[i, j] * x[j];
                }

                double next = normal[i, i] > 0 ? Math.Max(0, x[i] - (gradient / normal[i, i])) : 0;
                moved = Math.Max(moved, Math.Abs(next - x[i]));
                size = Math.Max(size, next);
                x[i] = next;
            }

            if (moved < 1e-9 * size)
            {
                break;
            }
        }

        return x;
    }

    private static void Rotate(double[,] a, double[,] vectors, int p, int q)
    {
        if (a[p, q] == 0)
        {
            return;
        }

        int n = a.GetLength(0);
        double tau = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = (tau >= 0 ? 1 : -1) / (Math.Abs(tau) + Math.Sqrt(1 + (tau * tau)));
        double c = 1 / Math.Sqrt(1 + (t * t)), s = t * c;
        for (int k = 0; k < n; k++)
        {
            (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
        }

        for (int k = 0; k < n; k++)
        {
            (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
            (vectors[k, p], vectors[k, q]) = ((c * vectors[k, p]) - (s * vectors[k, q]), (s * vectors[k, p]) + (c * vectors[k, q]));
        }
    }
}
