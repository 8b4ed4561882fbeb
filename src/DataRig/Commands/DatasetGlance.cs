using System.CommandLine;
using System.Globalization;
using System.Text;
using DataRig.Data;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig dataset info</c>: a dataset at a glance.</summary>
internal static class DatasetGlance
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    private const int SizesShown = 3;

    public static Command Info()
    {
        Command command = new("info", "Count what a dataset holds, how evenly, and from which sides each part was seen.") { Flags.Data };
        command.SetAction(parsed =>
        {
            using Dataset dataset = Dataset.Open(parsed.GetValue(Flags.Data) ?? "data");
            DatasetInfo info = dataset.Info();
            var result = new
            {
                frames = info.Frames,
                parts = info.Parts.Select(p => new { part = p.Part.Value, items = p.Items, frames = p.Frames, photographed = p.Photographed, rendered = p.Rendered }),
                items = info.Items,
                captured = info.Captured,
                rendered = info.Rendered,
                imported = info.Imported,
                sessions = info.Sessions,
                imbalance = info.Imbalance,
                sizes = info.Sizes.Select(s => new { width = s.Width, height = s.Height, frames = s.Frames }),
                pictureBytes = info.PictureBytes,
                markedFrames = info.Marked.Frames,
                boxes = info.Marked.Boxes,
                masks = info.Marked.Masks,
                reviewed = info.Reviewed,
                trashed = info.Trashed,
                sectorDegrees = AzimuthCoverage.SectorDegrees,
                azimuths = info.Azimuths.Select(a => new { part = a.Part.Value, rendered = a.Rendered, covered = a.Covered, sectors = a.Sectors }),
                dataset = dataset.Folder,
                hash = info.Hash,
            };
            Flags.Output(parsed).Result(result, console => Draw(console, info));
            return 0;
        });
        return command;
    }

    private static void Draw(IAnsiConsole console, DatasetInfo info)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("part").AddColumns(
            new[] { "items", "photographed", "rendered", "frames" }.Select(name => new TableColumn(name).RightAligned()).ToArray());
        foreach (PartInfo part in info.Parts)
        {
            table.AddRow([Markup.Escape(part.Part.Value), .. new[] { part.Items, part.Photographed, part.Rendered, part.Frames }.Select(n => n.ToString(CultureInfo.InvariantCulture))]);
        }

        console.Write(table);
        if (info.Azimuths.Count > 0)
        {
            DrawAzimuths(console, info.Azimuths);
        }

        string sizes = string.Join(", ", info.Sizes.Take(SizesShown).Select(s => $"{s.Width}x{s.Height} ({s.Frames})")) + (info.Sizes.Count > SizesShown ? $" and {info.Sizes.Count - SizesShown} other sizes" : "");
        console.MarkupLineInterpolated($"{info.Frames} frames ({info.Captured} captured, {info.Rendered} rendered, {info.Imported} imported) of {info.Items} items, {info.Sessions} sessions");
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"pictures: {sizes}; {info.PictureBytes / 1e6:F1} MB");
        console.MarkupLineInterpolated($"marked: {info.Marked.Frames} frames, {info.Marked.Boxes} boxes, {info.Marked.Masks} masks; {info.Reviewed} frames reviewed, {info.Trashed} in the trash");
        if (info.Imbalance is { } imbalance && info.Parts.Count > 1)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"balance: the part with the most frames has {imbalance:F1} times as many as the one with the fewest");
        }

        console.MarkupLineInterpolated($"[grey]hash {info.Hash}[/]");
    }

    /// <summary>A row a part: how many frames each ten degrees of the table's turn have, against the fullest of the row; a point where there is none.</summary>
    private static void DrawAzimuths(IAnsiConsole console, IReadOnlyList<AzimuthCoverage> azimuths)
    {
        Table table = new Table().Border(TableBorder.None).AddColumn("frames by azimuth").AddColumn("").AddColumn("0°       90°      180°     270°     ").AddColumn("sectors");
        foreach (AzimuthCoverage part in azimuths)
        {
            table.AddRow(Markup.Escape(part.Part.Value), part.Rendered ? "rendered" : "photographed", $"[green]{Bars(part.Sectors)}[/]", $"{part.Covered} of {part.Sectors.Count}");
        }

        console.Write(table);
        console.WriteLine();
    }

    private static string Bars(IReadOnlyList<int> sectors)
    {
        int most = sectors.Max();
        StringBuilder bars = new();
        foreach (int frames in sectors)
        {
            bars.Append(frames == 0 ? '·' : Levels[((frames * Levels.Length) - 1) / most]);
        }

        return bars.ToString();
    }
}
