using System.Numerics;
using DataRig.Engine.Geometry;

namespace DataRig.Engine.Parts;

/// <summary>
/// Everything that drawing and placing a part (or a prop) takes. What is dear to make is made on first use; then
/// it is only read, by all threads.
/// </summary>
internal sealed class PartModel
{
    private readonly Lazy<float[]> _transfer;
    private readonly Lazy<IReadOnlyList<RestingPose>> _poses;
    private readonly Lazy<IReadOnlyList<OutlineSide>> _sides;

    /// <param name="name">What it is, in words.</param>
    /// <param name="mesh">What is drawn.</param>
    /// <param name="outline">What casts the shadow.</param>
    /// <param name="corners">Points whose hull is the part's.</param>
    /// <param name="center">The centre of mass.</param>
    /// <param name="poses">Finds how it can lie.</param>
    public PartModel(string name, Mesh mesh, Mesh outline, IReadOnlyList<Vector3> corners, Vector3 center, Func<IReadOnlyList<RestingPose>> poses)
    {
        Name = name;
        Mesh = mesh;
        Outline = outline;
        Corners = corners;
        Center = center;
        Radius = corners.Max(p => Vector3.Distance(p, center));
        _transfer = new(() => Parts.Transfer.Bake(mesh));
        _poses = new(poses);
        _sides = new(() => OutlineSide.Of(outline, mesh));
    }

    /// <summary>A disk of radius 1 that faces up: the table, where something may be behind it.</summary>
    public static PartModel Disk { get; } = MakeDisk();

    public string Name { get; }

    public Mesh Mesh { get; }

    /// <summary>A mesh of few triangles that casts the shadow; it holds the part but for a sliver.</summary>
    public Mesh Outline { get; }

    /// <summary>Few points whose convex hull holds the part.</summary>
    public IReadOnlyList<Vector3> Corners { get; }

    /// <summary>See <see cref="Parts.Transfer"/>.</summary>
    public float[] Transfer => _transfer.Value;

    /// <summary>The outline's triangles that may mirror light.</summary>
    public IReadOnlyList<OutlineSide> Sides => _sides.Value;

    /// <summary>How it can lie, the likeliest first.</summary>
    public IReadOnlyList<RestingPose> Poses => _poses.Value;

    /// <summary>The centre of mass in the part's own frame.</summary>
    public Vector3 Center { get; }

    /// <summary>Of a ball around the centre of mass that holds it, in mm.</summary>
    public float Radius { get; }

    private static PartModel MakeDisk()
    {
        Vector3[] ring = Loops.Circle(default, Vector3.UnitX, Vector3.UnitY, 1, 128);
        Mesh mesh = new([.. ring, default], [.. Enumerable.Repeat(Vector3.UnitZ, ring.Length + 1)], [.. Enumerable.Range(0, ring.Length).SelectMany(i => new[] { i, (i + 1) % ring.Length, ring.Length })]);
        return new PartModel("table", mesh, mesh, ring, default, () => []);
    }
}
