using System.Buffers;
using System.Buffers.Binary;
using DataRig.Core;
using DataRig.Data.Images;
using SkiaSharp;

namespace DataRig.Data;

/// <summary>The picture files that DataRig reads.</summary>
public enum ImageFormat
{
    Jpeg,
    Png,
    WebP,
}

/// <summary>What a picture file says of itself.</summary>
/// <param name="Format">The file's real format, whatever its name says.</param>
/// <param name="Width">Pixels across, as it is looked at (after the EXIF orientation).</param>
/// <param name="Height">Pixels down, as it is looked at.</param>
public readonly record struct ImageHeader(ImageFormat Format, int Width, int Height);

/// <summary>
/// Picture files to pixels and back. Pixels are sRGB as a person sees them: the EXIF orientation and an
/// embedded colour profile are applied, and what is transparent lies on white. Any thread may call.
/// </summary>
public static class ImageCodec
{
    /// <summary>A picture of more pixels than this is refused: decoded it would take over 300 MB.</summary>
    public const long MaxPixels = 100_000_000;

    /// <summary>Decodes a JPEG, PNG or WebP file.</summary>
    /// <exception cref="WorkFailedException">It is none of these, broken, cut short, or above <see cref="MaxPixels"/>.</exception>
    public static unsafe Picture Decode(ReadOnlySpan<byte> file)
    {
        using SKCodec codec = Open(file, out ImageHeader header);
        RefuseMissingEnd(file, header);
        SKImageInfo info = new(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul, Srgb);
        byte[] rgba = ArrayPool<byte>.Shared.Rent(info.BytesSize);
        try
        {
            SKCodecResult result;
            fixed (byte* pixels = rgba)
            {
                result = codec.GetPixels(info, (nint)pixels);
            }

            if (result != SKCodecResult.Success)
            {
                throw new WorkFailedException(result == SKCodecResult.IncompleteInput ? CutShort(header) : $"{Describe(header)} is broken: its pixels cannot be decoded ({result}); take or copy the picture again.");
            }

            return Orientation.Upright(OntoWhite(rgba, info.Width, info.Height), codec.EncodedOrigin);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rgba);
        }
    }

    /// <summary>Reads a file's format and size from its first bytes; the pixels may still turn out to be broken.</summary>
    /// <exception cref="WorkFailedException">It is no JPEG, PNG or WebP, or above <see cref="MaxPixels"/>.</exception>
    public static ImageHeader Identify(ReadOnlySpan<byte> file)
    {
        using SKCodec codec = Open(file, out ImageHeader header);
        return header;
    }

    /// <summary>Encodes as baseline JPEG with 4:2:0 colour as cameras do; the same picture always gives the same bytes.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="quality">From 1 to 100.</param>
    public static EncodedImage EncodeJpeg(Picture picture, int quality = 92)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        SKJpegEncoderOptions options = new(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore);
        return Encode(picture, (pixels, stream) => pixels.Encode(stream, options));
    }

    /// <summary>Encodes without loss as PNG; the same picture always gives the same bytes.</summary>
    public static EncodedImage EncodePng(Picture picture) =>
        Encode(picture, (pixels, stream) => pixels.Encode(stream, new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6)));

    /// <summary>Encodes depths without loss as 16-bit grey PNG, a step of <see cref="DepthMap.StepMm"/> a value; the same map always gives the same bytes.</summary>
    public static EncodedImage EncodeDepth(DepthMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new EncodedImage(DepthPng.Encode(map), map.Width, map.Height);
    }

    /// <summary>Decodes a 16-bit grey PNG file of depths.</summary>
    /// <exception cref="WorkFailedException">It is no such file, broken, cut short, or above <see cref="MaxPixels"/>.</exception>
    public static DepthMap DecodeDepth(ReadOnlySpan<byte> file) => DepthPng.Decode(file);

    /// <summary>
    /// Resizes with a triangle filter that widens when it shrinks, so that every pixel of the source counts
    /// (antialiased). It is what Pillow's BILINEAR and torchvision's <c>Resize(antialias=True)</c> do, so a
    /// model trained here sees the same pixels there; Skia's own filters skip pixels below half size.
    /// </summary>
    public static Picture Resize(Picture picture, int width, int height) => Resampler.Resize(picture, width, height);

    /// <summary>A rectangle of the picture, in pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It reaches beyond the picture.</exception>
    public static Picture Crop(Picture picture, int x, int y, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (x < 0 || y < 0 || width <= 0 || height <= 0 || x > picture.Width - width || y > picture.Height - height)
        {
            throw new ArgumentOutOfRangeException(nameof(width), $"{width}x{height} at ({x}, {y}) does not lie in a picture of {picture.Width}x{picture.Height}");
        }

        Picture part = new(width, height);
        for (int row = 0; row < height; row++)
        {
            picture.Rgb.AsSpan((((y + row) * picture.Width) + x) * 3, width * 3).CopyTo(part.Rgb.AsSpan(row * width * 3));
        }

        return part;
    }

    private static ReadOnlySpan<byte> EndOfImage => [0xFF, 0xD9];

    private static ReadOnlySpan<byte> StartOfScan => [0xFF, 0xDA];

    private static SKColorSpace Srgb { get; } = SKColorSpace.CreateSrgb();

    private static SKCodec Open(ReadOnlySpan<byte> file, out ImageHeader header)
    {
        if (file.IsEmpty)
        {
            throw new WorkFailedException("The picture file is empty (0 bytes).");
        }

        using SKData data = SKData.CreateCopy(file); // the codec keeps a reference of its own
        SKCodec codec = SKCodec.Create(data) ?? throw new WorkFailedException($"This is no picture DataRig can read: expected JPEG, PNG or WebP, found a file that begins {Convert.ToHexString(file[..Math.Min(4, file.Length)])}.");
        try
        {
            ImageFormat format = codec.EncodedFormat switch
            {
                SKEncodedImageFormat.Jpeg => ImageFormat.Jpeg,
                SKEncodedImageFormat.Png => ImageFormat.Png,
                SKEncodedImageFormat.Webp => ImageFormat.WebP,
                _ => throw new WorkFailedException($"DataRig reads JPEG, PNG and WebP, and this picture is {codec.EncodedFormat}; convert it first."),
            };
            (int width, int height) = Orientation.Swaps(codec.EncodedOrigin) ? (codec.Info.Height, codec.Info.Width) : (codec.Info.Width, codec.Info.Height);
            if ((long)width * height > MaxPixels)
            {
                throw new WorkFailedException($"The picture is {width}x{height}, and at most {MaxPixels / 1_000_000} megapixels are read; make it smaller.");
            }

            header = new ImageHeader(format, width, height);
            return codec;
        }
        catch
        {
            codec.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The decoder forgives a file that lacks only its last bytes, so the end is looked for here. Compressed JPEG
    /// data holds no FFDA or FFD9, and a thumbnail's lie before the picture's own.
    /// </summary>
    private static void RefuseMissingEnd(ReadOnlySpan<byte> file, ImageHeader header)
    {
        bool whole = header.Format switch
        {
            ImageFormat.Jpeg => file.LastIndexOf(EndOfImage) > file.LastIndexOf(StartOfScan),
            ImageFormat.Png => file.IndexOf("IEND"u8) >= 0,
            _ => file.Length >= 8 && file.Length >= 8L + BinaryPrimitives.ReadUInt32LittleEndian(file[4..]),
        };
        if (!whole)
        {
            throw new WorkFailedException(CutShort(header));
        }
    }

    private static string Describe(ImageHeader header) => $"The {header.Width}x{header.Height} {header.Format} picture";

    private static string CutShort(ImageHeader header) => $"{Describe(header)} is cut short: its file ends before the pixels do; take or copy the picture again.";

    /// <summary>Drops the premultiplied alpha channel by laying the picture on white.</summary>
    private static Picture OntoWhite(ReadOnlySpan<byte> rgba, int width, int height)
    {
        Picture picture = new(width, height);
        Span<byte> rgb = picture.Rgb;
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            int white = 255 - rgba[from + 3];
            rgb[to] = (byte)(rgba[from] + white);
            rgb[to + 1] = (byte)(rgba[from + 1] + white);
            rgb[to + 2] = (byte)(rgba[from + 2] + white);
        }

        return picture;
    }

    private static unsafe EncodedImage Encode(Picture picture, Func<SKPixmap, SKWStream, bool> write)
    {
        ArgumentNullException.ThrowIfNull(picture);
        SKImageInfo info = new(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        byte[] rgbx = ArrayPool<byte>.Shared.Rent(info.BytesSize);
        try
        {
            ReadOnlySpan<byte> rgb = picture.Rgb;
            for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
            {
                rgbx[to] = rgb[from];
                rgbx[to + 1] = rgb[from + 1];
                rgbx[to + 2] = rgb[from + 2];
                rgbx[to + 3] = 255;
            }

            using SKDynamicMemoryWStream stream = new();
            fixed (byte* pixels = rgbx)
            {
                using SKPixmap pixmap = new(info, (nint)pixels);
                if (!write(pixmap, stream))
                {
                    throw new WorkFailedException($"A {picture.Width}x{picture.Height} picture could not be encoded; JPEG and PNG go up to 65,535 pixels a side.");
                }
            }

            using SKData file = stream.DetachAsData();
            return new EncodedImage(file.ToArray(), picture.Width, picture.Height);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rgbx);
        }
    }
}
