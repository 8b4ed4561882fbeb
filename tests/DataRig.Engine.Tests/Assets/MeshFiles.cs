using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using DataRig.Engine.Geometry;

namespace DataRig.Engine.Tests.Assets;

/// <summary>Writes meshes as other programs do, each format in its own units and with its own way up.</summary>
internal static class MeshFiles
{
    public static byte[] Obj(Mesh mesh) => Text(
    [
        "# by a test", "o brick",
        .. mesh.Positions.Select(p => Invariant($"v {p.X:R} {p.Y:R} {p.Z:R}")),
        .. mesh.Normals.Select(n => Invariant($"vn {n.X:R} {n.Y:R} {n.Z:R}")),
        .. mesh.Indices.Chunk(3).Select(t => Invariant($"f {t[0] + 1}//{t[0] + 1} {t[1] + 1}//{t[1] + 1} {t[2] - mesh.Positions.Length}")),
    ]);

    public static byte[] StlText(Mesh mesh) => Text(
    [
        "solid brick",
        .. mesh.Indices.Chunk(3).SelectMany(t => (string[])
        [
            "facet normal 0 0 0", " outer loop", .. t.Select(i => mesh.Positions[i]).Select(p => Invariant($"  vertex {p.X:E8} {p.Y:E8} {p.Z:E8}")), " endloop", "endfacet",
        ]),
        "endsolid brick",
    ]);

    public static byte[] StlBinary(Mesh mesh)
    {
        byte[] bytes = new byte[84 + (50 * mesh.TriangleCount)];
        "solid as some begin"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(80), mesh.TriangleCount);
        for (int i = 0; i < mesh.Indices.Length; i++)
        {
            Vector3 p = mesh.Positions[mesh.Indices[i]];
            MemoryMarshal.Write(bytes.AsSpan(84 + (50 * (i / 3)) + 12 + (12 * (i % 3))), p);
        }

        return bytes;
    }

    /// <summary>Metres, y up; half of the turn is left to the node.</summary>
    public static (byte[] Gltf, byte[] Buffer) Gltf(Mesh mesh)
    {
        byte[] buffer = Buffer(mesh);
        return (Text([Json(mesh, buffer.Length, "\"uri\": \"brick%20data.bin\", ")]), buffer);
    }

    public static byte[] Glb(Mesh mesh)
    {
        byte[] buffer = Buffer(mesh);
        byte[] json = Text([Json(mesh, buffer.Length, "")]);
        json = [.. json, .. Enumerable.Repeat((byte)' ', (4 - (json.Length % 4)) % 4)];
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write("glTF"u8);
        writer.Write(2);
        writer.Write(12 + 8 + json.Length + 8 + buffer.Length);
        writer.Write(json.Length);
        writer.Write("JSON"u8);
        writer.Write(json);
        writer.Write(buffer.Length);
        writer.Write("BIN\0"u8);
        writer.Write(buffer);
        return stream.ToArray();
    }

    /// <summary>In LDraw's units, -y up, the first half of the triangles in a mirrored sub-file.</summary>
    public static (byte[] Main, byte[] Piece) Ldraw(Mesh mesh)
    {
        int half = mesh.TriangleCount / 2 * 3;
        string Face(int i, float mirror)
        {
            Vector3[] p = [.. Enumerable.Range(i, 3).Select(c => mesh.Positions[mesh.Indices[c]] / 0.4f).Select(p => new Vector3(p.X * mirror, -p.Z, p.Y))];
            (p[1], p[2]) = mirror < 0 ? (p[2], p[1]) : (p[1], p[2]);
            return Invariant($"3 16 {p[0].X:F5} {p[0].Y:F5} {p[0].Z:F5} {p[1].X:F5} {p[1].Y:F5} {p[1].Z:F5} {p[2].X:F5} {p[2].Y:F5} {p[2].Z:F5}");
        }

        IEnumerable<int> from = Enumerable.Range(0, mesh.TriangleCount).Select(t => 3 * t);
        return (
            Text(["0 Brick", "0 BFC CERTIFY CCW", @"1 16 0 0 0 -1 0 0 0 1 0 0 0 1 s\piece.dat", .. from.Where(i => i >= half).Select(i => Face(i, 1)), "2 24 0 0 0 1 1 1"]),
            Text(["0 Piece", "0 BFC CERTIFY CCW", .. from.Where(i => i < half).Select(i => Face(i, -1))]));
    }

    public static byte[] Text(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    private static byte[] Buffer(Mesh mesh) =>
    [
        .. MemoryMarshal.AsBytes(mesh.Positions.Select(p => p / 1000).ToArray().AsSpan()),
        .. MemoryMarshal.AsBytes(mesh.Indices.AsSpan()),
    ];

    private static string Json(Mesh mesh, int length, string uri)
    {
        (Vector3 low, Vector3 high) = mesh.Bounds();
        (low, high) = (low / 1000, high / 1000);
        int points = mesh.Positions.Length;
        // The positions have z up: the node turns them by -90 degrees around x.
        return Invariant($$"""
            {
              "asset": {"version": "2.0"},
              "scene": 0,
              "scenes": [{"nodes": [0]}],
              "nodes": [{"children": [1]}, {"mesh": 0, "rotation": [-0.70710678, 0, 0, 0.70710678]}],
              "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
              "accessors": [
                {"bufferView": 0, "componentType": 5126, "count": {{points}}, "type": "VEC3", "min": [{{low.X}}, {{low.Y}}, {{low.Z}}], "max": [{{high.X}}, {{high.Y}}, {{high.Z}}]},
                {"bufferView": 1, "componentType": 5125, "count": {{mesh.Indices.Length}}, "type": "SCALAR"}
              ],
              "bufferViews": [
                {"buffer": 0, "byteLength": {{12 * points}}, "target": 34962},
                {"buffer": 0, "byteOffset": {{12 * points}}, "byteLength": {{4 * mesh.Indices.Length}}, "target": 34963}
              ],
              "buffers": [{ {{uri}}"byteLength": {{length}} }]
            }
            """);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
