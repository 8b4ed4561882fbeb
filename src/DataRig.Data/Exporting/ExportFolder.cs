using DataRig.Core;
using DataRig.Data.Storage;

namespace DataRig.Data.Exporting;

/// <summary>A folder that is written under a temporary name beside its place and renamed at the end, so that half an export is never taken for a whole one.</summary>
internal static class ExportFolder
{
    /// <param name="target">The folder to be.</param>
    /// <param name="write">Writes into the folder it is given and returns the number of frames.</param>
    public static ExportResult Write(string target, Func<string, int> write)
    {
        target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new WorkFailedException($"Nothing was exported: {target} is not empty; name a new folder, or empty that one.");
        }

        string temporary = $"{target}.partial";
        try
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true); // of an export that was killed
            }

            Directory.CreateDirectory(temporary);
            try
            {
                int frames = write(temporary);
                if (Directory.Exists(target))
                {
                    Directory.Delete(target);
                }

                Directory.Move(temporary, target);
                return new ExportResult(target, frames);
            }
            catch
            {
                Directory.Delete(temporary, recursive: true);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"Nothing was exported to {target}: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Puts a frame's picture file at a path, sharing its bytes where that is wanted and can be done.</summary>
    public static void Place(FrameRecord frame, string path, bool hardLink)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!File.Exists(frame.ImagePath))
        {
            throw new WorkFailedException($"Nothing was exported: the picture {frame.ImagePath} of frame {frame.Id} is missing; audit the dataset.");
        }

        if (!hardLink || !Durable.TryLink(frame.ImagePath, path))
        {
            File.Copy(frame.ImagePath, path);
        }
    }
}
