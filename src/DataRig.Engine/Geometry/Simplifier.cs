using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>
/// Takes points out of a surface where they are seen least: edges are collapsed in the order of their quadric error
/// (Garland and Heckbert, 1997), the sum of the squared distances to the planes of the triangles that went into a
/// point, so that its root is never less than the farthest of them.
/// </summary>
internal sealed class Simplifier
{
    private readonly Vector3[] _positions;
    private readonly int[] _indices;
    private readonly Quadric[] _quadrics;
    private readonly List<int>[] _around;
    private readonly int[] _changes;
    private readonly PriorityQueue<(int A, int B, int Changes), float> _edges = new();
    private int _left;

    private Simplifier(Surface surface)
    {
        _positions = [.. surface.Positions];
        _indices = [.. surface.Indices];
        _left = surface.TriangleCount;
        _quadrics = new Quadric[_positions.Length];
        _changes = new int[_positions.Length];
        _around = new List<int>[_positions.Length];
        for (int i = 0; i < _around.Length; i++)
        {
            _around[i] = new(6);
        }

        Dictionary<(int, int), int> sides = new(_indices.Length);
        for (int t = 0; t < _indices.Length; t += 3)
        {
            Vector3 normal = Normal(t);
            for (int c = 0; c < 3; c++)
            {
                int from = _indices[t + c], to = _indices[t + ((c + 1) % 3)];
                _quadrics[from].Add(normal, _positions[from]);
                _around[from].Add(t);
                sides[(Math.Min(from, to), Math.Max(from, to))] = sides.TryGetValue((Math.Min(from, to), Math.Max(from, to)), out _) ? -1 : t;
            }
        }

        foreach (((int a, int b), int t) in sides)
        {
            // An open border must stay where it is: a plane stands on it.
            if (t >= 0)
            {
                Vector3 across = Vector3.Normalize(Vector3.Cross(_positions[b] - _positions[a], Normal(t)));
                _quadrics[a].Add(across, _positions[a]);
                _quadrics[b].Add(across, _positions[b]);
            }
        }

        foreach ((int a, int b) in sides.Keys)
        {
            Enqueue(a, b);
        }
    }

    /// <param name="surface">Welded.</param>
    /// <param name="tolerance">How far points may come to lie from where they were, in mm.</param>
    /// <param name="triangles">How few triangles are enough.</param>
    public static Surface Simplify(Surface surface, float tolerance, int triangles)
    {
        Simplifier simplifier = new(surface);
        while (simplifier._left > triangles && simplifier._edges.TryDequeue(out var edge, out float error) && error <= tolerance * tolerance)
        {
            // An edge whose ends moved since stands in the queue again, with its error of now.
            if (simplifier._changes[edge.A] + simplifier._changes[edge.B] == edge.Changes)
            {
                simplifier.Collapse(edge.A, edge.B);
            }
        }

        return simplifier.Result();
    }

    private void Enqueue(int a, int b) => _edges.Enqueue((a, b, _changes[a] + _changes[b]), Target(a, b).Error);

    private (Vector3 At, float Error) Target(int a, int b)
    {
        Quadric sum = _quadrics[a];
        sum.Add(_quadrics[b]);
        if (sum.Lowest() is { } lowest && Vector3.Distance(lowest, _positions[a]) + Vector3.Distance(lowest, _positions[b]) < 3 * Vector3.Distance(_positions[a], _positions[b]))
        {
            return (lowest, (float)sum.Error(lowest));
        }

        // Along a flat or straight place any point is as good: stay at one that there is.
        (Vector3 first, Vector3 second, Vector3 middle) = (_positions[a], _positions[b], (_positions[a] + _positions[b]) / 2);
        (double atFirst, double atSecond, double atMiddle) = (sum.Error(first), sum.Error(second), sum.Error(middle));
        return atFirst <= atSecond && atFirst <= atMiddle ? (first, (float)atFirst) : atSecond <= atMiddle ? (second, (float)atSecond) : (middle, (float)atMiddle);
    }

