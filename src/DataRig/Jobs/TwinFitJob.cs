using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Engine;

namespace DataRig.Jobs;

/// <summary>What to fit a twin to.</summary>
/// <param name="Dataset">The photographs.</param>
/// <param name="SceneFile">The scene that the search begins with.</param>
/// <param name="Out">The scene file to write; the record of the fit is written beside it.</param>
/// <param name="FramesPerPart">At most so many.</param>
/// <param name="Widen">Every deviation is written this many times as wide.</param>
/// <param name="Seed">Which photographs are taken, and what is tried, follow from this.</param>
internal sealed record TwinFitRequest(Dataset Dataset, string SceneFile, string Out, int FramesPerPart, double Widen, Seed Seed);

/// <summary>A photograph that a fit has used; a benchmark that tests the twin leaves it out.</summary>
internal sealed record UsedFrame(long Frame, string Image, string? Origin, string Part, string Item, string Pose, double YawDegrees, double XMm, double YMm, double Overlap);

/// <summary>What a fit found and from what, as it is kept beside the scene.</summary>
internal sealed record TwinRecord(string Scene, string BaseScene, ulong Seed, double Widen, double Overlap, double LightMisfit, IReadOnlyList<FittedNumber> Numbers, IReadOnlyList<FittedColor> Colors, IReadOnlyList<TwinItem> Items, IReadOnlyList<UsedFrame> Frames);

/// <summary>An item's colour as it was found.</summary>
internal sealed record TwinItem(string Part, string Item, string Color);

/// <summary>Fits the digital twin of the rig that a dataset's photographs were taken with.</summary>
internal static class TwinFitJob
{
    /// <exception cref="WorkFailedException">The dataset has no usable photograph of a part that the engine can draw.</exception>
    public static TwinRecord Run(TwinFitRequest request, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        Scene scene = Scene.Load(request.SceneFile);
        IReadOnlyList<FrameRecord> known = Known(request.Dataset);
        IReadOnlyList<(FrameRecord Frame, TwinObservation Observation)> chosen =
            TwinFrames.Choose(request.Dataset, known, request.FramesPerPart, scene.Image.Height, request.Seed.For("frames"), progress, cancel);
        if (chosen.Count == 0)
        {
            throw new WorkFailedException($"In none of the photographs of {request.Dataset.Folder} that were tried does the part stand out clearly from a light table; a fit takes photographs of one part on an empty table.");
        }

        TwinObservation[] observations = [.. chosen.Select(c => c.Observation)];
        if (observations.FirstOrDefault(o => (o.Picture.Width, o.Picture.Height) != (observations[0].Picture.Width, observations[0].Picture.Height)) is { } other)
        {
            throw new WorkFailedException($"The photographs of {request.Dataset.Folder} are not all of one shape ({observations[0].Name} and {other.Name}); a twin is of one camera.");
        }

        TwinFit fit = new TwinFitter(scene, new TwinFitOptions { Seed = request.Seed }).Fit(observations, progress, cancel);
        string name = Path.GetFileNameWithoutExtension(request.Out);
        Save(request.Out, TwinScene.Write(request.SceneFile, fit, name, request.Widen));
        TwinRecord record = new(
            request.Out, request.SceneFile, request.Seed.Value, request.Widen, fit.Overlap, fit.LightMisfit, fit.Numbers, fit.Colors,
            [.. fit.Items.Select(i => new TwinItem(i.Part.Value, i.Item.Value, i.Color))],
            [.. fit.Photographs.Select((p, i) => new UsedFrame(
                chosen[i].Frame.Id.Value, chosen[i].Frame.ImageHash, chosen[i].Frame.Origin, p.Part.Value, p.Item.Value, p.Pose, Math.Round(p.YawDegrees, 2), Math.Round(p.XMm, 2), Math.Round(p.YMm, 2), Math.Round(p.Overlap, 4)))]);
        Save(RecordOf(request.Out), StrictJson.Write(record) + "\n");
        return record;
    }

    /// <summary>The record of the fit that a scene file came from.</summary>
    public static string RecordOf(string sceneFile) => Path.ChangeExtension(sceneFile, ".fit.json");

    /// <summary>The photographs that may be learned from, of parts that the engine can draw.</summary>
    private static IReadOnlyList<FrameRecord> Known(Dataset dataset)
    {
        FrameRecord[] photographs = [.. dataset.Frames().Where(f => f.Source != FrameSource.Rendered)];
        FrameRecord[] known = [.. photographs.Where(f => PartLibrary.Parts.Contains(f.Part))];
        if (known.Length == 0)
        {
            string parts = photographs.Length == 0 ? "no photograph" : $"photographs of {string.Join(", ", photographs.Select(f => f.Part).Distinct().Order().Take(8))} only";
            throw new WorkFailedException($"{dataset.Folder} has {parts}, and a fit takes photographs of parts that the engine can draw: {string.Join(", ", PartLibrary.Parts)}.");
        }

        Split? split = dataset.LoadSplit();
        FrameRecord[] train = split is null ? known : [.. known.Where(f => split.RoleOf(f) == SplitRole.Train)];
        return train.Length > 0 ? train : throw new WorkFailedException($"{dataset.Folder} has a split in which no item of a part that the engine can draw is trained on; make another with 'datarig dataset split --anew'.");
    }

    /// <summary>Written whole or not at all.</summary>
    private static void Save(string file, string text)
    {
        string full = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string half = full + ".part";
        File.WriteAllText(half, text);
        File.Move(half, full, overwrite: true);
    }
}
