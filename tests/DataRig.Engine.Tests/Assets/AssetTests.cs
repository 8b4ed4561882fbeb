using System.Numerics;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Engine.Geometry;
using DataRig.Engine.Parts;

namespace DataRig.Engine.Tests.Assets;

public sealed class AssetTests
{
    private static readonly PartModel Brick = PartLibrary.Bricks.Model(new PartId("3004"));

    public static TheoryData<string> Formats => ["brick.obj", "text.stl", "binary.stl", "brick.gltf", "brick.glb", "brick.ldr", "3004.dat"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void AFileOfABrickLooksLikeTheBrick(string file)
    {
        using Folder folder = new();
        WriteAll(folder);
        Scene scene = Load(folder, $$"""{"ldrawFolder": "library", "parts": ["3004", {"name": "mine", "shape": {"kind": "mesh", "file": "{{file}}"} }]}""");
        Assert.Empty(scene.Library.Warnings);
        Assert.NotEmpty(scene.Library.Fingerprint);

        foreach ((string pose, string own) in new[] { ("studs-up", "upright"), ("upside-down", "upside-down"), ("on-end", "on-left-side") })
        {
            byte[] brick = MaskOf(scene, Stage.Pin("3004", pose, 20)), mine = MaskOf(scene, Stage.Pin("mine", own, pose == "on-end" ? 200 : 20));
            int both = brick.Zip(mine).Count(p => p is (1, 1)), either = brick.Zip(mine).Count(p => p is not (0, 0));
            Assert.True(both > 0.99 * either, $"{pose}: {both} of {either} pixels");
        }
    }

    [Fact]
    public void BoxesAndCylindersHaveTheirMeasures()
    {
        using Folder folder = new();
        Scene scene = Load(folder, """
            {"parts": [{"name": "block", "shape": {"kind": "box", "sizeMm": [30, 20, 10]}}, {"name": "pin", "shape": {"kind": "cylinder", "radiusMm": 5, "heightMm": 30}}]}
            """);
        (Vector3 low, Vector3 high) = scene.Library.Model(new PartId("block")).Mesh.Bounds();
        Assert.Equal((new Vector3(-15, -10, 0), new Vector3(15, 10, 10)), (low, high));
        Assert.Equal(Math.PI * 25 * 30, scene.Library.Model(new PartId("pin")).Mesh.Mass().Volume, 30.0);
        Assert.Equal(["on-back", "upright"], scene.Library.Poses(new PartId("pin")).Order());
        Assert.Equal(["on-back", "on-left-side", "upright"], scene.Library.Poses(new PartId("block")).Order());
        Assert.Equal("upright", scene.Library.Poses(new PartId("block"))[0]);
        Assert.Empty(scene.Library.Warnings);
    }

    internal static Scene Load(Folder folder, string json) => Scene.Load(folder.Write("scene.json", json)) with
    {
        Image = Stage.Plain.Image, Camera = Stage.Plain.Camera, Table = Stage.Plain.Table, Lights = Stage.Plain.Lights, Ambient = Stage.Plain.Ambient, Sensor = Stage.Plain.Sensor,
    };

    internal static void WriteAll(Folder folder)
    {
        folder.Write("brick.obj", MeshFiles.Obj(Brick.Mesh));
        folder.Write("text.stl", MeshFiles.StlText(Brick.Mesh));
        folder.Write("binary.stl", MeshFiles.StlBinary(Brick.Mesh));
        (byte[] gltf, byte[] buffer) = MeshFiles.Gltf(Brick.Mesh);
        folder.Write("brick.gltf", gltf);
        folder.Write("brick data.bin", buffer);
        folder.Write("brick.glb", MeshFiles.Glb(Brick.Mesh));
        (byte[] main, byte[] piece) = MeshFiles.Ldraw(Brick.Mesh);
        folder.Write("brick.ldr", main);
        folder.Write("library/parts/3004.dat", main);
        folder.Write("library/parts/s/piece.dat", piece);
    }

    private static byte[] MaskOf(Scene scene, ScenePins pins) => Assert.Single(Stage.Render(SceneSampler.Sample(scene, new Seed(1), 0, pins)).Annotations).Mask!.ToPixels();
}
