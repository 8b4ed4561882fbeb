using System.Globalization;
using DataRig.Core;

namespace DataRig.Rig.Cameras;

/// <summary>
/// Short temporary paths for programs that write pictures. Each path is new, so that nothing an earlier run wrote, or still
/// writes, is taken for this run's; files are read and deleted at once.
/// </summary>
internal sealed class ShotFiles : IDisposable
{
    /// <summary>A JPEG beyond this is none that a camera made.</summary>
    public const int MostBytes = 128 * 1024 * 1024;

    /// <summary>rpicam-still cuts longer paths without a word.</summary>
    private const int LongestPath = 110;

    private readonly string _folder = Make();
    private int _count;

    public string Fresh(string extension) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{_count++}.{extension}"));

    /// <summary>The file's bytes, and the file is gone; nothing where there is none.</summary>
    public byte[] Take(string path)
    {
        try
        {
            byte[] bytes = new FileInfo(path) is { Exists: true, Length: <= MostBytes } ? File.ReadAllBytes(path) : [];
            File.Delete(path);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The picture {path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>What became of a program that was to write a picture.</summary>
    /// <returns>What went wrong, to follow "the last time"; null when the picture is whole.</returns>
    public static string? Problem(ProgramRun run, ReadOnlySpan<byte> picture, TimeSpan deadline, out JpegFile jpeg)
    {
        jpeg = default;
        string said = run.LastWords.Length > 0 ? $" (it said: {run.LastWords})" : "";
        if (run.Unkillable)
        {
            return $"it did not even end when it was killed, it hangs inside the kernel{said}";
        }

        if (run.TooMuch)
        {
            return $"it wrote without end and was killed{said}";
        }

        if (run.ExitCode is not { } code)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it had not finished after {deadline.TotalSeconds:0.#} s and was killed{said}");
        }

        if (code != 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it ended with exit code {code}{said}");
        }

        return picture.IsEmpty
            ? $"it ended well but wrote no picture{said}"
            : JpegFile.Problem(picture, out jpeg) is { } wrong ? $"it wrote a file, and {wrong}{said}" : null;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A file that a killed program still holds may stay behind in the temporary folder.
        }
    }

    private static string Make()
    {
        try
        {
            DirectoryInfo made = Directory.CreateTempSubdirectory("datarig-");
            if (made.FullName.Length <= LongestPath && !made.FullName.Contains('%', StringComparison.Ordinal))
            {
                return made.FullName;
            }

            made.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"No temporary folder can be made for the camera's pictures: {e.Message} Free some space, or set TMPDIR to a folder that can be written.", e);
        }

        throw new WorkFailedException($"The temporary folder's path is too long for camera programs (over {LongestPath} characters), or has a % in it: {Path.GetTempPath()}. Set TMPDIR to a short one, such as /tmp.");
    }
}
