using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Geometry;

namespace DataRig.Engine.Tests.Geometry;

public sealed class SurfaceTests
{
    [Fact]
    public void ABoxIsClosedAndHoldsItsVolume()
    {
        Orientation.Finding found = Orientation.Mend(Surface.Box(new(30, 20, 10)).Weld(1e-3f));
        Assert.Equal((true, 0, 0, 0), (found.Closed, found.OpenEdges, found.TurnedTriangles, found.TurnedPieces));
        (double volume, Vector3 center) = Shading.ToMesh(found.Surface, twoSided: false).Mass();
        Assert.Equal(6000, volume, 1e-2);
        Assert.Equal(0, Vector3.Distance(new(0, 0, 5), center), 1e-3);
    }

    [Fact]
    public void ThreeCornersOfTheirOwnATriangleAreWelded()
    {
        Surface box = Surface.Box(new(30, 20, 10));
        Vector3[] loose = [.. box.Indices.Select((i, at) => box.Positions[i] + new Vector3(at % 3, at % 5, at % 7) * 1e-5f)];
        Surface welded = new Surface(loose, [.. Enumerable.Range(0, loose.Length)]).Weld(1e-3f);
        Assert.Equal((8, 12), (welded.Positions.Length, welded.TriangleCount));
    }

    [Fact]
    public void TrianglesWithoutAreaAndDoublesAreLeftOut()
    {
        Surface box = Surface.Box(new(30, 20, 10));
        Surface more = box with { Indices = [.. box.Indices, 0, 0, 1, 2, 0, 3, 0, 2, 3] };
        Assert.Equal(12, more.Weld(1e-3f).TriangleCount);
    }

    [Fact]
    public void OddTrianglesAreTurnedAndWhatIsInsideOutIsTurnedOver()
    {
        Surface box = Surface.Box(new(30, 20, 10));
        int[] odd = [.. box.Indices];
        (odd[3], odd[4]) = (odd[4], odd[3]);
        Orientation.Finding one = Orientation.Mend(box with { Indices = odd }), all = Orientation.Mend(box with { Indices = [.. box.Indices.Reverse()] });
        Assert.Equal((1, 0, true), (one.TurnedTriangles, one.TurnedPieces, one.Closed));
        Assert.Equal((0, 1, true), (all.TurnedTriangles, all.TurnedPieces, all.Closed));
        Assert.All([one, all], f => Assert.Equal(6000, Shading.ToMesh(f.Surface, false).Mass().Volume, 1e-2));
    }

    [Fact]
    public void AHollowFacesIntoItself()
    {
        Surface outer = Surface.Box(new(30, 20, 10)), inner = Surface.Box(new(10, 10, 5)).Transform(Matrix4x4.CreateTranslation(0, 0, 2));
        Surface both = new([.. outer.Positions, .. inner.Positions], [.. outer.Indices, .. inner.Indices.Reverse().Select(i => i + 8)]);
        Orientation.Finding found = Orientation.Mend(both);
        Assert.Equal(0, found.TurnedPieces);
        Assert.Equal(5500, Shading.ToMesh(found.Surface, false).Mass().Volume, 1e-2);
    }

    [Fact]
    public void AnOpenBoxIsSeenFromBothSides()
    {
        Surface box = Surface.Box(new(30, 20, 10));
        Orientation.Finding found = Orientation.Mend(box with { Indices = box.Indices[6..] });
        Assert.Equal((false, 4), (found.Closed, found.OpenEdges));
        Mesh mesh = Shading.ToMesh(found.Surface, twoSided: true);
        Assert.Equal(20, mesh.TriangleCount);
        RayCaster caster = new(mesh);
        Assert.True(caster.Hits(new(1, 1, -5), Vector3.UnitZ));
    }

    [Fact]
    public void LongEdgesAreCutWithoutCracks()
    {
        Surface cut = Shading.Split(Surface.Box(new(30, 20, 10)), 4, 100_000);
        Assert.True(Orientation.Mend(cut).Closed);
        Assert.All(cut.Indices.Chunk(3), t => Assert.True(Vector3.Distance(cut.Positions[t[0]], cut.Positions[t[1]]) <= 4.001f));
        Assert.Equal(6000, Shading.ToMesh(cut, false).Mass().Volume, 1e-2);
    }

