using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using DataRig.Core;
using DataRig.Data.Formats;

namespace DataRig.Data.Tests;

/// <summary>Frames go to Label Studio and to CVAT, and come back as those tools export them, corrected by people.</summary>
public sealed class CorrectionTests : IDisposable
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero), Evening = new(2026, 11, 20, 20, 30, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly Dataset _dataset;

    /// <summary>The rendered frames, then the imported ones.</summary>
    private readonly FrameId[] _frames;

    public CorrectionTests()
    {
        _dataset = Dataset.Create(_folder["data"]);
        _dataset.AddFrames([.. Enumerable.Range(0, 4).Select(i => TestFrames.Rendered(i)), TestFrames.Imported("a.jpg", "3002", "3002-a", 77), TestFrames.Imported("copy.jpg", "3002", "3002-a", 77)]);
        _frames = [.. _dataset.Frames().OrderBy(f => f.Source != FrameSource.Rendered).Select(f => f.Id)];
    }

    [Theory]
    [InlineData("labelstudio")]
    [InlineData("cvat")]
    public void WhatComesBackUntouchedChangesNoLabel(string format)
    {
        string before = _dataset.Hash();
        string file = format == "cvat" ? FromCvat(_ => { }) : FromLabelStudio((_, _) => { });
        CorrectionResult result = Take(file);
        Assert.Equal((format, 0, 0), (result.Format, result.Changed, result.ConflictCount));
        // Label Studio's annotators submit what they find right; CVAT does not tell who looked at what.
        Assert.Equal(format == "cvat" ? (0, 6) : (6, 0), (result.Confirmed, result.AsTheyAre));
        Assert.Equal(before, _dataset.Hash());
        Assert.Equal(6, Take(file).AsTheyAre);
    }

    [Fact]
    public void ACorrectedBoxClassAndMaskBecomeReviewedRowsWithWhoAndWhen()
    {
        Annotation first = _dataset.Annotations(_frames[0])[0];
        string file = FromLabelStudio((index, annotation) =>
        {
            annotation["updated_at"] = Stamp(index == 0 ? Evening : Morning);
            JsonArray result = annotation["result"]!.AsArray();
            if (index == 0)
            {
                // The box of the first thing is drawn tighter; its mask is left.
                Value(result, "a0")["width"] = 100.0 * 20 / 64;
            }
            else if (index == 1)
            {
                Choice(result)["choices"] = new JsonArray("3002"); // the class alone
            }
            else if (index == 2)
            {
                result.Clear();
                result.Add(Region("choices", "part", new JsonObject { ["choices"] = new JsonArray("3001") }));
                result.Add(Region("rectanglelabels", "box", new JsonObject { ["x"] = 25, ["y"] = 50, ["width"] = 25, ["height"] = 25, ["rotation"] = 0, ["rectanglelabels"] = new JsonArray("3001") }));
            }
        });
        CorrectionResult result = Take(file);
        Assert.Empty(result.Conflicts);
        Assert.Equal((3, 3), (result.Changed, result.Confirmed));

        Annotation box = _dataset.Annotations(_frames[0])[0];
        Assert.Equal((first.Item, first.PoseInCamera, first.VisibleFraction), (box.Item, box.PoseInCamera, box.VisibleFraction));
        Assert.Equal(20, box.Box.Width, 6);
        Assert.Equal(first.Mask!.ToPixels().Where((_, i) => (i % 64) + 0.5 < first.Box.X + 20).Sum(p => p), box.Mask!.Area);
        FrameRecord relabelled = _dataset.Frames().Single(f => f.Id == _frames[1]);
        Assert.Equal(("3002", "synthetic"), (relabelled.Part.Value, relabelled.Item.Value));
        Assert.Equal("3002", _dataset.Annotations(_frames[1])[0].Part.Value); // its own box goes with it
        Annotation drawn = Assert.Single(_dataset.Annotations(_frames[2]));
        Assert.Equal((16, 24, 16, 12), (drawn.Box.X, drawn.Box.Y, drawn.Box.Width, drawn.Box.Height));

        Assert.All(_dataset.Frames(), f => Assert.Equal(ReviewState.Reviewed, f.Review));
        Edit edit = Assert.Single(_dataset.Edits(_frames[0]));
        Assert.Equal((EditKind.Annotate, "ann@example.org", "label-studio", Evening), (edit.Kind, edit.By.Who, edit.By.Source, edit.At));
        Assert.StartsWith("export.json:", edit.By.Note);
        Assert.Equal(6, Take(file).AsTheyAre);

        foreach (Edit made in result.Edits.Reverse())
        {
            _dataset.Undo(made.Id, new EditedBy("ben"));
        }

        Assert.Equal(Fresh(), _dataset.Hash());
    }

    [Fact]
    public void ConflictsAreListedAndLeaveWhatIsHere()
    {
        string before = _dataset.Hash();
        string file = FromLabelStudio((index, annotation) =>
        {
            JsonArray result = annotation["result"]!.AsArray();
            switch (index)
            {
                case 0: // somebody else sees it otherwise
                    JsonObject other = annotation.DeepClone().AsObject();
                    other["completed_by"] = 7;
                    Choice(other["result"]!.AsArray())["choices"] = new JsonArray("3002");
                    annotation.Parent!.AsArray().Add(other);
                    break;
                case 1: // changed here meanwhile
                    Value(result, "a0")["width"] = 50;
                    break;
                case 2:
                    Choice(result)["choices"] = new JsonArray("brick");
                    break;
                case 3:
                    Value(result, "a0")["rectanglelabels"] = new JsonArray("3002");
                    break;
                case 4: // of another dataset
                    JsonObject task = annotation.Parent!.Parent!.AsObject();
                    task["data"] = new JsonObject { ["image"] = "/data/upload/1/1f2e3d4c-3001-x-0123456789abcdef.jpg" };
                    break;
                default:
                    _dataset.Drop([_frames[5]], new EditedBy("ben"));
                    break;
            }
        });
        _dataset.Confirm([_frames[1]], new EditedBy("ben"));
        _dataset.Annotate(_frames[1], [], new EditedBy("ben"));
        string here = _dataset.Hash();
        CorrectionResult result = Take(file);
        Assert.Equal((0, 0, 6), (result.Changed, result.Confirmed, result.ConflictCount));
        string said = string.Join('\n', result.Conflicts.Select(c => $"{c.Frame}: {c.What}"));
        Assert.Contains("ann@example.org says 3001 with", said);
        Assert.Contains("user 7 says 3002 with", said);
        Assert.Contains("ben changed or confirmed it here on", said);
        Assert.Contains("there is no part \"brick\" in this dataset; expected one of 3001, 3002", said);
        Assert.Contains("its part is \"3001\" and what is marked is \"3002\"", said);
        Assert.Contains("0123456789abcdef.jpg\" is no frame of this dataset", said);
        Assert.Contains("is in the trash", said);
        Assert.All(result.Conflicts, c => Assert.StartsWith("export.json:", c.Where));
        Assert.Equal(here, _dataset.Hash());

        // With the ground truth marked, and theirs before ours, two of them are settled.
        JsonArray tasks = Tasks(file);
        tasks[0]!["annotations"]![1]!["ground_truth"] = true;
        File.WriteAllText(file, tasks.ToJsonString());
        Assert.Equal((2, 4), (Take(file, theirs: true).Changed, Take(file).ConflictCount));
        Assert.Equal("3002", _dataset.Frames().Single(f => f.Id == _frames[0]).Part.Value);
        Assert.NotEmpty(_dataset.Annotations(_frames[1]));
        Assert.NotEqual(before, _dataset.Hash());
    }

    [Fact]
    public void SkippedAndUnseenTasksAndAClassifyingProjectLeaveBoxesAlone()
    {
        string file = FromLabelStudio((index, annotation) =>
        {
            annotation["was_cancelled"] = index == 0;
            JsonArray result = annotation["result"]!.AsArray();
            foreach (JsonNode? region in result.Where(r => (string?)r!["type"] != "choices").ToArray())
            {
                result.Remove(region);
            }

            if (index == 1)
            {
                annotation.Parent!.AsArray().Clear();
            }
            else if (index == 2)
            {
                Choice(result)["choices"] = new JsonArray("3002");
            }
        });
        CorrectionResult result = Take(file);
        Assert.Equal((1, 3, 1, 1, 0), (result.Changed, result.Confirmed, result.AsTheyAre, result.Skipped, result.ConflictCount));
        Assert.Equal(2, _dataset.Annotations(_frames[2]).Count);
    }

    [Fact]
    public void CvatsXmlComesBackWithTheAssigneeAlsoWithoutOurAttributesAndZipped()
    {
        string file = FromCvat(annotations =>
        {
            annotations.Descendants("attribute").Remove(); // labels were made by hand there, without them
            XElement image = annotations.Elements("image").First();
            XElement box = image.Elements("box").First();
            box.SetAttributeValue("xtl", "3.50");
            box.SetAttributeValue("ytl", "4.00");
            annotations.Elements("image").ElementAt(1).Element("tag")!.SetAttributeValue("label", "3002");
            annotations.Elements("image").ElementAt(2).Elements("mask").Remove();
        });
        using (ZipArchive zip = ZipFile.Open(_folder["job.zip"], ZipArchiveMode.Create))
        {
            zip.CreateEntryFromFile(file, "annotations.xml");
        }

        CorrectionResult result = Take(_folder["job.zip"]);
        // The two copies of a picture cannot be told apart once the attributes are gone.
        Assert.Equal(2, result.ConflictCount);
        Assert.All(result.Conflicts, c => Assert.Contains("may be any of 2 frames", c.What));
        Assert.Equal((3, 0, 1), (result.Changed, result.Confirmed, result.AsTheyAre));
        Assert.Equal((3.5, 4.0), (_dataset.Annotations(_frames[0])[0].Box.X, _dataset.Annotations(_frames[0])[0].Box.Y));
        Assert.Equal("3002", _dataset.Frames().Single(f => f.Id == _frames[1]).Part.Value);
        Assert.All(_dataset.Annotations(_frames[2]), a => Assert.Null(a.Mask));
        Assert.Equal(("ann", "cvat", Evening), _dataset.Edits(_frames[0]).Select(e => (e.By.Who, e.By.Source, e.At)).Single());
        Assert.Equal(ReviewState.Unreviewed, _dataset.Frames().Single(f => f.Id == _frames[3]).Review);
        Assert.False(Directory.Exists(_folder["data", "unpacked"]));
    }

    [Fact]
    public void WhatIsNoCorrectionIsSaidInOneSentence()
    {
        _folder.Write("min.json", """[{"image": "a.jpg", "part": "3001"}]"""u8.ToArray());
        _folder.Write("half.json", """[{"data": {"image": "x-0123456789abcdef.jpg"}, "annotations": [{"result": ["""u8.ToArray());
        Sentence.AssertOne("not JSON-MIN", () => Take(_folder["min.json"]));
        Sentence.AssertOne("There is no folder or archive", () => Take(_folder["none.json"]));
        Assert.Contains("this is not JSON", Assert.Single(Take(_folder["half.json"]).Conflicts).What);
        DatasetExport.Run(_dataset, DatasetFormats.Named("cvat"), _folder["small"], new ExportOptions { Size = 32 });
        Assert.All(Take(_folder["small"]).Conflicts, c => Assert.Contains("it came back at 32x24 pixels", c.What));
    }

    public void Dispose()
    {
        _dataset.Dispose();
        _folder.Dispose();
    }

    private CorrectionResult Take(string file, bool theirs = false) => DatasetCorrections.Run(_dataset, file, new CorrectionOptions { Theirs = theirs });

    /// <summary>The hash of the dataset as it was made.</summary>
    private static string Fresh()
    {
        using CorrectionTests other = new();
        return other._dataset.Hash();
    }

    /// <summary>Sends all frames and gives back what Label Studio exports as JSON after an annotator accepted every prediction.</summary>
    private string FromLabelStudio(Action<int, JsonObject> correct)
    {
        DatasetExport.Run(_dataset, DatasetFormats.Named("labelstudio"), _folder["sent"], new ExportOptions());
        JsonArray tasks = Tasks(_folder["sent", "tasks.json"]);
        foreach (JsonNode? imported in tasks.Take(2).ToArray())
        {
            tasks.Remove(imported);
            tasks.Add(imported);
        }

        for (int i = 0; i < tasks.Count; i++)
        {
            JsonObject task = tasks[i]!.AsObject();
            JsonArray result = task["predictions"]![0]!["result"]!.DeepClone().AsArray();
            foreach (JsonNode? region in result)
            {
                region!["origin"] = "prediction";
            }

            JsonObject annotation = new()
            {
                ["id"] = 100 + i, ["completed_by"] = new JsonObject { ["id"] = 3, ["email"] = "ann@example.org", ["first_name"] = "Ann", ["last_name"] = "" },
                ["result"] = result, ["was_cancelled"] = false, ["ground_truth"] = false, ["created_at"] = Stamp(Morning), ["updated_at"] = Stamp(Morning),
                ["draft_created_at"] = null, ["lead_time"] = 12.25, ["result_count"] = result.Count, ["unique_id"] = "0d6dc1b5-1f3c-4d0e-8e39-6f1bb84cd1f5", ["task"] = i + 1, ["project"] = 1,
            };
            task["annotations"] = new JsonArray(annotation);
            task["predictions"] = new JsonArray();
            task["drafts"] = new JsonArray();
            task["file_upload"] = null;
            task["inner_id"] = i + 1;
            task["updated_by"] = 3;
            correct(i, annotation);
        }

        File.WriteAllText(_folder["export.json"], tasks.ToJsonString());
        return _folder["export.json"];
    }

    /// <summary>Sends all frames and gives back the XML that CVAT dumps of a task.</summary>
    private string FromCvat(Action<XElement> correct)
    {
        DatasetExport.Run(_dataset, DatasetFormats.Named("cvat"), _folder["sent"], new ExportOptions());
        XElement annotations = XElement.Load(_folder["sent", "annotations.xml"]);
        XElement task = annotations.Element("meta")!.Element("task")!;
        task.Add(
            new XElement("id", 4), new XElement("size", 6), new XElement("mode", "annotation"), new XElement("created", "2026-11-20 08:00:00.123456+00:00"), new XElement("updated", "2026-11-20 20:30:00+00:00"),
            new XElement("owner", new XElement("username", "boss"), new XElement("email", "boss@example.org")), new XElement("assignee", new XElement("username", "ann"), new XElement("email")));
        annotations.Element("meta")!.Add(new XElement("dumped", "2026-11-21 09:00:00+00:00"));
        XElement[] images = [.. annotations.Elements("image")];
        foreach (XElement image in images)
        {
            image.Remove();
        }

        annotations.Add(images[2..], images[..2]);
        foreach (XElement image in annotations.Elements("image"))
        {
            image.SetAttributeValue("task_id", 4);
            foreach (XAttribute number in image.Elements("box").Attributes().Where(a => a.Name.LocalName is "xtl" or "ytl" or "xbr" or "ybr"))
            {
                number.Value = double.Parse(number.Value, CultureInfo.InvariantCulture).ToString("F2", CultureInfo.InvariantCulture); // as CVAT dumps them
            }
        }

        correct(annotations);
        annotations.Save(_folder["annotations.xml"]);
        return _folder["annotations.xml"];
    }

    private static string Stamp(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static JsonArray Tasks(string file) => JsonNode.Parse(File.ReadAllText(file))!.AsArray();

    private static JsonObject Choice(JsonArray result) => result.First(r => (string?)r!["type"] == "choices")!["value"]!.AsObject();

    private static JsonObject Value(JsonArray result, string id) => result.First(r => (string?)r!["id"] == id)!["value"]!.AsObject();

    private static JsonObject Region(string type, string from, JsonObject value) => new()
    {
        ["id"] = from + "-new", ["type"] = type, ["from_name"] = from, ["to_name"] = "image", ["original_width"] = 64, ["original_height"] = 48, ["image_rotation"] = 0, ["value"] = value, ["origin"] = "manual",
    };
}
