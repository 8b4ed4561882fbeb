using System.Globalization;
using System.Numerics;
using System.Text;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Engine.Assets;
using DataRig.Engine.Geometry;

namespace DataRig.Engine.Tests.Assets;

/// <summary>Whatever is wrong with a mesh file ends in one sentence that names it.</summary>
public sealed class HostileFileTests
{
    private const string Tetrahedron = "v 0 0 0\nv 9 0 0\nv 0 9 0\nv 0 0 9\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n";

    private static readonly Mesh Box = Shading.ToMesh(Surface.Box(new(30, 20, 10)), twoSided: false);

    public static TheoryData<string, string, string> Texts => new()
    {
        { "a.obj", "v 0 0 nan\n", "a.obj:1: the point 1 is (0, 0, NaN)" },
        { "a.obj", "v 0 0 0\nv 0 1e39 0\n", "a.obj:2: the point 2" },
        { "a.obj", "v 1 2\n", "a.obj:1: expected three numbers after \"v\"" },
        { "a.obj", "v 1 2 x\n", "a.obj:1: expected three numbers after \"v\"" },
        { "a.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 4\n", "a.obj:4: a face names the point 4, but there are 3 so far" },
        { "a.obj", "v 0 0 0\nf 0 1 1\n", "a.obj:2: a face's corners are numbers" },
        { "a.obj", "v 0 0 0\nf -2 1 1\n", "a.obj:2: a face names the point -2, but there are 1 so far" },
        { "a.obj", "v 0 0 0\nf 2147483647 1 1\n", "names the point 2147483647" },
        { "a.obj", "v 0 0 0\nf 1 1\n", "a.obj:2: a face has 2 corners; expected at least 3" },
        { "a.obj", "v 0 0 0\nf 1/1 1//1 1/\\\n1/1 99999999999\n", "a.obj:2: a face's corners are numbers" },
        { "a.obj", "v 0 0 0\nv 1 0 0\nv 2 0 0\nf 1 2 3\n", "none of its 1 triangles has an area" },
        { "a.obj", "v 0 0 0\n", "there are 1 points in it but no triangles" },
        { "a.obj", "nothing here\n", "there is no mesh in it" },
        { "a.obj", "", "the file is empty" },
        { "a.obj", "v 0 0 0\nv 9 0 0\nv 0 9 0\nf 1 2 3\n", "it is flat, and a part has an inside" },
        { "a.obj", "v 0 0 0\nv 9000 0 0\nv 0 9000 0\nv 0 0 9000\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n", "it is 9E+03 mm long" },
        { "a.obj", "v 0 0 0\nv .009 0 0\nv 0 .009 0\nv 0 0 .009\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n", "set \"unitMm\"" },
        { "a.stl", "solid a\nfacet\nouter loop\nvertex 0 0 1e39\nvertex 0 0 0\nvertex 0 1 0\nendloop\n", "a.stl:7: the point 1 is" },
        { "a.stl", "solid a\nvertex 0 0 0\nvertex 1 0 0\nendloop\n", "a.stl:4: a facet has 2 corners" },
        { "a.stl", "solid a\nvertex 0 0 0\nvertex 1 0 0\nvertex 1 0 0\nvertex 1 0 0\n", "a.stl:5: a facet has more than three" },
        { "a.stl", "solid a\nvertex 0 0 0\n", "the file ends inside a facet" },
        { "a.stl", "solid a\nendsolid\n", "there is no mesh in it" },
        { "a.stl", "short", "this is no STL" },
        { "a.gltf", "{", "a.gltf: this is no glTF that can be read" },
        { "a.gltf", "{\"asset\": {\"version\": \"2.0\"}}", "there is no mesh in it" },
        { "a.gltf", "{\"asset\": {\"version\": \"2.0\"}, \"extensionsUsed\": [\"KHR_draco_mesh_compression\"], \"extensionsRequired\": [\"KHR_draco_mesh_compression\"]}", "KHR_draco_mesh_compression" },
        { "a.gltf", Gltf("\"uri\": \"gone.bin\", \"byteLength\": 36", 3), "\"gone.bin\" in " },
        { "a.gltf", Gltf("\"uri\": \"../a.bin\", \"byteLength\": 36", 3), "without \"..\"" },
        { "a.gltf", Gltf("\"uri\": \"%2e%2e/a.bin\", \"byteLength\": 36", 3), "without \"..\"" },
        { "a.gltf", Gltf("\"uri\": \"/etc/passwd\", \"byteLength\": 36", 3), "named relative to it" },
        { "a.gltf", Gltf("\"uri\": \"data:application/octet-stream;base64,AAAA\", \"byteLength\": 36", 3), "a.gltf: " },
        { "a.gltf", Gltf("\"byteLength\": 36", 3), "a.gltf: " },
        { "a.gltf", Gltf(Zeros, 2_000_000_000), "2000000000 elements" },
        { "a.gltf", Gltf(Zeros, 2_000_000), "2000000 elements, which take 24000000 bytes, but its buffer view has 36" },
        { "a.gltf", Gltf(Zeros, 2_000_000_000, view: false), "2000000000 elements" },
        { "a.gltf", Gltf(Zeros, 3), "it is 0 mm long" },
        { "a.gltf", Gltf(Zeros, 3, nodes: "{\"mesh\": 0, \"children\": [0]}"), "a.gltf: node 0 hangs on more than one other, or on itself" },
        { "a.gltf", Gltf(Zeros, 3, nodes: "{\"mesh\": 0, \"children\": [1]}, {\"children\": [0]}"), "a.gltf: node 0 hangs on more than one other, or on itself" },
        { "a.gltf", Gltf(Zeros, 3, nodes: "{\"mesh\": 7}"), "a.gltf: " },
        { "a.glb", "glTF", "a.glb: this is no glTF" },
        { "a.dat", "1 16 0 0 0 1 0 0 0 1 0 0 0 1 a.dat\n", "a.dat:1: it is made of itself: \"a.dat\" uses \"a.dat\"" },
        { "a.dat", "0 FILE a.dat\n1 16 0 0 0 1 0 0 0 1 0 0 0 1 b.dat\n0 FILE b.dat\n1 16 0 0 0 1 0 0 0 1 0 0 0 1 A.DAT\n", "\"a.dat\" uses \"b.dat\" uses \"A.DAT\"" },
        { "a.dat", "1 16 0 0 0 1 0 0 0 1 0 0 0 1 gone.dat\n", "a.dat:1: \"gone.dat\" in " },
        { "a.dat", "1 16 0 0 0 1 0 0 0 1 0 0 0 1 ..\\..\\x.dat\n", "without \"..\"" },
        { "a.dat", "1 16 0 0 0 1 0 0 0 1 0 0 0 1\n", "a.dat:1: the name of the file that is used here is missing" },
        { "a.dat", "1 16 0 0 0 1 0\n", "a.dat:1: expected a colour, twelve numbers and a file" },
        { "a.dat", "3 16 0 0 0 1 0 0 0 x 0\n", "a.dat:1: expected a colour and 9 numbers" },
        { "a.dat", "4 16 0 0 0 1 0 0 0 1 0\n", "a.dat:1: expected a colour and 12 numbers" },
        { "a.dat", "3 16 0 0 0 1 0 0 0 1e38 0\n", "a.dat:1: a.dat: the point 3" },
        { "a.dat", Bomb(), "it is made of more than 200000 pieces" },
        { "a.3ds", "x", "not from \".3ds\"" },
        { "a", "x", "not from \"\"" },
    };

