namespace DataRig.Learning.Leaks;

/// <summary>A part of a picture: how large it is, and where of what is left over it lies, from 0 to 1.</summary>
internal readonly record struct Window(float Scale, float X, float Y);

/// <summary>
/// Numbers that are alike for pictures that are alike: the detail of a window of the thumbnail in 16x16 cells and its tints in
/// 8x8, each less its mean, all of length 1. A picture has one key for itself and one for each of several crops, so that a crop's
/// own key lies next to one of them.
/// </summary>
internal static class PictureKey
{
    /// <summary>Numbers in a key.</summary>
    public const int Length = (DetailCells * DetailCells) + (2 * TintCells * TintCells);

    private const int DetailCells = 16, TintCells = 8;

    /// <summary>How much a level of tint counts against one of detail.</summary>
    private const float TintWeight = 2;

    /// <summary>The whole first, then crops of a twentieth and of a tenth at nine places each.</summary>
    public static IReadOnlyList<Window> Windows { get; } =
        [new(1, 0, 0), .. from scale in new[] { 0.95f, 0.9f } from x in new[] { 0.5f, 0, 1 } from y in new[] { 0.5f, 0, 1 } select new Window(scale, x, y)];

    /// <summary>The keys of all windows, one after the other.</summary>
    public static float[] Of(Bands bands)
    {
        float[] detail = Thumbnail.Blur(bands.Detail), warm = Thumbnail.Blur(bands.Tints[0], 3), cold = Thumbnail.Blur(bands.Tints[1], 3);
        float[] keys = new float[Windows.Count * Length];
        for (int i = 0; i < Windows.Count; i++)
        {
            Span<float> key = keys.AsSpan(i * Length, Length);
            Sample(detail, Windows[i], DetailCells, 1, key[..(DetailCells * DetailCells)]);
            Sample(warm, Windows[i], TintCells, TintWeight, key.Slice(DetailCells * DetailCells, TintCells * TintCells));
            Sample(cold, Windows[i], TintCells, TintWeight, key[^(TintCells * TintCells)..]);
            float squares = 0;
            foreach (float value in key)
            {
                squares += value * value;
            }

            float length = MathF.Sqrt(MathF.Max(1e-6f, squares));
            foreach (ref float value in key)
            {
                value /= length;
            }
        }

        return keys;
    }

    private static void Sample(float[] values, Window window, int cells, float weight, Span<float> to)
    {
        float spare = (1 - window.Scale) * (Thumbnail.Side - 1), each = (float)Thumbnail.Side / cells, sum = 0;
        for (int y = 0; y < cells; y++)
        {
            float fromY = (window.Y * spare) + (window.Scale * (((y + 0.5f) * each) - 0.5f));
            for (int x = 0; x < cells; x++)
            {
                sum += to[(y * cells) + x] = weight * Thumbnail.At(values, (window.X * spare) + (window.Scale * (((x + 0.5f) * each) - 0.5f)), fromY);
            }
        }

        float mean = sum / to.Length;
        foreach (ref float value in to)
        {
            value -= mean;
        }
    }
}
