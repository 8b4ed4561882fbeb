using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Geometry;
using DataRig.Engine.Parts;

namespace DataRig.Engine.Assets;

/// <summary>Makes a model that can be drawn and placed of a mesh as a file gives it, and says what is wrong with that.</summary>
/// <param name="pixelMm">How large a pixel is where it is smallest: finer details cannot be seen.</param>
internal sealed class ModelMaker(float pixelMm)
{
    /// <summary>A mesh of fewer triangles is drawn as it is: there is nothing to be won.</summary>
    private const int Lean = 4000;

    /// <summary>No more are drawn, whatever the picture shows.</summary>
    private const int MaxDrawn = 40_000;

    /// <summary>A mesh of more is welded to the size of a pixel's eighth before each of its edges is looked at.</summary>
    private const int Vast = 400_000;

    private const int MaxAtOnePoint = 2000;
    private const int OutlineTriangles = 300;
    private const float SmallestMm = 0.5f;
    private const float LargestMm = 3000;

    private readonly List<string> _warnings = [];

    /// <summary>The warnings since they were taken last.</summary>
    public IReadOnlyList<string> TakeWarnings()
    {
        string[] warnings = [.. _warnings];
        _warnings.Clear();
        return warnings;
    }

    /// <summary>A cylinder as round as the picture shows.</summary>
    public Surface Cylinder(float radius, float height) =>
        Surface.Cylinder(radius, height, Math.Clamp((int)(MathF.PI / MathF.Acos(MathF.Max(0, 1 - (pixelMm / (8 * radius))))), 24, 128));

    /// <exception cref="WorkFailedException">The mesh is empty, far too small or large, or flat.</exception>
    public PartModel Make(RawMesh raw, MeshOptions options)
    {
        _warnings.AddRange(raw.Warnings);
        if (raw.Indices.Count == 0)
        {
            throw raw.Wrong(raw.Positions.Count == 0 ? "there is no mesh in it" : $"there are {raw.Positions.Count} points in it but no triangles");
        }

        string ending = Path.GetExtension(options.File).ToLowerInvariant();
        (double unit, string up) = ending switch
        {
            ".gltf" or ".glb" => (1000.0, "y"),
            ".dat" or ".ldr" or ".mpd" => (0.4, "-y"),
            _ => (1.0, "z"),
        };
        Surface surface = new Surface([.. raw.Positions], [.. raw.Indices]).Transform(Upright(options.Up ?? up) * Matrix4x4.CreateScale((float)(options.UnitMm ?? unit)));
        (Vector3 low, Vector3 high) = surface.Bounds();
        float size = Largest(high - low);
        if (!(size is >= SmallestMm and <= LargestMm))
        {
            throw raw.Wrong($"it is {size:G3} mm long; from {SmallestMm} to {LargestMm} mm can be drawn, so set \"unitMm\", the millimetres in one of its units");
        }

        if (options.Recentre)
        {
            surface = surface.Transform(Matrix4x4.CreateTranslation(-(low.X + high.X) / 2, -(low.Y + high.Y) / 2, -low.Z));
        }

        return Make(options.File, surface);
    }

    /// <exception cref="WorkFailedException">The surface is flat, or too many triangles meet at one point.</exception>
    public PartModel Make(string name, Surface raw)
    {
        (Vector3 low, Vector3 high) = raw.Bounds();
        float size = (high - low).Length();
        Surface welded = raw.Weld(MathF.Max(1e-4f, 2e-5f * size));
        Check(name, raw, welded);

        Orientation.Finding found = Orientation.Mend(welded);
        Warn(found, name);
        Surface lean = found.Surface.TriangleCount > Lean ? Reduce(name, found.Surface) : found.Surface;
        Surface drawn = Shading.Split(lean, MathF.Max(Loops.MaxEdge, size / 24), MaxDrawn);
        Mesh mesh = Shading.ToMesh(drawn, twoSided: !found.Closed);
        Mesh outline = Shading.ToMesh(Simplifier.Simplify(lean, size, OutlineTriangles), twoSided: !found.Closed);
        IReadOnlyList<Vector3> corners = ConvexHull.Corners(lean.Positions), few = ConvexHull.Few(corners);
        Vector3 center = found.Closed ? mesh.Mass().Center : ConvexHull.Center(few);
        return new PartModel(name, mesh, outline, corners, center, () => RestingPoses.Find(few, center, PoseName, margin: 0.002f * size));
    }