    public static TheoryData<string> Outside => ["../b.obj", "/tmp/b.obj", "sub/../../b.obj", "link.obj", "linked/b.obj", "C:\\b.obj", "..\\b.obj", "a\nb.obj", "loop.obj"];

    private static string Zeros => "\"uri\": \"data:application/octet-stream;base64," + Convert.ToBase64String(new byte[36]) + "\", \"byteLength\": 36";

    [Theory]
    [MemberData(nameof(Texts))]
    public void OneSentenceSaysWhatIsWrong(string file, string content, string says)
    {
        using Folder folder = new();
        folder.Write(file, content);
        string message = Assert.Throws<WorkFailedException>(() => LoadPart(folder, file)).Message;
        Assert.Contains(says, message);
        Assert.StartsWith("The part \"p\": ", message);
        Assert.DoesNotContain('\n', message);
        Assert.EndsWith(".", message);
    }

    [Theory]
    [MemberData(nameof(Outside))]
    public void NoFileOutsideOfTheFolderIsRead(string file)
    {
        using Folder outside = new(), folder = new();
        outside.Write("b.obj", Tetrahedron);
        File.CreateSymbolicLink(Path.Combine(folder.Name, "link.obj"), Path.Combine(outside.Name, "b.obj"));
        File.CreateSymbolicLink(Path.Combine(folder.Name, "loop.obj"), "loop.obj");
        Directory.CreateSymbolicLink(Path.Combine(folder.Name, "linked"), outside.Name);
        string message = Assert.Throws<WorkFailedException>(() => LoadPart(folder, file)).Message;
        Assert.Matches("leads out of the folder|named relative to it|links on the way", message);
    }

