using System.Globalization;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace DataRig.Data.Formats;

/// <summary><c>frames.parquet</c> and <c>annotations.parquet</c>: the columns of the CSV tables, numbers as doubles, what is empty as null.</summary>
internal sealed class ParquetTables : Tables
{
    private const int RowsAGroup = 10_000;

    public override string Name => "parquet";

    public override string Title => "Parquet: pandas, Polars, DuckDB, Spark";

    protected override string Extension => ".parquet";

    protected override ITableWriter Begin(Stream stream, Column[] columns) => new Writer(stream, columns);

    /// <summary>Rows are kept until a group is full.</summary>
    private sealed class Writer(Stream stream, Column[] columns) : ITableWriter
    {
        private readonly List<string?[]> _rows = [];
        private readonly DataField[] _fields = [.. columns.Select(c => c.Numeric ? (DataField)new DataField<double?>(c.Name) : new DataField<string>(c.Name))];
        private ParquetWriter? _writer;

        public void Add(string?[] cells)
        {
            _rows.Add(cells);
            if (_rows.Count == RowsAGroup)
            {
                Flush();
            }
        }

        public void Dispose()
        {
            if (_rows.Count > 0 || _writer is null)
            {
                Flush();
            }

            _writer!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        private void Flush()
        {
            _writer ??= ParquetWriter.CreateAsync(new ParquetSchema(_fields), stream).GetAwaiter().GetResult();
            using ParquetRowGroupWriter group = _writer.CreateRowGroup();
            for (int i = 0; i < columns.Length; i++)
            {
                Write(group, i).GetAwaiter().GetResult();
            }

            group.CompleteValidate();
            _rows.Clear();
        }

        private Task Write(ParquetRowGroupWriter group, int column) => columns[column].Numeric
            ? group.WriteAsync<double>(_fields[column], _rows.Select(r => r[column] is { } text ? Fields.Number(text) : (double?)null).ToArray())
            : group.WriteAsync(_fields[column], _rows.Select(r => r[column]).ToArray());
    }

    protected override IEnumerable<(string Where, Dictionary<string, string> Cells)> Rows(FormatReader reader, string file, Column[] known, string[] required)
    {
        if (reader.ReadBytes(file) is not { } bytes || Open(reader, file, bytes) is not { } parquet)
        {
            yield break;
        }

        DataField[] fields = [.. parquet.Schema.GetDataFields().Where(f => known.Any(c => c.Name == f.Name))];
        foreach (string missing in required.Where(r => !fields.Any(f => f.Name == r)))
        {
            reader.Problems.Add(file, $"the column \"{missing}\" is missing; expected {string.Join(", ", required)}");
        }

        long row = 0;
        for (int g = 0; g < (required.All(r => fields.Any(f => f.Name == r)) ? parquet.RowGroupCount : 0); g++)
        {
            using ParquetRowGroupReader group = parquet.OpenRowGroupReader(g);
            if (group.RowCount > MaxRowsAGroup || Columns(reader, file, group, fields) is not { } columns)
            {
                if (group.RowCount > MaxRowsAGroup)
                {
                    reader.Problems.Add(file, $"a row group has {group.RowCount} rows, and at most {MaxRowsAGroup} are read; write it in smaller ones");
                }

                yield break;
            }

            for (int i = 0; i < group.RowCount; i++)
            {
                string where = string.Create(CultureInfo.InvariantCulture, $"{file}:row {++row}");
                Dictionary<string, string> cells = columns.Where(c => !string.IsNullOrEmpty(c.Cells[i])).ToDictionary(c => c.Name, c => c.Cells[i]!);
                string[] empty = [.. required.Where(r => !cells.ContainsKey(r))];
                if (empty.Length == 0)
                {
                    yield return (where, cells);
                }
                else
                {
                    reader.Problems.Add(where, string.Join(" and ", empty.Select(e => $"the cell {e} is empty")));
                }
            }
        }
    }

    private const int MaxRowsAGroup = 2_000_000;

    /// <summary>Null, and a problem noted, where it is no Parquet file.</summary>
    private static ParquetReader? Open(FormatReader reader, string file, byte[] bytes)
    {
        try
        {
            return ParquetReader.CreateAsync(new MemoryStream(bytes)).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not OutOfMemoryException) // the library throws whatever a broken file makes it stumble over
        {
            reader.Problems.Add(file, $"this is not a Parquet file that can be read: {e.Message.TrimEnd('.')}");
            return null;
        }
    }

    private static List<(string Name, string?[] Cells)>? Columns(FormatReader reader, string file, ParquetRowGroupReader group, DataField[] fields)
    {
        List<(string, string?[])> columns = [];
        foreach (DataField field in fields)
        {
            try
            {
                columns.Add((field.Name, Cells(group, field)));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                reader.Problems.Add(file, $"the column \"{field.Name}\" cannot be read: {e.Message.TrimEnd('.')}");
                return null;
            }
        }

        return columns;
    }

    private static string?[] Cells(ParquetRowGroupReader group, DataField field)
    {
        if (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            string?[] texts = new string?[group.RowCount];
            group.ReadAsync(field, texts.AsMemory()).AsTask().GetAwaiter().GetResult();
            return texts;
        }

        return field.ClrType == typeof(double) ? Numbers<double>(group, field)
            : field.ClrType == typeof(float) ? Numbers<float>(group, field)
            : field.ClrType == typeof(int) ? Numbers<int>(group, field)
            : field.ClrType == typeof(long) ? Numbers<long>(group, field)
            : throw new NotSupportedException($"it holds {field.ClrType.Name}, and texts and numbers are read");
    }

    private static string?[] Numbers<T>(ParquetRowGroupReader group, DataField field)
        where T : struct, IFormattable
    {
        if (!field.IsNullable)
        {
            T[] all = new T[group.RowCount];
            group.ReadAsync(field, all.AsMemory()).AsTask().GetAwaiter().GetResult();
            return [.. all.Select(v => v.ToString(null, CultureInfo.InvariantCulture))];
        }

        T?[] some = new T?[group.RowCount];
        group.ReadAsync<T>(field, some.AsMemory()).AsTask().GetAwaiter().GetResult();
        return [.. some.Select(v => v?.ToString(null, CultureInfo.InvariantCulture))];
    }
}
