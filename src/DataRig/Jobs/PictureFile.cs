using DataRig.Core;
using DataRig.Data;

namespace DataRig.Jobs;

/// <summary>A picture that the user named.</summary>
internal static class PictureFile
{
    /// <exception cref="WorkFailedException">It is not there, cannot be read, or is no picture.</exception>
    public static Picture Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new WorkFailedException($"There is no picture {path}.", e);
        }

        try
        {
            return ImageCodec.Decode(bytes);
        }
        catch (WorkFailedException e)
        {
            throw new WorkFailedException($"{path}: {e.Message}", e);
        }
    }
}
