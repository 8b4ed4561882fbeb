using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>A part's silhouette as a photograph shows it, at the size that the search works at.</summary>
internal sealed class SilhouetteSeen
{
    public SilhouetteSeen(PartId part, Mask mask, int width, int height)
    {
        (Part, Width, Height) = (part, width, height);
        Pixels = Shares(mask.ToPixels(), mask.Width, mask.Height, width, height, s => s >= 0.5);
        (double x, double y) = (0, 0);
        for (int i = 0; i < Pixels.Length; i++)
        {
            if (Pixels[i] != 0)
            {
                Area++;
                (x, y) = (x + (i % width) + 0.5, y + (i / width) + 0.5);
            }
        }

        Center = new Vector2((float)(x / Math.Max(1, Area)), (float)(y / Math.Max(1, Area)));
    }

    public PartId Part { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>1 where it is, row-major.</summary>
    public byte[] Pixels { get; }

    public int Area { get; }

    public Vector2 Center { get; }

    /// <summary>A smaller mask: set where the share of set pixels suits.</summary>
    public static byte[] Shares(byte[] pixels, int fromWidth, int fromHeight, int width, int height, Predicate<double> set)
    {
        byte[] small = new byte[width * height];
        for (int y = 0; y < height; y++)
        {
            (int top, int bottom) = (y * fromHeight / height, Math.Max((y * fromHeight / height) + 1, (y + 1) * fromHeight / height));
            for (int x = 0; x < width; x++)
            {
                (int left, int right) = (x * fromWidth / width, Math.Max((x * fromWidth / width) + 1, (x + 1) * fromWidth / width));
                int count = 0;
                for (int row = top; row < bottom; row++)
                {
                    foreach (byte pixel in pixels.AsSpan((row * fromWidth) + left, right - left))
                    {
                        count += pixel;
                    }
                }

                small[(y * width) + x] = set((double)count / ((bottom - top) * (right - left))) ? (byte)1 : (byte)0;
            }
        }

        return small;
    }
}
