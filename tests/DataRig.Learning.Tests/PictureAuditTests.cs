using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Tests;

/// <summary>Shapes of a colour an item, in sweeps of 15 degrees a stop, some of which are not what their label says.</summary>
[Collection(TorchCollection.Name)]
public sealed class PictureAuditTests : IDisposable
{
    private const int Items = 2, Stops = 12;

    private static readonly Seed Seed = new(8);

    private readonly string _folder = Directory.CreateTempSubdirectory("datarig-audit-").FullName;
    private readonly Dataset _dataset;

    public PictureAuditTests() => _dataset = Dataset.Create(_folder);

    [Fact]
    public void Photographs_that_are_what_they_are_labelled_have_no_findings()
    {
        Photograph();
        Empty(count: 12);

        PictureFindings found = Audit();

        Assert.Empty(found.Findings);
        Assert.Empty(found.Skipped);
    }

    [Fact]
    public void A_table_without_its_part_is_found_and_so_is_a_part_on_an_empty_table()
    {
        Photograph();
        Empty(count: 12);
        FrameId lost = Add("bar", "0", Shot("none", 0, 3)), speck = Add("square", "1", Speck()), standing = Add("nothing", "evening", Shot("cross", 1, 4));

        PictureFindings found = Audit();

        Assert.Equal([(AuditIssue.NearEmpty, lost), (AuditIssue.NearEmpty, speck), (AuditIssue.NotEmpty, standing)], found.Findings.Select(f => (f.Issue, f.Frame!.Value)));
        Assert.Contains("nothing stands out", found.Findings.Single(f => f.Frame == lost).What, StringComparison.Ordinal);
        Assert.Contains($"dataset trash {standing}", found.Findings.Single(f => f.Frame == standing).What, StringComparison.Ordinal);

        _dataset.Confirm([lost, speck, standing], new EditedBy("somebody", "test", null));
        Assert.Empty(Audit().Findings);
    }

    [Fact]
    public void A_label_is_believed_before_the_look()
    {
        Photograph();
        Picture blank = Shot("none", 0, 3);
        Annotation marked = new() { Part = new PartId("bar"), Item = new ItemId("0"), Box = new Box(30, 40, 36, 12), VisibleFraction = 1 };
        _dataset.AddFrames([new Frame { Image = ImageCodec.EncodeJpeg(blank, 90), Source = FrameSource.Imported, Part = marked.Part, Item = marked.Item, Origin = "marked", Annotations = [marked] }]);

        Assert.DoesNotContain(Audit().Findings, f => f.Issue == AuditIssue.NearEmpty);
    }

    [Fact]
    public void A_frame_that_looks_like_another_part_is_named_with_what_it_looks_like()
    {
        Photograph();
        FrameId wrong = _dataset.Frames().First(f => f.Part.Value == "bar").Id;
        _dataset.Relabel([wrong], new PartId("square"), new ItemId("0"), new EditedBy("somebody", "test", null));
        FrameId copy = Add("cross", "1", Shot("square", 1, 5, grain: 99));
        AuditFinding finding = Assert.Single(Audit().Findings); // whoever relabelled the other one has looked

        Assert.Equal((AuditIssue.LabelOutlier, copy), (finding.Issue, finding.Frame!.Value));
        Assert.Contains("are of square, none of cross", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tint_that_all_items_of_a_part_share_gives_the_part_away()
    {
        Photograph((part, _) => part == "cross" ? (190, 190, 225) : (205, 190, 215));

        AuditFinding finding = Assert.Single(Audit().Findings);

        Assert.Equal((AuditIssue.ClassTint, "cross"), (finding.Issue, finding.Where));
        Assert.Contains("8% less red and 5% bluer", finding.What, StringComparison.Ordinal);
        Assert.Contains("100% of the 24 photographs", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tint_between_those_of_other_parts_is_told_by_the_nearest_of_them()
    {
        Photograph((part, _) => part == ShapeFrames.Parts[0] ? (205, 190, 200) : part == ShapeFrames.Parts[1] ? (205, 190, 212) : (205, 190, 221));

        AuditFinding finding = Audit().Findings.Single(f => f.Where == ShapeFrames.Parts[1]);

        Assert.Contains($"4% less blue than around {ShapeFrames.Parts[2]}, the nearest to it,", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Light_that_differs_from_item_to_item_gives_nothing_away()
    {
        Photograph((part, item) => item == 0 ? (205, 190, 215) : (215, 190, 200));

        Assert.Empty(Audit().Findings);
    }

    [Fact]
    public void What_cannot_be_compared_is_said()
    {
        Photograph();
        Add("ring", "a", Shot("square", 1, 2));

        Assert.Contains("The labels of ring were not compared", Assert.Single(Audit().Skipped), StringComparison.Ordinal);
        Assert.Contains("no photographs", Assert.Single(PictureAudit.Run(_dataset, []).Skipped), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _dataset.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private PictureFindings Audit() => PictureAudit.Run(_dataset, _dataset.Frames());

    private void Photograph(Func<string, int, (double, double, double)>? table = null) => _dataset.AddFrames(
    [
        .. from part in ShapeFrames.Parts
           from item in Enumerable.Range(0, Items)
           from stop in Enumerable.Range(0, Stops)
           select Frame(part, $"{item}", Shot(part, item, stop, table: table?.Invoke(part, item))),
    ]);

    private void Empty(int count) => _dataset.AddFrames([.. Enumerable.Range(0, count).Select(i => Frame("nothing", i % 2 == 0 ? "morning" : "evening", Shot("none", 0, i)))]);

    private FrameId Add(string part, string item, Picture picture) => _dataset.AddFrames([Frame(part, item, picture)])[0];

    private Frame Frame(string part, string item, Picture picture) => new()
    {
        Image = ImageCodec.EncodeJpeg(picture, 90), Source = FrameSource.Imported, Part = new PartId(part), Item = new ItemId(item), Origin = Guid.NewGuid().ToString(),
    };

    /// <summary>The table with something of 2 by 3 pixels on it.</summary>
    private static Picture Speck()
    {
        Picture picture = Shot("none", 0, 1);
        for (int i = 0; i < 6; i++)
        {
            picture[45 + (i % 2), 60 + (i / 2)] = (20, 20, 20);
        }

        return picture;
    }

    private static Picture Shot(string shape, int item, int stop, int grain = 0, (double, double, double)? table = null)
    {
        (byte R, byte G, byte B) color = item == 0 ? ((byte)150, (byte)30, (byte)40) : ((byte)30, (byte)50, (byte)150);
        Picture picture = ShapeFrames.Draw(shape, 48 + item, 54 - item, (stop * 15 * Math.PI / 180) + item, color, table);
        ulong noise = Seed.For(shape).At((((item * Stops) + stop) * 100) + grain).Bits("noise");
        for (int i = 0; i < picture.Rgb.Length; i++)
        {
            picture.Rgb[i] = (byte)Math.Clamp(picture.Rgb[i] + (int)(Draws.SplitMix(ref noise) % 5) - 2, 0, 255);
        }

        return picture;
    }
}
