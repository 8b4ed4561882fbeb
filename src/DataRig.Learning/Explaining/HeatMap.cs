using DataRig.Core;

namespace DataRig.Learning.Explaining;

/// <summary>How much each place of what a network sees counts for an answer.</summary>
/// <param name="Width">Places across.</param>
/// <param name="Height">Places down.</param>
/// <param name="Values">Row by row, in [0, 1]; 1 is what counts most. All 0 where nothing speaks for the answer.</param>
public sealed record HeatMap(int Width, int Height, float[] Values)
{
    /// <summary>The heat at a place, both from 0 to 1 over the window that is seen; by straight lines between the places' centres.</summary>
    public double At(double x, double y)
    {
        double column = Math.Clamp((x * Width) - 0.5, 0, Width - 1), row = Math.Clamp((y * Height) - 0.5, 0, Height - 1);
        int left = (int)column, top = (int)row, right = Math.Min(left + 1, Width - 1), bottom = Math.Min(top + 1, Height - 1);
        double across = column - left, down = row - top;
        double upper = (Values[(top * Width) + left] * (1 - across)) + (Values[(top * Width) + right] * across);
        double lower = (Values[(bottom * Width) + left] * (1 - across)) + (Values[(bottom * Width) + right] * across);
        return (upper * (1 - down)) + (lower * down);
    }

    /// <summary>The picture of the window with the heat over it, from clear over yellow to red.</summary>
    /// <param name="picture">Of the window that the network sees, of any size.</param>
    public Picture Over(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        Picture shown = new(picture.Width, picture.Height);
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                double heat = At((x + 0.5) / picture.Width, (y + 0.5) / picture.Height), covers = 0.65 * Math.Clamp((heat - 0.15) / 0.6, 0, 1);
                (byte r, byte g, byte b) = picture[x, y];
                shown[x, y] = (Mix(r, 255, covers), Mix(g, 225 * (1 - heat), covers), Mix(b, 0, covers));
            }
        }

        return shown;
    }

    private static byte Mix(byte under, double over, double covers) => (byte)Math.Clamp((under * (1 - covers)) + (over * covers) + 0.5, 0, 255);
}
