using System.Collections.Concurrent;
using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Geometry;
using DataRig.Engine.Graphics;
using DataRig.Engine.Parts;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Tests;

/// <summary>Labels of any meshes: the label passes alone, without parts' names and without a picture. Belongs to the test's thread.</summary>
internal sealed class LabelStudio : IDisposable
{
    public const int Size = 256;
    public const double DistanceMm = 120;
    public const double FieldOfViewDegrees = 45;

    private readonly GlDevice _device;
    private readonly LabelPass _labels;
    private readonly GeometryPass _geometry;
    private readonly Dictionary<Mesh, PartMesh> _meshes = [];

    /// <summary>Kept for all tests: how light falls on a mesh is dear to find, though no label needs it.</summary>
    private static readonly ConcurrentDictionary<Mesh, PartModel> Models = [];

    public LabelStudio()
    {
        Graphics.Require();
        _device = GlDevice.Open();
        (_labels, _geometry) = _device.Call(() => (new LabelPass(_device, Size, Size), new GeometryPass(_device, Size, Size)));
    }

    /// <summary>Pixels that a length of 1 takes at a distance of 1.</summary>
    public static double Focal => Size / (2 * Math.Tan(Angle.ToRadians(FieldOfViewDegrees / 2)));

    /// <summary>A camera that looks at the middle of the table, and parts with these transforms, named by number.</summary>
    public static SampledScene Scene(double elevationDegrees, double turnedDegrees, params IEnumerable<Matrix4x4> parts)
    {
        (double up, double level) = Math.SinCos(Angle.ToRadians(elevationDegrees));
        SampledScene plain = SceneSampler.Sample(Stage.Plain, new Seed(1), 0, Stage.Pin("3003", "studs-up"));
        return plain with
        {
            Camera = new SampledCamera(new Vector3(0, (float)(-DistanceMm * level), (float)(DistanceMm * up)), Vector3.Zero, elevationDegrees, FieldOfViewDegrees, 0),
            TableAzimuthDegrees = turnedDegrees,
            Entities = [.. parts.Select((t, i) => plain.Subject with { Part = new PartId($"part-{i}"), Item = new ItemId($"item-{i}"), Transform = t })],
        };
    }

    /// <param name="scene">Its parts have the first meshes.</param>
    /// <param name="bodies">A mesh for each part, then what else stands about.</param>
    public (RenderedFrame Frame, View View, IReadOnlyList<Solid> Solids) Draw(SampledScene scene, params IReadOnlyList<(Mesh Mesh, Matrix4x4 Transform)> bodies)
    {
        View view = new(scene.Camera, Size, Size);
        Solid[] solids = _device.Call<Solid[]>(() => [.. bodies.Select(b => new Solid(b.Mesh, b.Mesh.Positions, Drawn(b.Mesh), b.Transform))]);
        (DepthMap depth, Picture normals) = _device.Call(() => _geometry.Draw(scene, view, solids));
        RenderedFrame frame = new()
        {
            Scene = scene,
            Annotations = _device.Call(() => _labels.Draw(scene, view, solids)),
            Picture = new Picture(Size, Size),
            JpegQuality = 90,
            Intrinsics = view.Intrinsics,
            Depth = depth,
            Normals = normals,
        };
        return (frame, view, solids);
    }

    /// <summary>A box of the given sides around the origin.</summary>
    public static Mesh Box(float x, float y, float z)
    {
        Vector3 half = new(x / 2, y / 2, z / 2);
        MeshBuilder builder = new();
        foreach (ConvexSolid.Face face in ConvexSolid.FromPlanes(ConvexSolid.BoxPlanes(-half, half)).Faces)
        {
            builder.Face(face.Normal, [face.Polygon], spacing: 1000);
        }

        return builder.Build();
    }

    /// <summary>A ball around the origin, of rings and meridians.</summary>
    public static Mesh Ball(float radius, int rings)
    {
        Vector3[] directions = [.. Enumerable.Range(0, (rings + 1) * rings * 2).Select(i =>
        {
            (float sin, float cos) = MathF.SinCos(MathF.PI * (i / (rings * 2)) / rings);
            (float s, float c) = MathF.SinCos(MathF.PI * (i % (rings * 2)) / rings);
            return new Vector3(sin * c, sin * s, -cos);
        })];
        List<int> indices = [];
        for (int ring = 0; ring < rings; ring++)
        {
            for (int m = 0; m < rings * 2; m++)
            {
                int a = (ring * rings * 2) + m, b = (ring * rings * 2) + ((m + 1) % (rings * 2)), up = rings * 2;
                indices.AddRange([a, b, b + up, a, b + up, a + up]);
            }
        }

        return new Mesh([.. directions.Select(d => d * radius)], directions, [.. indices]);
    }

    public void Dispose()
    {
        foreach (PartMesh mesh in _meshes.Values)
        {
            mesh.Dispose();
        }

        _labels.Dispose();
        _geometry.Dispose();
        _device.Dispose();
    }

    private PartMesh Drawn(Mesh mesh)
    {
        if (!_meshes.TryGetValue(mesh, out PartMesh? drawn))
        {
            drawn = new PartMesh(_device, Models.GetOrAdd(mesh, static m => new PartModel("mesh", m, m, m.Positions, default, () => [])));
            _meshes.Add(mesh, drawn);
        }

        return drawn;
    }
}
