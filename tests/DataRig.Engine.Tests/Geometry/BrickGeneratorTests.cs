using System.Numerics;
using DataRig.Engine.Geometry;

namespace DataRig.Engine.Tests.Geometry;

public sealed class BrickGeneratorTests
{
    public static TheoryData<string> Parts => [.. BrickShape.Known.Select(s => s.Part.Value)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void EveryEdgeHasATriangleOnEitherSide(string part)
    {
        Mesh mesh = BrickGenerator.Generate(Shape(part));
        Dictionary<(Vector3, Vector3), int> edges = [];
        for (int i = 0; i < mesh.Indices.Length; i += 3)
        {
            for (int c = 0; c < 3; c++)
            {
                (Vector3, Vector3) edge = (mesh.Positions[mesh.Indices[i + c]], mesh.Positions[mesh.Indices[i + ((c + 1) % 3)]]);
                edges[edge] = edges.GetValueOrDefault(edge) + 1;
            }
        }

        (Vector3, Vector3)[] open = [.. edges.Where(e => edges.GetValueOrDefault((e.Key.Item2, e.Key.Item1)) != e.Value).Select(e => e.Key)];
        Assert.True(open.Length == 0, $"{open.Length} open edges, such as {open.FirstOrDefault()}");
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void TrianglesFaceTheWayTheirNormalsPoint(string part)
    {
        Mesh mesh = BrickGenerator.Generate(Shape(part));
        for (int i = 0; i < mesh.Indices.Length; i += 3)
        {
            (int a, int b, int c) = (mesh.Indices[i], mesh.Indices[i + 1], mesh.Indices[i + 2]);
            Vector3 face = Vector3.Cross(mesh.Positions[b] - mesh.Positions[a], mesh.Positions[c] - mesh.Positions[a]);
            Assert.True(face.Length() > 1e-6f, $"triangle {i / 3} is flat at {mesh.Positions[a]}");
            Assert.True(Vector3.Dot(face, mesh.Normals[a] + mesh.Normals[b] + mesh.Normals[c]) > 0, $"triangle {i / 3} at {mesh.Positions[a]} faces inward");
        }
    }

    [Theory]
    [InlineData("2456", 47.8, 15.8, 11.3)]
    [InlineData("3001", 31.8, 15.8, 11.3)]
    [InlineData("3002", 23.8, 15.8, 11.3)]
    [InlineData("3003", 15.8, 15.8, 11.3)]
    [InlineData("3004", 15.8, 7.8, 11.3)]
    [InlineData("3010", 31.8, 7.8, 11.3)]
    [InlineData("3039", 15.8, 15.8, 11.3)]
    [InlineData("32064", 15.8, 7.8, 11.3)]
    [InlineData("3660", 15.8, 15.8, 11.3)]
    [InlineData("3701", 31.8, 7.8, 11.3)]
    public void MeasuresAreThoseOfRealBricks(string part, double length, double width, double height)
    {
        (Vector3 low, Vector3 high) = BrickGenerator.Generate(Shape(part)).Bounds();
        Assert.Equal(length, high.X - low.X, 0.01);
        Assert.Equal(width, high.Y - low.Y, 0.01);
        Assert.Equal(height, high.Z - low.Z, 0.01);
        Assert.Equal(0, low.Z, 0.01);
    }

    [Theory]
    [InlineData("2456", 12)]
    [InlineData("3001", 8)]
    [InlineData("3002", 6)]
    [InlineData("3003", 4)]
    [InlineData("3004", 2)]
    [InlineData("3010", 4)]
    [InlineData("3039", 2)]
    [InlineData("32064", 2)]
    [InlineData("3660", 4)]
    [InlineData("3701", 4)]
    public void StudsStandOnThePitch(string part, int studs)
    {
        BrickShape shape = Shape(part);
        Assert.Equal(studs, shape.StudCount);
        RayCaster caster = new(BrickGenerator.Generate(shape));
        int seen = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            for (int j = 0; j < shape.Width; j++)
            {
                Vector3 above = new((i - ((shape.Length - 1) / 2f)) * 8, (j - ((shape.Width - 1) / 2f)) * 8, 20);
                bool Raised(float x) => caster.Hits(above + new Vector3(x, 0, 0), -Vector3.UnitZ, farthest: 20 - 9.7f);
                seen += Raised(-2) && Raised(2) && !Raised(-2.6f) && !Raised(2.6f) ? 1 : 0;
                Assert.False(shape.HollowStuds && Raised(0));
            }
        }

        Assert.Equal(studs, seen);
    }

    [Theory]
    [InlineData("3701", 0, 5.8, false)]
    [InlineData("3701", 8, 5.8, false)]
    [InlineData("3701", 9.5, 5.8, false)]
    [InlineData("3701", 4, 5.8, true)]
    [InlineData("3701", 0, 2.0, true)]
    [InlineData("32064", 0, 5.8, false)]
    [InlineData("32064", 2.1, 5.8, false)]
    [InlineData("32064", 0, 7.9, false)]
    [InlineData("32064", 1.6, 7.4, true)]
    [InlineData("32064", 5, 5.8, true)]
    [InlineData("3010", 0, 5.8, true)]
    [InlineData("3004", 0, 5.8, true)]
    public void LightPassesThroughHolesOnly(string part, float x, float z, bool blocked)
    {
        RayCaster caster = new(BrickGenerator.Generate(Shape(part)));
        Assert.Equal(blocked, caster.Hits(new Vector3(x, -50, z), Vector3.UnitY));
        Assert.Equal(blocked, caster.Hits(new Vector3(x, 50, z), -Vector3.UnitY));
    }

    /// <summary>How far up the underside is open on the part's axis: posts stand under holes too.</summary>
    [Theory]
    [InlineData("3004", 0, 0)]
    [InlineData("3004", 4, 8.6)]
    [InlineData("32064", 0, 0)]
    [InlineData("32064", 4, 8.6)]
    [InlineData("3701", 8, 0)]
    [InlineData("3003", 0, 8.6)]
    public void PostsStandInTheUnderside(string part, float x, float depth)
    {
        RayCaster caster = new(BrickGenerator.Generate(Shape(part)));
        (float distance, _) = caster.First(new(x + 0.1f, 0.1f, -1), Vector3.UnitZ);
        Assert.Equal(depth, distance - 1, 0.02f);
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void TheUndersideIsHollow(string part)
    {
        BrickShape shape = Shape(part);
        RayCaster caster = new(BrickGenerator.Generate(shape));
        // Beside every tube and post, 1.8 mm inside the wall at the right end.
        float x = (shape.Length * 4) - 0.1f - 1.8f;
        Vector3 below = new(x, shape.Profile == BrickProfile.InvertedSlope ? 4 : 0, -1);
        Assert.False(caster.Hits(below, Vector3.UnitZ, farthest: 6));
        Assert.True(caster.Hits(below, Vector3.UnitZ));
        Assert.True(caster.Hits(below with { X = x + 1 }, Vector3.UnitZ, farthest: 2), "the wall stands beside it");
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void MeshesStayLean(string part) => Assert.InRange(BrickGenerator.Generate(Shape(part)).TriangleCount, 500, 6000);

    [Fact]
    public void ABrickHoldsThePlasticThatARealOneDoes()
    {
        // A real 3001 weighs 2.3 g in ABS of 1.05 g/cm3: 2.2 cm3.
        double volume = BrickGenerator.Generate(Shape("3001")).Mass().Volume;
        Assert.InRange(volume, 1700, 2500);
    }

    private static BrickShape Shape(string part) => BrickShape.Known.Single(s => s.Part.Value == part);
}
