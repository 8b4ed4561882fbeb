using System.Text.RegularExpressions;
using DataRig.Core;

namespace DataRig.Rig.Cameras;

/// <summary>A camera that shows the pictures of a folder, in the order of their names or the one that is named for the stop.</summary>
public sealed partial class FolderCamera(FolderCameraOptions options, TimeProvider time) : ICamera
{
    private const string Driver = "folder";

    private string[]? _pictures;
    private int _shown;

    public double? ElevationDegrees => options.ElevationDegrees;

    public Task<CameraLock> LockAsync(CameraLock? earlier, CancellationToken cancel)
    {
        CameraLock.RequireSame(earlier, Driver);
        return Task.FromResult(CameraLock.Nothing(Driver));
    }

    public async Task<Shot> CaptureAsync(ShotTarget target, CancellationToken cancel)
    {
        string path = options.Name is { } pattern ? Named(pattern, target) : Next();
        DateTimeOffset takenAt = time.GetUtcNow();
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(path, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The picture {path} cannot be read: {e.Message}", e);
        }

        return JpegFile.Problem(bytes, out JpegFile jpeg) is { } wrong
            ? throw new WorkFailedException($"The picture {path} cannot be shown: {wrong}. Replace it or take it out of the folder.")
            : new Shot(new EncodedImage(bytes, jpeg.Width, jpeg.Height), takenAt) { Metadata = new Dictionary<string, string> { ["file"] = Path.GetFileName(path) } };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string Named(string pattern, ShotTarget target)
    {
        string name = FolderCameraOptions.NameOf(pattern, target), path = Path.Combine(options.Folder, name);
        string where = target.Sweep is { } sweep ? $"stop {target.Stop} of sweep {sweep}" : $"plate {target.Stop}";
        return File.Exists(path) ? path : throw new WorkFailedException($"The folder camera has no picture of {where}: there is no file {path}.");
    }

    private string Next()
    {
        _pictures ??= List();
        return _shown < _pictures.Length
            ? _pictures[_shown++]
            : throw new WorkFailedException($"The folder camera has shown all {_pictures.Length} pictures of {options.Folder}, and the session asks for another one; add pictures, or plan fewer stops.");
    }

    private string[] List()
    {
        try
        {
            // 2.jpg comes before 10.jpg.
            string[] found = [.. Directory.EnumerateFiles(options.Folder).Where(f => Extension().IsMatch(f)).OrderBy(f => Digits().Replace(Path.GetFileName(f), d => d.Value.PadLeft(20, '0')), StringComparer.Ordinal)];
            return found.Length > 0 ? found : throw new WorkFailedException($"The folder camera finds no .jpg in {Path.GetFullPath(options.Folder)}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The folder camera cannot read {Path.GetFullPath(options.Folder)}: {(e is DirectoryNotFoundException ? "there is no such folder" : e.Message)}.", e);
        }
    }

    [GeneratedRegex(@"\.jpe?g$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Extension();

    [GeneratedRegex(@"[0-9]+")]
    private static partial Regex Digits();
}
