using DataRig.Core;

namespace DataRig.Data.Storage;

/// <summary>A frame whose files are about to be stored.</summary>
internal sealed record IncomingFrame(Frame Frame, IncomingImage Image, Dictionary<MapKind, IncomingImage> Maps)
{
    /// <summary>All of its files.</summary>
    public IEnumerable<IncomingImage> Files => Maps.Values.Append(Image);

    /// <exception cref="WorkFailedException">As <see cref="FrameCheck.Check"/>.</exception>
    /// <exception cref="ArgumentException">As <see cref="FrameCheck.Check"/>.</exception>
    public static IncomingFrame Of(Frame frame) => new(
        frame,
        new IncomingImage(ImageStore.Hash(frame.Image.Bytes), FrameCheck.Check(frame), frame.Image.Bytes),
        frame.Maps.ToDictionary(m => m.Key, m => new IncomingImage(ImageStore.Hash(m.Value.Bytes), ImageFormat.Png, m.Value.Bytes)));
}
