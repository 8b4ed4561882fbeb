using DataRig.Core;
using DataRig.Learning;
using DataRig.Rig;

namespace DataRig.Jobs;

/// <summary>A part cut out of a photograph that has no plate.</summary>
/// <param name="CutOut">Its outline.</param>
/// <param name="Plate">The table as if it were empty.</param>
/// <param name="Beyond">What stands beyond the table, row-major.</param>
internal sealed record PhotographCut(CutOut CutOut, Picture Plate, bool[] Beyond);

/// <summary>Cuts parts out of photographs of a light table from the picture alone: the empty table is what is fitted to the table around the part.</summary>
internal static class PhotographCutter
{
    /// <summary>Cut-outs of which less of the outline is clear are left out, and those that cover less or more of the picture.</summary>
    private const double LeastQuality = 0.5, LeastArea = 0.002, MostArea = 0.4;

    /// <summary>Light below this share of the table's is what stands beyond it; shadows are lighter.</summary>
    private const double DarkestShadow = 0.4;

    /// <summary>Pixels along the table's edge that are neither.</summary>
    private const int EdgePixels = 4;

    /// <returns>Null where the part is not clear, cut off by the edge, or implausible.</returns>
    public static PhotographCut? Cut(Picture picture)
    {
        PartLocation location = PartFinder.Find(picture);
        if (!location.Found)
        {
            return null;
        }

        bool[] beyond = Beyond(picture, location);
        Picture plate = Plate(picture, location.Table, beyond);
        CutOut? cut = new PlateCutter(plate).Cut(picture);
        double area = cut is null ? 0 : (double)cut.Mask.Area / (picture.Width * picture.Height);
        return cut is null || cut.Truncated || cut.Quality < LeastQuality || area is < LeastArea or > MostArea || cut.Box.Overlap(location.Box) < LeastQuality
            ? null
            : new PhotographCut(cut, plate, beyond);
    }

    /// <summary>Dark patches that reach the picture's edge, apart from where the part is.</summary>
    private static bool[] Beyond(Picture picture, PartLocation location)
    {
        (int width, int height) = (picture.Width, picture.Height);
        bool[] dark = new bool[width * height], border = new bool[width * height];
        for (int i = 0; i < dark.Length; i++)
        {
            (int x, int y) = (i % width, i / width);
            (double r, double g, double b) = location.Table.At((x + 0.5) / width, (y + 0.5) / height);
            (byte red, byte green, byte blue) = picture[x, y];
            bool inBox = x >= location.Box.X && x < location.Box.Right && y >= location.Box.Y && y < location.Box.Bottom;
            dark[i] = !inBox && red + (2 * green) + blue < DarkestShadow * (r + (2 * g) + b);
            border[i] = dark[i] && (x == 0 || y == 0 || x == width - 1 || y == height - 1);
        }

        return Regions.Close(Regions.Connected(border, dark, width, height), width, height, 2);
    }

    /// <summary>The table as if it were empty: its colour everywhere, and what is beyond it as it is.</summary>
    private static Picture Plate(Picture picture, TableModel table, bool[] beyond)
    {
        (int width, int height) = (picture.Width, picture.Height);
        bool[] own = Regions.Grow(beyond, width, height, EdgePixels);
        Picture plate = new(width, height);
        for (int i = 0; i < own.Length; i++)
        {
            (int x, int y) = (i % width, i / width);
            (double r, double g, double b) = table.At((x + 0.5) / width, (y + 0.5) / height);
            plate[x, y] = own[i] ? picture[x, y] : ((byte)Math.Round(r), (byte)Math.Round(g), (byte)Math.Round(b));
        }

        return plate;
    }
}
