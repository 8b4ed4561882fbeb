using DataRig.Core;

namespace DataRig.Rig;

/// <summary>What the gate measures in a picture. Plain numbers, so that the session's journal can keep those of its first frames.</summary>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="Luminance">The mean of linear light, 0 black to 1 white.</param>
/// <param name="ClippedShare">The share of pixels with a channel at 254 or 255.</param>
/// <param name="Sharpness">
/// The Laplacian's energy over the gradient's, without noise, in the middle one of the tiles that have contrast: it falls with
/// the square of an edge's width and does not ask how strong or how many the edges are. Null in a picture without contrast.
/// </param>
/// <param name="Tiles">Mean linear light of 8 x 8 tiles, row by row, red, green and blue in turn.</param>
public sealed record ShotMeasures(int Width, int Height, double Luminance, double ClippedShare, double? Sharpness, IReadOnlyList<float> Tiles)
{
    /// <summary>Tiles across and down.</summary>
    public const int Grid = 8;

    public static ShotMeasures Of(Picture picture) => Cameras.PictureMeter.Measure(picture).Measures;
}
