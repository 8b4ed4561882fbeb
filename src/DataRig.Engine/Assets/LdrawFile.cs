using System.Numerics;
using System.Text;
using DataRig.Core;

namespace DataRig.Engine.Assets;

/// <summary>One file's use of another.</summary>
internal readonly record struct LdrawUse(string File, Matrix4x4 Transform, bool Inverted, int Line);

/// <summary>What one LDraw file says itself, each line read on its own.</summary>
internal sealed class LdrawFile(string name)
{
    private bool _clockwise;
    private bool _invertNext;

    public string Name { get; } = name;

    public List<(Vector3 A, Vector3 B, Vector3 C, int Line)> Triangles { get; } = [];

    public List<LdrawUse> Uses { get; } = [];

    /// <summary>Reads a line.</summary>
    /// <returns>The name of the file inside this one that begins here; null where none does.</returns>
    /// <exception cref="WorkFailedException">The line is wrong.</exception>
    public string? Read(ref TextLines line)
    {
        ReadOnlySpan<byte> type = line.Word();
        if (type.SequenceEqual("0"u8))
        {
            return ReadMeta(ref line);
        }

        if (type.SequenceEqual("1"u8))
        {
            line.Word();
            ReadUse(ref line);
        }
        else if (type.SequenceEqual("3"u8) || type.SequenceEqual("4"u8))
        {
            line.Word();
            ReadFace(ref line, type[0] - '0');
        }

        // 2 and 5 are lines that are drawn along edges.
        return null;
    }

    public WorkFailedException Wrong(string what, int line, Exception? cause = null) => new($"{Name}:{line}: {what}.", cause);

    private string? ReadMeta(ref TextLines line)
    {
        ReadOnlySpan<byte> word = line.Word();
        if (word.SequenceEqual("FILE"u8))
        {
            return Encoding.UTF8.GetString(line.Rest()).Replace('\\', '/');
        }

        // Which way round corners run (language extension 1.0.1).
        if (word.SequenceEqual("BFC"u8))
        {
            for (word = line.Word(); !word.IsEmpty; word = line.Word())
            {
                _clockwise = word.SequenceEqual("CW"u8) || (_clockwise && !word.SequenceEqual("CCW"u8));
                _invertNext |= word.SequenceEqual("INVERTNEXT"u8);
            }
        }

        return null;
    }

    private void ReadUse(ref TextLines line)
    {
        if (!(line.TryPoint(out Vector3 move) & line.TryPoint(out Vector3 x) & line.TryPoint(out Vector3 y) & line.TryPoint(out Vector3 z)))
        {
            throw Wrong("expected a colour, twelve numbers and a file after \"1\"", line.Number);
        }

        string file = Encoding.UTF8.GetString(line.Rest()).Replace('\\', '/');
        if (file.Length == 0)
        {
            throw Wrong("the name of the file that is used here is missing", line.Number);
        }

        Uses.Add(new(file, new Matrix4x4(x.X, y.X, z.X, 0, x.Y, y.Y, z.Y, 0, x.Z, y.Z, z.Z, 0, move.X, move.Y, move.Z, 1), _invertNext, line.Number));
        _invertNext = false;
    }

    private void ReadFace(ref TextLines line, int corners)
    {
        Span<Vector3> points = stackalloc Vector3[4];
        for (int i = 0; i < corners; i++)
        {
            points[i] = line.TryPoint(out Vector3 point) ? point : throw Wrong($"expected a colour and {3 * corners} numbers after \"{corners}\"", line.Number);
        }

        for (int i = 2; i < corners; i++)
        {
            (Vector3 b, Vector3 c) = _clockwise ? (points[i], points[i - 1]) : (points[i - 1], points[i]);
            Triangles.Add(Triangles.Count < RawMesh.MaxTriangles ? (points[0], b, c, line.Number) : throw Wrong($"the file has more than {RawMesh.MaxTriangles} triangles", line.Number));
        }
    }
}
