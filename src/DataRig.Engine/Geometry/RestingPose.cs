using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>One way in which a part lies still on a table.</summary>
/// <param name="Name">In words, such as <c>studs-up</c>.</param>
/// <param name="Weight">How likely a part comes to lie like this, in (0, 1]; a part's poses add up to 1.</param>
/// <param name="Rotation">Turns the part from its own frame into the pose.</param>
/// <param name="Height">How far the part's origin is then lifted for its lowest point to touch z = 0, in mm.</param>
/// <param name="Center">The centre of mass after turning, over which the pose is centred, in mm.</param>
public sealed record RestingPose(string Name, double Weight, Quaternion Rotation, float Height, Vector2 Center)
{
    /// <summary>From the part's frame to one whose z = 0 is the table and whose origin lies under the centre of mass.</summary>
    public Matrix4x4 Transform => Matrix4x4.CreateFromQuaternion(Rotation) * Matrix4x4.CreateTranslation(-Center.X, -Center.Y, Height);
}