    private void Collapse(int a, int b)
    {
        (Vector3 at, _) = Target(a, b);
        if (!KeepsShape(a, b) || TurnsOver(a, b, at) || TurnsOver(b, a, at))
        {
            return;
        }

        (_positions[a], _changes[a]) = (at, _changes[a] + 1);
        _changes[b] = int.MinValue / 2; // gone: no edge of it counts any more
        _quadrics[a].Add(_quadrics[b]);
        foreach (int t in _around[b])
        {
            if (!Has(t, a))
            {
                _indices[t + Corner(t, b)] = a;
                _around[a].Add(t);
                continue;
            }

            _left--;
            for (int c = 0; c < 3; c++)
            {
                if (_indices[t + c] != b)
                {
                    _around[_indices[t + c]].Remove(t);
                }
            }

            _indices[t] = -1;
        }

        _around[b] = [];
        foreach (int neighbour in Neighbours(a))
        {
            Enqueue(a, neighbour);
        }
    }

    /// <summary>Whether the ends share no neighbours but the tips of the triangles on the edge; else the surface would be pinched together.</summary>
    private bool KeepsShape(int a, int b)
    {
        HashSet<int> shared = Neighbours(a);
        shared.IntersectWith(Neighbours(b));
        return shared.Count == _around[a].Count(t => Has(t, b)) && shared.Count <= 2;
    }

    private HashSet<int> Neighbours(int point)
    {
        HashSet<int> neighbours = [];
        foreach (int t in _around[point])
        {
            for (int c = 0; c < 3; c++)
            {
                neighbours.Add(_indices[t + c]);
            }
        }

        neighbours.Remove(point);
        return neighbours;
    }

    /// <summary>Whether a triangle around a point would face another way, or become a needle, with the point elsewhere.</summary>
    private bool TurnsOver(int point, int other, Vector3 at)
    {
        foreach (int t in _around[point])
        {
            if (Has(t, other))
            {
                continue;
            }

            int c = Corner(t, point);
            (Vector3 next, Vector3 last) = (_positions[_indices[t + ((c + 1) % 3)]], _positions[_indices[t + ((c + 2) % 3)]]);
            Vector3 before = Vector3.Cross(next - _positions[point], last - _positions[point]);
            Vector3 after = Vector3.Cross(next - at, last - at);
            float longest = MathF.Max(Vector3.DistanceSquared(next, at), MathF.Max(Vector3.DistanceSquared(last, at), Vector3.DistanceSquared(next, last)));
            if (Vector3.Dot(before, after) < 0.2f * before.Length() * after.Length() || after.Length() < 0.01f * longest)
            {
                return true;
            }
        }

        return false;
    }

    private bool Has(int t, int point) => _indices[t] == point || _indices[t + 1] == point || _indices[t + 2] == point;

    private int Corner(int t, int point) => _indices[t] == point ? 0 : _indices[t + 1] == point ? 1 : 2;

    private Vector3 Normal(int t)
    {
        Vector3 a = _positions[_indices[t]];
        return Vector3.Normalize(Vector3.Cross(_positions[_indices[t + 1]] - a, _positions[_indices[t + 2]] - a));
    }

    private Surface Result()
    {
        Dictionary<int, int> numbers = [];
        List<Vector3> positions = [];
        List<int> indices = [];
        for (int t = 0; t < _indices.Length; t += 3)
        {
            for (int c = 0; c < 3 && _indices[t] >= 0; c++)
            {
                if (!numbers.TryGetValue(_indices[t + c], out int number))
                {
                    number = positions.Count;
                    numbers.Add(_indices[t + c], number);
                    positions.Add(_positions[_indices[t + c]]);
                }

                indices.Add(number);
            }
        }

        return new([.. positions], [.. indices]);
    }
}
