using System.Text.Json;
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
        IReadOnlyList<FrameRecord> known = ForTraining(request.Dataset);
        IReadOnlyList<(FrameRecord Frame, TwinObservation Observation)> chosen =
            TwinFrames.Choose(request.Dataset, known, request.FramesPerPart, scene.Image.Height, request.Seed.For("frames"), progress, cancel);
        TwinObservation[] observations = TwinFrames.OfOneShape(request.Dataset, chosen);
        TwinFit fit = new TwinFitter(scene, TwinFrames.Options(request.Seed)).Fit(observations, progress, cancel);
        string name = Path.GetFileNameWithoutExtension(request.Out);
        string text = TwinScene.Write(request.SceneFile, fit, name, request.Widen);
        StrictJson.Read<Scene>(text, request.Out);
        Save(request.Out, text);
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

    /// <summary>The photographs that a scene was fitted to, by their content; none where no record of a fit is beside it.</summary>
    public static HashSet<string> SeenBy(string sceneFile)
    {
        string file = RecordOf(sceneFile);
        try
        {
            using JsonDocument record = JsonDocument.Parse(File.ReadAllBytes(file));
            return [.. record.RootElement.GetProperty("frames").EnumerateArray().Select(f => f.GetProperty("image").GetString()!)];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new WorkFailedException($"{file} is no record of a fit, so that it is not known which photographs the scene has seen; fit again, or move it away.", e);
        }
    }

    /// <summary>The photographs that may be learned from.</summary>
    private static IReadOnlyList<FrameRecord> ForTraining(Dataset dataset)
    {
        IReadOnlyList<FrameRecord> known = TwinFrames.Known(dataset);
        Split? split = dataset.LoadSplit();
        FrameRecord[] train = split is null ? [.. known] : [.. known.Where(f => split.RoleOf(f) == SplitRole.Train)];
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
