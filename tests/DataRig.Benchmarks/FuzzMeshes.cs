using System.Text;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Engine;

namespace DataRig.Benchmarks;

/// <summary>Readers of mesh files and of scenes: each input ends in a model or in one sentence.</summary>
internal static class FuzzMeshes
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("datarig-fuzz-").FullName;

    private static readonly (float X, float Y, float Z)[] Corners = [(0, 0, 0), (9, 0, 0), (0, 9, 0), (0, 0, 9)];

    private static readonly int[] Indices = [0, 2, 1, 0, 1, 3, 1, 2, 3, 2, 0, 3];

    public static IReadOnlyList<FuzzTarget> All() =>
    [
        new("obj", [Lines([.. Corners.Select(c => $"v {c.X} {c.Y} {c.Z}"), "f 1 3 2", "f 1/1 2/1 4/1", "f -3 -2 -1 1", "f 3//1 1//1 4//1"])], 300, bytes => Mesh("a.obj", bytes)),
        new("stl", [StlText(), StlBinary()], 300, bytes => Mesh("a.stl", bytes)),
        new("gltf", [Gltf(), Glb()], 300, bytes => Mesh("a.gltf", bytes)),
        new("ldraw", [Ldraw()], 300, bytes => Mesh("a.mpd", bytes)),
        new("scene", [Scene()], 300, ReadScene),
    ];

    private static string? Mesh(string file, byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(Folder, file), bytes);
        return Sentence(() => _ = new Scene { Parts = [new PartOptions { Name = "p", Shape = new MeshOptions { File = file } }] }.LoadAssets(Folder));
    }

    private static string? ReadScene(byte[] bytes)
    {
        string file = Path.Combine(Folder, "scene.json");
        File.WriteAllBytes(file, bytes);
        return Sentence(() => _ = SceneSampler.Sample(Engine.Scene.Load(file), new Seed(1), 0));
    }

    private static string? Sentence(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (DataRigException e)
        {
            return e.Message.Length > 10 && (e is ConfigurationException || !e.Message.Contains('\n', StringComparison.Ordinal)) ? null : $"\"{e.Message}\" is no sentence";
        }
    }

    private static byte[] StlText() => Lines(
        ["solid a", .. Indices.Chunk(3).SelectMany(t => (string[])["facet normal 0 0 1", "outer loop", .. t.Select(i => $"vertex {Corners[i].X} {Corners[i].Y} {Corners[i].Z}"), "endloop", "endfacet"]), "endsolid a"]);

    private static byte[] StlBinary()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(new byte[80]);
        writer.Write(Indices.Length / 3);
        foreach (int[] triangle in Indices.Chunk(3))
        {
            writer.Write(new byte[12]);
            Write(writer, triangle);
            writer.Write((short)0);
        }

        return stream.ToArray();
    }

    private static byte[] Gltf() => Encoding.UTF8.GetBytes(Json($"\"uri\": \"data:application/octet-stream;base64,{Convert.ToBase64String(Buffer())}\", "));

    private static byte[] Glb()
    {
        byte[] json = Encoding.UTF8.GetBytes(Json("")), buffer = Buffer();
        json = [.. json, .. Enumerable.Repeat((byte)' ', (4 - (json.Length % 4)) % 4)];
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write("glTF"u8);
        writer.Write(2);
        writer.Write(28 + json.Length + buffer.Length);
        writer.Write(json.Length);
        writer.Write("JSON"u8);
        writer.Write(json);
        writer.Write(buffer.Length);
        writer.Write("BIN\0"u8);
        writer.Write(buffer);
        return stream.ToArray();
    }

    private static byte[] Buffer()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        Write(writer, Indices);
        return stream.ToArray();
    }

    private static void Write(BinaryWriter writer, IEnumerable<int> corners)
    {
        foreach ((float x, float y, float z) in corners.Select(i => Corners[i]))
        {
            writer.Write(x);
            writer.Write(y);
            writer.Write(z);
        }
    }

    private static string Json(string uri) =>
        $$"""
        {"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0, "scale": [0.001, 0.001, 0.001]}],
         "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "mode": 4}]}],
         "accessors": [{"bufferView": 0, "componentType": 5126, "count": 12, "type": "VEC3", "min": [0, 0, 0], "max": [9, 9, 9]}],
         "bufferViews": [{"buffer": 0, "byteLength": 144}], "buffers": [{ {{uri}}"byteLength": 144 }]}
        """;

    private static byte[] Ldraw() => Lines(
        ["0 FILE a.mpd", "0 BFC CERTIFY CCW", "1 16 0 0 0 1 0 0 0 1 0 0 0 1 b.dat", "3 16 0 0 0 0 90 0 90 0 0", "0 FILE b.dat", "0 BFC INVERTNEXT", "4 16 0 0 0 90 0 0 0 0 90 0 0 45", "3 16 90 0 0 0 90 0 0 0 90"]);

    private static byte[] Scene() => Encoding.UTF8.GetBytes("""
        {"parts": ["3001", {"name": "p", "shape": {"kind": "box", "sizeMm": [9, 9, 9]}}], "materials": [{"name": "red", "color": "#ff0000"}],
         "lights": [{"name": "a", "azimuthDegrees": {"uniform": [1, 2]}}], "placement": {"distractors": 2},
         "props": [{"name": "a", "shape": {"kind": "cylinder", "radiusMm": 3, "heightMm": 9}, "xMm": {"uniform": [1, 2]}}, {"name": "b", "parent": "a", "shape": {"kind": "brick", "name": "3004"}}]}
        """);

    private static byte[] Lines(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
}
