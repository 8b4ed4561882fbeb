using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Learning.Explaining;
using DataRig.Learning.Proving;
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
        Assert.DoesNotContain("url(", html);
        Assert.All(Elements(html).SelectMany(e => e.Attributes()).Where(a => a.Name.LocalName is "src" or "href"), a => Assert.StartsWith("data:image/", a.Value));
        Assert.Contains("data:image/jpeg;base64,", html);
    }

    [Fact]
    public void A_report_is_well_formed_and_has_every_section_in_order()
    {
        XElement[] elements = Elements(HtmlReport.Draw(Example()));

        Assert.Equal(
            ["Can this be trusted?", "What the model saw", "Training", "What is taken for what", "Part by part", "Where it is weak", "How sure it is", "Alarms for 3001", "Worst errors", "Doubtful labels", "What to capture next", "Where this comes from"],
            elements.Where(e => e.Name == "h2").Select(e => e.Value));
        Assert.Equal(5, elements.Count(e => e.Name.LocalName == "svg"));
        Assert.Contains(elements, e => e.Name == "meta" && (string?)e.Attribute("name") == "viewport");
        Assert.Contains("prefers-color-scheme: dark", elements.Single(e => e.Name == "style").Value);
    }

    [Fact]
    public void What_users_name_is_text_and_never_markup()
    {
        const string Hostile = "<b onload='x'>1&2</b>\"><script>";
        RunReport report = Example(Hostile);

        string html = HtmlReport.Draw(report);

        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("onload='", html);
        Assert.Equal(["b", "body", "br", "dd", "details", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "head", "html", "i", "img", "li", "main", "meta", "p", "pre", "section", "small", "span", "style", "summary", "table", "td", "th", "title", "tr", "u", "ul"],
            Elements(html).Select(e => e.Name).Where(n => !IsSvg(n.LocalName)).Select(n => n.LocalName).Distinct().Order(StringComparer.Ordinal));
        Assert.All(Elements(html).SelectMany(e => e.Attributes()), a => Assert.DoesNotContain("onload", a.Name.LocalName));
    }

    [Fact]
    public void A_part_without_an_unseen_item_is_called_unprovable()
    {
        string html = HtmlReport.Draw(Example());

        Assert.Contains("unprovable", html);
        Assert.Contains("90.0%", html);
        Assert.Contains("<td><b>mean</b></td><td>3</td>", html);
    }

    [Fact]
    public void The_diagonal_is_green_where_recall_or_precision_is_above_90_percent()
    {
        StringBuilder html = new();
        HtmlPage.ConfusionTable(html, ["a", "b", "c"], [[95, 5, 0], [0, 60, 40], [0, 0, 50]]);

        // a: recall 95%; b: precision 92%; c: recall 100%, though 44% of what is called so is not.
        Assert.Equal(3, Regex.Count(html.ToString(), "background:hsl\\(150"));
        html.Clear();
        HtmlPage.ConfusionTable(html, ["a", "b"], [[90, 10], [10, 90]]);
        Assert.Equal((0, 2), (Regex.Count(html.ToString(), "background:hsl\\(150"), Regex.Count(html.ToString(), "background:hsl\\(40")));
    }

    [Fact]
    public void A_report_without_errors_confidence_or_things_to_capture_says_so()
    {
        string html = HtmlReport.Draw(Example() with { Errors = [], Decision = null, Next = [], Doubtful = [], Alarm = null, Slices = [], Kinds = [], Checks = [], Leaks = [], CapturedSheet = null });

        Assert.NotEmpty(Elements(html));
        Assert.Contains("every frame of the unseen items was recognised", html);
        Assert.Contains("Nothing is weak", html);
        Assert.Contains("No items were left for choosing a temperature", html);
        Assert.DoesNotContain("Doubtful labels", html);
    }

    [Fact]
    public void A_curve_stays_inside_its_chart()
    {
        string svg = LineChart.Draw("Loss", [new Series("training", "#000", [2.31, 0.4, null, 0.05])]);

        double[] heights = [.. Regex.Matches(svg, "cy=\"([0-9.]+)\"").Select(m => double.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(3, heights.Length);
        Assert.All(heights, h => Assert.InRange(h, 30, 226));
        Assert.True(heights[0] < heights[1] && heights[1] < heights[2]);
    }

    [Theory]
    [InlineData(false, "no copy, no crop, no stop beside one that is trained on.")]
    [InlineData(true, "no copy, no crop; other photographs of the same items are trained on, as the split has it.")]
    public void What_the_leak_gate_vouches_for_is_what_it_looked_for(bool knowsItems, string expected)
    {
        Proof nothing = new([], null, false, null, null, [], null, null, null);
        ErrorStudy study = new() { Worst = [], Kinds = [], Errors = 0, HeatOnPart = null, PartArea = null };

        ReportCheck check = Assert.Single(ReportChecks.Of(nothing, study, new LeakReport(8, 4, []), knowsItems));

        Assert.True(check.Good);
        Assert.Equal($"None of 4 held-out photographs is known to training: {expected}", check.What);
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

    private static bool IsSvg(string name) => name is "svg" or "line" or "text" or "rect" or "circle" or "path" or "polyline";

    private static XElement[] Elements(string html) => [.. XDocument.Parse(html[html.IndexOf("<html", StringComparison.Ordinal)..]).Descendants()];

    private static RunReport Example(string part = "3001")
    {
        PartId known = new(part), other = new("3039");
        EncodedImage picture = new([0xFF, 0xD8, 0xFF, 0xD9], 8, 8);
        Figure figure = new(0.9, 0.8, 1);
        FrameRecord frame = new() { Id = new FrameId(1), ImagePath = "", ImageHash = "", Width = 1, Height = 1, Source = FrameSource.Captured, Part = known, Item = new ItemId(part) };
        FramePrediction error = new(frame, other, 0.8, 0.1) { Probabilities = [0.1f, 0.8f] };
        Reliability reliability = new(0.05, [new ReliabilityBin(0.25, 0.2, 4), new ReliabilityBin(0.75, 0, 0)]);
        return new()
        {
            Title = "Ten parts",
            Verdict = "It works.",
            Caveats = [part],
            Figures = [new LargeFigure("accuracy", "90.0%", "80 to 100%")],
            Checks = [new ReportCheck("The curves", false, part, [part]), new ReportCheck("The table alone", true, "Fine.", []), new ReportCheck("Told", null, "So.", [])],
            Leaks = [new ShownLeak(picture, part)],
            CapturedSheet = picture,
            Epochs = [new EpochFigures(2, 0.2, 1.9, 0.3), new EpochFigures(1, 0.7, 0.9, 0.8)],
            Overall = ProofFigures.Of(new Scores([known, other], [0, 0, 0], [[0.9f, 0.1f], [0.8f, 0.2f], [0.1f, 0.9f]], ["a", "b", "c"]), new Seed(1)),
            Parts = [new PartFigures("a, b", part, new PartProof(known, 10, 2, figure, figure, figure, figure, figure, figure)), new PartFigures("a", "", new PartProof(other, 0, 0, default, default, default, default, default, default))],
            Confusion = [[9, 1], [0, 0]],
            Slices = [.. new[] { "0-30", "30-60" }.Select(s => new Slice(SliceKind.Azimuth, s, 5, 2, figure)), .. new[] { part, "dim" }.Select(s => new Slice(SliceKind.Light, s, 5, 2, figure))],
            Decision = (new DecisionRule { Parts = new Dictionary<string, PartThreshold> { [part] = new() { Confidence = 0.4 } } }, new DecisionProof(figure, figure, figure, 0.5, true, reliability, reliability)),
            Alarm = new AlarmReport(new AlarmOptions { Part = part }, [new AlarmSequence(part, 3, 0, null, null, 0.4)], null, 100, null),
            Errors = [new ShownError(picture, part, part, part, 0.8, 22.5, part, [part], [part])],
            Kinds = [new ErrorKind(ErrorCause.Pair, part, part, [error], 10, 0.1, 0)],
            Doubtful = [new ShownDoubt(picture, 1, part, 0.1, part, 0.8)],
            Next = [part],
            NextCommand = part,
            Provenance = [("Seeds", [("seed", "1"), (part, part)])],
            Configuration = part,
        };
    }
}
