using System.Buffers.Binary;
using System.Collections.Concurrent;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Leaks;

/// <summary>
/// <c>thumbnails.bin</c> beside a dataset's catalog: the thumbnails of its pictures by their content, so that a picture is decoded
/// once. One after the other: 32 bytes of SHA-256, the length of a PNG file (32 bits, little-endian), the file. It may be deleted at any time.
/// </summary>
internal sealed class ThumbnailFile
{
    private const string FileName = "thumbnails.bin";

    private const int HashBytes = 32, HeaderBytes = HashBytes + sizeof(int), MostBytes = 4 * Thumbnail.Side * Thumbnail.Side;

    private readonly string _path;
    private readonly ConcurrentDictionary<string, byte[]> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _made = new(StringComparer.Ordinal);

    /// <param name="folder">The dataset's folder.</param>
    public ThumbnailFile(string folder)
    {
        _path = Path.Combine(folder, FileName);
        byte[] all = ReadAll();
        for (int at = 0; at + HeaderBytes <= all.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(all.AsSpan(at + HashBytes));
            if (length is <= 0 or > MostBytes || at + HeaderBytes + length > all.Length)
            {
                break; // the end of a write that a kill cut short
            }

            _known[Convert.ToHexStringLower(all.AsSpan(at, HashBytes))] = all[(at + HeaderBytes)..(at + HeaderBytes + length)];
            at += HeaderBytes + length;
        }
    }

    /// <summary>A frame's thumbnail, from the file or made from the picture. Any thread may call.</summary>
    /// <exception cref="WorkFailedException">The picture is missing or broken.</exception>
    public Thumbnail Of(Dataset dataset, FrameRecord frame)
    {
        if (_known.TryGetValue(frame.ImageHash, out byte[]? kept) && Decode(kept) is { } small)
        {
            return new Thumbnail(small);
        }

        Picture made = ImageCodec.Resize(dataset.ReadImage(frame), Thumbnail.Side, Thumbnail.Side);
        _made[frame.ImageHash] = ImageCodec.EncodePng(made).Bytes;
        return new Thumbnail(made);
    }

    /// <summary>Writes what was made. Where the folder cannot be written it is made again next time.</summary>
    public void Save()
    {
        if (_made.IsEmpty)
        {
            return;
        }

        using MemoryStream all = new();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach ((string hash, byte[] png) in _known.Concat(_made).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            all.Write(Convert.FromHexString(hash));
            BinaryPrimitives.WriteInt32LittleEndian(length, png.Length);
            all.Write(length);
            all.Write(png);
        }

        try
        {
            AtomicFile.Write(_path, all.GetBuffer().AsSpan(0, (int)all.Length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private byte[] ReadAll()
    {
        try
        {
            return File.Exists(_path) ? File.ReadAllBytes(_path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static Picture? Decode(byte[] png)
    {
        try
        {
            Picture small = ImageCodec.Decode(png);
            return (small.Width, small.Height) == (Thumbnail.Side, Thumbnail.Side) ? small : null;
        }
        catch (WorkFailedException)
        {
            return null;
        }
    }
}
