using System.Numerics;

namespace DataRig.Learning.Finding;

/// <summary>One of many values by its rank, in a fraction of the time that sorting all of them takes.</summary>
internal static class Ranked
{
    /// <summary>The value that would stand at a place if the values were sorted (Hoare, 1961).</summary>
    /// <param name="values">Changes places.</param>
    /// <param name="rank">From 0.</param>
    public static T Of<T>(Span<T> values, int rank)
        where T : INumber<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, values.Length);
        while (values.Length > 1)
        {
            T pivot = Middle(values[0], values[values.Length / 2], values[^1]);
            // Less than the pivot, equal to it, more.
            int less = 0, more = values.Length;
            for (int i = 0; i < more;)
            {
                if (values[i] < pivot)
                {
                    (values[less], values[i]) = (values[i], values[less]);
                    less++;
                    i++;
                }
                else if (values[i] > pivot)
                {
                    more--;
                    (values[i], values[more]) = (values[more], values[i]);
                }
                else
                {
                    i++;
                }
            }

            if (rank >= less && rank < more)
            {
                return pivot;
            }

            bool below = rank < less;
            rank -= below ? 0 : more;
            values = below ? values[..less] : values[more..];
        }

        return values[0];
    }

    private static T Middle<T>(T a, T b, T c)
        where T : INumber<T> => T.Max(T.Min(a, b), T.Min(T.Max(a, b), c));
}
