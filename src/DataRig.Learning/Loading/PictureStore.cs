using System.Collections.Concurrent;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Loading;

/// <summary>Prepared pictures, kept in memory up to a budget; those beyond it are prepared anew each time. Any thread may ask.</summary>
internal sealed class PictureStore(Preprocessor preprocessor, long budgetBytes)
{
    private readonly ConcurrentDictionary<string, byte[]> _kept = new(StringComparer.Ordinal);
    private long _keptBytes;

    /// <summary>Of a prepared picture, in pixels.</summary>
    public int Side => preprocessor.Options.Side;

    /// <summary>The frame's picture as the network sees it: Side squared, three bytes a pixel, row-major. One that has no file comes once and is not kept.</summary>
    /// <exception cref="WorkFailedException">The file is missing or is no picture.</exception>
    public byte[] Get(Sample sample) => sample.Frame switch
    {
        FrameRecord stored => Get(stored, sample.Box),
        Frame made => preprocessor.Apply(ImageCodec.Decode(made.Image.Bytes), sample.Box).Rgb,
        _ => throw new ArgumentException($"a {sample.Frame.GetType().Name} has no picture", nameof(sample)),
    };

    private byte[] Get(FrameRecord frame, Box? box)
    {
        if (_kept.TryGetValue(frame.ImagePath, out byte[]? pixels))
        {
            return pixels;
        }

        pixels = preprocessor.Apply(Decode(frame.ImagePath), box).Rgb;
        if (Interlocked.Add(ref _keptBytes, pixels.Length) <= budgetBytes)
        {
            _kept.TryAdd(frame.ImagePath, pixels);
        }
        else
        {
            Interlocked.Add(ref _keptBytes, -pixels.Length);
        }

        return pixels;
    }

    private static Picture Decode(string file)
    {
        try
        {
            return ImageCodec.Decode(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or WorkFailedException)
        {
            throw new WorkFailedException($"the picture {file} cannot be used: {e.Message}", e);
        }
    }
}
