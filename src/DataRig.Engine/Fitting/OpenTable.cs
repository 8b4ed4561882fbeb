using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>Where a photograph shows the table, away from the part and from the table's edge.</summary>
internal static class OpenTable
{
    /// <param name="photograph">The photograph.</param>
    /// <param name="margin">Pixels to keep away.</param>
    /// <returns>For each pixel, row-major.</returns>
    public static bool[] Of(TwinObservation photograph, int margin)
    {
        bool[] taken = [.. photograph.PartMask.ToPixels().Zip(photograph.Beyond.ToPixels(), (part, beyond) => (part | beyond) != 0)];
        return [.. Regions.Grow(taken, photograph.Picture.Width, photograph.Picture.Height, margin).Select(t => !t)];
    }
}
