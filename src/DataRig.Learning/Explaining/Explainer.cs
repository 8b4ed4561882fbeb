using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Loading;
using DataRig.Learning.Proving;

namespace DataRig.Learning.Explaining;

/// <summary>
/// Looks into a model: where in a picture it sees a part, and which training frames it takes the picture to be like. Like the
/// predictor, not safe for several threads at once.
/// </summary>
/// <param name="predictor">The model; it stays the caller's.</param>
/// <param name="training">What it makes of the frames that it was trained on.</param>
public sealed class Explainer(Predictor predictor, Embeddings training)
{
    private const int BatchSize = 32;

    public Predictor Predictor => predictor;

    /// <summary>How many training frames there are to compare with.</summary>
    public int TrainingFrames => training.Frames.Count;

    /// <summary>One that compares with the training frames of a dataset; they are gone through once, which takes as long as validating as many.</summary>
    /// <param name="predictor">The model; it stays the caller's.</param>
    /// <param name="dataset">What it was trained on.</param>
    /// <param name="split">Which items train.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancel">Stops it.</param>
    /// <param name="mostRendered">Of the rendered frames so many at most, evenly through all of them; photographs are all there.</param>
    /// <exception cref="WorkFailedException">A picture is missing or damaged.</exception>
    public static Explainer Over(Predictor predictor, Dataset dataset, Split split, IProgress<StageProgress>? progress = null, CancellationToken cancel = default, int mostRendered = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(split);
        ILookup<bool, FrameRecord> frames = dataset.Frames().Where(f => split.RoleOf(f) == SplitRole.Train && predictor.Classes.Contains(f.Part)).ToLookup(f => f.Source == FrameSource.Rendered);
        FrameRecord[] rendered = [.. frames[true]];
        IEnumerable<FrameRecord> shown = rendered.Length <= mostRendered ? rendered : Enumerable.Range(0, mostRendered).Select(i => rendered[(int)((long)i * rendered.Length / mostRendered)]);
        return new Explainer(predictor, EmbeddingFile.Of(predictor, [.. frames[false], .. shown], progress, cancel));
    }

    /// <summary>Explains a picture.</summary>
    /// <param name="picture">As the camera took it.</param>
    /// <param name="heatOf">The part to look for; null takes the likeliest.</param>
    /// <param name="label">Where the part is, if that is known.</param>
    /// <param name="nearest">How many training frames to name.</param>
    /// <exception cref="WorkFailedException">The model does not know the part.</exception>
    public Explanation Explain(Picture picture, PartId? heatOf = null, Annotation? label = null, int nearest = 3)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return ExplainAll([(picture, label, heatOf is { } part ? Number(part) : null)], nearest)[0];
    }

    /// <summary>Explains a frame of a dataset.</summary>
    /// <param name="dataset">Where its picture and labels are.</param>
    /// <param name="frame">The frame; it need not be of a part that the model knows.</param>
    /// <param name="heatOf">The part to look for; null takes the likeliest.</param>
    /// <param name="nearest">How many training frames to name.</param>
    /// <exception cref="WorkFailedException">The picture is missing or damaged, or the model does not know the part to look for.</exception>
    public Explanation Explain(Dataset dataset, FrameRecord frame, PartId? heatOf = null, int nearest = 3)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(frame);
        return Explain(dataset.ReadImage(frame), heatOf, LabelOf(frame, dataset.Annotations(frame.Id)), nearest);
    }

    /// <summary>Explains frames in their order, many at a time.</summary>
    /// <param name="dataset">Where their pictures and labels are.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="nearest">How many training frames to name.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="WorkFailedException">A picture is missing or damaged.</exception>
    public IEnumerable<Explanation> Explain(Dataset dataset, IReadOnlyList<FrameRecord> frames, int nearest = 3, IProgress<StageProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(frames);
        int done = 0;
        foreach (FrameRecord[] batch in frames.Chunk(BatchSize))
        {
            cancel.ThrowIfCancellationRequested();
            (Picture, Annotation?, int?)[] read = new (Picture, Annotation?, int?)[batch.Length];
            InParallel.For(batch.Length, i => read[i] = (dataset.ReadImage(batch[i]), LabelOf(batch[i], dataset.Annotations(batch[i].Id)), null));
            foreach (Explanation explanation in ExplainAll(read, nearest))
            {
                yield return explanation;
            }

            progress?.Report(new StageProgress("Explain", done += batch.Length, frames.Count));
        }
    }

    /// <summary>The window of a picture that the network sees, as the camera took it.</summary>
    public Picture Seen(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return predictor.Preprocessor.See(picture).Cut;
    }

    private static Annotation? LabelOf(FrameRecord frame, IReadOnlyList<Annotation> annotations) => annotations.Where(a => a.Part == frame.Part).MaxBy(a => a.Box.Area);

    private int? Number(PartId part) => predictor.Classes.ToList().IndexOf(part) is >= 0 and var number
        ? number
        : throw new WorkFailedException($"the model does not know the part {part}; it knows {string.Join(", ", predictor.Classes)}.");

    private IReadOnlyList<Explanation> ExplainAll(IReadOnlyList<(Picture Picture, Annotation? Label, int? Class)> pictures, int nearest)
    {
        SeenPicture[] seen = new SeenPicture[pictures.Count];
        int side = predictor.Preprocessor.Options.Side, each = 3 * side * side;
        float[] pixels = new float[pictures.Count * each];
        InParallel.For(seen.Length, i =>
        {
            seen[i] = predictor.Preprocessor.See(pictures[i].Picture);
            Augmenter.Copy(seen[i].Input.Rgb, pixels.AsSpan(i * each, each));
        });
        IReadOnlyList<Glance> glances = GradCam.Of(predictor.Network, new Batch(pixels, new long[seen.Length], side), [.. pictures.Select(p => p.Class)]);
        Explanation[] explanations = new Explanation[seen.Length];
        InParallel.For(seen.Length, i => explanations[i] = One(pictures[i], seen[i], glances[i], nearest));
        return explanations;
    }

    private Explanation One((Picture Picture, Annotation? Label, int? Class) asked, SeenPicture seen, Glance glance, int nearest)
    {
        float[] probabilities = Calibration.Apply(glance.Probabilities, predictor.Rule.Temperature);
        PartProbability[] parts = [.. probabilities.Select((p, i) => new PartProbability(predictor.Classes[i], p)).OrderByDescending(p => p.Probability)];
        Box? where = asked.Label?.Box ?? (seen.Location.Found ? seen.Location.Box : null);
        return new Explanation
        {
            Seen = seen.Cut,
            Window = seen.Window,
            HeatOf = asked.Class is { } number ? predictor.Classes[number] : parts[0].Part,
            Heat = glance.Heat,
            Share = where is { } box ? HeatShare.Of(glance.Heat, seen.Window, Cover(asked.Label?.Mask, box)) : null,
            Parts = parts,
            Nearest = [.. training.Nearest(glance.Embedding, nearest).Select(n => new Neighbour(n.Frame, n.Likeness))],
            Measures = FrameMeasures.Of(asked.Picture, where, seen.Window),
        };
    }

    /// <summary>Whether a place of the picture is of the part.</summary>
    private static Func<double, double, bool> Cover(Mask? mask, Box box)
    {
        if (mask is null)
        {
            return (x, y) => x >= box.X && y >= box.Y && x < box.Right && y < box.Bottom;
        }

        byte[] pixels = mask.ToPixels();
        return (x, y) => x >= 0 && y >= 0 && x < mask.Width && y < mask.Height && pixels[((int)y * mask.Width) + (int)x] != 0;
    }
}
