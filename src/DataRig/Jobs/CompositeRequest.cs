using System.Numerics;
using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;

namespace DataRig.Jobs;

/// <summary>
/// Parts cut out of one dataset's frames, set into pictures of another's empty table: photographs on other plates, or renders on
/// real ones. Each placement is there in every way of blending.
/// </summary>
/// <param name="CutOuts">The folder of the dataset with the parts.</param>
/// <param name="Plates">The folder of the dataset with the empty tables; it may be the same.</param>
/// <param name="Material">What they hold.</param>
internal sealed record CompositeRequest(string CutOuts, string Plates, CompositeMaterial Material, Seed Seed, long First, int Count) : RenderRequest(Seed, First, Count)
{
    /// <summary>How far a part is moved, as a share of the picture's width, and turned, and its size and light changed.</summary>
    private const double Shift = 0.08, Roll = 10, Resize = 0.15, Brighten = 0.08;

    /// <summary>Nearer to the picture's edge than this share of it no part's middle goes.</summary>
    private const double Margin = 0.15;

    /// <summary>How many frames of a part are tried until one has a clear outline.</summary>
    private const int Tries = 16;

    /// <summary>Frames that are made at once: a few for each core.</summary>
    private const int Together = 16;

    private const string SourceName = "cut-outs";

    private static readonly BlendMode[] Modes = Enum.GetValues<BlendMode>();

    public override string Source => $"{SourceName} ({Material.Hash}), seed {Seed}";

    /// <summary>Whether a frame was made so: what is cut out already is not cut out again.</summary>
    public static bool Made(FrameRecord frame) => frame.Source == FrameSource.Rendered && frame.Origin?.StartsWith(SourceName + " (", StringComparison.Ordinal) == true;

    /// <exception cref="WorkFailedException">A dataset is none, or has nothing to cut out or to set it into.</exception>
    public static CompositeRequest Of(string cutOuts, string plates, Seed seed, long first, int count) =>
        new(cutOuts, plates, CompositeMaterial.Find(cutOuts, plates), seed.For("composites"), first, count);

    public override IEnumerable<Func<Frame>> Make(IEnumerable<long> indices, LabelTally labels, CancellationToken cancel)
    {
        using Dataset cutOuts = Dataset.Open(CutOuts), plates = Dataset.Open(Plates);
        foreach (long[] together in indices.Chunk(Together))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (Func<Frame> frame in together.AsParallel().AsOrdered().WithCancellation(cancel).Select(index => Make(index, cutOuts, plates)).ToArray())
            {
                yield return frame;
            }
        }
    }

    private Func<Frame> Make(long index, Dataset cutOuts, Dataset plates)
    {
        Draws placing = Seed.At(index / Modes.Length);
        BlendMode mode = Modes[index % Modes.Length];
        PartId part = Part(index / Modes.Length);
        CutOutFrame from = Enumerable.Range(0, Tries)
            .Select(attempt => Material.CutOut(cutOuts, placing.Choose($"cut-out {attempt}", Material.Frames[part])))
            .FirstOrDefault(c => c is not null)
            ?? throw new WorkFailedException($"In none of {Tries} frames of {part} in {CutOuts} that were tried does the part stand out clearly from an empty table: capture it with plates, or leave the part out.");
        (Picture? plate, string plateHash, int quality) = Enumerable.Range(0, Tries).Select(attempt => Material.Plate(plates, placing, attempt)).FirstOrDefault(p => p.Picture is not null);
        if (plate is null)
        {
            throw new WorkFailedException($"None of {Tries} frames in {Plates} that were tried is of a part on a light table that is empty around it: name a dataset with plates by --plates.");
        }

        (Picture picture, Mask mask) = Compositor.Compose(from.View, plate, Placement(placing, from.View, plate), mode);
        return () => Frame(index, mode, from, picture, mask, plateHash, quality);
    }

    private Frame Frame(long index, BlendMode mode, CutOutFrame from, Picture picture, Mask mask, string plateHash, int quality)
    {
        Box? box = mask.Bounds();
        return new Frame
        {
            Image = ImageCodec.EncodeJpeg(picture, quality),
            Source = FrameSource.Rendered,
            Part = from.Frame.Part,
            Item = from.Frame.Item,
            Pose = from.Frame.Pose,
            AzimuthDegrees = from.Frame.AzimuthDegrees,
            ElevationDegrees = from.Frame.ElevationDegrees,
            Origin = new Rendering(Source, index).ToString(),
            Annotations = box is { } b
                ? [new Annotation { Part = from.Frame.Part, Item = from.Frame.Item, Box = b, AmodalBox = b, Mask = mask, Truncated = b.X <= 0 || b.Y <= 0 || b.Right >= picture.Width || b.Bottom >= picture.Height, Quality = from.Quality }]
                : [],
            Metadata = new Dictionary<string, string> { ["blend"] = mode.ToString().ToLowerInvariant(), ["cutOut"] = from.Frame.ImageHash, ["plate"] = plateHash },
        };
    }

    /// <summary>Each block of as many placements as there are parts shows each once.</summary>
    private PartId Part(long placement)
    {
        PartId[] parts = [.. Material.Frames.Keys.Order()];
        long block = Math.DivRem(placement, parts.Length, out long place);
        return parts[Seed.At(block).Permutation("parts", parts.Length)[place]];
    }

    /// <summary>Near where it was, about as large and as light.</summary>
    private static CutOutPlacement Placement(Draws draws, CutOutPicture from, Picture plate)
    {
        Box box = from.Mask.Bounds()!.Value;
        double x = ((box.X + (box.Width / 2)) / from.Picture.Width) + draws.Uniform("x", -Shift, Shift), y = ((box.Y + (box.Height / 2)) / from.Picture.Height) + draws.Uniform("y", -Shift, Shift);
        return new CutOutPlacement(
            new Vector2((float)(Math.Clamp(x, Margin, 1 - Margin) * plate.Width), (float)(Math.Clamp(y, Margin, 1 - Margin) * plate.Height)),
            (float)((double)plate.Width / from.Picture.Width * draws.Uniform("scale", 1 - Resize, 1 + Resize)),
            (float)draws.Uniform("roll", -Roll, Roll),
            (float)draws.Uniform("gain", 1 - Brighten, 1 + Brighten));
    }
}
