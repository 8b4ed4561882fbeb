using System.Numerics;

namespace DataRig.Core.Tests;

public sealed class RigidPoseTests
{
    [Fact]
    public void APoseIsItsTransformWithoutTheScale()
    {
        Matrix4x4 turn = Matrix4x4.CreateFromYawPitchRoll(2.9f, -0.4f, 1.7f);
        RigidPose pose = RigidPose.Of(Matrix4x4.CreateScale(3) * turn * Matrix4x4.CreateTranslation(1, 2, 3));
        foreach (Vector3 point in (Vector3[])[default, Vector3.UnitX, new(4, -5, 6)])
        {
            Assert.True(Vector3.Distance(Vector3.Transform(point, turn) + new Vector3(1, 2, 3), pose.Apply(point)) < 1e-4f);
        }

        Assert.True(pose.Rotation.W >= 0);
        Assert.Throws<ArgumentException>(() => RigidPose.Of(Matrix4x4.CreateScale(1, 1, -1)));
        Assert.Throws<ArgumentException>(() => RigidPose.Of(Matrix4x4.CreateScale(1, 1, 0)));
    }

    [Fact]
    public void APointOnTheAxisIsSeenInTheCentre()
    {
        Intrinsics camera = new(200, 100, 32, 24);
        Assert.Equal((32, 24), camera.Project(new Vector3(0, 0, 7)));
        Assert.Equal((52, 19), camera.Project(new Vector3(1, -0.5f, 10)));
    }
}
