using DataRig.Core;

namespace DataRig.Rig;

/// <summary>Makes pixels of a picture's file. The codec is no part of the rig; the executable hands one in.</summary>
public interface IPictureReader
{
    /// <returns>The pixels as they are looked at, or null where the file is broken or not whole.</returns>
    Picture? TryRead(EncodedImage image);
}
