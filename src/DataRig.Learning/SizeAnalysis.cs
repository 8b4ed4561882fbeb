using DataRig.Core;

namespace DataRig.Learning;

/// <summary>How large a part lies in a picture.</summary>
/// <param name="Part">The part.</param>
/// <param name="PicturePixels">The shorter side of its box in the picture as it was taken.</param>
/// <param name="InputPixels">The same in the network's input; the window's own side at most.</param>
public sealed record PartSize(PartId Part, double PicturePixels, double InputPixels);

/// <summary>
/// How large the parts are that a network gets to see. Of an object that has less than <see cref="Fewest"/> pixels across, little
/// more than its colour is left.
/// </summary>
/// <param name="Sizes">One a picture in which a part was found.</param>
/// <param name="Looked">Pictures that were looked at.</param>
/// <param name="Options">How they become inputs.</param>
public sealed record SizeAnalysis(IReadOnlyList<PartSize> Sizes, int Looked, PreprocessingOptions Options)
{
    /// <summary>Pixels across that the smallest object must keep.</summary>
    public const int Fewest = 5;

    /// <summary>Input sizes are multiples of this, as networks halve their maps.</summary>
    private const int Grain = 16;

    /// <summary>The smallest part, in the network's input; null where none was found.</summary>
    public PartSize? Smallest => Sizes.MinBy(s => s.InputPixels);

    /// <summary>Whether every part that was found keeps enough pixels.</summary>
    public bool Suffices => Smallest is null || Smallest.InputPixels >= Fewest;

    /// <summary>The smallest <see cref="PreprocessingOptions.InputPixels"/> at which every part keeps <see cref="Fewest"/> pixels, 32 at least, 512 at most.</summary>
    public int SuggestedInputPixels => Smallest is null
        ? Options.InputPixels
        : Math.Clamp((int)Math.Ceiling(Options.InputPixels * Fewest / Smallest.InputPixels / Grain) * Grain, 32, 512);

    /// <summary>How many parts are of each size in the input: bins of equal width from 0 on, each with its upper end.</summary>
    public IReadOnlyList<(double UpTo, int Count)> Histogram(int bins)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        double width = Math.Max(1, Math.Ceiling(Sizes.Select(s => s.InputPixels).DefaultIfEmpty(1).Max() / bins));
        return [.. Enumerable.Range(0, bins).Select(bin => ((bin + 1) * width, Sizes.Count(s => Math.Min((int)(s.InputPixels / width), bins - 1) == bin)))];
    }

    /// <summary>What is too small and what to do, in a sentence; null where nothing is.</summary>
    public string? Warning => Suffices
        ? null
        : FormattableString.Invariant($"The smallest part, {Smallest!.Part}, is {Smallest.InputPixels:F1} pixels across in the network's input, {Fewest} are needed: set inputPixels to {SuggestedInputPixels}, crop narrower, or look at patches.");

    /// <summary>Looks at pictures.</summary>
    /// <param name="pictures">With the part that each shows and its labelled box, where there is one.</param>
    /// <param name="options">How they become inputs.</param>
    /// <param name="cancel">Stops it.</param>
    public static SizeAnalysis Of(IEnumerable<(PartId Part, Picture Picture, Box? Labelled)> pictures, PreprocessingOptions options, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(options);
        Preprocessor preprocessor = new(options);
        List<PartSize> sizes = [];
        int looked = 0;
        foreach ((PartId part, Picture picture, Box? labelled) in pictures)
        {
            cancel.ThrowIfCancellationRequested();
            looked++;
            PartLocation found = PartFinder.Find(picture);
            PartLocation location = labelled is { } box ? found with { Box = box, Found = true } : found;
            if (location.Found)
            {
                Box window = preprocessor.Window(picture, location);
                double across = Math.Min(location.Box.Width / window.Width, location.Box.Height / window.Height);
                sizes.Add(new PartSize(part, Math.Min(location.Box.Width, location.Box.Height), options.Side * Math.Min(1, across)));
            }
        }

        return new SizeAnalysis(sizes, looked, options);
    }
}
