using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Report;

namespace DataRig.Jobs;

/// <summary>What a training would show.</summary>
/// <param name="Sheet">The contact sheet's full path.</param>
/// <param name="Sizes">How large the parts are that the network would see.</param>
/// <param name="Pictures">The varied pictures that were judged.</param>
/// <param name="Warnings">What is wrong with them, a sentence each.</param>
internal sealed record TrainPreview(string Sheet, SizeAnalysis Sizes, int Pictures, IReadOnlyList<string> Warnings);

/// <summary>Shows varied pictures as a training would, before hours are spent on pictures that show nothing.</summary>
internal static class TrainPreviewJob
{
    public const string FileName = "train-preview.jpg";

    /// <summary>Pictures that are measured, and rows and varied pictures a row on the sheet.</summary>
    private const int Measured = 200, Rows = 10, Variations = 9;

    private const int Cell = 128, Frame = 4;

    /// <summary>Below this share of the pictures a problem is chance, and the model learns in spite of it.</summary>
    private const double Tolerated = 0.05;

    /// <returns>Sizes of a sample of the training frames.</returns>
    public static SizeAnalysis Measure(Dataset dataset, Split split, TrainingOptions options, CancellationToken cancel) =>
        SizeAnalysis.Of(Sample(dataset, split, options, Measured).Select(f => (f.Part, dataset.ReadImage(f), Box(dataset, f, options))), options.Preprocessing, cancel);

    /// <exception cref="WorkFailedException">There are no frames to train on, or a picture cannot be read.</exception>
    public static TrainPreview Write(Dataset dataset, Split split, TrainingOptions options, string folder, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        FrameRecord[] shown = [.. Sample(dataset, split, options, int.MaxValue).GroupBy(f => f.Part).SelectMany(g => g.Select((frame, round) => (frame, round))).OrderBy(p => p.round).ThenBy(p => p.frame.Part).Take(Rows).Select(p => p.frame)];
        if (shown.Length == 0)
        {
            throw new WorkFailedException($"{dataset.Folder} has no frame to train on.");
        }

        AugmentationPreview preview = new(options);
        List<AugmentedPicture> pictures = [];
        foreach (FrameRecord frame in shown)
        {
            cancel.ThrowIfCancellationRequested();
            pictures.AddRange(preview.Of(frame.Part, dataset.ReadImage(frame), Box(dataset, frame, options), pictures.Count, Variations));
            progress.Report(new StageProgress("Preview", pictures.Count, shown.Length * (Variations + 1)));
        }

        string file = Path.GetFullPath(Path.Combine(folder, FileName));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, ImageCodec.EncodeJpeg(ContactSheet.Compose([.. pictures.Select(Drawn)], Variations + 1, Cell), 90).Bytes);
        int varied = shown.Length * Variations;
        return new TrainPreview(file, Measure(dataset, split, options, cancel), varied, [.. Enum.GetValues<AugmentationProblem>().Select(p => Warning(p, pictures, varied)).OfType<string>()]);
    }

    /// <summary>The training frames in an order of chance, so that the first ones stand for all.</summary>
    private static IEnumerable<FrameRecord> Sample(Dataset dataset, Split split, TrainingOptions options, int most)
    {
        FrameRecord[] frames = [.. dataset.Frames().Where(f => split.RoleOf(f) == SplitRole.Train && (f.Source != FrameSource.Rendered || options.SyntheticShare > 0))];
        return new Seed(options.Seed).For("preview frames").At(0).Permutation("order", frames.Length).Take(most).Select(i => frames[i]);
    }

    private static Box? Box(Dataset dataset, FrameRecord frame, TrainingOptions options) =>
        options.Preprocessing.Crop == CropMode.Box ? TrainJob.BoxOf(frame, dataset.Annotations(frame.Id)) : null;

    /// <summary>As large as a cell, framed and named where something is wrong.</summary>
    private static Picture Drawn(AugmentedPicture picture)
    {
        Picture drawn = ImageCodec.Resize(picture.Picture, Cell, Cell);
        if (picture.Problem is { } problem)
        {
            for (int i = 0; i < Cell * Cell; i++)
            {
                (int x, int y) = (i % Cell, i / Cell);
                if (Math.Min(Math.Min(x, y), Math.Min(Cell - 1 - x, Cell - 1 - y)) < Frame)
                {
                    drawn[x, y] = (214, 40, 57);
                }
            }

            PixelFont.Write(drawn, 2 * Frame, 2 * Frame, Word(problem), (214, 40, 57));
        }

        return drawn;
    }

    private static string Word(AugmentationProblem problem) => problem switch
    {
        AugmentationProblem.Vanishes => "vanishes",
        AugmentationProblem.WashesOut => "washed out",
        _ => "leaves",
    };

    private static string? Warning(AugmentationProblem problem, IReadOnlyList<AugmentedPicture> pictures, int varied)
    {
        AugmentedPicture[] wrong = [.. pictures.Where(p => p.Problem == problem)];
        (string what, string remedy) = problem switch
        {
            AugmentationProblem.Vanishes => ("the part hardly differs from the table", "tone, contrast, curve, colorMixing"),
            AugmentationProblem.WashesOut => ("most of the part is black or white", "brightness, tone, contrast"),
            _ => ("much of the part lies beyond the edge", "shift, crop, zoom, perspective, shearDegrees, or widen cropFraction"),
        };
        string parts = string.Join(", ", wrong.GroupBy(p => p.Part).OrderByDescending(g => g.Count()).Take(3).Select(g => $"{g.Key} {g.Count()}"));
        return wrong.Length <= Tolerated * varied ? null : $"In {wrong.Length} of {varied} varied pictures {what} ({parts}): lower {remedy}.";
    }
}