    [Fact]
    public void CylindersAreRoundButAtTheirRims()
    {
        Mesh mesh = Shading.ToMesh(Surface.Cylinder(10, 20, 64), twoSided: false);
        for (int i = 0; i < mesh.Positions.Length; i++)
        {
            Vector3 round = Vector3.Normalize(mesh.Positions[i] with { Z = 0 });
            Assert.True(MathF.Abs(mesh.Normals[i].Z) > 0.99f || Vector3.Dot(mesh.Normals[i], round) > 0.99f, $"{mesh.Positions[i]}: {mesh.Normals[i]}");
        }
    }

    [Theory]
    [InlineData(0.05f)]
    [InlineData(0.3f)]
    public void ASimplifiedSurfaceStaysWithinItsTolerance(float tolerance)
    {
        // A wavy ring: no part of it is flat.
        Surface fine = Ring(240, 60);
        Surface lean = Simplifier.Simplify(fine, tolerance, 100);
        Assert.True(Orientation.Mend(lean).Closed);
        Assert.InRange(lean.TriangleCount, 200, fine.TriangleCount / 2);
        RayCaster caster = new(Shading.ToMesh(lean, twoSided: true));
        Orientation.Finding found = Orientation.Mend(fine);
        Mesh shaded = Shading.ToMesh(found.Surface, twoSided: false);
        Vector3 beside = new(0.0013f, 0.0007f, 0.0011f); // a ray that runs along an edge may pass between its triangles
        Assert.All(Enumerable.Range(0, shaded.Positions.Length).Where(i => i % 7 == 0), i =>
            Assert.True(caster.Hits(shaded.Positions[i] + beside - (shaded.Normals[i] * 1.1f * tolerance), shaded.Normals[i], 0, 2.2f * tolerance), $"no surface within {tolerance} mm of {shaded.Positions[i]}"));
    }

    [Fact]
    public void OpenBordersStayWhereTheyAre()
    {
        Surface plate = Shading.Split(new([new(0, 0, 0), new(40, 0, 0), new(40, 30, 0), new(0, 30, 0)], [0, 1, 2, 0, 2, 3]), 2, 100_000);
        Surface lean = Simplifier.Simplify(plate, 0.01f, 1);
        Assert.InRange(lean.TriangleCount, 2, 40);
        Assert.Equal((Vector3.Zero, new Vector3(40, 30, 0)), lean.Bounds());
        Assert.Equal(1200, lean.Indices.Chunk(3).Sum(t => Vector3.Cross(lean.Positions[t[1]] - lean.Positions[t[0]], lean.Positions[t[2]] - lean.Positions[t[0]]).Z / 2), 0.01);
    }

    [Fact]
    public void CornersReachAsFarAsThePointsEveryWay()
    {
        Vector3[] points = [.. Ring(60, 30).Positions];
        IReadOnlyList<Vector3> corners = ConvexHull.Corners(points);
        Assert.InRange(corners.Count, 100, points.Length - 100);
        for (int i = 0; i < 1000; i++)
        {
            Draws draws = new Seed(5).At(i);
            Vector3 way = Vector3.Normalize(new((float)draws.Normal("x"), (float)draws.Normal("y"), (float)draws.Normal("z")));
            Assert.Equal(points.Max(p => Vector3.Dot(p, way)), corners.Max(p => Vector3.Dot(p, way)), 1e-4f);
        }
    }

    /// <summary>A closed ring of 2 x around x across triangles, 40 mm wide.</summary>
    internal static Surface Ring(int around, int across)
    {
        Vector3[] positions = [.. from i in Enumerable.Range(0, around) from j in Enumerable.Range(0, across) select Point(i * MathF.Tau / around, j * MathF.Tau / across)];
        int At(int i, int j) => (i % around * across) + (j % across);
        int[] indices =
        [
            .. from i in Enumerable.Range(0, around)
               from j in Enumerable.Range(0, across)
               from corner in new[] { At(i, j), At(i + 1, j), At(i + 1, j + 1), At(i, j), At(i + 1, j + 1), At(i, j + 1) }
               select corner,
        ];
        return new(positions, indices);

        static Vector3 Point(float u, float v)
        {
            float thick = 5 + MathF.Sin(5 * u), off = 14 + (thick * MathF.Cos(v));
            return new(off * MathF.Cos(u), off * MathF.Sin(u), thick * MathF.Sin(v));
        }
    }
}
