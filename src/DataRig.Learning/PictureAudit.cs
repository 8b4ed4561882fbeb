using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Auditing;
using DataRig.Learning.Loading;
using DataRig.Learning.Models;
using DataRig.Learning.Proving;
using DataRig.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning;

/// <summary>What a look into the pictures found.</summary>
/// <param name="Findings">Near-empty frames, tables that are not empty, labels that do not fit, tints that give parts away.</param>
/// <param name="Skipped">What was not looked at and why, each a sentence.</param>
public sealed record PictureFindings(IReadOnlyList<AuditFinding> Findings, IReadOnlyList<string> Skipped);

/// <summary>
/// Looks into the pictures of a dataset for what could spoil training, without a trained model: the part is found against the table, and
/// pictures are compared by what ImageNet's ResNet18, which comes with the build, makes of the part.
/// </summary>
public static class PictureAudit
{
    private const string Stage = "Look";

    /// <summary>Pictures that the network is shown at a time, and their side in pixels: on 2 cores a few milliseconds each.</summary>
    private const int BatchSize = 64, Side = 64;

    /// <param name="dataset">The dataset.</param>
    /// <param name="frames">The frames to look at, whose pictures are whole. Rendered ones are passed over: their engine knows what they show.</param>
    /// <param name="progress">Told after every few pictures.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="WorkFailedException">A picture is missing or broken.</exception>
    public static PictureFindings Run(Dataset dataset, IReadOnlyList<FrameRecord> frames, IProgress<StageProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(frames);
        FrameRecord[] photographs = [.. frames.Where(f => f.Source != FrameSource.Rendered)];
        if (photographs.Length == 0)
        {
            return new PictureFindings([], ["There are no photographs: nothing was looked at for near-empty frames, wrong labels and tints."]);
        }

        List<string> skipped = [];
        using Network? network = Untrained(skipped);
        List<Sight> sights = new(photographs.Length);
        List<float[]> rows = new(photographs.Length);
        Preprocessor preprocessor = new(new PreprocessingOptions { InputPixels = Side });
        foreach (FrameRecord[] some in photographs.Chunk(BatchSize))
        {
            (Sight Sight, byte[] Input)[] seen = new (Sight, byte[])[some.Length];
            InParallel.For(some.Length, i => seen[i] = See(dataset, some[i], preprocessor), cancel);
            sights.AddRange(seen.Select(s => s.Sight));
            rows.AddRange(network is null ? [] : Embed(network, seen));
            progress?.Report(new StageProgress(Stage, sights.Count, photographs.Length));
        }

        List<AuditFinding> findings = [.. EmptyFrames.Of(sights), .. ClassTints.Of(sights)];
        if (network is not null)
        {
            HashSet<FrameId?> told = [.. findings.Select(f => f.Frame)];
            findings.AddRange(LabelOutliers.Of(new Embeddings(photographs, rows), cancel).Where(o => o.Frame.Review != ReviewState.Reviewed && !told.Contains(o.Frame.Id)).Select(LabelOutliers.Finding));
        }

        string[] few = network is null ? [] : [.. photographs.CountBy(f => f.Part).Where(p => p.Value <= LabelOutliers.Neighbours).Select(p => p.Key.Value).Order(StringComparer.Ordinal)];
        if (few.Length > 0)
        {
            skipped.Add(string.Create(CultureInfo.InvariantCulture, $"The labels of {string.Join(", ", few)} were not compared with others: that takes more than {LabelOutliers.Neighbours} photographs of a part."));
        }

        return new PictureFindings(findings, skipped);
    }

    private static (Sight, byte[]) See(Dataset dataset, FrameRecord frame, Preprocessor preprocessor)
    {
        Picture picture = dataset.ReadImage(frame);
        SeenPicture seen = preprocessor.See(picture);
        return (Sight.Of(frame, picture, seen.Location, dataset.Annotations(frame.Id)), seen.Input.Rgb);
    }

    private static float[][] Embed(Network network, (Sight Sight, byte[] Input)[] seen)
    {
        int size = 3 * Side * Side;
        float[] pixels = new float[seen.Length * size];
        for (int i = 0; i < seen.Length; i++)
        {
            Augmenter.Copy(seen[i].Input, pixels.AsSpan(i * size, size));
        }

        return Looks.Embed(network, new Batch(pixels, new long[seen.Length], Side));
    }

    /// <summary>A network that has learned nothing of these parts; null, and said, where its weights cannot be used.</summary>
    private static Network? Untrained(List<string> skipped)
    {
        // Its last layer, which is not asked, tells two classes apart.
        Network network = ModelNames.Build(ImageNetWeights.Network, 2, new PreprocessingOptions { InputPixels = Side }, default);
        try
        {
            Pretrained.Load(network, [], ImageNetWeights.Name);
            network.eval();
            return network;
        }
        catch (WorkFailedException e)
        {
            network.Dispose();
            skipped.Add($"Labels were not compared with each other: {e.Message}");
            return null;
        }
    }
}
