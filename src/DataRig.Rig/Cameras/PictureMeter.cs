using DataRig.Core;

namespace DataRig.Rig.Cameras;

/// <summary>Measures a picture's light and sharpness in one pass over its rows.</summary>
internal static class PictureMeter
{
    /// <summary>Tiles across and down for sharpness, and for telling two pictures apart.</summary>
    public const int FineGrid = 32;

    /// <summary>A tile counts for sharpness when its levels vary by this much (standard deviation): below it noise decides.</summary>
    private const double ContrastLevels = 6;

    /// <summary>Which of the tiles with contrast speaks for the picture: sharp edges are rare, and one tile may be an accident.</summary>
    private const double SharpQuantile = 0.75;
    private const int FewestTiles = 4;
    private const byte Clipped = 254;

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
        (byte[] above, byte[] here, byte[] below) = (new byte[picture.Width], Luma(picture, 0, new byte[picture.Width]), new byte[picture.Width]);
        long clipped = 0;
        for (int y = 0; y < picture.Height; y++)
        {
            bool inner = y > 0 && y < picture.Height - 1;
            Luma(picture, Math.Min(y + 1, picture.Height - 1), below);
            Span<Tile> fineRow = fine.AsSpan(y * FineGrid / picture.Height * FineGrid, FineGrid);
            int coarseRow = y * ShotMeasures.Grid / picture.Height * ShotMeasures.Grid;
            ReadOnlySpan<byte> rgb = picture.Rgb.AsSpan(y * picture.Width * 3, picture.Width * 3);
            for (int x = 0; x < here.Length; x++)
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
                    tile.AddLaplacian(above[x] + below[x] + here[x - 1] + here[x + 1] - (4 * here[x]));
                }
            }

            (above, here, below) = (here, below, above);
        }

        float[] tiles = [.. light.Select((sum, i) => (float)Math.Round(sum / Math.Max(1, counts[i / 3]), 5))];
        double luminance = Enumerable.Range(0, counts.Length).Sum(i => (0.2126 * light[3 * i]) + (0.7152 * light[(3 * i) + 1]) + (0.0722 * light[(3 * i) + 2])) / ((double)picture.Width * picture.Height);
        ShotMeasures measures = new(picture.Width, picture.Height, Math.Round(luminance, 6), Math.Round(clipped / ((double)picture.Width * picture.Height), 6), Sharpness(fine), tiles);
        return (measures, [.. fine.Select(t => (float)t.Mean)]);
    }

    private static double? Sharpness(Tile[] tiles)
    {
        double[] ratios = [.. tiles.Where(t => t.Variance > ContrastLevels * ContrastLevels).Select(t => t.LaplacianVariance / t.Variance).Order()];
        return ratios.Length < FewestTiles ? null : Math.Round(ratios[(int)(SharpQuantile * (ratios.Length - 1))], 6);
    }

    private static int[] Columns(int width, int grid) => [.. Enumerable.Range(0, width).Select(x => (int)((long)x * grid / width))];

    /// <summary>The levels of a row: luma as JPEG has it (ITU T.871).</summary>
    private static byte[] Luma(Picture picture, int y, byte[] levels)
    {
        ReadOnlySpan<byte> rgb = picture.Rgb.AsSpan(y * picture.Width * 3, picture.Width * 3);
        for (int x = 0; x < levels.Length; x++)
        {
            levels[x] = (byte)(((19595 * rgb[3 * x]) + (38470 * rgb[(3 * x) + 1]) + (7471 * rgb[(3 * x) + 2]) + 32768) >> 16);
        }

        return levels;
    }

    /// <summary>Sums over one tile.</summary>
    private struct Tile
    {
        private long _count, _sum, _squares, _laplacians, _laplacianSum, _laplacianSquares;

        public readonly double Mean => _count == 0 ? 0 : (double)_sum / _count;

        public readonly double Variance => _count == 0 ? 0 : ((double)_squares / _count) - (Mean * Mean);

        public readonly double LaplacianVariance
        {
            get
            {
                double mean = _laplacians == 0 ? 0 : (double)_laplacianSum / _laplacians;
                return _laplacians == 0 ? 0 : ((double)_laplacianSquares / _laplacians) - (mean * mean);
            }
        }

        public void AddLevel(int level)
        {
            _count++;
            _sum += level;
            _squares += level * level;
        }

        public void AddLaplacian(int value)
        {
            _laplacians++;
            _laplacianSum += value;
            _laplacianSquares += value * value;
        }
    }
}
