using DataRig.Core;
using SkiaSharp;

namespace DataRig.Data.Images;

/// <summary>EXIF orientation: how a camera was held when it wrote its rows (EXIF 2.32, tag 0x0112).</summary>
internal static class Orientation
{
    /// <summary>Whether rows and columns change places.</summary>
    public static bool Swaps(SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    /// <summary>The picture as it is looked at.</summary>
    public static Picture Upright(Picture stored, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.Default or 0)
        {
            return stored;
        }

        int right = stored.Width - 1, bottom = stored.Height - 1;
        Picture upright = Swaps(origin) ? new(stored.Height, stored.Width) : new(stored.Width, stored.Height);
        for (int y = 0; y < upright.Height; y++)
        {
            for (int x = 0; x < upright.Width; x++)
            {
                upright[x, y] = origin switch
                {
                    SKEncodedOrigin.TopRight => stored[right - x, y],
                    SKEncodedOrigin.BottomRight => stored[right - x, bottom - y],
                    SKEncodedOrigin.BottomLeft => stored[x, bottom - y],
                    SKEncodedOrigin.LeftTop => stored[y, x],
                    SKEncodedOrigin.RightTop => stored[y, bottom - x],
                    SKEncodedOrigin.RightBottom => stored[right - y, bottom - x],
                    _ => stored[right - y, x],
                };
            }
        }

        return upright;
    }
}
