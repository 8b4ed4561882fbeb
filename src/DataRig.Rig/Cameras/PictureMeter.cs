using DataRig.Core;

namespace DataRig.Rig.Cameras;

/// <summary>Measures a picture's light and sharpness in one pass over its rows.</summary>
internal static class PictureMeter
{
    /// <summary>Tiles across and down for sharpness, and for telling two pictures apart.</summary>
    public const int FineGrid = 32;

    /// <summary>A tile counts for sharpness when its levels vary by this much (standard deviation): below it noise decides.</summary>
    private const double ContrastLevels = 6;

    /// <summary>The middle one of the tiles with contrast speaks for the picture; measured, it varies least from part to part.</summary>
    private const double SharpQuantile = 0.5;
    /// <summary>The tiles with the least structure show the noise.</summary>
    private const double NoiseQuantile = 0.1;
    private const int FewestTiles = 4;
    private const byte Clipped = 254;

    /// <summary>Of a larger picture only so many rows and columns are looked at, each with its true neighbours.</summary>
    private const int EnoughPixels = 1000;

    /// <summary>From 8-bit sRGB to linear light (IEC 61966-2-1).</summary>
    private static readonly float[] Linear = [.. Enumerable.Range(0, 256).Select(v => v / 255.0).Select(c => (float)(c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4)))];

    /// <returns>The measures, and the mean level of each of the <see cref="FineGrid"/> tiles, 0 to 255.</returns>
    public static (ShotMeasures Measures, float[] Levels) Measure(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        Tile[] fine = new Tile[FineGrid * FineGrid];
        double[] light = new double[ShotMeasures.Grid * ShotMeasures.Grid * 3];
        int[] counts = new int[ShotMeasures.Grid * ShotMeasures.Grid];
        int[] fineColumns = Columns(picture.Width, FineGrid), coarseColumns = Columns(picture.Width, ShotMeasures.Grid);
        int step = Math.Max(1, Math.Min(picture.Width, picture.Height) / EnoughPixels);
        (byte[] above, byte[] here, byte[] below) = (new byte[picture.Width], new byte[picture.Width], new byte[picture.Width]);
        long clipped = 0;
        for (int y = 0; y < picture.Height; y += step)
        {
            bool inner = y > 0 && y < picture.Height - 1;
            Luma(picture, Math.Max(y - 1, 0), above);
            Luma(picture, y, here);
            Luma(picture, Math.Min(y + 1, picture.Height - 1), below);
            Span<Tile> fineRow = fine.AsSpan(y * FineGrid / picture.Height * FineGrid, FineGrid);
            int coarseRow = y * ShotMeasures.Grid / picture.Height * ShotMeasures.Grid;
            ReadOnlySpan<byte> rgb = picture.Rgb.AsSpan(y * picture.Width * 3, picture.Width * 3);
            for (int x = 0; x < here.Length; x += step)
            {
                (byte r, byte g, byte b) = (rgb[3 * x], rgb[(3 * x) + 1], rgb[(3 * x) + 2]);
                clipped += r >= Clipped || g >= Clipped || b >= Clipped ? 1 : 0;
                int coarse = coarseRow + coarseColumns[x];
                light[3 * coarse] += Linear[r];
                light[(3 * coarse) + 1] += Linear[g];
                light[(3 * coarse) + 2] += Linear[b];
                counts[coarse]++;
                ref Tile tile = ref fineRow[fineColumns[x]];
                tile.AddLevel(here[x]);
                if (inner && x > 0 && x < here.Length - 1)
                {
                    tile.AddCurve(above[x] + below[x] + here[x - 1] + here[x + 1] - (4 * here[x]), here[x + 1] - here[x - 1], below[x] - above[x]);
                }
            }
        }

        double pixels = counts.Sum();
        float[] tiles = [.. light.Select((sum, i) => (float)Math.Round(sum / Math.Max(1, counts[i / 3]), 5))];
        double luminance = Enumerable.Range(0, counts.Length).Sum(i => (0.2126 * light[3 * i]) + (0.7152 * light[(3 * i) + 1]) + (0.0722 * light[(3 * i) + 2])) / pixels;
        ShotMeasures measures = new(picture.Width, picture.Height, Math.Round(luminance, 6), Math.Round(clipped / pixels, 6), Sharpness(fine), tiles);
        return (measures, [.. fine.Select(t => (float)t.Mean)]);
    }

    private static double? Sharpness(Tile[] tiles)
    {
        double[] curves = [.. tiles.Select(t => t.Curve).Order()];
        double noise = curves[(int)(NoiseQuantile * (curves.Length - 1))];
        double[] ratios = [.. tiles.Where(t => t.Variance > ContrastLevels * ContrastLevels).Select(t => t.CurvePerSlope(noise)).Order()];
        return ratios.Length < FewestTiles ? null : Math.Round(ratios[(int)(SharpQuantile * (ratios.Length - 1))], 6);
    }

    private static int[] Columns(int width, int grid) => [.. Enumerable.Range(0, width).Select(x => (int)((long)x * grid / width))];

    /// <summary>The levels of a row: luma as JPEG has it (ITU T.871).</summary>
    private static void Luma(Picture picture, int y, byte[] levels)
    {
        ReadOnlySpan<byte> rgb = picture.Rgb.AsSpan(y * picture.Width * 3, picture.Width * 3);
        for (int x = 0; x < levels.Length; x++)
        {
            levels[x] = (byte)(((19595 * rgb[3 * x]) + (38470 * rgb[(3 * x) + 1]) + (7471 * rgb[(3 * x) + 2]) + 32768) >> 16);
        }
    }

    /// <summary>Sums over one tile.</summary>
    private struct Tile
    {
        private long _count, _sum, _squares, _inner, _curves, _slopes;

        public readonly double Mean => _count == 0 ? 0 : (double)_sum / _count;

        public readonly double Variance => _count == 0 ? 0 : ((double)_squares / _count) - (Mean * Mean);

        /// <summary>Mean square of the Laplacian.</summary>
        public readonly double Curve => _inner == 0 ? 0 : (double)_curves / _inner;

        /// <summary>
        /// The Laplacian's energy over the gradient's: for an edge it falls with the square of its width, whatever its height
        /// and how much of the tile it takes. White noise adds 20 times its variance to the one and 4 times to the other.
        /// </summary>
        public readonly double CurvePerSlope(double noise)
        {
            double slope = (_inner == 0 ? 0 : (double)_slopes / _inner) - (noise * 4 / 20);
            return slope <= 0 ? 0 : Math.Max(0, Curve - noise) / slope;
        }

        public void AddLevel(int level)
        {
            _count++;
            _sum += level;
            _squares += level * level;
        }

        /// <summary>Takes the Laplacian of a pixel and twice its gradient.</summary>
        public void AddCurve(int laplacian, int across, int down)
        {
            _inner++;
            _curves += laplacian * laplacian;
            _slopes += (across * across) + (down * down);
        }
    }
}
