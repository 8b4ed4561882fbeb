using DataRig.Core;
using DataRig.Engine.Fitting;

namespace DataRig.Engine.Tests.Fitting;

/// <summary>The search on the functions that such searches are tried on (Hansen's tutorial, appendix C; Hansen et al., BBOB).</summary>
public sealed class CmaEsTests
{
    [Theory]
    [InlineData("sphere")]
    [InlineData("ellipsoid")]
    [InlineData("rosenbrock")]
    [InlineData("turned ellipsoid")]
    public void Finds_the_least_of_a_standard_function(string function)
    {
        Func<double[], double> objective = function switch
        {
            "sphere" => x => x.Sum(v => v * v),
            "ellipsoid" => x => x.Select((v, i) => Math.Pow(1e6, i / (x.Length - 1.0)) * v * v).Sum(),
            "turned ellipsoid" => x => (1e4 * Math.Pow(x.Sum(), 2)) + x.Sum(v => v * v),
            _ => x => Enumerable.Range(0, x.Length - 1).Sum(i => (100 * Math.Pow((x[i] * x[i]) - x[i + 1], 2)) + Math.Pow(1 - x[i], 2)),
        };
        // From four numbers on Rosenbrock's function has a second, local minimum.
        double[] start = [.. Enumerable.Repeat(3.0, function == "rosenbrock" ? 3 : 6)];

        CmaEsResult found = CmaEs.Minimize(objective, start, [.. start.Select(_ => 1.0)], new CmaEsOptions { MaxGenerations = 1500, Narrowest = 1e-7 }, new Seed(4));

        double least = function == "rosenbrock" ? 1 : 0;
        Assert.All(found.Point, v => Assert.Equal(least, v, 1e-3));
        Assert.True(found.Value < 1e-6, $"{found.Value} after {found.Generations} generations");
        Assert.True(found.Generations < 1500);
    }

    [Fact]
    public void Numbers_of_all_sizes_are_one_to_it()
    {
        CmaEsResult found = CmaEs.Minimize(x => Math.Pow((x[0] - 2e6) / 1e6, 2) + Math.Pow((x[1] - 3e-6) / 1e-6, 2), [0, 0], [1e6, 1e-6], new CmaEsOptions { Narrowest = 1e-6 }, new Seed(1));

        Assert.Equal(2e6, found.Point[0], 10.0);
        Assert.Equal(3e-6, found.Point[1], 1e-10);
    }

    [Fact]
    public void The_same_seed_tries_the_same_points_and_a_number_without_width_stays()
    {
        List<double> first = [], second = [], other = [];

        CmaEsResult found = Search(first, 7);
        Search(second, 7);
        Search(other, 8);

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
        Assert.Equal(5, found.Point[2]);

        static CmaEsResult Search(List<double> tried, ulong seed) => CmaEs.Minimize(
            x =>
            {
                tried.AddRange(x);
                return x.Sum(v => v * v);
            },
            [1, 2, 5],
            [1, 1, 0],
            new CmaEsOptions { MaxGenerations = 10 },
            new Seed(seed));
    }

    [Fact]
    public void What_is_no_number_is_worse_than_all_else()
    {
        CmaEsResult found = CmaEs.Minimize(x => x[0] < 0 ? double.NaN : Math.Pow(x[0] - 0.5, 2) + (x[1] * x[1]), [2, 2], [1, 1], new CmaEsOptions { Narrowest = 1e-6 }, new Seed(2));

        Assert.Equal(0.5, found.Point[0], 1e-3);
    }

    [Fact]
    public void A_symmetric_matrix_is_its_axes_times_their_lengths()
    {
        double[,] matrix = { { 4, 1, -2 }, { 1, 2, 0 }, { -2, 0, 3 } };

        (double[] values, double[,] vectors) = SymmetricMatrix.Eigen(matrix);

        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                Assert.Equal(matrix[i, j], Enumerable.Range(0, 3).Sum(k => vectors[i, k] * values[k] * vectors[j, k]), 1e-10);
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, 3).Sum(k => vectors[k, i] * vectors[k, j]), 1e-10);
            }
        }
    }

    [Fact]
    public void Least_squares_of_what_cannot_be_negative()
    {
        // Without the bound the answer of the second is (3, -1).
        Assert.Equal([1, 2], SymmetricMatrix.NonNegativeLeastSquares(new double[,] { { 2, 1 }, { 1, 3 } }, [4, 7]), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([2.5, 0], SymmetricMatrix.NonNegativeLeastSquares(new double[,] { { 2, 1 }, { 1, 3 } }, [5, 0]), (a, b) => Math.Abs(a - b) < 1e-6);
    }
}
