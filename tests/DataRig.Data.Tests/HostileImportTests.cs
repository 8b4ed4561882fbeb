using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using DataRig.Core;
using DataRig.Data.Formats;

namespace DataRig.Data.Tests;

/// <summary>Archives and label files that mean harm, or are broken: nothing is written outside the dataset, and what is wrong is said with its place.</summary>
public sealed class HostileImportTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dataset _dataset;

    public HostileImportTests() => _dataset = Dataset.Create(_folder["in", "data"]);

    [Theory]
    [InlineData("../evil.jpg", "goes up")]
    [InlineData("3001/../../../evil.jpg", "goes up")]
    [InlineData("..\\..\\evil.jpg", "goes up")]
    [InlineData("/tmp/evil.jpg", "absolute")]
    [InlineData("C:\\evil.jpg", "absolute")]
    [InlineData("3001/inner.zip", "archive within an archive")]
    [InlineData("3001/a.jpg", "two files of this name")]
    [InlineData("3001/ev\nil.jpg", "control characters")]
    public async Task AZipThatLeavesItsTargetIsRefusedAndTheGoodRestTakenIfWanted(string name, string expected)
    {
        Zip("a.zip", ("3001/a.jpg", TestPictures.Jpeg(1).Bytes), (name, TestPictures.Jpeg(2).Bytes));
        string message = (await Assert.ThrowsAsync<WorkFailedException>(() => Import("a.zip"))).Message;
        Assert.Contains(expected, message);
        Assert.Contains("a.zip/", message);
        Assert.Empty(_dataset.Frames());
        ImportResult result = await Import("a.zip", skipBad: true);
        Assert.Equal((1, 1), (result.Imported, result.Problems.Count));
        Assert.Equal("a.zip/3001/a.jpg", Assert.Single(_dataset.Frames()).Origin);
        AssertNothingOutside();
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    public async Task ALinkInATarIsRefused(TarEntryType type)
    {
        using (FileStream file = File.Create(_folder["in", "a.tar.gz"]))
        using (GZipStream zipped = new(file, CompressionLevel.Fastest))
        using (TarWriter tar = new(zipped))
        {
            tar.WriteEntry(new PaxTarEntry(type, "3001") { LinkName = _folder.Path });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "3001/evil.jpg") { DataStream = new MemoryStream(TestPictures.Jpeg(1).Bytes) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "../evil.jpg") { DataStream = new MemoryStream(TestPictures.Jpeg(2).Bytes) });
        }

        string message = (await Assert.ThrowsAsync<WorkFailedException>(() => Import("a.tar.gz"))).Message;
        Assert.Contains("link", message);
        Assert.Contains("goes up", message);
        AssertNothingOutside();
    }

    [Fact]
    public async Task ABombIsStopped()
    {
        using (ZipArchive zip = ZipFile.Open(_folder["in", "bomb.zip"], ZipArchiveMode.Create))
        using (Stream entry = zip.CreateEntry("labels.json", CompressionLevel.Fastest).Open())
        {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 300; i++)
            {
                entry.Write(zeros);
            }
        }

        Assert.Contains("unpacks to more than", (await Assert.ThrowsAsync<WorkFailedException>(() => Import("bomb.zip"))).Message);
        AssertNothingOutside();
    }

    [Theory]
    [InlineData("PK nothing of the kind")]
    [InlineData("")]
    [InlineData("just some text that is neither zip nor tar nor anything else of that sort")]
    public async Task WhatIsNoArchiveIsSaidInOneSentence(string text)
    {
        _folder.Write("in/a.zip", Encoding.ASCII.GetBytes(text));
        string message = (await Assert.ThrowsAsync<WorkFailedException>(() => Import("a.zip"))).Message;
        Assert.EndsWith(".", message);
        Assert.DoesNotContain('\n', message);
        AssertNothingOutside();
    }

    [Theory]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [""", "labels.json:1:", "not JSON")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [{"id": 1, "name": "3001"}], "annotations": [{"image_id": 1, "category_id": 9, "bbox": [1, 2, 3, 4]}]}""", "labels.json:1:", "no category of id 9")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [{"id": 1, "name": "3001"}], "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, -3, 4]}]}""", "labels.json:1:", "has no area")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [{"id": 1, "name": "3001"}], "annotations": [{"image_id": 1, "category_id": 1, "bbox": [0.1, 0.2, 0.3, 0.4]}]}""", "labels.json:1:", "shares of the picture where pixels belong")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [{"id": 1, "name": "3001"}], "annotations": [{"image_id": 1, "category_id": 1, "bbox": [50, 2, 30, 4]}]}""", "labels.json:1:", "reaches beyond the 64x48 picture")]
    [InlineData("""{"images": [{"id": 1, "file_name": "../../evil.jpg"}], "categories": [{"id": 1, "name": "3001"}], "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}]}""", "labels.json:1:", "leaves the folder")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.jpg"}, {"id": 1, "file_name": "a.jpg"}], "categories": [{"id": 1, "name": "3001"}], "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}]}""", "labels.json:1:", "two images of id 1")]
    public async Task ABadCocoFileIsSaidWithItsPlace(string json, string place, string expected)
    {
        _folder.Write("in/coco/a.jpg", TestPictures.Jpeg(1).Bytes);
        _folder.Write("in/coco/labels.json", Encoding.UTF8.GetBytes(json));
        string message = (await Assert.ThrowsAsync<WorkFailedException>(() => Import("coco", format: "coco"))).Message;
        Assert.Contains(message.Split('\n'), line => line.StartsWith(place, StringComparison.Ordinal) && line.Contains(expected, StringComparison.Ordinal));
        Assert.Empty(_dataset.Frames());
        AssertNothingOutside();
    }

    [Fact]
    public async Task AnEncodingThatIsNotUtf8IsSaid()
    {
        _folder.Write("in/csv/a.jpg", TestPictures.Jpeg(1).Bytes);
        _folder.Write("in/csv/frames.csv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("file,part,item\na.jpg,3001,a\n")]);
        Assert.Contains("UTF-16", (await Assert.ThrowsAsync<WorkFailedException>(() => Import("csv"))).Message);
        _folder.Write("in/csv/frames.csv", [.. "file,part,item\na.jpg,3001,"u8, 0xFC, (byte)'\n']);
        Assert.Contains("frames.csv:2: the file is not UTF-8", (await Assert.ThrowsAsync<WorkFailedException>(() => Import("csv"))).Message);
    }

    [Fact]
    public async Task AnXmlWithADocumentTypeIsRefused()
    {
        _folder.Write("secret.txt", "secret"u8.ToArray());
        _folder.Write("in/voc/JPEGImages/a.jpg", TestPictures.Jpeg(1).Bytes);
        _folder.Write("in/voc/Annotations/a.xml", Encoding.UTF8.GetBytes($"<!DOCTYPE annotation [<!ENTITY x SYSTEM \"file://{_folder["secret.txt"]}\">]><annotation><object><name>&x;</name></object></annotation>"));
        string message = (await Assert.ThrowsAsync<WorkFailedException>(() => Import("voc"))).Message;
        Assert.Contains("Annotations/a.xml:1:", message);
        Assert.DoesNotContain("secret\n", message);
    }

    public void Dispose()
    {
        _dataset.Dispose();
        _folder.Dispose();
    }

    private Task<ImportResult> Import(string name, bool skipBad = false, string? format = null) =>
        DatasetImport.RunAsync(_dataset, _folder["in", name], new ImportOptions { SkipBad = skipBad, Format = format is null ? null : DatasetFormats.Named(format) });

    private void Zip(string name, params ReadOnlySpan<(string Name, byte[] Bytes)> files)
    {
        using ZipArchive zip = ZipFile.Open(_folder["in", name], ZipArchiveMode.Create);
        foreach ((string entry, byte[] bytes) in files)
        {
            using Stream stream = zip.CreateEntry(entry).Open();
            stream.Write(bytes);
        }
    }

    private void AssertNothingOutside()
    {
        Assert.Equal(["in"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
        Assert.False(File.Exists("/tmp/evil.jpg"));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*evil*", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(_folder["in", "data", "unpacked"]));
    }
}
