using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Loading;
using DataRig.Learning.Training;

namespace DataRig.Learning.Proving;

/// <summary>What a model says when it sees the table alone, and when it sees the part alone.</summary>
/// <param name="Frames">Frames that were shown.</param>
/// <param name="Whole">Mean recall over the parts on the whole pictures.</param>
/// <param name="BackgroundOnly">The same with the part covered by the table's colour.</param>
/// <param name="ObjectOnly">The same with everything but the part made one grey.</param>
/// <param name="Chance">What guessing gives: one over the number of parts.</param>
public sealed record BackgroundReport(int Frames, Figure Whole, Figure BackgroundOnly, Figure ObjectOnly, double Chance)
{
    /// <summary>Whether the model reads the table: it names the part that it cannot see far more often than guessing would, whichever items were held out.</summary>
    public bool ReadsTable => BackgroundOnly is { Value: { } value } && (BackgroundOnly.Low is { } low ? low > 1.5 * Chance : value > 2 * Chance) && value > 0.25;
}

/// <summary>
/// Catches a model that recognizes a part by its table, its light or its tint. The cover is one square for all frames, so
/// that its size tells nothing of what it hides.
/// </summary>
public static class BackgroundTest
{
    /// <summary>Frames that are enough for a figure; more are thinned evenly.</summary>
    private const int MostFrames = 600;

    /// <summary>The cover over the part's own box, for its shadow, and the share of the picture that must stay open.</summary>
    private const double Margin = 1.3, MostCover = 0.85;

    private const byte Grey = (byte)Preprocessor.BalancedTable;

    /// <param name="predictor">The model.</param>
    /// <param name="dataset">Where the frames and their boxes and masks are.</param>
    /// <param name="frames">Frames that the model was not trained on.</param>
    /// <param name="progress">Told after every frame.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Null where no frame shows a part.</returns>
    public static BackgroundReport? Run(Predictor predictor, Dataset dataset, IReadOnlyList<FrameRecord> frames, IProgress<StageProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(dataset);
        // Where there is no part, nothing can be covered.
        frames = [.. frames.Where(f => f.Part != PartId.Nothing)];
        if (frames.Count == 0)
        {
            return null;
        }

        FrameRecord[] shown = [.. frames.Where((_, i) => (long)i * MostFrames / frames.Count != (long)(i - 1) * MostFrames / frames.Count || i == 0 || frames.Count <= MostFrames)];
        Seen[] seen = new Seen[shown.Length];
        int done = 0;
        InParallel.For(shown.Length, i =>
        {
            seen[i] = See(predictor.Preprocessor, dataset, shown[i]);
            progress?.Report(new StageProgress("Background", Interlocked.Increment(ref done), shown.Length));
        }, cancel);

        // One cover for all: as large as nearly every part needs.
        double[] sides = [.. seen.Select(s => Math.Max(s.Part.Width, s.Part.Height)).Order()];
        double cover = Math.Min(MostCover * predictor.Preprocessor.Options.Side, Margin * sides[(int)(0.95 * (sides.Length - 1))]);
        bool balanced = predictor.Preprocessor.Options.BalanceTable;
        Figure Recall(Func<Seen, Picture> change) => MeanRecall(predictor, shown, [.. seen.Select(change)], cancel);
        return new BackgroundReport(
            shown.Length,
            Recall(s => s.Prepared),
            Recall(s => Covered(s, cover, balanced)),
            Recall(Alone),
            1.0 / predictor.Classes.Count);
    }

    /// <summary>A prepared picture, with where the part lies in it and what the table looks like at each place of it (from 0 to 1).</summary>
    private sealed record Seen(Picture Prepared, Box Part, byte[]? Mask, int MaskWidth, int MaskHeight, Box Window, Func<double, double, (double R, double G, double B)> Table);

