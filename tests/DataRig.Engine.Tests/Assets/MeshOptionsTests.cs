using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Geometry;
using DataRig.Engine.Rendering;
using DataRig.Engine.Tests.Geometry;

namespace DataRig.Engine.Tests.Assets;

/// <summary>What a scene can say about its meshes, and what it is told about them.</summary>
public sealed class MeshOptionsTests
{
    private static readonly Surface Box = Surface.Box(new(30, 20, 10));

    [Theory]
    [InlineData("x", 0)]
    [InlineData("-x", 0)]
    [InlineData("y", 1)]
    [InlineData("-y", 1)]
    [InlineData("z", 2)]
    [InlineData("-z", 2)]
    public void AnyWayCanBeUpAndAnyUnitCanBeMeant(string up, int axis)
    {
        // 1 cm along the axis that is up, 2 and 3 cm along the others, far from the origin.
        Vector3 size = new(2, 2, 2);
        size[axis] = 1;
        size[(axis + 1) % 3] = 3;
        using Folder folder = new();
        folder.Write("a.obj", MeshFiles.Obj(Shading.ToMesh(Surface.Box(size).Transform(Matrix4x4.CreateTranslation(7, 8, 9)), twoSided: false)));
        PartLibrary library = Load(folder, new MeshOptions { File = "a.obj", UnitMm = 10, Up = up, Recentre = true });
        (Vector3 low, Vector3 high) = library.Model(new PartId("p")).Mesh.Bounds();
        Assert.Equal(10, high.Z - low.Z, 1e-3);
        Assert.Equal(0, low.Z, 1e-3);
        Assert.Equal(0, low.X + high.X, 1e-3);
        Assert.Equal([20, 30], new[] { high.X - low.X, high.Y - low.Y }.Order().Select(l => MathF.Round(l, 3)));
        Assert.Equal(6000, library.Model(new PartId("p")).Mesh.Mass().Volume, 0.1);
        Assert.Empty(library.Warnings);
    }

    [Fact]
    public void WhatIsDoubtfulIsSaid()
    {
        int[] inward = [.. Box.Indices.Reverse()], open = Box.Indices[6..], odd = [.. Box.Indices], twice = [.. Box.Indices, .. Box.Indices[..3]];
        (odd[3], odd[4]) = (odd[4], odd[3]);
        string[] says = [.. new[] { inward, open, odd, twice }.Select(indices =>
        {
            using Folder folder = new();
            folder.Write("a.obj", MeshFiles.Text([.. Box.Positions.Select(p => $"v {p.X} {p.Y} {p.Z}"), .. indices.Chunk(3).Select(t => $"f {t[0] + 1} {t[1] + 1} {t[2] + 1}")]));
            PartLibrary library = Load(folder, new MeshOptions { File = "a.obj" });
            Assert.Contains("upright", library.Poses(new PartId("p")));
            Assert.Equal(0, Vector3.Distance(new(0, 0, 5), library.Model(new PartId("p")).Center), 1e-3);
            return Assert.Single(library.Warnings);
        })];
        Assert.Equal("The part \"p\": a.obj: it was inside out; it is turned over.", says[0]);
        Assert.StartsWith("The part \"p\": a.obj: it is not closed (4 open edges)", says[1]);
        Assert.StartsWith("The part \"p\": a.obj: 1 triangles faced another way", says[2]);
        Assert.StartsWith("The part \"p\": a.obj: 1 of 13 triangles have no area or stand twice", says[3]);
    }

    [Fact]
    public void AFinerMeshThanThePictureShowsIsDrawnLeanAndLooksTheSame()
    {
        Graphics.Require();
        Surface ring = SurfaceTests.Ring(240, 60);
        using Folder folder = new();
        folder.Write("ring.stl", MeshFiles.StlBinary(Shading.ToMesh(ring, twoSided: false)));
        Scene scene = AssetTests.Load(folder, """{"parts": [{"name": "ring", "shape": {"kind": "mesh", "file": "ring.stl"} }], "camera": {"distanceMm": 120, "verticalFieldOfViewDegrees": 45}, "image": {"width": 160, "height": 160} }""");
        Mesh drawn = scene.Library.Model(new PartId("ring")).Mesh;
        Assert.InRange(drawn.TriangleCount, 500, ring.TriangleCount / 4);

        SampledScene sampled = SceneSampler.Sample(scene, new Seed(1), 0, Stage.Pin("ring", scene.Library.Poses(new PartId("ring"))[0], 30));
        byte[] mask = Assert.Single(Stage.Render(sampled).Annotations).Mask!.ToPixels();
        bool[] fine = [.. Stage.Traced(scene, sampled, _ => Shading.ToMesh(ring, twoSided: false)).Select(t => t == 0)];
        for (int i = Stage.Size + 1; i < mask.Length - Stage.Size - 1; i++)
        {
            int[] around = [i, i - 1, i + 1, i - Stage.Size, i + Stage.Size];
            Assert.True(around.Any(a => fine[a] == (mask[i] == 1)), $"pixel {i % Stage.Size}, {i / Stage.Size} is more than a pixel off");
        }
    }

