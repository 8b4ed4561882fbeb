using DataRig.Core;
using DataRig.Data;

namespace DataRig.Tui.Models;

/// <summary>A picture with a few words under it.</summary>
/// <param name="Picture">Small enough to draw at once; null while it is read.</param>
/// <param name="Caption">What it is.</param>
/// <param name="Tone">How good it is.</param>
internal sealed record Thumbnail(Picture? Picture, string Caption, Tone Tone);

/// <summary>
/// What the camera saw last, and the frames before it. Pictures are decoded beside the session, one at a time: where they come
/// faster than that, the next whole one is shown.
/// </summary>
internal sealed class LivePictures(Inbox inbox)
{
    private const int LargePixels = 320, SmallPixels = 64, Kept = 24;

    private readonly Queue<Thumbnail> _thumbnails = new();
    private int _busy;

    public Picture? Last { get; private set; }

    /// <summary>Grows with every picture.</summary>
    public int Version { get; private set; }

    /// <summary>The newest last.</summary>
    public IReadOnlyList<Thumbnail> Thumbnails { get; private set; } = [];

    /// <summary>Shows a picture file; any thread may call.</summary>
    public void Show(byte[] file, string caption, Tone tone)
    {
        if (Interlocked.CompareExchange(ref _busy, 1, 0) == 0)
        {
            ThreadPool.QueueUserWorkItem(_ => Decode(file, caption, tone));
        }
    }

    /// <summary>A picture that fits into a square of so many pixels; itself where it does.</summary>
    public static Picture Fit(Picture picture, int pixels)
    {
        double scale = (double)pixels / Math.Max(picture.Width, picture.Height);
        return scale >= 1 ? picture : ImageCodec.Resize(picture, Math.Max(1, (int)(picture.Width * scale)), Math.Max(1, (int)(picture.Height * scale)));
    }

    private void Decode(byte[] file, string caption, Tone tone)
    {
        try
        {
            Picture large = Fit(ImageCodec.Decode(file), LargePixels);
            Thumbnail small = new(Fit(large, SmallPixels), caption, tone);
            inbox.Post(() => Add(large, small));
        }
        catch (WorkFailedException)
        {
            // A picture that cannot be decoded was refused by the gate, which says so.
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    private void Add(Picture large, Thumbnail small)
    {
        _thumbnails.Enqueue(small);
        while (_thumbnails.Count > Kept)
        {
            _thumbnails.Dequeue();
        }

        (Last, Version, Thumbnails) = (large, Version + 1, [.. _thumbnails]);
    }
}