    /// <summary>From a frame in which that is up to one with z up; what was in front stays in front where the format says what that is.</summary>
    private static Matrix4x4 Upright(string up)
    {
        (Vector3 x, Vector3 y, Vector3 z) = up switch
        {
            "x" => (Vector3.UnitY, Vector3.UnitZ, Vector3.UnitX),
            "-x" => (-Vector3.UnitY, Vector3.UnitZ, -Vector3.UnitX),
            "y" => (Vector3.UnitX, -Vector3.UnitZ, Vector3.UnitY),
            "-y" => (Vector3.UnitX, Vector3.UnitZ, -Vector3.UnitY),
            "-z" => (Vector3.UnitX, -Vector3.UnitY, -Vector3.UnitZ),
            _ => (Vector3.UnitX, Vector3.UnitY, Vector3.UnitZ),
        };
        return new Matrix4x4(x.X, y.X, z.X, 0, x.Y, y.Y, z.Y, 0, x.Z, y.Z, z.Z, 0, 0, 0, 0, 1);
    }

    private static string PoseName(Vector3 down) => down switch
    {
        { Z: < -0.99f } => "upright",
        { Z: > 0.99f } => "upside-down",
        { X: > 0.99f } => "on-right-side",
        { X: < -0.99f } => "on-left-side",
        { Y: > 0.99f } => "on-back",
        { Y: < -0.99f } => "on-front",
        _ => "tilted",
    };

    private void Check(string name, Surface raw, Surface welded)
    {
        if (welded.TriangleCount == 0)
        {
            throw new WorkFailedException($"{name}: none of its {raw.TriangleCount} triangles has an area.");
        }

        if (raw.TriangleCount - welded.TriangleCount is int lost and > 0)
        {
            _warnings.Add($"{name}: {lost} of {raw.TriangleCount} triangles have no area or stand twice; they are left out.");
        }

        int most = welded.Indices.CountBy(i => i).Max(c => c.Value);
        if (most > MaxAtOnePoint)
        {
            throw new WorkFailedException($"{name}: {most} triangles meet at one point; at most {MaxAtOnePoint} may.");
        }
    }

    private void Warn(Orientation.Finding found, string name)
    {
        if (found.TurnedTriangles > 0)
        {
            _warnings.Add($"{name}: {found.TurnedTriangles} triangles faced another way than those around them; they are turned over.");
        }

        if (found.TurnedPieces > 0)
        {
            _warnings.Add($"{name}: it was inside out{(found.TurnedPieces == 1 ? "" : $" in {found.TurnedPieces} pieces")}; it is turned over.");
        }

        if (!found.Closed)
        {
            _warnings.Add($"{name}: it is not closed ({found.OpenEdges} open edges); it is drawn from both sides, and its centre of mass is taken to be its hull's.");
        }
    }

    /// <summary>Takes away what no pixel shows, and more where that is still too much.</summary>
    private Surface Reduce(string name, Surface surface)
    {
        float unseen = pixelMm / 4;
        Surface lean = Simplifier.Simplify(surface.TriangleCount > Vast ? surface.Weld(unseen / 2) : surface, unseen, Lean);
        if (lean.TriangleCount <= MaxDrawn)
        {
            return lean;
        }

        _warnings.Add($"{name}: {lean.TriangleCount} of its {surface.TriangleCount} triangles could be seen, and the {MaxDrawn} that matter most are drawn.");
        return Simplifier.Simplify(lean, float.MaxValue, MaxDrawn);
    }

    private static float Largest(Vector3 size) => MathF.Max(size.X, MathF.Max(size.Y, size.Z));
}
