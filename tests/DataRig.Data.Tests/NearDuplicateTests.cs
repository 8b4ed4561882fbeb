using DataRig.Core;

namespace DataRig.Data.Tests;

/// <summary>Photographs that look the same are found by the audit, and those that merely resemble each other are not.</summary>
public sealed class NearDuplicateTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dataset _dataset;

    public NearDuplicateTests() => _dataset = Dataset.Create(_folder["data"]);

    [Fact]
    public async Task OneItemUnderTwoNamesIsFoundOnceHoweverManyItsPictures()
    {
        for (int i = 0; i < 6; i++)
        {
            Add($"a{i}.jpg", "3001", "a", Scene(i, 200, 40), 90);
            Add($"b{i}.jpg", "3001", "b", ImageCodec.Resize(Scene(i, 200, 40), 72, 54), 75); // the same, smaller and encoded anew
            Add($"c{i}.jpg", "3001", "c", Scene(i, 40, 200), 90); // of another colour in the same place
        }

        Dictionary<GroupKey, SplitRole> roles = new() { [Key("a")] = SplitRole.Train, [Key("b")] = SplitRole.Test, [Key("c")] = SplitRole.Train };
        AuditReport report = await DatasetAudit.RunAsync(_dataset, new Split(new Seed(1), roles));
        AuditFinding finding = Assert.Single(report.Findings);
        Assert.Equal(AuditIssue.NearDuplicate, finding.Issue);
        Assert.StartsWith("6 pairs of pictures of the items a and b of 3001 look the same", finding.What);
        Assert.Contains("learned from, and the other is for test", finding.What);
        Assert.True(report.Sound);
    }

    [Fact]
    public async Task TwoPartsThatLookTheSameAreFoundAndRenderingsAreLeftOut()
    {
        Add("a.jpg", "3001", "a", Scene(0, 200, 40), 90);
        Add("b.jpg", "3002", "a", Scene(0, 200, 40), 80);
        _dataset.AddFrames([TestFrames.Rendered(1) with { Image = ImageCodec.EncodeJpeg(Scene(0, 200, 40), 70), Annotations = [] }]);
        Assert.Contains("is one of the labels wrong", Assert.Single((await DatasetAudit.RunAsync(_dataset)).Findings).What);
    }

    [Fact]
    public async Task AnEmptyTableLooksTheSameEveryDayAndLikeNoPart()
    {
        Add("a.jpg", PartId.Nothing.Value, "monday", Scene(0, 200, 40), 90);
        Add("b.jpg", PartId.Nothing.Value, "tuesday", Scene(0, 200, 40), 80);
        Assert.Empty((await DatasetAudit.RunAsync(_dataset)).Findings);
        Add("c.jpg", "3001", "a", Scene(0, 200, 40), 70);
        Assert.All((await DatasetAudit.RunAsync(_dataset)).Findings, f => Assert.Contains("is one of the labels wrong", f.What));
    }

    [Fact]
    public async Task NeighboursOfASweepAreNotTakenForTheSameButATableThatStoodStillIs()
    {
        for (int i = 0; i < 12; i++)
        {
            Add($"{i}.jpg", "3001", "a", Scene(i * 0.25, 200, 40), 90);
        }

        Assert.Empty((await DatasetAudit.RunAsync(_dataset)).Findings);
        Add("still.jpg", "3001", "a", Scene(0.5, 200, 40), 80);
        Assert.Contains("did the table turn?", Assert.Single((await DatasetAudit.RunAsync(_dataset)).Findings).What);
    }

    public void Dispose()
    {
        _dataset.Dispose();
        _folder.Dispose();
    }

    private static GroupKey Key(string item) => new(new PartId("3001"), new ItemId(item));

    private void Add(string origin, string part, string item, Picture picture, int quality) => _dataset.AddFrames([new Frame
    {
        Image = ImageCodec.EncodeJpeg(picture, quality), Source = FrameSource.Imported, Part = new PartId(part), Item = new ItemId(item), Origin = origin,
    }]);

    /// <summary>Cloth with folds of many widths, as real tables have something at every frequency.</summary>
    private static (byte, byte, byte) Table(int x, int y)
    {
        double folds = 0;
        for (int i = 1; i <= 16; i++)
        {
            folds += 90.0 / (i + 3) * Math.Sin((0.033 * i * x) + (0.047 * ((i * 7 % 16) + 1) * y) + (i * i));
        }

        byte level = (byte)Math.Clamp(130 + folds, 30, 230);
        return (level, level, level);
    }

    /// <summary>A bar on a table that turns with the view.</summary>
    private static Picture Scene(double view, byte red, byte blue)
    {
        Picture picture = new(96, 72);
        (double sin, double cos) = Math.SinCos(view * 0.4);
        for (int y = 0; y < 72; y++)
        {
            for (int x = 0; x < 96; x++)
            {
                double u = x - 48, v = y - 36, along = (u * cos) + (v * sin), across = (v * cos) - (u * sin);
                picture[x, y] = along is > -30 and < 22 && Math.Abs(across) < 9 ? (red, (byte)60, blue) : Table(x, y);
            }
        }

        return picture;
    }
}
