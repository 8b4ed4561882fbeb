using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Geometry;
using DataRig.Engine.Parts;

namespace DataRig.Engine.Tests.Geometry;

public sealed class RestingPosesTests
{
    [Fact]
    public void ACubeRestsInOneWay()
    {
        Vector3[] corners = [.. from x in new[] { -1f, 1 } from y in new[] { -1f, 1 } from z in new[] { -1f, 1 } select new Vector3(x, y, z) * 5];
        RestingPose pose = Assert.Single(RestingPoses.Find(corners, Vector3.Zero, _ => "flat"));
        Assert.Equal(1, pose.Weight, 1e-6);
        Assert.Equal(5, pose.Height, 1e-3);
    }

    [Fact]
    public void ALeaningPrismDoesNotRestOnItsOverhang()
    {
        // Its top is shifted so far that the middle of mass lies beside the bottom.
        Vector3[] corners = [.. from x in new[] { -1f, 1 } from y in new[] { -1f, 1 } from z in new[] { 0f, 8 } select new Vector3(x + (z * 0.5f), y, z)];
        Vector3 center = new(2, 0, 4);
        Assert.DoesNotContain(RestingPoses.Find(corners, center, d => d.Z < -0.99f ? "bottom" : "other"), p => p.Name == "bottom");
    }

    [Theory]
    [InlineData("3001", "studs-up", "upside-down", "on-long-side", "on-end")]
    [InlineData("3003", "studs-up", "upside-down", "on-side")]
    [InlineData("3010", "studs-up", "upside-down", "on-long-side", "on-end")]
    [InlineData("3039", "studs-up", "on-back", "on-left-side", "on-right-side", "tilted-on-studs")]
    [InlineData("3660", "studs-up", "on-slope", "on-back", "on-left-side", "on-right-side", "upside-down")]
    public void PartsRestAsTheyDoOnATable(string part, params string[] names) =>
        Assert.Equal(names.Order(), PartLibrary.Bricks.Poses(new PartId(part)).Order());

    [Fact]
    public void AllPosesTouchTheTableAndHoldTheirWeight()
    {
        foreach (PartModel model in PartLibrary.Bricks.Parts.Select(PartLibrary.Bricks.Model))
        {
            Assert.Equal(1, model.Poses.Sum(p => p.Weight), 1e-6);
            Assert.Distinct(model.Poses.Select(p => p.Name));
            foreach (RestingPose pose in model.Poses)
            {
                Vector3[] points = [.. model.Mesh.Positions.Select(p => Vector3.Transform(p, pose.Transform))];
                // Poses stand on the outline; a bevel can leave a tenth of a millimetre of air.
                Assert.InRange(points.Min(p => p.Z), -0.01f, 0.15f);
                Vector3 center = Vector3.Transform(model.Center, pose.Transform);
                Assert.Equal(0, new Vector2(center.X, center.Y).Length(), 1e-3);
                // Some foot stands on every side of the centre of mass.
                Vector3[] feet = [.. points.Where(p => p.Z < 0.3f)];
                Assert.True(feet.Min(p => p.X) < 0 && feet.Max(p => p.X) > 0 && feet.Min(p => p.Y) < 0 && feet.Max(p => p.Y) > 0, $"{model.Name} {pose.Name}");
            }
        }
    }

    [Fact]
    public void StudsPointUpInStudsUpAndDownInUpsideDown()
    {
        PartModel model = PartLibrary.Bricks.Model(new PartId("3001"));
        Vector3 Up(string name) => Vector3.TransformNormal(Vector3.UnitZ, model.Poses.Single(p => p.Name == name).Transform);
        Assert.Equal(1, Up("studs-up").Z, 1e-4);
        Assert.Equal(-1, Up("upside-down").Z, 1e-4);
        Assert.Equal(0, Up("on-end").Z, 1e-4);
    }

    [Fact]
    public void HollowsAreDarkerThanTheOpen()
    {
        PartModel model = PartLibrary.Bricks.Model(new PartId("3001"));
        float Openness(Func<Vector3, Vector3, bool> which) => Enumerable.Range(0, model.Mesh.Positions.Length)
            .Where(i => which(model.Mesh.Positions[i], model.Mesh.Normals[i])).Average(i => model.Transfer[i * Transfer.Coefficients] / 0.282095f);
        Assert.Equal(1, Openness((p, n) => p.Z > 11.2f && n.Z > 0.9f), 0.02);
        Assert.InRange(Openness((p, n) => p.Z is > 8.5f and < 8.7f && n.Z < -0.9f), 0.05f, 0.5f);
    }
}
