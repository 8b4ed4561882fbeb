using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Geometry;
using DataRig.Engine.Parts;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Tests;

/// <summary>Scenes without chance, and what they must look like by arithmetic.</summary>
internal static class Stage
{
    public const int Size = 160;

    /// <summary>One for all tests that draw pictures of this size; a renderer keeps nothing of the frames before.</summary>
    private static readonly Lazy<SceneRenderer> Renderer = new(() => new SceneRenderer(Plain));

    /// <summary>One small lamp from the right at 45 degrees, no other light, a clean sensor.</summary>
    public static Scene Plain => new()
    {
        Image = new ImageOptions { Width = Size, Height = Size },
        Camera = new CameraOptions { ElevationDegrees = 40, DistanceMm = 120, VerticalFieldOfViewDegrees = 45 },
        Table = new TableOptions { Color = ColorDistribution.FromHex("#ffffff"), EccentricityMm = 0, Mottle = 0 },
        Lights = [new LightOptions { Name = "lamp", AzimuthDegrees = 90, ElevationDegrees = 45, DistanceMm = 1000, RadiusMm = 0, Intensity = 0.5 }],
        Ambient = new AmbientOptions { Intensity = 0 },
        Sensor = new SensorOptions { Vignette = 0, BlurPixels = 0, Sharpening = 0, ShotNoise = 0, ReadNoise = 0 },
    };

    public static ScenePins Pin(string part, string pose, double yaw = 0, double turned = 0) => new()
    {
        Part = new PartId(part), Pose = pose, Material = "red", PlacementMm = (0, 0), YawDegrees = yaw, TableAzimuthDegrees = turned,
    };

    public static RenderedFrame Render(SampledScene sampled)
    {
        Graphics.Require();
        return Renderer.Value.Render(sampled);
    }

    /// <summary>The view that a scene's frames have.</summary>
    public static View ViewOf(Scene scene, SampledScene sampled) => new(sampled.Camera, scene.Image.Width, scene.Image.Height);

    /// <summary>Which entity a ray through each pixel's middle meets first, or -1: no GPU, no matrices.</summary>
    /// <param name="meshOf">The mesh that counts as an entity's; the one that is drawn unless given.</param>
    public static int[] Traced(Scene scene, SampledScene sampled, Func<SampledEntity, Mesh>? meshOf = null)
    {
        View view = ViewOf(scene, sampled);
        int[] seen = new int[view.Width * view.Height];
        (Matrix4x4 ToPart, RayCaster Caster)[] parts = [.. sampled.Entities.Select(e => (Invert(e.Transform), new RayCaster(meshOf?.Invoke(e) ?? e.Model.Mesh)))];
        for (int i = 0; i < seen.Length; i++)
        {
            Vector2 at = new Vector2(((i % view.Width) + 0.5f) / view.Width, ((i / view.Width) + 0.5f) / view.Height) * 2 - Vector2.One;
            Vector3 ray = Vector3.Normalize(view.Forward + (view.Right * at.X) + (view.Down * at.Y));
            seen[i] = Nearest(parts, view.Eye, ray);
        }

        return seen;
    }

    private static int Nearest((Matrix4x4 ToPart, RayCaster Caster)[] parts, Vector3 eye, Vector3 ray)
    {
        int nearest = -1;
        float distance = float.MaxValue;
        for (int p = 0; p < parts.Length; p++)
        {
            (Vector3 from, Vector3 way) = (Vector3.Transform(eye, parts[p].ToPart), Vector3.TransformNormal(ray, parts[p].ToPart));
            if (!parts[p].Caster.Hits(from, way, farthest: MathF.Min(distance, 1000)))
            {
                continue;
            }

            // The caster says only whether: halve the way until it is known where.
            (float near, float far) = (0, MathF.Min(distance, 1000));
            while (far - near > 0.01f)
            {
                float middle = (near + far) / 2;
                (near, far) = parts[p].Caster.Hits(from, way, farthest: middle) ? (near, middle) : (middle, far);
            }

            (nearest, distance) = (p, far);
        }

        return nearest;
    }

    private static Matrix4x4 Invert(Matrix4x4 matrix) => Matrix4x4.Invert(matrix, out Matrix4x4 inverse) ? inverse : throw new ArgumentException("no inverse");
}
