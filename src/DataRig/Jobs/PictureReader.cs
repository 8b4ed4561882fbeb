using DataRig.Core;
using DataRig.Data;
using DataRig.Rig;

namespace DataRig.Jobs;

/// <summary>Lends the rig the dataset's codec.</summary>
internal sealed class PictureReader : IPictureReader
{
    public Picture? TryRead(EncodedImage image)
    {
        try
        {
            return ImageCodec.Decode(image.Bytes);
        }
        catch (WorkFailedException)
        {
            return null;
        }
    }
}
