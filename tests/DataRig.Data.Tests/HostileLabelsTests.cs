using System.IO.Compression;
using System.Text;
using DataRig.Core;
using DataRig.Data.Formats;

namespace DataRig.Data.Tests;

/// <summary>Label files of every format that are broken or mean harm: what is wrong is said with its place, and the good rest is taken if wanted.</summary>
public sealed class HostileLabelsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dataset _dataset;

    public HostileLabelsTests() => _dataset = Dataset.Create(_folder["data"]);

    /// <summary>Format, label file, its text, where the problem is, and what it is. The pictures a.jpg and b.jpg are there, of 64x48.</summary>
    public static TheoryData<string, string, string, string, string> Broken => new()
    {
        { "coco", "labels.json", """{"images": [{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "./a.jpg"}], "categories": [{"id": 1, "name": "p"}], "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}, {"image_id": 2, "category_id": 1, "bbox": [1, 2, 3, 4]}]}""", "labels.json:1:", "is named at labels.json:1:" },
        { "coco", "labels.json", """{"images": {"id": 1}, "categories": []}""", "labels.json:1:12", "must be an array" },
        { "coco", "labels.json", """{"images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}], "categories": [{"id": 1, "name": "p"}], "annotations": [{"image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4]}]}""", "labels.json:1:", "image 7, which is not there" },
        { "coco", "labels.json", "{\"images\": [{\"id\": 1, \"file_name\": \"a.jpg\"}],\n\"categories\": [{\"id\": 1, \"name\": \"\uD83D\"}]}", "labels.json:2:", "not valid Unicode" },
        { "coco", "labels.json", """{"images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}], "categories": [{"id": 1, "name": "../p"}], "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}]}""", "labels.json:1:", "would not do as a folder's name" },
        { "coco", "labels.json", """{"images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}], "categories": [{"id": 1, "name": "p"}], "annotations": [{"image_id": 1, "category_id": 1, "segmentation": {"size": [48, 64], "counts": "zz~"}}]}""", "labels.json:1:", "the mask cannot be read" },
        { "coco", "labels.json", """{"images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}], "categories": [{"id": 1, "name": "p"}], "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1e999, 2, 3, 4]}]}""", "labels.json:1:", "expected 4 numbers" },
        { "yolo", "data.yaml", "names: [p", "data.yaml:", "this is not YAML" },
        { "groundtruth", "all.manifest", "{\"source-ref\": \"a.jpg\", \"part\": 0, \"part-metadata\": {\"class-name\": \"p\", \"type\": \"groundtruth/image-classification\"}}\n{\"source-ref\": \"b.jpg\", ", "all.manifest:2:", "this is not JSON" },
        { "groundtruth", "all.manifest", """{"source-ref": "s3://bucket/a.jpg", "boxes": {"image_size": [{"width": 64, "height": 48}], "annotations": [{"class_id": 3, "left": 1, "top": 1, "width": 2, "height": 2}]}, "boxes-metadata": {"class-map": {"0": "p"}, "type": "groundtruth/object-detection"}}""", "all.manifest:1:", "no class of id 3" },
        { "huggingface", "metadata.jsonl", """{"file_name": "a.jpg", "label": "p", "objects": {"bbox": [[1, 2, 3, 4]], "bbox": [[1, 2, 3, 4]], "categories": []}}""", "metadata.jsonl:1:", "1 boxes and 0 categories" },
        { "huggingface", "metadata.jsonl", """{"file_name": "../../etc/passwd.jpg", "label": "p"}""", "metadata.jsonl:1:", "leaves the folder" },
        { "labelstudio", "tasks.json", """[{"data": {"image": "/data/local-files/?d=a.jpg"}, "annotations": [{"result": [{"id": "x", "type": "rectanglelabels", "original_width": 64, "original_height": 48, "value": {"x": 10, "y": 10, "width": 300, "height": 20, "rectanglelabels": ["p"]}}]}]}]""", "tasks.json:1:", "counts in percent" },
        { "cvat", "annotations.xml", """<annotations><image id="0" name="a.jpg" width="64" height="48"><box label="p" xtl="9" ytl="9" xbr="3" ybr="20"/></image></annotations>""", "annotations.xml:1:15", "has no area" },
        { "cvat", "annotations.xml", """<annotations><image id="0" name="a.jpg" width="64" height="48"><mask label="p" rle="1, 9999999" left="0" top="0" width="8" height="8"/></image></annotations>""", "annotations.xml:1:", "the mask cannot be read" },
        { "cvat", "annotations.xml", "<annotations>\n<image id=\"0\" name=\"a.jpg\" width=\"64\" height=\"48\"><tag label=\"p\"/></image>\n<image", "annotations.xml:3:", "not XML that can be read" },
        { "cvat", "annotations.xml", "<!DOCTYPE a [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;&a;\">]><annotations><image name=\"&c;\"/></annotations>", "annotations.xml:1:", "not XML that can be read" },
        { "voc", "Annotations/a.xml", """<annotation><filename>a.jpg</filename><object><name>p</name><bndbox><xmin>-4</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>""", "Annotations/a.xml", "reaches beyond the 64x48 picture" },
        { "fiftyone-detection", "labels.json", """{"classes": ["p"], "labels": {"a": [{"label": 0, "bounding_box": [10, 10, 50, 50]}]}}""", "labels.json:1:", "counts in shares" },
        { "edgeimpulse", "bounding_boxes.labels", """{"version": 1, "type": "bounding-box-labels", "boundingBoxes": {"a.jpg": [{"label": "p", "x": 1, "y": 1, "width": -5, "height": 5}]}}""", "bounding_boxes.labels:1:", "has no area" },
        { "kitti", "training/label_2/a.txt", "p 0 0 -10 1 2 3\n", "training/label_2/a.txt:1", "expected a type and 14 numbers" },
        { "csv", "frames.csv", "file,part,item\na.jpg,p,i\n./a.jpg,p,i\n", "frames.csv:3", "stands in line 2 already" },
        { "csv", "frames.csv", "file,part,item\n/etc/passwd.jpg,p,i\n", "frames.csv:2", "leaves the folder" },
        { "parquet", "frames.parquet", "PAR1 nothing of the kind PAR1", "frames.parquet", "" },
        { "video", "labels.csv", "video,first,last,part,item\n.,5,2,p,i\n", "labels.csv:2", "the first number not above the last" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task WhatIsWrongIsSaidWithItsPlace(string format, string file, string text, string place, string expected)
    {
        string where = format switch { "voc" => "JPEGImages/", "fiftyone-detection" => "data/", "kitti" => "training/image_2/", _ => "" };
        _folder.Write($"in/{where}a.jpg", TestPictures.Jpeg(1).Bytes);
        _folder.Write($"in/{where}b.jpg", TestPictures.Jpeg(2).Bytes);
        // Half a character cannot stand in a C# string that becomes UTF-8: its bytes are put in.
        _folder.Write($"in/{file}", Encoding.UTF8.GetBytes(text.Replace("\uD83D", "\\ud83d", StringComparison.Ordinal)));
        string message = (await Assert.ThrowsAsync<WorkFailedException>(() => Import(format))).Message;
        Assert.Contains(message.Split('\n'), line => line.Trim().StartsWith(place, StringComparison.Ordinal) && line.Contains(expected, StringComparison.Ordinal));
        Assert.Empty(_dataset.Frames());
        Assert.Equal(["data", "in"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task TheGoodRestIsTakenIfWanted()
    {
        _folder.Write("in/a.jpg", TestPictures.Jpeg(1).Bytes);
        _folder.Write("in/tasks.json", """[{"data": {"image": "a.jpg", "datarig": {"part": "p"}}, "annotations": []}, {"data": {"image": "b.jpg", "datarig": {"part": "p"}}, "annotations": []}, {"data": """u8.ToArray());
        ImportResult result = await DatasetImport.RunAsync(_dataset, _folder["in"], new ImportOptions { SkipBad = true });
        Assert.Equal((1, 2), (result.Imported, result.ProblemCount));
    }

    [Fact]
    public async Task LinksThatLeaveTheFolderAreRefused()
    {
        _folder.Write("secret/b.jpg", TestPictures.Jpeg(2).Bytes);
        _folder.Write("secret/labels.json", """{"images": [{"id": 1, "file_name": "a.jpg"}], "categories": []}"""u8.ToArray());
        _folder.Write("in/p/a.jpg", TestPictures.Jpeg(1).Bytes);
        File.CreateSymbolicLink(_folder["in", "p", "b.jpg"], _folder["secret", "b.jpg"]);
        Assert.Contains("is a link that leaves the folder", (await Assert.ThrowsAsync<WorkFailedException>(() => Import("folders"))).Message);
        File.CreateSymbolicLink(_folder["in", "labels.json"], _folder["secret", "labels.json"]);
        Assert.Contains("\"labels.json\" leaves the folder", (await Assert.ThrowsAsync<WorkFailedException>(() => Import("coco"))).Message);
        Assert.Empty(_dataset.Frames());
    }

    [Fact]
    public async Task AZipOfZipsAndLinksUnpacksNeither()
    {
        _folder.Write("in/p/a.jpg", TestPictures.Jpeg(1).Bytes);
        using (ZipArchive inner = ZipFile.Open(_folder["inner.zip"], ZipArchiveMode.Create))
        {
            inner.CreateEntryFromFile(_folder["in", "p", "a.jpg"], "p/a.jpg");
        }

        using (ZipArchive zip = ZipFile.Open(_folder["all.zip"], ZipArchiveMode.Create))
        {
            zip.CreateEntryFromFile(_folder["in", "p", "a.jpg"], "p/a.jpg");
            zip.CreateEntryFromFile(_folder["inner.zip"], "p/inner.zip");
            ZipArchiveEntry link = zip.CreateEntry("p/link.jpg");
            link.ExternalAttributes = unchecked((int)0xA1FF0000); // a symbolic link, as Info-ZIP writes it
            using Stream target = link.Open();
            target.Write("/etc/passwd"u8);
        }

        ImportResult result = await DatasetImport.RunAsync(_dataset, _folder["all.zip"], new ImportOptions { SkipBad = true });
        Assert.Equal((1, 2), (result.Imported, result.ProblemCount));
        Assert.Contains(result.Problems, p => p.StartsWith("all.zip/p/inner.zip: an archive within an archive", StringComparison.Ordinal));
        Assert.Contains(result.Problems, p => p.StartsWith("all.zip/p/link.jpg: it is a link", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("coco")]
    [InlineData("csv")]
    [InlineData("groundtruth")]
    [InlineData("cvat")]
    public void TooManyRowsAreRefusedInOneSentenceBeforeTheyFillTheMemory(string format)
    {
        const int Most = 1000, Rows = 20_000;
        (string file, string begin, string row, string end) = format switch
        {
            "coco" => ("labels.json", """{"images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}], "categories": [{"id": 1, "name": "p"}], "annotations": [{}""", """,{"image_id":1,"category_id":1,"bbox":[1,2,3,4]}""", "]}"),
            "csv" => ("frames.csv", "file,part,item\n", "{0}.jpg,p,i\n", ""),
            "groundtruth" => ("all.manifest", "", "{\"source-ref\": \"{0}.jpg\"}\n", ""),
            _ => ("annotations.xml", "<annotations>", """<image name="{0}.jpg" width="64" height="48"><tag label="p"/></image>""", "</annotations>"),
        };
        _folder.Write($"in/{file}", Encoding.UTF8.GetBytes(begin + string.Concat(Enumerable.Range(0, Rows).Select(i => row.Replace("{0}", $"{i}", StringComparison.Ordinal))) + end));
        FormatReader reader = new(_folder["in"]) { MaxRows = Most };
        Sentence.AssertOne("tells of more than 1,000 frames and boxes", () => new Importing.Listing(reader, "in").Read(DatasetFormats.Named(format), default));
    }

    [Fact]
    public async Task ClassFoldersCocoAndAGroundTruthManifestOfTheSamePicturesGiveTheSameHash()
    {
        _dataset.AddFrames([.. Enumerable.Range(0, 30).Select(i => TestFrames.Imported($"{i}.jpg", $"30{i % 3:D2}", $"item-{i % 6}", (ulong)i))]);
        foreach (string format in new[] { "folders", "coco", "groundtruth" })
        {
            DatasetExport.Run(_dataset, DatasetFormats.Named(format), _folder[format], new ExportOptions { Split = GroupSplit.Assign(_dataset.Items(), new Seed(2)) });
            using Dataset back = Dataset.Create(_folder["back", format]);
            ImportResult result = await DatasetImport.RunAsync(back, _folder[format], new ImportOptions());
            Assert.Equal((format, 30, _dataset.Hash()), (result.Format, result.Imported, back.Hash()));
        }
    }

    public void Dispose()
    {
        _dataset.Dispose();
        _folder.Dispose();
    }

    private Task<ImportResult> Import(string format) => DatasetImport.RunAsync(_dataset, _folder["in"], new ImportOptions { Format = DatasetFormats.Named(format) });
}
