using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>Which way the triangles of a surface face, and whether it is closed.</summary>
internal static class Orientation
{
    /// <summary>What was done to a surface, or is true of it.</summary>
    /// <param name="Surface">Every closed piece of it faces outward, but for hollows inside others.</param>
    /// <param name="Closed">Whether it has an inside.</param>
    /// <param name="OpenEdges">How many edges have a triangle on one side only.</param>
    /// <param name="TurnedTriangles">How many triangles faced another way than those around them.</param>
    /// <param name="TurnedPieces">How many closed pieces faced inward.</param>
    public sealed record Finding(Surface Surface, bool Closed, int OpenEdges, int TurnedTriangles, int TurnedPieces);

    /// <param name="surface">Welded.</param>
    public static Finding Mend(Surface surface)
    {
        int[] indices = [.. surface.Indices];
        Dictionary<(int, int), (int First, int Second, int Count)> sides = Sides(indices);
        List<List<int>> pieces = Pieces(indices, sides, out int turnedTriangles);
        Surface mended = surface with { Indices = indices };

        Dictionary<(int, int), int> ways = [];
        for (int i = 0; i < indices.Length; i++)
        {
            (int a, int b) = (indices[i], indices[i - (i % 3) + ((i + 1) % 3)]);
            ways[(Math.Min(a, b), Math.Max(a, b))] = ways.GetValueOrDefault((Math.Min(a, b), Math.Max(a, b))) + (a < b ? 1 : -1);
        }

        int open = ways.Values.Count(w => w != 0);
        if (open > 0)
        {
            return new(mended, false, open, turnedTriangles, 0);
        }

        int turnedPieces = 0;
        List<(double Volume, Vector3 Low, Vector3 High, List<int> Triangles)> bodies = [.. pieces.Select(p => Measure(mended, p)).OrderByDescending(b => Math.Abs(b.Volume))];
        for (int i = 0; i < bodies.Count; i++)
        {
            // A piece that faces inward within a larger one is a hollow of that.
            if (bodies[i].Volume < 0 && !bodies.Take(i).Any(o => Holds((o.Low, o.High), (bodies[i].Low, bodies[i].High))))
            {
                bodies[i].Triangles.ForEach(t => Turn(indices, t));
                turnedPieces++;
            }
        }

        (Vector3 low, Vector3 high) = mended.Bounds();
        double space = Math.Pow((high - low).Length(), 3);
        return new(mended, bodies.Sum(b => Math.Abs(b.Volume)) > 1e-6 * space, 0, turnedTriangles, turnedPieces);
    }

    private static Dictionary<(int, int), (int First, int Second, int Count)> Sides(int[] indices)
    {
        Dictionary<(int, int), (int First, int Second, int Count)> sides = new(indices.Length);
        for (int i = 0; i < indices.Length; i++)
        {
            (int a, int b) = (indices[i], indices[i - (i % 3) + ((i + 1) % 3)]);
            (int, int) key = (Math.Min(a, b), Math.Max(a, b));
            sides[key] = sides.TryGetValue(key, out var found) ? (found.First, i - (i % 3), found.Count + 1) : (i - (i % 3), -1, 1);
        }

        return sides;
    }

    /// <summary>Triangles that hang together over edges with two sides, made to face alike, as most of a piece's did.</summary>
    private static List<List<int>> Pieces(int[] indices, Dictionary<(int, int), (int First, int Second, int Count)> sides, out int turned)
    {
        bool[] seen = new bool[indices.Length];
        bool[] flipped = new bool[indices.Length];
        List<List<int>> pieces = [];
        turned = 0;
        for (int start = 0; start < indices.Length; start += 3)
        {
            if (seen[start])
            {
                continue;
            }

            List<int> piece = [start];
            seen[start] = true;
            for (int at = 0; at < piece.Count; at++)
            {
                int t = piece[at];
                for (int c = 0; c < 3; c++)
                {
                    (int a, int b) = (indices[t + c], indices[t + ((c + 1) % 3)]);
                    (int first, int second, int count) = sides[(Math.Min(a, b), Math.Max(a, b))];
                    int other = first == t ? second : first;
                    if (count == 2 && !seen[other])
                    {
                        seen[other] = true;
                        piece.Add(other);
                        if (Runs(indices, other, a, b))
                        {
                            Turn(indices, other);
                            flipped[other] = true;
                        }
                    }
                }
            }

            int odd = piece.Count(t => flipped[t]);
            if (2 * odd > piece.Count)
            {
                piece.ForEach(t => Turn(indices, t));
                odd = piece.Count - odd;
            }

            turned += odd;
            pieces.Add(piece);
        }

        return pieces;
    }

    /// <summary>Whether a triangle runs along an edge from a to b.</summary>
    private static bool Runs(int[] indices, int t, int a, int b) =>
        (indices[t] == a && indices[t + 1] == b) || (indices[t + 1] == a && indices[t + 2] == b) || (indices[t + 2] == a && indices[t] == b);

    private static void Turn(int[] indices, int t) => (indices[t], indices[t + 1]) = (indices[t + 1], indices[t]);

    private static (double Volume, Vector3 Low, Vector3 High, List<int> Triangles) Measure(Surface surface, List<int> triangles)
    {
        Vector3 low = new(float.MaxValue), high = new(float.MinValue), origin = surface.Positions[surface.Indices[triangles[0]]];
        double volume = 0;
        foreach (int t in triangles)
        {
            (Vector3 a, Vector3 b, Vector3 c) = (surface.Positions[surface.Indices[t]], surface.Positions[surface.Indices[t + 1]], surface.Positions[surface.Indices[t + 2]]);
            volume += Vector3.Dot(a - origin, Vector3.Cross(b - origin, c - origin)) / 6;
            low = Vector3.Min(low, Vector3.Min(a, Vector3.Min(b, c)));
            high = Vector3.Max(high, Vector3.Max(a, Vector3.Max(b, c)));
        }

        return (volume, low, high, triangles);
    }

    private static bool Holds((Vector3 Low, Vector3 High) outer, (Vector3 Low, Vector3 High) inner) =>
        Vector3.Min(outer.Low, inner.Low) == outer.Low && Vector3.Max(outer.High, inner.High) == outer.High;
}
