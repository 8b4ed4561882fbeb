using DataRig.Core;
using DataRig.Report;

namespace DataRig.Tests;

public sealed class ReportTests
{
    [Fact]
    public void A_report_is_one_file_that_asks_the_network_for_nothing()
    {
        string html = HtmlReport.Draw(Example());

        Assert.DoesNotContain("http://", html);
        Assert.DoesNotContain("https://", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("<link", html);
        Assert.Contains("data:image/jpeg;base64,", html);
    }

    [Fact]
    public void What_users_name_is_text_and_never_markup()
    {
        RunReport report = Example();

        string html = HtmlReport.Draw(report with { Parts = [report.Parts[0] with { Part = "<b>1&2</b>" }, report.Parts[1]] });

        Assert.DoesNotContain("<b>1&2</b>", html);
        Assert.Contains("&lt;b&gt;1&amp;2&lt;/b&gt;", html);
    }

    [Fact]
    public void A_part_without_an_unseen_item_is_called_unprovable()
    {
        string html = HtmlReport.Draw(Example());

        Assert.Contains("unprovable", html);
        Assert.Contains("90.0%", html);
    }

    [Fact]
    public void A_curve_stays_inside_its_chart()
    {
        string svg = LineChart.Draw("Loss", [new Series("training", "#000", [2.31, 0.4, null, 0.05])]);

        double[] heights = [.. System.Text.RegularExpressions.Regex.Matches(svg, "cy=\"([0-9.]+)\"").Select(m => double.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(3, heights.Length);
        Assert.All(heights, h => Assert.InRange(h, 30, 226));
        Assert.True(heights[0] < heights[1] && heights[1] < heights[2]);
    }

    [Fact]
    public void A_sheet_shows_every_picture_in_its_cell()
    {
        Picture red = Filled(20, 10, 200, 0, 0), blue = Filled(10, 10, 0, 0, 200);

        Picture sheet = ContactSheet.Compose([red, blue, blue], 2, 10);

        Assert.Equal((22, 22), (sheet.Width, sheet.Height));
        Assert.Equal((200, 0, 0), sheet[5, 5]);
        Assert.Equal((0, 0, 200), sheet[17, 5]);
        Assert.Equal((0, 0, 200), sheet[5, 17]);
        Assert.Equal(sheet[11, 11], sheet[17, 17]); // an empty cell is background
    }

    private static Picture Filled(int width, int height, byte r, byte g, byte b)
    {
        Picture picture = new(width, height);
        for (int i = 0; i < width * height; i++)
        {
            picture[i % width, i / width] = (r, g, b);
        }

        return picture;
    }

    private static RunReport Example() => new()
    {
        Title = "Ten parts",
        Verdict = "It works.",
        Caveats = [],
        Figures = [("accuracy", "90.0%")],
        Epochs = [new EpochFigures(2, 0.2, 1.9, 0.3), new EpochFigures(1, 0.7, 0.9, 0.8)],
        Parts = [new PartFigures("3001", "a, b", "c", 10, 1, 0.9, 0.947), new PartFigures("3039", "a", "", 0, null, null, null)],
        Confusion = [[9, 1], [0, 0]],
        Errors = [new WorstError(new EncodedImage([0xFF, 0xD8, 0xFF, 0xD9], 8, 8), "3001-c", "3001", "3039", 0.8, 22.5, "studs-up")],
        Provenance = [("Seeds", [("seed", "1")])],
        Configuration = "{}",
    };
}
