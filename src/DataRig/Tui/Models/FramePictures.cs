using System.Collections.Concurrent;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Tui.Models;

/// <summary>Small pictures of a dataset's frames, decoded beside the screen when they are first looked at; the last few thousand are kept.</summary>
internal sealed class FramePictures(Inbox inbox)
{
    private const int Kept = 2000;

    private readonly Dictionary<(string Hash, int Pixels), Picture?> _pictures = [];
    private readonly BlockingCollection<(Dataset Dataset, FrameRecord Frame, int Pixels)> _wanted = [];
    private bool _reads;

    /// <summary>A frame's picture that fits into a square; null until it is read.</summary>
    public Picture? Of(Dataset dataset, FrameRecord frame, int pixels)
    {
        (string, int) key = (frame.ImageHash, pixels);
        if (_pictures.TryGetValue(key, out Picture? picture))
        {
            return picture;
        }

        if (_pictures.Count >= Kept)
        {
            _pictures.Clear();
        }

        _pictures[key] = null;
        _wanted.Add((dataset, frame, pixels));
        if (!_reads)
        {
            _reads = true;
            new Thread(Read) { IsBackground = true, Name = "pictures" }.Start();
        }

        return null;
    }

    private void Read()
    {
        foreach ((Dataset dataset, FrameRecord frame, int pixels) in _wanted.GetConsumingEnumerable())
        {
            try
            {
                Picture picture = LivePictures.Fit(dataset.ReadImage(frame), pixels);
                inbox.Post(() => _pictures[(frame.ImageHash, pixels)] = picture);
            }
            catch (Exception e) when (e is DataRigException or ObjectDisposedException)
            {
                // The audit says what is wrong with the file; here its place stays empty.
            }
        }
    }
}
