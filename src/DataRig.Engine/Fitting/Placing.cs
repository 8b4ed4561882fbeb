using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Parts;

namespace DataRig.Engine.Fitting;

/// <summary>How a part lies: in which of its resting poses, turned how far, and where its centre of mass is over the table.</summary>
internal readonly record struct Placing(int Pose, double YawDegrees, double XMm, double YMm)
{
    public Matrix4x4 Transform(PartModel model) => model.Poses[Pose].Transform
        * Matrix4x4.CreateRotationZ((float)Angle.ToRadians(YawDegrees))
        * Matrix4x4.CreateTranslation((float)XMm, (float)YMm, 0);
}
