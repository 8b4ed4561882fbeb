using DataRig.Core;
using DataRig.Data.Storage;

namespace DataRig.Data.Importing;

/// <summary>A listed picture that was decoded from end to end.</summary>
/// <param name="File">The picture.</param>
/// <param name="Hash">Of its bytes; empty where there is a problem.</param>
/// <param name="Problem">What is wrong with it, or null.</param>
internal sealed record CheckedFile(ListedFile File, string Hash, string? Problem);

/// <summary>Decodes every picture once, several at a time, so that a broken one is found before anything is imported.</summary>
internal static class PictureCheck
{
    /// <returns>The files in the order listed.</returns>
    public static async Task<IReadOnlyList<CheckedFile>> RunAsync(FolderListing listing, int threads, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        CheckedFile[] files = new CheckedFile[listing.Files.Count];
        int done = 0;
        ParallelOptions options = new() { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellation };
        await Parallel.ForAsync(0, files.Length, options, (i, _) =>
        {
            files[i] = Check(listing.Files[i]);
            int now = Interlocked.Increment(ref done);
            if (now % 16 == 0 || now == files.Length)
            {
                progress?.Report(new StageProgress("Check", now, files.Length));
            }

            return ValueTask.CompletedTask;
        });
        return files;
    }

    private static CheckedFile Check(ListedFile file)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(file.Path);
            ImageCodec.Decode(bytes);
            return new CheckedFile(file, ImageStore.Hash(bytes), null);
        }
        catch (WorkFailedException e)
        {
            return new CheckedFile(file, "", e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new CheckedFile(file, "", $"the file cannot be read ({e.Message}).");
        }
    }
}
