using System.Buffers.Text;
using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Assets;

/// <summary>Wavefront OBJ (specification of 1995): points and faces of three or more corners; all else is left aside.</summary>
internal static class ObjReader
{
    private const int MaxCorners = 1024;

    /// <exception cref="WorkFailedException">The text is no such mesh.</exception>
    public static RawMesh Read(ReadOnlySpan<byte> text, string file)
    {
        RawMesh mesh = new(file);
        TextLines lines = new(text);
        List<int> corners = [];
        Polygon polygon = new();
        while (lines.Next())
        {
            ReadOnlySpan<byte> keyword = lines.Word();
            if (keyword.SequenceEqual("v"u8))
            {
                mesh.AddPoint(lines.TryPoint(out Vector3 point) ? point : throw mesh.Wrong("expected three numbers after \"v\"", lines.Number), lines.Number);
            }
            else if (keyword.SequenceEqual("f"u8))
            {
                corners.Clear();
                for (ReadOnlySpan<byte> word = lines.Word(); !word.IsEmpty; word = lines.Word())
                {
                    corners.Add(Corner(word, mesh, lines.Number));
                    if (corners.Count > MaxCorners)
                    {
                        throw mesh.Wrong($"a face has more than {MaxCorners} corners", lines.Number);
                    }
                }

                AddFace(mesh, polygon, corners, lines.Number);
            }
        }

        return mesh;
    }

    /// <summary>The point's number from 0: the first of <c>12/3/4</c>, which counts from 1, or from the last backwards.</summary>
    private static int Corner(ReadOnlySpan<byte> word, RawMesh mesh, int line)
    {
        int slash = word.IndexOf((byte)'/');
        ReadOnlySpan<byte> digits = slash < 0 ? word : word[..slash];
        if (!Utf8Parser.TryParse(digits, out int number, out int used) || used != digits.Length || number == 0)
        {
            throw mesh.Wrong("a face's corners are numbers of points such as 7, 7/2 or 7/2/3, from 1 or, from the last point back, from -1", line);
        }

        long at = number > 0 ? number - 1L : mesh.Positions.Count + (long)number;
        return at >= 0 && at < mesh.Positions.Count ? (int)at : throw mesh.Wrong($"a face names the point {number}, but there are {mesh.Positions.Count} so far", line);
    }

    private static void AddFace(RawMesh mesh, Polygon polygon, List<int> corners, int line)
    {
        if (corners.Count < 3)
        {
            throw mesh.Wrong($"a face has {corners.Count} corners; expected at least 3", line);
        }

        foreach ((int a, int b, int c) in polygon.Cut([.. corners.Select(i => mesh.Positions[i])]))
        {
            mesh.AddTriangle(corners[a], corners[b], corners[c], line);
        }

        if (polygon.IsTangled)
        {
            throw mesh.Wrong("the faces with many corners are too many to be cut into triangles; save the file with triangles", line);
        }
    }
}
