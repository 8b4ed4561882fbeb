using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace DataRig.Data.Formats;

/// <summary><c>frames.csv</c> and <c>annotations.csv</c>, as RFC 4180 has it. Of the columns file, part and item must be there, in any order.</summary>
internal sealed class CsvTables : Tables
{
    public override string Name => "csv";

    public override string Title => "CSV: pandas, spreadsheets, and lists written by hand";

    protected override string Extension => ".csv";

    protected override ITableWriter Begin(Stream stream, Column[] columns) => new Writer(stream, columns);

    private sealed class Writer : ITableWriter
    {
        private readonly CsvWriter _csv;

        public Writer(Stream stream, Column[] columns)
        {
            _csv = new CsvWriter(new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true), new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" }, leaveOpen: false);
            Add([.. columns.Select(c => c.Name)]);
        }

        public void Add(string?[] cells)
        {
            foreach (string? cell in cells)
            {
                _csv.WriteField(cell);
            }

            _csv.NextRecord();
        }

        public void Dispose() => _csv.Dispose();
    }

    protected override IEnumerable<(string Where, Dictionary<string, string> Cells)> Rows(FormatReader reader, string file, Column[] known, string[] required)
    {
        if (reader.ReadText(file) is not { } text)
        {
            yield break;
        }

        List<string> quotes = [];
        CsvConfiguration strict = new(CultureInfo.InvariantCulture) { Mode = CsvMode.RFC4180, DetectColumnCountChanges = false, IgnoreBlankLines = true, BadDataFound = bad => quotes.Add(bad.Field) };
        using CsvParser parser = new(new StringReader(text), strict);
        if (!parser.Read())
        {
            reader.Problems.Add($"{file}:1", $"the file is empty; expected a header with {string.Join(",", required)}");
            yield break;
        }

        string[] header = [.. parser.Record!];
        long before = reader.Problems.Count;
        foreach (string wrong in HeaderProblems(header, known, required))
        {
            reader.Problems.Add($"{file}:1", wrong);
        }

        while (reader.Problems.Count == before || parser.Row > 1)
        {
            int line = parser.RawRow + 1;
            quotes.Clear();
            if (!parser.Read())
            {
                yield break;
            }

            string[] cells = parser.Record!;
            string[] missing = cells.Length == header.Length ? [.. header.Where((h, i) => required.Contains(h) && string.IsNullOrWhiteSpace(cells[i]))] : [];
            if (quotes.Count > 0 || cells.Length != header.Length || missing.Length > 0)
            {
                reader.Problems.Add(
                    $"{file}:{line}",
                    quotes.Count > 0 ? $"a quotation mark stands in the middle of {Fields.Short(quotes[0].Trim())}; double it and put the cell in quotation marks"
                    : cells.Length != header.Length ? $"expected {header.Length} cells, found {cells.Length}"
                    : string.Join(" and ", missing.Select(h => $"the cell {h} is empty")));
                continue;
            }

            yield return ($"{file}:{line}", header.Select((h, i) => (h, cells[i])).Where(c => c.Item2.Length > 0).ToDictionary(c => c.h, c => c.Item2));
        }
    }

    private static IEnumerable<string> HeaderProblems(string[] header, Column[] known, string[] required) =>
        header.Where(h => !known.Any(c => c.Name == h)).Select(h => $"unknown column \"{Fields.Short(h)}\"; the columns are {string.Join(", ", known.Select(c => c.Name))}")
            .Concat(required.Where(c => !header.Contains(c)).Select(c => $"the column \"{c}\" is missing; expected a header with {string.Join(",", required)}"))
            .Concat(header.Distinct().Where(c => header.Count(h => h == c) > 1).Select(c => $"the column \"{c}\" stands there twice"));
}
