using System.Numerics;

namespace DataRig.Core;

/// <summary>How a thing is turned and where it is: what is at p in its own frame is at Rotation · p + TranslationMm.</summary>
/// <param name="Rotation">A unit quaternion, its W at least 0.</param>
/// <param name="TranslationMm">Where the origin of its own frame is, in mm.</param>
public readonly record struct RigidPose(Quaternion Rotation, Vector3 TranslationMm)
{
    /// <summary>Turn and shift of an affine transform of row vectors; its scale is left out.</summary>
    /// <exception cref="ArgumentException">It mirrors or flattens.</exception>
    public static RigidPose Of(Matrix4x4 transform)
    {
        if (!Matrix4x4.Decompose(transform, out _, out Quaternion rotation, out Vector3 translation) || transform.GetDeterminant() <= 0)
        {
            throw new ArgumentException("a transform that mirrors or flattens has no pose", nameof(transform));
        }

        rotation = Quaternion.Normalize(rotation);
        return new RigidPose(rotation.W < 0 ? -rotation : rotation, translation);
    }

    /// <summary>Where a point of the thing's own frame is.</summary>
    public Vector3 Apply(Vector3 point) => Vector3.Transform(point, Rotation) + TranslationMm;
}
