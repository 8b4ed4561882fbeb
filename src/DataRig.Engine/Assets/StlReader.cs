using System.Buffers.Binary;
using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Assets;

/// <summary>STL, as text and binary (3D Systems, 1989). Normals are left aside: the corners' order says as much.</summary>
internal static class StlReader
{
    private const int Header = 84;
    private const int Facet = 50;

    /// <exception cref="WorkFailedException">The bytes are no such mesh.</exception>
    public static RawMesh Read(ReadOnlySpan<byte> bytes, string file)
    {
        RawMesh mesh = new(file);
        // Some binary files begin with "solid" too; their length gives them away.
        long said = bytes.Length >= Header ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[80..]) : 0;
        bool text = bytes.TrimStart(" \t\r\n"u8).StartsWith("solid"u8) && bytes.Length != Header + (Facet * said);
        if (text)
        {
            ReadText(bytes, mesh);
        }
        else
        {
            ReadBinary(bytes, said, mesh);
        }

        return mesh;
    }

    private static void ReadText(ReadOnlySpan<byte> text, RawMesh mesh)
    {
        TextLines lines = new(text);
        Vector3[] corners = new Vector3[3];
        int count = 0;
        while (lines.Next())
        {
            ReadOnlySpan<byte> keyword = lines.Word();
            if (keyword.SequenceEqual("vertex"u8))
            {
                Vector3 point = lines.TryPoint(out Vector3 read) ? read : throw mesh.Wrong("expected three numbers after \"vertex\"", lines.Number);
                corners[count < 3 ? count++ : throw mesh.Wrong("a facet has more than three corners", lines.Number)] = point;
            }
            else if (keyword.SequenceEqual("endloop"u8) || keyword.SequenceEqual("endfacet"u8))
            {
                if (count == 3)
                {
                    mesh.AddTriangle(corners[0], corners[1], corners[2], lines.Number);
                    count = 0;
                }
                else if (count != 0)
                {
                    throw mesh.Wrong($"a facet has {count} corners; expected 3", lines.Number);
                }
            }
        }

        if (count != 0)
        {
            throw mesh.Wrong("the file ends inside a facet", lines.Number);
        }
    }

    private static void ReadBinary(ReadOnlySpan<byte> bytes, long said, RawMesh mesh)
    {
        if (bytes.Length < Header + (Facet * said) || said == 0)
        {
            throw mesh.Wrong(bytes.Length < Header
                ? $"this is no STL: it does not begin with \"solid\" and has {bytes.Length} bytes, fewer than the {Header} of a binary header"
                : $"the header says {said} triangles, which take {Header + (Facet * said)} bytes, but the file has {bytes.Length}; it is cut off or no STL");
        }

        if (bytes.Length > Header + (Facet * said))
        {
            mesh.Warn($"{bytes.Length - Header - (Facet * said)} bytes after the last triangle are left aside");
        }

        for (int i = 0; i < said; i++)
        {
            ReadOnlySpan<byte> facet = bytes.Slice(Header + (i * Facet) + 12, 36);
            mesh.AddTriangle(Point(facet), Point(facet[12..]), Point(facet[24..]));
        }
    }

    private static Vector3 Point(ReadOnlySpan<byte> at) =>
        new(BinaryPrimitives.ReadSingleLittleEndian(at), BinaryPrimitives.ReadSingleLittleEndian(at[4..]), BinaryPrimitives.ReadSingleLittleEndian(at[8..]));
}