    private static Seen See(Preprocessor preprocessor, Dataset dataset, FrameRecord frame)
    {
        Picture picture = dataset.ReadImage(frame);
        PartLocation location = PartFinder.Find(picture);
        Box window = preprocessor.Window(picture, location);
        Annotation? annotation = dataset.Annotations(frame.Id).FirstOrDefault(a => a.Part == frame.Part);
        Box box = annotation?.Box ?? location.Box;
        double scaleX = preprocessor.Options.Side / window.Width, scaleY = preprocessor.Options.Side / window.Height;
        return new Seen(
            preprocessor.Apply(picture),
            new Box((box.X - window.X) * scaleX, (box.Y - window.Y) * scaleY, box.Width * scaleX, box.Height * scaleY),
            annotation?.Mask?.ToPixels(),
            picture.Width,
            picture.Height,
            window,
            (x, y) => location.Table.At(Math.Clamp((window.X + (x * window.Width)) / picture.Width, 0, 1), Math.Clamp((window.Y + (y * window.Height)) / picture.Height, 0, 1)));
    }

    private static Picture Covered(Seen seen, double side, bool balanced)
    {
        Picture covered = new(seen.Prepared.Width, seen.Prepared.Height, [.. seen.Prepared.Rgb]);
        (double cx, double cy) = seen.Part.Center;
        for (int y = (int)Math.Max(0, cy - (side / 2)); y < Math.Min(covered.Height, cy + (side / 2)); y++)
        {
            for (int x = (int)Math.Max(0, cx - (side / 2)); x < Math.Min(covered.Width, cx + (side / 2)); x++)
            {
                (double r, double g, double b) = balanced ? (Grey, Grey, Grey) : seen.Table((x + 0.5) / covered.Width, (y + 0.5) / covered.Height);
                covered[x, y] = ((byte)Math.Clamp(r, 0, 255), (byte)Math.Clamp(g, 0, 255), (byte)Math.Clamp(b, 0, 255));
            }
        }

        return covered;
    }

    private static Picture Alone(Seen seen)
    {
        Picture alone = new(seen.Prepared.Width, seen.Prepared.Height);
        for (int y = 0; y < alone.Height; y++)
        {
            for (int x = 0; x < alone.Width; x++)
            {
                alone[x, y] = IsPart(seen, x + 0.5, y + 0.5) ? seen.Prepared[x, y] : (Grey, Grey, Grey);
            }
        }

        return alone;
    }

    private static bool IsPart(Seen seen, double x, double y)
    {
        if (seen.Mask is null)
        {
            return x >= seen.Part.X && y >= seen.Part.Y && x < seen.Part.Right && y < seen.Part.Bottom;
        }

        int column = (int)(seen.Window.X + (x * seen.Window.Width / seen.Prepared.Width)), row = (int)(seen.Window.Y + (y * seen.Window.Height / seen.Prepared.Height));
        return column >= 0 && row >= 0 && column < seen.MaskWidth && row < seen.MaskHeight && seen.Mask[(row * seen.MaskWidth) + column] != 0;
    }

    private static Figure MeanRecall(Predictor predictor, FrameRecord[] frames, Picture[] prepared, CancellationToken cancel)
    {
        IReadOnlyList<Sample> samples = TrainingSet.Label(frames, predictor.Classes);
        float[][] probabilities = [.. prepared.Chunk(predictor.Run.Options.BatchSize).SelectMany(batch =>
        {
            cancel.ThrowIfCancellationRequested();
            int each = batch[0].Rgb.Length;
            float[] pixels = new float[batch.Length * each];
            for (int i = 0; i < batch.Length; i++)
            {
                Augmenter.Copy(batch[i].Rgb, pixels.AsSpan(i * each, each));
            }

            return Evaluation.Probabilities(predictor.Network, new Batch(pixels, new long[batch.Length], batch[0].Width));
        })];
        Scores scores = new(predictor.Classes, [.. samples.Select(s => s.Label)], probabilities, [.. frames.Select(f => $"{f.Part} {f.Item}")]);
        return ProofFigures.Of(scores, new Seed(predictor.Run.Options.Seed)).MacroRecall;
    }
}
