using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Explaining;

namespace DataRig.Report;

/// <summary>A picture's explanation in one row: what the network sees, the heat over it, and the nearest training frames.</summary>
internal static class HeatStrip
{
    private const int Margin = 3, Lines = 2;

    private static readonly (byte R, byte G, byte B) Ink = (40, 46, 60), Right = (20, 130, 70), Wrong = (196, 49, 75);

    /// <summary>The cells in order, each square.</summary>
    /// <param name="explainer">Looks into the model.</param>
    /// <param name="dataset">Where the training frames are; null leaves them out.</param>
    /// <param name="explanation">What to show.</param>
    /// <param name="pixels">The side of a cell.</param>
    /// <param name="nearest">How many training frames.</param>
    public static IEnumerable<Picture> Cells(Explainer explainer, Dataset? dataset, Explanation explanation, int pixels, int nearest)
    {
        yield return explanation.Plain(pixels);
        yield return explanation.Heated(pixels);
        foreach (Neighbour neighbour in explanation.Nearest.Take(dataset is null ? 0 : nearest))
        {
            yield return ImageCodec.Resize(explainer.Seen(dataset!.ReadImage(neighbour.Frame)), pixels, pixels);
        }
    }

    /// <summary>The same with a caption under each cell; the row is as many cells wide as there may be.</summary>
    /// <param name="explainer">Looks into the model.</param>
    /// <param name="dataset">Where the training frames are; null leaves them out.</param>
    /// <param name="explanation">What to show.</param>
    /// <param name="part">What it is, if that is known.</param>
    /// <param name="pixels">The side of a cell.</param>
    /// <param name="nearest">How many training frames.</param>
    public static IReadOnlyList<Picture> Captioned(Explainer explainer, Dataset? dataset, Explanation explanation, PartId? part, int pixels, int nearest)
    {
        bool? right = part is { } truth ? truth == explanation.Parts[0].Part : null;
        List<((byte, byte, byte) Color, string First, string Second)> captions =
        [
            (Ink, part is { } known ? $"is {known}" : "", Percent(explanation.Parts.FirstOrDefault(p => p.Part == part)?.Probability)),
            (right switch { true => Right, false => Wrong, null => Ink }, $"{explanation.HeatOf}", $"{Percent(explanation.Parts.First(p => p.Part == explanation.HeatOf).Probability)}{(explanation.Share is { } share ? $" heat {Percent(share.OnPart)}" : "")}"),
            .. explanation.Nearest.Take(nearest).Select(n => (Ink, n.Frame.Item.Value, string.Create(CultureInfo.InvariantCulture, $"{n.Likeness:F3}{(n.Frame.Source == FrameSource.Rendered ? " rendered" : "")}"))),
        ];
        List<Picture> row = [.. Cells(explainer, dataset, explanation, pixels, nearest).Select((cell, i) => Captioned(cell, captions[i].Color, captions[i].First, captions[i].Second))];
        while (row.Count < nearest + 2)
        {
            Picture empty = new(pixels, row[0].Height);
            empty.Rgb.AsSpan().Fill(255);
            row.Add(empty);
        }

        return row;
    }

    private static Picture Captioned(Picture cell, (byte, byte, byte) color, string first, string second)
    {
        Picture captioned = new(cell.Width, cell.Height + (2 * Margin) + (Lines * PixelFont.LineHeight));
        captioned.Rgb.AsSpan().Fill(255);
        cell.Rgb.CopyTo(captioned.Rgb, 0);
        PixelFont.Write(captioned, Margin, cell.Height + Margin, first, color);
        PixelFont.Write(captioned, Margin, cell.Height + Margin + PixelFont.LineHeight, second, color);
        return captioned;
    }

    private static string Percent(double? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:F0}%") : "";
}
