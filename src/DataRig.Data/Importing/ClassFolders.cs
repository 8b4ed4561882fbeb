namespace DataRig.Data.Importing;

/// <summary>Reads a folder for each part, with or without a folder for each item, maybe below train, val and test.</summary>
internal static class ClassFolders
{
    private static readonly string[] Subsets = ["train", "val", "valid", "validation", "test"];

    public static void Read(FolderListing listing)
    {
        string[] top = Folders(listing.Folder);
        bool subsets = top.Length > 0 && top.All(f => Subsets.Contains(Path.GetFileName(f).ToLowerInvariant()));
        if (subsets)
        {
            listing.Remarks.Add($"The folders {string.Join(", ", top.Select(Path.GetFileName))} do not say which pictures show the same item, so each part counts as one item: nothing can be proven on such a dataset until frames.csv says which is which.");
        }

        foreach (string part in subsets ? top.SelectMany(Folders) : top)
        {
            ReadPart(listing, part, Path.GetFileName(part), byItem: !subsets);
        }

        foreach (string stray in Pictures(listing.Folder))
        {
            listing.Problems.Add($"{Path.GetFileName(stray)}: the picture lies in no part's folder; move it into one.");
        }
    }

    private static void ReadPart(FolderListing listing, string folder, string part, bool byItem)
    {
        string[] items = byItem ? Folders(folder) : [];
        string[] loose = Pictures(folder);
        foreach (string file in loose)
        {
            Add(listing, file, part, $"{part}-1");
        }

        foreach (string item in items)
        {
            foreach (string file in Pictures(item))
            {
                Add(listing, file, part, Path.GetFileName(item));
            }
        }

        if (loose.Length > 0 && items.Length > 0)
        {
            listing.Remarks.Add($"The part {part} has pictures beside its items' folders; they count as the item {part}-1.");
        }

        foreach (string deep in (byItem ? items : [folder]).SelectMany(Folders))
        {
            listing.Problems.Add($"{Path.GetRelativePath(listing.Folder, deep)}: the folder lies too deep; expected part/*.jpg or part/item/*.jpg.");
        }
    }

    private static void Add(FolderListing listing, string file, string part, string item)
    {
        string relative = Path.GetRelativePath(listing.Folder, file);
        listing.Add(relative, relative, part, item);
    }

    private static string[] Folders(string folder) => [.. Directory.EnumerateDirectories(folder).Where(IsShown).Order(StringComparer.Ordinal)];

    private static string[] Pictures(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(f => IsShown(f) && FolderListing.IsPicture(f)).Order(StringComparer.Ordinal)];

    private static bool IsShown(string path) => !Path.GetFileName(path).StartsWith('.');
}
