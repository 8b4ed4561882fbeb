using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Parts;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Fitting;

/// <summary>How a part lies: in which of its resting poses, turned how far, and where its centre of mass is over the table.</summary>
internal readonly record struct Placing(int Pose, double YawDegrees, double XMm, double YMm)
{
    public Matrix4x4 Transform(PartModel model) => model.Poses[Pose].Transform
        * Matrix4x4.CreateRotationZ((float)Angle.ToRadians(YawDegrees))
        * Matrix4x4.CreateTranslation((float)XMm, (float)YMm, 0);

    /// <summary>
    /// The placing in which another camera sees the part's foot at the same place and turned the same way. Without it a camera that
    /// rolls or moves would have to be followed by every part before it could be seen to be the better one.
    /// </summary>
    public Placing SeenAlike(View from, View to)
    {
        const float Arm = 4;
        Vector3 middle = new((float)XMm, (float)YMm, 0), moved = Carry(middle);
        double turned = 0;
        foreach (double direction in (double[])[YawDegrees, YawDegrees + 90])
        {
            (double sin, double cos) = Math.SinCos(Angle.ToRadians(direction));
            Vector3 way = Carry(middle + (Arm * new Vector3((float)cos, (float)sin, 0))) - moved;
            turned += Angle.Difference(direction, Angle.ToDegrees(Math.Atan2(way.Y, way.X))) / 2;
        }

        return this with { YawDegrees = YawDegrees + turned, XMm = moved.X, YMm = moved.Y };

        Vector3 Carry(Vector3 point) => to.OnPlane(from.Project(point).Pixel, 0);
    }
}
