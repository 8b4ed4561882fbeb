namespace DataRig.Learning.Leaks;

/// <summary>What is kept of a picture to compare it by.</summary>
/// <param name="Thumbnail">The picture, small.</param>
/// <param name="Key">What it is searched by; see <see cref="PictureKey"/>.</param>
/// <param name="Palette">Its colours; see <see cref="Leaks.Palette"/>.</param>
internal sealed record Look(Thumbnail Thumbnail, float[] Key, float[] Palette)
{
    public static Look Of(Thumbnail thumbnail)
    {
        Bands bands = thumbnail.Split();
        return new Look(thumbnail, PictureKey.Of(bands), Leaks.Palette.Of(bands));
    }
}
