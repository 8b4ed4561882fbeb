namespace DataRig.Rig.Cameras;

/// <summary>A picture's measures against those of the first frames.</summary>
internal static class ShotComparison
{
    /// <summary>Linear light below which a tile says nothing of exposure, and one above which it is burnt out.</summary>
    private const double Dark = 0.004, Burnt = 0.97;

    /// <summary>Mean linear light of a picture that shows nothing: about level 8 of 255.</summary>
    private const double Black = 0.0025;
    private const int FewestTiles = 8;

    public static bool IsBlack(ShotMeasures shot) => shot.Luminance < Black && shot.Tiles.All(t => t < 4 * Black);

    /// <summary>How sharp a picture is over how sharp the first frames are; null where either has no contrast to tell by.</summary>
    public static double? RelativeSharpness(ShotMeasures shot, IReadOnlyList<ShotMeasures> first) =>
        first.Select(f => f.Sharpness).OfType<double>().Order().ToArray() is { Length: > 0 } known ? shot.Sharpness / known[known.Length / 2] : null;

    /// <summary>
    /// By how many stops green, red and blue differ from the first frames: the median over tiles, so that a part that turns
    /// or is changed, and covers less than half of the picture, does not count as a change of light.
    /// </summary>
    public static (double Green, double Red, double Blue) DriftStops(ShotMeasures shot, IReadOnlyList<ShotMeasures> first) =>
        (Drift(1, shot, first), Drift(0, shot, first), Drift(2, shot, first));

    /// <summary>The root mean square difference of two pictures' tiles, in levels.</summary>
    public static double LevelDifference(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Average());

    private static double Drift(int channel, ShotMeasures shot, IReadOnlyList<ShotMeasures> first)
    {
        List<double> stops = [];
        for (int i = channel; i < shot.Tiles.Count; i += 3)
        {
            double[] known = [.. first.Where(f => f.Tiles.Count == shot.Tiles.Count).Select(f => (double)f.Tiles[i]).Order()];
            if (known.Length > 0 && known[known.Length / 2] is > Dark and < Burnt and var was && shot.Tiles[i] is > 0 and < (float)Burnt)
            {
                stops.Add(Math.Log2(shot.Tiles[i] / was));
            }
        }

        stops.Sort();
        return stops.Count < FewestTiles ? 0 : stops[stops.Count / 2];
    }
}