    [Fact]
    public void APartComesInItsOwnMaterialsAlone()
    {
        using Folder folder = new();
        Scene scene = AssetTests.Load(folder, """
            {"parts": [{"name": "p", "shape": {"kind": "box", "sizeMm": [9, 9, 9]}, "materials": ["steel"]}],
             "materials": [{"name": "red", "color": "#ff0000"}, {"name": "steel", "color": "#888888"}]}
            """);
        Assert.Equal(["steel"], Enumerable.Range(0, 20).Select(i => SceneSampler.Sample(scene, new Seed(1), i).Subject.Material).Distinct());
        Assert.Contains("no part \"q\"", Assert.Throws<WorkFailedException>(() => scene.Only([new PartId("q")])).Message);
        Assert.Equal(["3001", "p"], scene.Only([new PartId("3001"), new PartId("p")]).Parts.Select(p => p.Name));
    }

    [Fact]
    public void OtherFilesOfTheSameNameAreAnotherScene()
    {
        string Fingerprint(float size)
        {
            using Folder folder = new();
            folder.Write("a.obj", MeshFiles.Obj(Shading.ToMesh(Surface.Box(new(size)), twoSided: false)));
            return Load(folder, new MeshOptions { File = "a.obj" }).Fingerprint;
        }

        Assert.Equal(Fingerprint(9), Fingerprint(9));
        Assert.NotEqual(Fingerprint(9), Fingerprint(10));
    }

    [Fact]
    public void TexturesAreLaidOnAsWideAsTheyAreSaidToBe()
    {
        Graphics.Require();
        using Folder folder = new();
        folder.Write("stripes.png", "a picture");
        string file = folder.Write("scene.json", """
            {"props": [{"name": "plate", "shape": {"kind": "box", "sizeMm": [60, 40, 2]}, "yMm": 35, "surface": {"color": "#ffffff", "texture": "stripes.png", "textureMm": 20} }]}
            """);
        Assert.Equal("The prop \"plate\": \"stripes.png\": no textures can be read here.", Assert.Throws<WorkFailedException>(() => Scene.Load(file)).Message);
        Assert.Contains("at most 4096 pixels", Assert.Throws<WorkFailedException>(() => Scene.Load(file, _ => new Picture(5000, 1))).Message);

        Picture stripes = new(32, 32, [.. Enumerable.Range(0, 32 * 32).SelectMany(i => i % 32 < 16 ? new byte[] { 255, 0, 0 } : [0, 0, 255])]);
        Scene plain = Stage.Plain, scene = Scene.Load(file, _ => stripes) with { Image = plain.Image, Camera = plain.Camera, Lights = plain.Lights, Sensor = plain.Sensor };
        SampledScene sampled = SceneSampler.Sample(scene, new Seed(1), 0, Stage.Pin("3004", "studs-up"));
        RenderedFrame frame = Stage.Render(sampled);
        View view = Stage.ViewOf(scene, sampled);
        foreach ((float x, bool red) in new[] { (5f, true), (15, false), (25, true), (-5, false), (-15, true) })
        {
            (Vector2 pixel, _) = view.Project(new(x, 35, 2));
            (byte r, _, byte b) = frame.Picture[(int)pixel.X, (int)pixel.Y];
            Assert.True(red ? r > 2 * b : b > 2 * r, $"x {x}: {r}, {b}");
        }
    }

    [Fact]
    public void TheExampleLoadsAndDrawsEveryPart()
    {
        Scene scene = Scene.Load(Path.Combine(AppContext.BaseDirectory, "scenes", "example", "props.json"));
        Assert.Empty(scene.Library.Warnings);
        Assert.Contains("upright", scene.Library.Poses(new PartId("hook")));
        SampledScene[] sampled = [.. Enumerable.Range(0, 8).Select(i => SceneSampler.Sample(scene, new Seed(3), i))];
        Assert.Equal(["3001", "block", "hook", "pin"], sampled.Select(s => s.Subject.Part.Value).Distinct().Order());
        Assert.All(sampled, s => Assert.InRange(s.Props.Count, 2, 3));
    }

    private static PartLibrary Load(Folder folder, MeshOptions mesh) =>
        new Scene { Parts = [new PartOptions { Name = "p", Shape = mesh }] }.LoadAssets(folder.Name).Library;
}
