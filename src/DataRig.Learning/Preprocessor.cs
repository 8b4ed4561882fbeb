using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning;

/// <summary>
/// Turns a picture into a network's input, the same way for training, validation and prediction. Beyond the
/// picture's edge the window shows the table's colour.
/// </summary>
public sealed class Preprocessor(PreprocessingOptions options)
{
    /// <summary>What the table's brightness becomes when it is balanced, leaving room above for glints and white parts.</summary>
    internal const double BalancedTable = 215;

    public PreprocessingOptions Options { get; } = options;

    /// <summary>The square window that is cut out, in pixels of the picture; it may reach beyond it.</summary>
    public Box Window(Picture picture, PartLocation location)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(location);
        if (Options.Crop == CropMode.None)
        {
            return new Box(0, 0, picture.Width, picture.Height);
        }

        if (Options.Rectangle is { } rectangle && Options.Crop == CropMode.Rectangle)
        {
            return new Box(
                Math.Round(rectangle.X * picture.Width), Math.Round(rectangle.Y * picture.Height), Math.Max(1, Math.Round(rectangle.Width * picture.Width)), Math.Max(1, Math.Round(rectangle.Height * picture.Height)));
        }

        double side = Math.Max(1, Math.Round(Options.CropFraction * picture.Width));
        (double x, double y) = location.Box.Center;
        return new Box(Math.Round(x - (side / 2)), Math.Round(y - (side / 2)), side, side);
    }

    /// <summary>A picture of <see cref="PreprocessingOptions.InputPixels"/> by as many, times the patches.</summary>
    /// <param name="picture">As the camera took it.</param>
    /// <param name="labelled">The part's labelled box, which <see cref="CropMode.Box"/> goes by; null where there is none.</param>
    public Picture Apply(Picture picture, Box? labelled = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        bool whole = Options is { Crop: CropMode.None, BalanceTable: false };
        return whole ? Finished(ImageCodec.Resize(picture, Options.Side, Options.Side)) : See(picture, PartFinder.Find(picture), labelled).Input;
    }

    /// <summary>The same, with all that it is made of.</summary>
    internal SeenPicture See(Picture picture) => See(picture, PartFinder.Find(picture), null);

    private SeenPicture See(Picture picture, PartLocation location, Box? labelled)
    {
        Box window = Window(picture, labelled is { } box && Options.Crop == CropMode.Box ? location with { Box = box } : location);
        Picture cut = Options.Crop == CropMode.None ? picture : Cut(picture, location.Table, window);
        Picture input = ImageCodec.Resize(cut, Options.Side, Options.Side);
        if (Options.BalanceTable)
        {
            Balance(input, picture, location.Table, window);
        }

        return new SeenPicture(Finished(input), cut, window, location);
    }

    private Picture Finished(Picture input)
    {
        if (Options.Grey)
        {
            Bleach(input.Rgb);
        }

        return input;
    }

    /// <summary>Leaves the luma of ITU-R BT.601, in place.</summary>
    private static void Bleach(Span<byte> rgb)
    {
        for (int i = 0; i < rgb.Length; i += 3)
        {
            rgb.Slice(i, 3).Fill((byte)((0.299 * rgb[i]) + (0.587 * rgb[i + 1]) + (0.114 * rgb[i + 2]) + 0.5));
        }
    }

    private static Picture Cut(Picture picture, TableModel table, Box window)
    {
        int left = (int)window.X, top = (int)window.Y;
        Picture cut = new((int)window.Width, (int)window.Height);
        for (int y = 0; y < cut.Height; y++)
        {
            for (int x = 0; x < cut.Width; x++)
            {
                int fromX = left + x, fromY = top + y;
                bool within = fromX >= 0 && fromY >= 0 && fromX < picture.Width && fromY < picture.Height;
                cut[x, y] = within ? picture[fromX, fromY] : Rounded(TableAt(table, picture, fromX + 0.5, fromY + 0.5));
            }
        }

        return cut;
    }

    /// <summary>Divides the table's colour out, in place.</summary>
    private static void Balance(Picture input, Picture picture, TableModel table, Box window)
    {
        double scaleX = window.Width / input.Width, scaleY = window.Height / input.Height;
        for (int y = 0; y < input.Height; y++)
        {
            for (int x = 0; x < input.Width; x++)
            {
                (double r, double g, double b) = TableAt(table, picture, window.X + ((x + 0.5) * scaleX), window.Y + ((y + 0.5) * scaleY));
                (byte R, byte G, byte B) color = input[x, y];
                input[x, y] = Rounded((color.R * BalancedTable / r, color.G * BalancedTable / g, color.B * BalancedTable / b));
            }
        }
    }

    private static (double R, double G, double B) TableAt(TableModel table, Picture picture, double x, double y) =>
        table.At(Math.Clamp(x / picture.Width, 0, 1), Math.Clamp(y / picture.Height, 0, 1));

    private static (byte R, byte G, byte B) Rounded((double R, double G, double B) color) =>
        ((byte)Math.Clamp(color.R + 0.5, 0, 255), (byte)Math.Clamp(color.G + 0.5, 0, 255), (byte)Math.Clamp(color.B + 0.5, 0, 255));
}

/// <summary>A picture on its way into a network.</summary>
/// <param name="Input">What the network gets.</param>
/// <param name="Cut">The window as the camera took it; beyond the picture's edge the table's colour.</param>
/// <param name="Window">The window, in pixels of the picture.</param>
/// <param name="Location">Where the part was found.</param>
internal sealed record SeenPicture(Picture Input, Picture Cut, Box Window, PartLocation Location);
