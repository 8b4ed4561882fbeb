using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Finding;

namespace DataRig.Learning;

/// <summary>Where the part lies in a picture, and what the table around it looks like.</summary>
/// <param name="Box">Around the part and what clings to it, in pixels of the picture; the whole picture where none was found.</param>
/// <param name="Found">False where nothing stands out from the table.</param>
/// <param name="Table">The empty table's colour at every place.</param>
public sealed record PartLocation(Box Box, bool Found, TableModel Table);

/// <summary>
/// Finds the part in a photograph of a turntable from the picture alone. The table is the light, smooth surface
/// that fills most of the picture; its colour is fitted as a smooth function of the place, without regard to what
/// does not follow it. The table's outline is convex: what is sharp inside the hull of the pixels that follow it is the part,
/// and what lies outside (a dark backdrop) is not.
/// </summary>
public static class PartFinder
{
    /// <summary>The picture is searched at this width: enough for a box to a hundredth of the width.</summary>
    private const int SearchWidth = 112;

    public static PartLocation Find(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        int width = Math.Min(SearchWidth, picture.Width);
        int height = Math.Max(1, (int)Math.Round((double)picture.Height * width / picture.Width));
        Picture small = ImageCodec.Resize(picture, width, height);

        TableModel table = TableModel.Fit(small);
        bool[] onTable = TableOutline.Inside(TablePixels.Following(table, small), width, height);
        Box? box = Blobs.Main(Detail.On(table, small, onTable), width, height);

        double scaleX = (double)picture.Width / width, scaleY = (double)picture.Height / height;
        return box is { } b
            ? new PartLocation(new Box(b.X * scaleX, b.Y * scaleY, b.Width * scaleX, b.Height * scaleY), true, table)
            : new PartLocation(new Box(0, 0, picture.Width, picture.Height), false, table);
    }
}
