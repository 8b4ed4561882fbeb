using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using DataRig.Core;

namespace DataRig.Data.Importing;

/// <summary>Reads <c>frames.csv</c>, header <c>file,part,item</c> in any order and nothing else, noting every problem with its line.</summary>
internal static class FramesCsv
{
    public const string Name = "frames.csv";

    private static readonly string[] Columns = ["file", "part", "item"];

    public static void Read(FolderListing listing)
    {
        List<string> quotes = [];
        CsvConfiguration strict = new(CultureInfo.InvariantCulture)
        {
            Mode = CsvMode.RFC4180,
            DetectColumnCountChanges = false,
            IgnoreBlankLines = true,
            BadDataFound = bad => quotes.Add(bad.Field),
        };
        using StreamReader text = new(Path.Combine(listing.Folder, Name), new UTF8Encoding(false));
        using CsvParser parser = new(text, strict);
        if (!parser.Read())
        {
            listing.Problems.Add($"{Name}:1: the file is empty; expected the header file,part,item.");
            return;
        }

        string[] header = [.. parser.Record!];
        int before = listing.Problems.Count;
        CheckHeader(header, listing);
        if (listing.Problems.Count > before)
        {
            return;
        }

        int[] at = [.. Columns.Select(c => Array.IndexOf(header, c))];
        Dictionary<string, int> firstLines = new(StringComparer.Ordinal);
        while (true)
        {
            int line = parser.RawRow + 1;
            quotes.Clear();
            if (!parser.Read())
            {
                return;
            }

            if (Row(parser.Record!, header.Length, at, quotes) is not { } row)
            {
                listing.Problems.Add($"{Name}:{line}: {Problem(parser.Record!, header, quotes)}.");
            }
            else if (!firstLines.TryAdd(Place(row.File), line))
            {
                listing.Problems.Add($"{Name}:{line}: \"{row.File}\" stands in line {firstLines[Place(row.File)]} already; keep one of them.");
            }
            else
            {
                listing.Add(row.File, $"{Name}:{line}", row.Part, row.Item);
            }
        }
    }

    // "./a.jpg" and "a.jpg" are one file; where it is does not matter here.
    private static string Place(string file) => Path.GetFullPath(file, "/");

    private static void CheckHeader(string[] header, FolderListing listing)
    {
        foreach (string column in header.Where(h => !Columns.Contains(h)))
        {
            listing.Problems.Add($"{Name}:1: unknown column \"{column}\"; the columns are file, part and item, in lower case.");
        }

        foreach (string column in Columns.Where(c => !header.Contains(c)))
        {
            listing.Problems.Add($"{Name}:1: the column \"{column}\" is missing; expected the header file,part,item.");
        }

        foreach (string column in Columns.Where(c => header.Count(h => h == c) > 1))
        {
            listing.Problems.Add($"{Name}:1: the column \"{column}\" stands there twice.");
        }
    }

    private static (string File, string Part, string Item)? Row(string[] cells, int columns, int[] at, List<string> quotes) =>
        quotes.Count == 0 && cells.Length == columns && at.All(i => !string.IsNullOrWhiteSpace(cells[i])) ? (cells[at[0]], cells[at[1]], cells[at[2]]) : null;

    private static string Problem(string[] cells, string[] header, List<string> quotes) =>
        quotes.Count > 0 ? $"a quotation mark stands in the middle of {quotes[0].Trim()}; double it and put the cell in quotation marks"
        : cells.Length != header.Length ? $"expected {header.Length} cells, found {cells.Length}"
        : string.Join(" and ", header.Where((_, i) => string.IsNullOrWhiteSpace(cells[i])).Select(h => $"the cell {h} is empty"));
}
