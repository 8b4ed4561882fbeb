using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>Boxes that were turned by hand, as upright ones: we know no others.</summary>
internal static class Rotated
{
    /// <summary>The smallest upright box around a turned one, cut to the picture.</summary>
    /// <param name="degrees">Clockwise in the picture.</param>
    /// <param name="around">The point that stays.</param>
    public static Box Bounds(Box box, double degrees, (double X, double Y) around, int width, int height)
    {
        if (degrees == 0)
        {
            return box;
        }

        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        (double X, double Y)[] corners = [.. from x in new[] { box.X, box.Right } from y in new[] { box.Y, box.Bottom } let dx = x - around.X let dy = y - around.Y select (around.X + (dx * cos) - (dy * sin), around.Y + (dx * sin) + (dy * cos))];
        double left = Math.Clamp(corners.Min(c => c.X), 0, width), top = Math.Clamp(corners.Min(c => c.Y), 0, height);
        return new Box(left, top, Math.Clamp(corners.Max(c => c.X), 0, width) - left, Math.Clamp(corners.Max(c => c.Y), 0, height) - top);
    }
}