    [Fact]
    public void ALinkInsideTheFolderIsFollowed()
    {
        using Folder folder = new();
        folder.Write("deep/b.obj", Tetrahedron);
        Directory.CreateSymbolicLink(Path.Combine(folder.Name, "linked"), "deep");
        Assert.Contains(new PartId("p"), LoadPart(folder, "linked/b.obj").Parts);
    }

    [Fact]
    public void APipeIsNotWaitedFor()
    {
        using Folder folder = new();
        using System.Diagnostics.Process make = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(folder.Name, "a.obj")]);
        make.WaitForExit();
        Assert.Contains("is empty", Assert.Throws<WorkFailedException>(() => LoadPart(folder, "a.obj")).Message);
    }

    [Fact]
    public void ALyingHeaderTakesNoMemory()
    {
        byte[] stl = new byte[84];
        stl.AsSpan(80).Fill(0xff);
        WorkFailedException error = Assert.Throws<WorkFailedException>(() => StlReader.Read(stl, "a.stl"));
        Assert.Contains("the header says 4294967295 triangles, which take 214748364834 bytes, but the file has 84", error.Message);
    }

    [Fact]
    public void TooManyTrianglesAreTooMany()
    {
        RawMesh mesh = new("a.obj");
        mesh.AddPoint(default);
        for (int i = 0; i < RawMesh.MaxTriangles; i++)
        {
            mesh.AddTriangle(0, 0, 0);
        }

        Assert.Contains("a.obj:9: the mesh has more than 2000000 triangles", Assert.Throws<WorkFailedException>(() => mesh.AddTriangle(0, 0, 0, 9)).Message);
    }

    [Fact]
    public void AFanOfThousandsAtOnePointIsRefused()
    {
        IEnumerable<string> rim = Enumerable.Range(0, 3000).Select(i => i * Math.Tau / 3000).Select(a => string.Create(CultureInfo.InvariantCulture, $"v {20 * Math.Cos(a)} {20 * Math.Sin(a)} 0"));
        IEnumerable<string> faces = Enumerable.Range(0, 3000).Select(i => string.Create(CultureInfo.InvariantCulture, $"f 1 {i + 2} {((i + 1) % 3000) + 2}"));
        using Folder folder = new();
        folder.Write("fan.obj", MeshFiles.Text(["v 0 0 5", .. rim, .. faces]));
        Assert.Contains("triangles meet at one point", Assert.Throws<WorkFailedException>(() => LoadPart(folder, "fan.obj")).Message);
    }

    /// <summary>Bytes changed, cut, doubled: a mesh or a sentence, and nothing else, whatever the format.</summary>
    [Theory]
    [InlineData("a.obj")]
    [InlineData("text.stl")]
    [InlineData("binary.stl")]
    [InlineData("a.gltf")]
    [InlineData("a.glb")]
    [InlineData("a.ldr")]
    public void SpoiltFilesEndInAMeshOrASentence(string file)
    {
        (byte[] gltf, byte[] buffer) = MeshFiles.Gltf(Box);
        (byte[] main, byte[] piece) = MeshFiles.Ldraw(Box);
        byte[] whole = file switch
        {
            "a.obj" => MeshFiles.Obj(Box),
            "text.stl" => MeshFiles.StlText(Box),
            "binary.stl" => MeshFiles.StlBinary(Box),
            "a.gltf" => gltf,
            "a.glb" => MeshFiles.Glb(Box),
            _ => main,
        };
        using Folder folder = new();
        folder.Write("brick data.bin", buffer);
        folder.Write("s/piece.dat", piece);
        int drawn = 0, refused = 0;
        for (int i = 0; i < 400; i++)
        {
            folder.Write(file, Spoil(whole, new Seed(8).For(file).At(i)));
            try
            {
                Assert.NotEmpty(new AssetReader(folder.Name, null, 0.3).Load(new MeshOptions { File = file }, "It").Mesh.Indices);
                drawn++;
            }
            catch (WorkFailedException e)
            {
                Assert.StartsWith("It: ", e.Message);
                refused++;
            }
        }

        Assert.True(drawn > 10 && refused > 10, $"{drawn} drawn, {refused} refused");
    }

    [Fact]
    public void SpoiltScenesEndInASceneOrASentence()
    {
        byte[] whole = Encoding.UTF8.GetBytes("""
            {"ldrawFolder": ".", "parts": ["3001", {"name": "p", "shape": {"kind": "box", "sizeMm": [9, 9, 9]}, "materials": ["red"]}, {"name": "q", "shape": {"kind": "mesh", "file": "a.obj", "unitMm": 2, "up": "-y", "recentre": true}}],
             "props": [{"name": "a", "shape": {"kind": "cylinder", "radiusMm": 3, "heightMm": 9}, "xMm": {"uniform": [1, 2]}}, {"name": "b", "parent": "a", "shape": {"kind": "brick", "name": "3004"}, "surface": {"color": "#ff0000"}}]}
            """);
        using Folder folder = new();
        folder.Write("a.obj", Tetrahedron);
        int loaded = 0, refused = 0;
        for (int i = 0; i < 200; i++)
        {
            string file = folder.Write("scene.json", Spoil(whole, new Seed(9).At(i)));
            try
            {
                SceneSampler.Sample(Scene.Load(file), new Seed(1), 0);
                loaded++;
            }
            catch (DataRigException)
            {
                refused++;
            }
        }

        Assert.True(loaded > 10 && refused > 10, $"{loaded} loaded, {refused} refused");
    }

    internal static PartLibrary LoadPart(Folder folder, string file) =>
        new Scene { Parts = [new PartOptions { Name = "p", Shape = new MeshOptions { File = file } }] }.LoadAssets(folder.Name).Library;

    private static byte[] Spoil(byte[] whole, Draws draws)
    {
        List<byte> bytes = [.. whole];
        int changes = draws.Below("changes", 5); // none at all in every fifth: what is spoilt was good before
        for (int i = 0; i < changes; i++)
        {
            int at = draws.Below($"at{i}", bytes.Count);
            switch (draws.Below($"how{i}", 6))
            {
                case 0:
                    bytes[at] = (byte)draws.Below($"byte{i}", 256);
                    break;
                case 1:
                    bytes[at] = (byte)"0123456789-.eE \n\"{}[],"[draws.Below($"char{i}", 22)];
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, draws.Below($"less{i}", 40)));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(0, Math.Min(bytes.Count, draws.Below($"more{i}", 60))));
                    break;
                case 4:
                    bytes.InsertRange(at, "999999999"u8.ToArray());
                    break;
                default:
                    bytes[at] ^= (byte)(1 << draws.Below($"bit{i}", 8));
                    break;
            }
        }

        return [.. bytes];
    }

    private static string Gltf(string buffer, int count, bool view = true, string nodes = "{\"mesh\": 0}") =>
        $$"""
        {"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{{nodes}}], "meshes": [{"primitives": [{"attributes": {"POSITION": 0} }]}],
         "accessors": [{ {{(view ? "\"bufferView\": 0, " : "")}}"componentType": 5126, "count": {{count}}, "type": "VEC3", "min": [0, 0, 0], "max": [0, 0, 0]}],
         "bufferViews": [{"buffer": 0, "byteLength": 36}], "buffers": [{ {{buffer}} }]}
        """;

    /// <summary>Each file is ten times the next.</summary>
    private static string Bomb()
    {
        StringBuilder text = new("0 FILE a.dat\n");
        for (int i = 0; i < 9; i++)
        {
            text.Insert(text.Length, $"1 16 0 0 0 1 0 0 0 1 0 0 0 1 f{i}\n", 10).Append(CultureInfo.InvariantCulture, $"0 FILE f{i}\n");
        }

        return text.ToString();
    }
}
