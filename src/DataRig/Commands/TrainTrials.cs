using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary>What <c>datarig train</c> can try out before it trains.</summary>
internal static class TrainTrials
{
    private const int Bins = 8, Lines = 16;

    public static async Task<int> PreviewAsync(Output output, Dataset dataset, Split split, TrainingOptions options, string folder, CancellationToken cancel)
    {
        TrainPreview preview = await output.WithProgressAsync(progress => Task.Run(() => TrainPreviewJob.Write(dataset, split, options, folder, progress, cancel))).ConfigureAwait(false);
        SizeAnalysis sizes = preview.Sizes;
        (double UpTo, int Count)[] histogram = [.. sizes.Histogram(Bins)];
        string[] warnings = [.. preview.Warnings, .. sizes.Warning is { } small ? new[] { small } : []];
        output.Result(
            new
            {
                preview = preview.Sheet,
                pictures = preview.Pictures,
                warnings,
                sizes = new
                {
                    looked = sizes.Looked,
                    found = sizes.Sizes.Count,
                    smallest = sizes.Smallest,
                    inputPixels = options.Preprocessing.InputPixels,
                    suggestedInputPixels = sizes.SuggestedInputPixels,
                    histogram = histogram.Select(bin => new { upTo = bin.UpTo, count = bin.Count }),
                },
            },
            console =>
            {
                if (sizes.Sizes.Count > 0)
                {
                    Bars(console, "pixels across in the network's input", [.. histogram.Select(bin => (string.Create(CultureInfo.InvariantCulture, $"to {bin.UpTo:F0}"), (double)bin.Count, bin.Count.ToString(CultureInfo.InvariantCulture)))]);
                }

                console.MarkupLineInterpolated($"{Sentence(sizes)}");
                foreach (string warning in warnings)
                {
                    console.MarkupLineInterpolated($"[yellow]{warning}[/]");
                }

                console.MarkupLineInterpolated($"sheet  {preview.Sheet}");
            });
        return 0;
    }

    public static async Task<int> FindRateAsync(Output output, TrainingRequest request, CancellationToken cancel)
    {
        LearningRateCurve curve = await output.WithProgressAsync(progress =>
            Task.Factory.StartNew(() => new Trainer(TimeProvider.System, progress).FindLearningRate(request, cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ConfigureAwait(false);
        output.Result(
            new { suggested = curve.Suggested, lowest = curve.Lowest, points = curve.Points },
            console =>
            {
                LearningRatePoint[] shown = [.. curve.Points.Where((_, i) => i % Math.Max(1, curve.Points.Count / Lines) == 0)];
                Bars(console, "loss", [.. shown.Select(p => (p.LearningRate.ToString("0.0e+0", CultureInfo.InvariantCulture), p.Loss, p.Loss.ToString("F3", CultureInfo.InvariantCulture)))]);
                console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"The loss falls most steeply at a learning rate of [bold]{curve.Suggested:0.0e+0}[/] and is lowest at {curve.Lowest:0.0e+0}.");
                console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"next   datarig train --set learningRate={curve.Suggested:0.0e+0}");
            });
        return 0;
    }

    /// <summary>How large the parts are, in one sentence.</summary>
    public static string Sentence(SizeAnalysis sizes)
    {
        double[] inOrder = [.. sizes.Sizes.Select(s => s.InputPixels).Order()];
        return inOrder.Length == 0
            ? $"No part was found in {sizes.Looked} pictures."
            : string.Create(CultureInfo.InvariantCulture, $"Parts are {inOrder[0]:F0} to {inOrder[^1]:F0} pixels across in the network's input, {inOrder[inOrder.Length / 2]:F0} in the middle; {SizeAnalysis.Fewest} are needed, so that inputPixels of {sizes.SuggestedInputPixels} would do.");
    }

    /// <summary>A bar a line, from 0 to the highest.</summary>
    private static void Bars(IAnsiConsole console, string title, IReadOnlyList<(string Name, double Value, string Text)> bars)
    {
        const int widest = 48;
        double highest = Math.Max(bars.Max(b => b.Value), 1e-12);
        int name = bars.Max(b => b.Name.Length);
        console.MarkupLineInterpolated($"[grey]{title}[/]");
        foreach ((string label, double value, string text) in bars)
        {
            console.MarkupLineInterpolated($"{label.PadLeft(name)} [blue]{new string('█', (int)Math.Round(value / highest * widest))}[/] {text}");
        }
    }
}
