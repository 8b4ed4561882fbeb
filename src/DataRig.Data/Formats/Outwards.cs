using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>Boxes of whole pixels, for formats that know no others.</summary>
internal static class Outwards
{
    /// <summary>The smallest one around a box; one that is whole already stays.</summary>
    public static Box Of(Box box)
    {
        (double left, double top) = (Math.Floor(box.X), Math.Floor(box.Y));
        return new Box(left, top, Math.Ceiling(box.Right) - left, Math.Ceiling(box.Bottom) - top);
    }
}
