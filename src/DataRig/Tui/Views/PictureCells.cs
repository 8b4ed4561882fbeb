using DataRig.Core;
using DataRig.Data;
using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace DataRig.Tui.Views;

/// <summary>A picture as cells: two pixels in each, one above the other; without colour, shades of ink.</summary>
internal sealed class PictureCells
{
    private const string Ink = " .:-=+*#%@";

    private Picture? _source;
    private (int Width, int Height) _fitted;
    private Picture? _scaled;

    /// <summary>The picture at the size at which it fits into so many cells; made once a picture and size.</summary>
    public Picture Fit(Picture picture, int columns, int rows)
    {
        if (!ReferenceEquals(picture, _source) || _fitted != (columns, rows))
        {
            double scale = Math.Min((double)columns / picture.Width, rows * 2.0 / picture.Height);
            int width = Math.Clamp((int)Math.Round(picture.Width * scale), 1, columns), height = Math.Clamp((int)Math.Round(picture.Height * scale), 1, rows * 2);
            (_source, _fitted, _scaled) = (picture, (columns, rows), ImageCodec.Resize(picture, width, height));
        }

        return _scaled!;
    }

    /// <summary>Draws a picture of at most twice as many pixels down as there are rows.</summary>
    /// <param name="put">Puts one cell: column, row, text, attribute.</param>
    public static void Draw(Picture picture, int left, int top, Theme theme, Action<int, int, string, Attribute> put)
    {
        for (int row = 0; row * 2 < picture.Height; row++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                (byte R, byte G, byte B) upper = picture[x, row * 2];
                bool last = (row * 2) + 1 >= picture.Height;
                (byte R, byte G, byte B) lower = last ? upper : picture[x, (row * 2) + 1];
                if (!theme.HasColor)
                {
                    put(left + x, top + row, Ink[(Light(upper) + Light(lower)) * (Ink.Length - 1) / 510].ToString(), theme.Normal);
                }
                else
                {
                    put(left + x, top + row, "▀", new Attribute(new Color(upper.R, upper.G, upper.B), last ? theme.Normal.Background : new Color(lower.R, lower.G, lower.B)));
                }
            }
        }
    }

    /// <summary>Luma as Rec. 601 weighs it, from 0 to 255.</summary>
    private static int Light((byte R, byte G, byte B) pixel) => ((299 * pixel.R) + (587 * pixel.G) + (114 * pixel.B)) / 1000;
}
