namespace DataRig.Core;

/// <summary>An uncompressed 8-bit RGB picture, row-major from the top left, three bytes a pixel, sRGB.</summary>
public sealed class Picture
{
    /// <exception cref="ArgumentException">The buffer's length is not width x height x 3.</exception>
    public Picture(int width, int height, byte[] rgb)
    {
        ArgumentNullException.ThrowIfNull(rgb);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (rgb.Length != width * height * 3)
        {
            throw new ArgumentException($"a {width}x{height} picture takes {width * height * 3} bytes, found {rgb.Length}", nameof(rgb));
        }

        Width = width;
        Height = height;
        Rgb = rgb;
    }

    public Picture(int width, int height)
        : this(width, height, new byte[width * height * 3])
    {
    }

    /// <summary>Pixels across.</summary>
    public int Width { get; }

    /// <summary>Pixels down.</summary>
    public int Height { get; }

    /// <summary>The pixels, not copied.</summary>
    public byte[] Rgb { get; }

    public (byte R, byte G, byte B) this[int x, int y]
    {
        get
        {
            int at = ((y * Width) + x) * 3;
            return (Rgb[at], Rgb[at + 1], Rgb[at + 2]);
        }

        set
        {
            int at = ((y * Width) + x) * 3;
            (Rgb[at], Rgb[at + 1], Rgb[at + 2]) = value;
        }
    }
}

/// <summary>A whole picture file in memory, as a camera gives it and the dataset keeps it.</summary>
/// <param name="Bytes">The file's bytes (JPEG or PNG).</param>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
public sealed record EncodedImage(byte[] Bytes, int Width, int Height);
