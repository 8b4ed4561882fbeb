using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>How a picture and what is marked in it are changed on the way out: a rectangle of it, at another size.</summary>
/// <param name="Left">The rectangle's left edge, in pixels of the picture.</param>
/// <param name="Top">Its top edge.</param>
/// <param name="CropWidth">Pixels across, within the picture.</param>
/// <param name="CropHeight">Pixels down.</param>
/// <param name="Width">Pixels across that the rectangle becomes.</param>
/// <param name="Height">Pixels down.</param>
internal sealed record PictureTransform(int Left, int Top, int CropWidth, int CropHeight, int Width, int Height)
{
    /// <summary>How much room a crop leaves around the part, as a share of its longer side.</summary>
    private const double Margin = 0.1;

    /// <param name="size">The longer side's pixels at most; null leaves it.</param>
    /// <param name="crop">Whether to cut a square around the frame's own part, where a box tells where it is.</param>
    public static PictureTransform Of(FrameRecord frame, IReadOnlyList<Annotation> annotations, int? size, bool crop)
    {
        (int left, int top, int width, int height) = (0, 0, frame.Width, frame.Height);
        Box[] own = [.. annotations.Where(a => a.Part == frame.Part && a.Item == frame.Item && a.Box.Area > 0).Select(a => a.Box)];
        if (crop && own.Length > 0)
        {
            double x = own.Min(b => b.X), y = own.Min(b => b.Y), right = own.Max(b => b.Right), bottom = own.Max(b => b.Bottom);
            int side = (int)Math.Ceiling(Math.Max(right - x, bottom - y) * (1 + (2 * Margin)));
            (left, width) = Span((x + right) / 2, side, frame.Width);
            (top, height) = Span((y + bottom) / 2, side, frame.Height);
        }

        double scale = size is { } most ? Math.Min(1, (double)most / Math.Max(width, height)) : 1;
        return new PictureTransform(left, top, width, height, Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }

    public Picture Apply(Picture picture)
    {
        Picture part = (CropWidth, CropHeight) == (picture.Width, picture.Height) ? picture : ImageCodec.Crop(picture, Left, Top, CropWidth, CropHeight);
        return (Width, Height) == (CropWidth, CropHeight) ? part : ImageCodec.Resize(part, Width, Height);
    }

    /// <summary>What is left of an annotation within the rectangle; null where nothing is.</summary>
    public Annotation? Apply(Annotation annotation)
    {
        Mask? mask = annotation.Mask is { } whole ? Apply(whole) : null;
        Box box = mask?.Bounds() ?? Cut(annotation.Box);
        bool cut = annotation.Box.X < Left || annotation.Box.Y < Top || annotation.Box.Right > Left + CropWidth || annotation.Box.Bottom > Top + CropHeight;
        return box.Width <= 0 || box.Height <= 0 || mask is { Area: 0 } ? null
            : annotation with { Mask = mask, Box = box, AmodalBox = annotation.AmodalBox is { } amodal ? Cut(amodal) : null, Truncated = annotation.Truncated || cut };
    }

    /// <summary>A camera that sees the rectangle as the picture shows it.</summary>
    public Intrinsics? Apply(Intrinsics? camera)
    {
        (double x, double y) = ((double)Width / CropWidth, (double)Height / CropHeight);
        return camera is null ? null : new Intrinsics(camera.FocalX * x, camera.FocalY * y, (camera.CenterX - Left) * x, (camera.CenterY - Top) * y);
    }

    /// <summary>Each pixel is the one that its centre came from.</summary>
    private Mask Apply(Mask mask)
    {
        byte[] pixels = mask.ToPixels(), result = new byte[Width * Height];
        for (int y = 0; y < Height; y++)
        {
            int row = (Top + (int)((y + 0.5) * CropHeight / Height)) * mask.Width;
            for (int x = 0; x < Width; x++)
            {
                result[(y * Width) + x] = pixels[row + Left + (int)((x + 0.5) * CropWidth / Width)];
            }
        }

        return Mask.FromPixels(Width, Height, result);
    }

    private Box Cut(Box box)
    {
        double left = Math.Clamp(box.X - Left, 0, CropWidth), top = Math.Clamp(box.Y - Top, 0, CropHeight);
        double right = Math.Clamp(box.Right - Left, 0, CropWidth), bottom = Math.Clamp(box.Bottom - Top, 0, CropHeight);
        (double x, double y) = ((double)Width / CropWidth, (double)Height / CropHeight);
        return new Box(left * x, top * y, (right - left) * x, (bottom - top) * y);
    }

    /// <summary>A stretch around a middle, moved into the picture and cut to it.</summary>
    private static (int From, int Length) Span(double middle, int length, int all)
    {
        length = Math.Min(length, all);
        return (Math.Clamp((int)Math.Round(middle - (length / 2.0)), 0, all - length), length);
    }
}
