using System.Security.Cryptography;
using System.Text;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Loading;

namespace DataRig.Learning.Training;

/// <summary>The frames a training uses, with their labels, and those that are made meanwhile.</summary>
internal sealed record TrainingSet(IReadOnlyList<PartId> Classes, IReadOnlyList<Sample> Train, IReadOnlyList<Sample> Validation, IFrameStream? Stream, string Hash)
{
    /// <summary>Frames that an epoch shows, the streamed ones among them.</summary>
    public int ShownAnEpoch => StreamedAnEpoch + StoredAnEpoch;

    private int StreamedAnEpoch => Stream?.Record.FramesAnEpoch ?? 0;

    /// <summary>Every one once, or as many draws as fill up what is streamed.</summary>
    private int StoredAnEpoch => Stream is null ? Train.Count : (int)Math.Round(StreamedAnEpoch * (1 - Stream.Record.Share) / Stream.Record.Share);

    /// <exception cref="WorkFailedException">There is nothing to learn, or frames have roles they must not have.</exception>
    public static TrainingSet From(IReadOnlyList<LabelledFrame> frames, TrainingOptions options, IFrameStream? stream = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stream?.Record.Share ?? 1, "share");
        FrameRecord[] validation = [.. frames.Where(f => f.Role == SplitRole.Validation).Select(f => f.Frame)];
        if (Array.Find(validation, f => f.Source == FrameSource.Rendered) is { } rendered)
        {
            throw new WorkFailedException($"{rendered.ImagePath} is rendered and stands among the validation frames: rendered frames are only trained on, split the dataset again.");
        }

        FrameRecord[] train = Thinned([.. frames.Where(f => f.Role == SplitRole.Train).Select(f => f.Frame)], stream is null ? options : options with { SyntheticShare = 0 });
        PartId[] classes = [.. train.Select(f => f.Part).Concat(stream?.Parts ?? []).Distinct().Order()];
        if (train.Length == 0 && stream is { Record.Share: < 1 })
        {
            throw new WorkFailedException(FormattableString.Invariant($"{stream.Record.Share:P0} of each batch is rendered, and there are no photographs in training for the rest: name a dataset that has some, or render all of it (a share of 1)."));
        }

        if (classes.Length < 2)
        {
            throw new WorkFailedException($"training needs frames of at least two parts, found {(classes.Length == 0 ? "none" : $"{train.Length} frames of {classes[0]} alone")}: capture or import more, or check the split.");
        }

        string hash = Fingerprint(train, validation);
        return new TrainingSet(classes, Boxed(Label(train, classes), frames, options), Label(validation, classes), stream, hash);
    }

    /// <summary>What an error on each class weighs, 1 in the mean over the stored frames.</summary>
    public float[] ClassWeights() =>
        [.. Enumerable.Range(0, Classes.Count).Select(label => Train.Count(s => s.Label == label)).Select(count => count == 0 ? 1 : (float)Train.Count / (Classes.Count * count))];

    /// <summary>The samples of an epoch in their order. Streamed ones are spread evenly, so that every batch has its share.</summary>
    public IEnumerable<Sample> Epoch(TrainingOptions options, int epoch, CancellationToken cancel)
    {
        int[] order = EpochOrder.Of(Train, StoredAnEpoch, options.Balance == BalanceKind.Sampling, options.SeedValue, epoch);
        using IEnumerator<Sample> streamed = Streamed((long)epoch * StreamedAnEpoch, StreamedAnEpoch, cancel).GetEnumerator();
        for (int position = 0; position < ShownAnEpoch; position++)
        {
            long before = (long)position * StreamedAnEpoch / ShownAnEpoch;
            bool stream = (position + 1L) * StreamedAnEpoch / ShownAnEpoch > before;
            yield return !stream ? Train[order[position - before]]
                : streamed.MoveNext() ? streamed.Current
                : throw new InvalidOperationException($"the stream {Stream!.Record.Origin} ended after {before} of {StreamedAnEpoch} frames");
        }
    }

    /// <summary>Frames of the stream, in order; none where there is no stream.</summary>
    public IEnumerable<Sample> Streamed(long first, int count, CancellationToken cancel) =>
        Stream is null || count == 0 ? [] : Stream.Frames(first, count, cancel).Select(frame => Label([frame], Classes)[0] with { Box = frame.Annotations.FirstOrDefault(a => a.Part == frame.Part)?.Box });

    /// <summary>Numbers the frames' parts.</summary>
    /// <exception cref="WorkFailedException">A frame is of a part that is not among the classes.</exception>
    public static IReadOnlyList<Sample> Label(IReadOnlyList<FrameLabels> frames, IReadOnlyList<PartId> classes)
    {
        Dictionary<PartId, int> numbers = classes.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => p.i);
        string[] unknown = [.. frames.Where(f => !numbers.ContainsKey(f.Part)).GroupBy(f => f.Part).OrderBy(g => g.Key).Select(g => $"{g.Key} ({g.Count()} frames)")];
        return unknown.Length == 0
            ? [.. frames.Select(f => new Sample(f, numbers[f.Part]))]
            : throw new WorkFailedException($"the model and the dataset do not fit each other: the model knows {string.Join(", ", classes)}, the dataset also has {string.Join(", ", unknown)}. Train a model with these parts, or leave them out.");
    }

    /// <summary>With the labelled boxes, where the crop goes by them.</summary>
    private static IReadOnlyList<Sample> Boxed(IReadOnlyList<Sample> samples, IReadOnlyList<LabelledFrame> frames, TrainingOptions options)
    {
        if (options.Preprocessing.Crop != CropMode.Box || samples.Count == 0)
        {
            return samples;
        }

        Dictionary<FrameId, Box> boxes = frames.Where(f => f.Box is not null).DistinctBy(f => f.Frame.Id).ToDictionary(f => f.Frame.Id, f => f.Box!.Value);
        return boxes.Count > 0
            ? [.. samples.Select(s => s with { Box = s.Frame is FrameRecord stored && boxes.TryGetValue(stored.Id, out Box box) ? box : null })]
            : throw new WorkFailedException("the crop goes by labelled boxes, and none of the training frames has one: label them, or take the crop \"part\", which finds the part in the picture.");
    }

    /// <summary>Keeps the wanted share of the rendered frames, chosen by the seed and the picture alone.</summary>
    private static FrameRecord[] Thinned(FrameRecord[] train, TrainingOptions options)
    {
        Seed seed = options.SeedValue.For("synthetic share");
        return [.. train.Where(f => f.Source != FrameSource.Rendered || seed.At(0).Uniform(f.ImageHash) < options.SyntheticShare)];
    }

    private static string Fingerprint(FrameRecord[] train, FrameRecord[] validation)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((FrameRecord[] frames, string role) in new[] { (train, "train"), (validation, "validation") })
        {
            foreach (FrameRecord frame in frames)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{role} {frame.Part} {frame.ImageHash}\n"));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
