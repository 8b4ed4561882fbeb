using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;

namespace DataRig.Jobs;

/// <summary>The photographs that a twin is fitted to or scored on, with their parts cut out.</summary>
internal static class TwinFrames
{
    /// <summary>How many photographs are tried for each that is wanted.</summary>
    private const int Tries = 4;

    /// <summary>The photographs of parts that the engine can draw.</summary>
    /// <exception cref="WorkFailedException">There is none.</exception>
    public static IReadOnlyList<FrameRecord> Known(Dataset dataset)
    {
        FrameRecord[] photographs = [.. dataset.Frames().Where(f => f.Source != FrameSource.Rendered)];
        FrameRecord[] known = [.. photographs.Where(f => PartLibrary.Bricks.Parts.Contains(f.Part))];
        if (known.Length > 0)
        {
            return known;
        }

        string has = photographs.Length == 0 ? "no photograph" : $"photographs of {string.Join(", ", photographs.Select(f => f.Part).Distinct().Order().Take(8))} only";
        throw new WorkFailedException($"{dataset.Folder} has {has}, and a twin takes photographs of parts that the engine can draw: {string.Join(", ", PartLibrary.Bricks.Parts)}.");
    }

    /// <summary>How fits and scores are made here.</summary>
    public static TwinFitOptions Options(Seed seed) => new() { Seed = seed, Compress = (picture, quality) => ImageCodec.Decode(ImageCodec.EncodeJpeg(picture, quality).Bytes) };

    /// <exception cref="WorkFailedException">There is none, or they are not of one camera.</exception>
    public static TwinObservation[] OfOneShape(Dataset dataset, IReadOnlyList<(FrameRecord Frame, TwinObservation Observation)> chosen)
    {
        if (chosen.Count == 0)
        {
            throw new WorkFailedException($"In none of the photographs of {dataset.Folder} that were tried does the part stand out clearly from a light table; a twin takes photographs of one part each on an empty table.");
        }

        (FrameRecord first, TwinObservation like) = chosen[0];
        return chosen.FirstOrDefault(c => (c.Observation.Picture.Width, c.Observation.Picture.Height) != (like.Picture.Width, like.Picture.Height)) is { Frame: { } other }
            ? throw new WorkFailedException($"The photographs of {dataset.Folder} are not all of one shape ({first.Width}x{first.Height} and {other.Width}x{other.Height}); a twin is of one camera.")
            : [.. chosen.Select(c => c.Observation)];
    }

    /// <summary>Some photographs of each part, of all its items in turn, in the seed's order.</summary>
    /// <param name="dataset">Where they are.</param>
    /// <param name="frames">Those that may be taken.</param>
    /// <param name="each">How many of each part.</param>
    /// <param name="height">Pixels down that they are brought to.</param>
    /// <param name="seed">Which are taken follows from this.</param>
    /// <param name="progress">Told of each.</param>
    /// <param name="cancel">Stops it.</param>
    public static IReadOnlyList<(FrameRecord Frame, TwinObservation Observation)> Choose(
        Dataset dataset, IReadOnlyList<FrameRecord> frames, int each, int height, Seed seed, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        List<(FrameRecord, TwinObservation)> chosen = [];
        IGrouping<PartId, FrameRecord>[] parts = [.. frames.GroupBy(f => f.Part).OrderBy(p => p.Key)];
        int done = 0;
        foreach (IGrouping<PartId, FrameRecord> part in parts)
        {
            int found = 0;
            foreach (FrameRecord frame in InTurn(part, seed).Take(each * Tries))
            {
                cancel.ThrowIfCancellationRequested();
                if (found == each)
                {
                    break;
                }

                if (Observe(frame, dataset.ReadImageFile(frame), height) is { } observation)
                {
                    chosen.Add((frame, observation));
                    progress.Report(new StageProgress("Find parts", done + ++found, each * parts.Length, part.Key.Value));
                }
            }

            done += each;
        }

        return chosen;
    }

    /// <summary>One of each item, another of each, and so on.</summary>
    private static IEnumerable<FrameRecord> InTurn(IEnumerable<FrameRecord> part, Seed seed) =>
        part.GroupBy(f => f.Item).OrderBy(i => i.Key)
            .SelectMany(item =>
            {
                FrameRecord[] all = [.. item];
                return seed.For($"{all[0].Part}/{item.Key}").At(0).Permutation("frames", all.Length).Select((frame, turn) => (Frame: all[frame], Turn: turn));
            })
            .OrderBy(f => f.Turn).ThenBy(f => f.Frame.Item).Select(f => f.Frame);

    /// <returns>The photograph with its part cut out; null where the part is not clear, cut off by the edge, or implausible.</returns>
    private static TwinObservation? Observe(FrameRecord frame, byte[] file, int height)
    {
        Picture picture = ImageCodec.Decode(file);
        picture = picture.Height == height ? picture : ImageCodec.Resize(picture, Math.Max(1, (int)Math.Round((double)picture.Width * height / picture.Height)), height);
        return PhotographCutter.Cut(picture) is not { } cut
            ? null
            : new TwinObservation
            {
                Name = frame.ImageHash,
                Part = frame.Part,
                Item = frame.Item,
                Picture = picture,
                PartMask = cut.CutOut.Mask,
                Beyond = Mask.FromPixels(picture.Width, picture.Height, [.. cut.Beyond.Select(b => b ? (byte)1 : (byte)0)]),
                JpegQuality = JpegQuality.Of(file),
            };
    }
}
