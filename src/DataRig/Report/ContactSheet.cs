using DataRig.Core;
using DataRig.Data;

namespace DataRig.Report;

/// <summary>Many pictures in one: a grid of equal cells.</summary>
internal static class ContactSheet
{
    private const int Gap = 2;
    private const byte Background = 0xF2;

    /// <param name="pictures">Row by row; at least one.</param>
    /// <param name="columns">Cells across.</param>
    /// <param name="cell">Pixels across a cell; each picture is fitted into it.</param>
    /// <param name="cellHeight">Pixels down a cell; a cell is a square unless given.</param>
    public static Picture Compose(IReadOnlyList<Picture> pictures, int columns, int cell, int? cellHeight = null)
    {
        int height = cellHeight ?? cell;
        int rows = (pictures.Count + columns - 1) / columns;
        Picture sheet = new((columns * (cell + Gap)) - Gap, (rows * (height + Gap)) - Gap);
        sheet.Rgb.AsSpan().Fill(Background);
        for (int i = 0; i < pictures.Count; i++)
        {
            double scale = Math.Min((double)cell / pictures[i].Width, (double)height / pictures[i].Height);
            Picture small = ImageCodec.Resize(pictures[i], Math.Max(1, (int)(pictures[i].Width * scale)), Math.Max(1, (int)(pictures[i].Height * scale)));
            int left = (i % columns * (cell + Gap)) + ((cell - small.Width) / 2), top = (i / columns * (height + Gap)) + ((height - small.Height) / 2);
            for (int y = 0; y < small.Height; y++)
            {
                small.Rgb.AsSpan(y * small.Width * 3, small.Width * 3).CopyTo(sheet.Rgb.AsSpan((((top + y) * sheet.Width) + left) * 3));
            }
        }

        return sheet;
    }
}
