namespace DataRig.Engine.Tests.Assets;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class Folder : IDisposable
{
    public string Name { get; } = Directory.CreateTempSubdirectory("datarig-assets-").FullName;

    public string Write(string file, byte[] bytes)
    {
        string path = Path.Combine(Name, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Write(string file, string text) => Write(file, System.Text.Encoding.UTF8.GetBytes(text));

    public void Dispose() => Directory.Delete(Name, recursive: true);
}
