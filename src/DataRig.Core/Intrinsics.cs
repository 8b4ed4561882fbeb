using System.Numerics;

namespace DataRig.Core;

/// <summary>
/// A pinhole camera without distortion. Its frame is the one that is usual in computer vision: x to the picture's right, y down
/// along the picture, z out of the lens. A point (x, y, z) is seen at (FocalX · x / z + CenterX, FocalY · y / z + CenterY), in
/// pixels from the picture's top left corner, where a pixel's middle lies at half a pixel; tools that put whole numbers into the
/// pixels' middles (OpenCV) take half a pixel off the centre.
/// </summary>
/// <param name="FocalX">Focal length in widths of a pixel.</param>
/// <param name="FocalY">Focal length in heights of a pixel.</param>
/// <param name="CenterX">Where the optical axis meets the picture, from its left edge.</param>
/// <param name="CenterY">Where the optical axis meets the picture, from its upper edge.</param>
public sealed record Intrinsics(double FocalX, double FocalY, double CenterX, double CenterY)
{
    /// <summary>Where a point of the camera's frame is seen, in pixels; it must lie before the camera (z above 0).</summary>
    public (double X, double Y) Project(Vector3 point) => ((FocalX * point.X / point.Z) + CenterX, (FocalY * point.Y / point.Z) + CenterY);
}
