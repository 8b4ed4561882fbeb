using System.Collections.Concurrent;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Loading;

/// <summary>Prepared pictures, kept in memory up to a budget; those beyond it are prepared anew each time. Any thread may ask.</summary>
internal sealed class PictureStore(Preprocessor preprocessor, long budgetBytes)
{
    private readonly ConcurrentDictionary<string, byte[]> _kept = new(StringComparer.Ordinal);
    private long _keptBytes;

    public int InputPixels => preprocessor.Options.InputPixels;

    /// <summary>The frame's picture as the network sees it: InputPixels squared, three bytes a pixel, row-major. One that has no file comes once and is not kept.</summary>
    /// <exception cref="WorkFailedException">The file is missing or is no picture.</exception>
    public byte[] Get(FrameLabels frame) => frame switch
    {
        FrameRecord stored => Get(stored),
        Frame made => preprocessor.Apply(ImageCodec.Decode(made.Image.Bytes)).Rgb,
        _ => throw new ArgumentException($"a {frame.GetType().Name} has no picture", nameof(frame)),
    };

    private byte[] Get(FrameRecord frame)
    {
        if (_kept.TryGetValue(frame.ImagePath, out byte[]? pixels))
        {
            return pixels;
        }

        pixels = preprocessor.Apply(Decode(frame.ImagePath)).Rgb;
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
