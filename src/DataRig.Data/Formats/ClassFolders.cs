using DataRig.Core;
using DataRig.Data.Importing;

namespace DataRig.Data.Formats;

/// <summary>
/// A folder a part, as torchvision's ImageFolder and Ultralytics' classification read them: <c>train|val|test/part/item/*.jpg</c>
/// by the split, or <c>part/item/*.jpg</c> without one. Others' may lack the folders of items.
/// </summary>
internal sealed class ClassFolders : IDatasetFormat
{
    public string Name => "folders";

    public string Title => "a folder a class: torchvision's ImageFolder, Ultralytics classify, Keras";

    public Carried Carries => Carried.Item | Carried.Split | Carried.Unmarked;

    public int Likelihood => 0;

    public string PictureFile(FormatFrame frame, string name) => $"{(frame.Subset is { } subset ? subset + "/" : "")}{frame.Part}/{frame.Item}/{name}";

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer)
    {
        foreach (FormatFrame _ in frames)
        {
            // The folders say it all.
        }
    }

    public bool Recognizes(FormatReader reader) => Folders(reader.Folder).Length > 0 && reader.Pictures().Any();

    public IEnumerable<FormatFrame> Read(FormatReader reader)
    {
        string[] top = Folders(reader.Folder);
        bool subsets = top.Length > 0 && top.All(f => FormatFrame.RoleOf(f) is not null);
        string[] pictures = [.. reader.Pictures()];
        bool items = pictures.Any(f => f.Split('/').Length == (subsets ? 4 : 3));
        foreach (string file in pictures)
        {
            string[] names = file.Split('/');
            string[] folders = subsets ? names[1..^1] : names[..^1];
            if (folders.Length is 1 or 2)
            {
                yield return new FormatFrame
                {
                    File = file,
                    Where = file,
                    Source = FrameSource.Imported,
                    Part = new PartId(folders[0]),
                    Item = folders.Length == 2 ? new ItemId(folders[1]) : default,
                    Role = subsets && items ? FormatFrame.RoleOf(names[0]) : null,
                };
            }
            else if (folders.Length == 0)
            {
                reader.Problems.Add(file, "the picture lies in no part's folder; move it into one");
            }
        }

        foreach (string deep in pictures.Select(f => Path.GetDirectoryName(f)!).Distinct().Where(f => f.Split('/').Length > (subsets ? 3 : 2)))
        {
            reader.Problems.Add(deep, "the folder lies too deep; expected part/*.jpg or part/item/*.jpg");
        }

        if (reader.Files("*").Where(ImportPaths.IsOtherPicture).ToArray() is { Length: > 0 } others)
        {
            reader.Remarks.Add($"{(others.Length == 1 ? "One picture is" : $"{others.Length} pictures are")} of a kind that is not read, and passed over: {others[0]}{(others.Length > 1 ? " is the first" : "")}. Expected JPEG, PNG or WebP; convert them to import them.");
        }

        if (subsets && !items)
        {
            reader.Remarks.Add($"The folders {string.Join(", ", top)} do not say which pictures show the same item, so each part counts as one item: nothing can be proven on such a dataset until frames.csv says which is which.");
        }
    }

    private static string[] Folders(string folder) => [.. Directory.EnumerateDirectories(folder).Select(f => Path.GetFileName(f)).Where(f => !f.StartsWith('.')).Order(StringComparer.Ordinal)];
}
