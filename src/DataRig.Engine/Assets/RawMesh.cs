using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Assets;

/// <summary>Triangles as a file gives them, in its own units. It takes nothing that is out of bounds.</summary>
/// <param name="file">The name that messages give the file.</param>
internal sealed class RawMesh(string file)
{
    public const int MaxTriangles = 2_000_000;

    public List<Vector3> Positions { get; } = [];

    /// <summary>Three a triangle.</summary>
    public List<int> Indices { get; } = [];

    /// <summary>What is doubtful, a sentence each.</summary>
    public List<string> Warnings { get; } = [];

    /// <exception cref="WorkFailedException">A coordinate is no number of a sensible size, or there are too many points.</exception>
    public void AddPoint(Vector3 point, int? line = null)
    {
        // Squares of lengths must fit a float, or all that is reckoned from them is lost.
        if (!(Vector3.Abs(point).Length() < 1e9f))
        {
            throw Wrong($"the point {Positions.Count + 1} is ({point.X}, {point.Y}, {point.Z}); expected three numbers below a thousand million", line);
        }

        if (Positions.Count == 3 * MaxTriangles)
        {
            throw Wrong($"the mesh has more than {3 * MaxTriangles} points; simplify it before", line);
        }

        Positions.Add(point);
    }

    /// <summary>A triangle between points that were added, counted from 0.</summary>
    /// <exception cref="WorkFailedException">There is no such point, or there are too many triangles.</exception>
    public void AddTriangle(int a, int b, int c, int? line = null)
    {
        if (Math.Min(a, Math.Min(b, c)) < 0 || Math.Max(a, Math.Max(b, c)) >= Positions.Count)
        {
            throw Wrong($"triangle {(Indices.Count / 3) + 1} is between the points {a + 1L}, {b + 1L} and {c + 1L}, but there are {Positions.Count} so far", line);
        }

        if (Indices.Count == 3 * MaxTriangles)
        {
            throw Wrong($"the mesh has more than {MaxTriangles} triangles; simplify it before", line);
        }

        Indices.AddRange([a, b, c]);
    }

    /// <summary>A triangle of its own three points.</summary>
    public void AddTriangle(Vector3 a, Vector3 b, Vector3 c, int? line = null)
    {
        int first = Positions.Count;
        AddPoint(a, line);
        AddPoint(b, line);
        AddPoint(c, line);
        AddTriangle(first, first + 1, first + 2, line);
    }

    public void Warn(string what) => Warnings.Add($"{file}: {what}.");

    /// <summary>The failure to be thrown where the file is wrong.</summary>
    public WorkFailedException Wrong(string what, int? line = null) => new($"{file}{(line is null ? "" : $":{line}")}: {what}.");
}
