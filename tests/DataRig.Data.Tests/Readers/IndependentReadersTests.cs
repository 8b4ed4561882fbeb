using System.Diagnostics;
using System.Text.Json;
using DataRig.Core;
using ParquetSharp;

namespace DataRig.Data.Tests.Readers;

/// <summary>What is exported is read by libraries that are not ours, and holds what the dataset holds: frames, boxes, masks and pixels.</summary>
public sealed class IndependentReadersTests(ReadersFixture exports) : IClassFixture<ReadersFixture>
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public void PythonReadsEveryFormatFieldByField()
    {
        bool found = Has("numpy") && Has("PIL") && Has("yaml");
        if (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.SkipUnless(found, "Python's readers are missing; on Debian: apt-get install python3-numpy python3-pil python3-yaml");
        }

        string said = Check();
        Assert.Equal(16, said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(Data.Formats.DatasetFormats.All.Where(f => f.CanWrite && f.Name != "parquet"), f => Assert.Contains($"{f.Name}: 50 frames", said));
    }

    /// <summary>Hundreds of megabytes of packages, so only where they are there.</summary>
    [Theory]
    [InlineData("torchvision", "torchvision")]
    [InlineData("opencv", "cv2")]
    public void TheToolsThemselvesReadIt(string reader, string module)
    {
        Assert.SkipUnless(Has(module), $"{reader} is missing; on Debian: apt-get install python3-{reader}");
        Assert.Contains(reader, Check(reader), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void ArrowReadsTheParquetTables()
    {
        JsonElement[] truth = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(exports.Folder, "truth.json"))).RootElement.GetProperty("frames").EnumerateArray()];
        Dictionary<string, Array> frames = Read("frames"), marks = Read("annotations");
        string[] files = [.. frames["file"].Cast<string>()];
        Assert.Equal(truth.Length, files.Length);
        Assert.Equal(truth.Sum(f => f.GetProperty("marks").GetArrayLength()), marks["file"].Length);
        for (int i = 0; i < files.Length; i++)
        {
            string hash = Storage.ImageStore.Hash(File.ReadAllBytes(Path.Combine(exports.Folder, "parquet", files[i])));
            JsonElement frame = truth.Single(f => f.GetProperty("sha256").GetString() == hash);
            Assert.Equal(
                (frame.GetProperty("part").GetString(), frame.GetProperty("item").GetString(), frame.GetProperty("role").GetString(), frame.GetProperty("width").GetDouble(), frame.GetProperty("azimuth") is { ValueKind: JsonValueKind.Number } a ? a.GetDouble() : null),
                ((string?)frames["part"].GetValue(i), (string?)frames["item"].GetValue(i), (string?)frames["split"].GetValue(i), (double)frames["width"].GetValue(i)!, (double?)frames["azimuthDegrees"].GetValue(i)));
            int[] rows = [.. Enumerable.Range(0, marks["file"].Length).Where(m => (string)marks["file"].GetValue(m)! == files[i])];
            JsonElement[] expected = [.. frame.GetProperty("marks").EnumerateArray()];
            Assert.Equal(expected.Length, rows.Length);
            for (int m = 0; m < rows.Length; m++)
            {
                Assert.Equal(expected[m].GetProperty("part").GetString(), (string)marks["part"].GetValue(rows[m])!);
                Assert.Equal(expected[m].GetProperty("box").EnumerateArray().Select(v => v.GetDouble()), new[] { "x", "y", "boxWidth", "boxHeight" }.Select(side => (double)marks[side].GetValue(rows[m])!));
                // What the string means, Python decodes elsewhere; it is the same in every format.
                Assert.Equal(expected[m].GetProperty("mask").ValueKind == JsonValueKind.Null, marks["mask"].GetValue(rows[m]) is null);
            }
        }
    }

    private Dictionary<string, Array> Read(string table)
    {
        using ParquetFileReader file = new(Path.Combine(exports.Folder, "parquet", $"{table}.parquet"));
        Dictionary<string, Array> columns = [];
        using RowGroupReader group = file.RowGroup(0);
        Assert.Equal(1, file.FileMetaData.NumRowGroups);
        for (int i = 0; i < file.FileMetaData.NumColumns; i++)
        {
            using ColumnReader column = group.Column(i);
            using LogicalColumnReader cells = column.LogicalReader();
            int rows = (int)group.MetaData.NumRows;
            columns[file.FileMetaData.Schema.Column(i).Name] = cells is LogicalColumnReader<string?> text ? text.ReadAll(rows) : ((LogicalColumnReader<double?>)cells).ReadAll(rows);
        }

        return columns;
    }

    private string Check(params ReadOnlySpan<string> readers)
    {
        using Process python = Process.Start(new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "Readers", "check-exports.py"), exports.Folder, .. readers]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string said = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        Assert.True(python.ExitCode == 0, $"{said}{errors.GetAwaiter().GetResult()}");
        return said;
    }

    private static bool Has(string module)
    {
        if (!File.Exists(Python))
        {
            return false;
        }

        using Process python = Process.Start(new ProcessStartInfo(Python, ["-c", $"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"]))!;
        python.WaitForExit();
        return python.ExitCode == 0;
    }
}
