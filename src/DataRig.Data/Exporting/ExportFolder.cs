using System.Text;
using DataRig.Core;
using DataRig.Data.Storage;

namespace DataRig.Data.Exporting;

/// <summary>
/// A folder that is written under a temporary name beside its place and renamed at the end, so that half an export is never
/// taken for a whole one. What a stopped export left there is gone on with, if it was to be the same one.
/// </summary>
internal static class ExportFolder
{
    private const string Stamp = ".datarig-export";

    /// <param name="target">The folder to be.</param>
    /// <param name="what">All that decides the export's bytes: only an export of the same is gone on with.</param>
    /// <param name="write">Writes into the folder it is given.</param>
    /// <returns>The folder, as a full path.</returns>
    public static string Write(string target, string what, Action<string> write)
    {
        target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new WorkFailedException($"Nothing was exported: {target} is not empty; name a new folder, or empty that one.");
        }

        string partial = $"{target}.partial", stamp = Path.Combine(partial, Stamp);
        what = ImageStore.Hash(Encoding.UTF8.GetBytes(what));
        try
        {
            if (Directory.Exists(partial) && (!File.Exists(stamp) || File.ReadAllText(stamp) != what))
            {
                Directory.Delete(partial, recursive: true);
            }

            Directory.CreateDirectory(partial);
            File.WriteAllText(stamp, what);
            write(partial);
            File.Delete(stamp);
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(partial, target);
            return target;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The export to {target} is not finished: {e.Message.TrimEnd('.')}. What is done lies in {partial}; run it again to go on.", e);
        }
    }

    /// <summary>Puts a file into its place whole; one that is there already stays.</summary>
    /// <param name="path">Its place.</param>
    /// <param name="make">Makes it under the name it is given.</param>
    public static void Place(string path, Action<string> make)
    {
        if (!File.Exists(path))
        {
            string temporary = path + ".tmp";
            File.Delete(temporary);
            make(temporary);
            File.Move(temporary, path);
        }
    }
}
