using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Report;

namespace DataRig.Jobs;

/// <summary>What to compare a scene with.</summary>
/// <param name="Dataset">The photographs.</param>
/// <param name="SceneFile">The scene.</param>
/// <param name="FramesPerPart">At most so many.</param>
/// <param name="PairsFile">The picture of pairs to write.</param>
/// <param name="Seed">Which photographs are taken follows from this.</param>
internal sealed record TwinScoreRequest(Dataset Dataset, string SceneFile, int FramesPerPart, string PairsFile, Seed Seed);

/// <summary>A measure of the photographs and of their renderings.</summary>
internal sealed record Compared(double Photographs, double Renderings);

/// <summary>How alike a scene and photographs are; see <see cref="TwinScore"/>.</summary>
internal sealed record TwinScoreResult(
    string Scene, int Frames, double MaskIou, double PartDeltaE, double TableDeltaE, Compared EdgeWidthPixels, Compared Noise, double ExposureCovered, double? Auc, string Pairs, IReadOnlyList<ScoredPart> Parts);

/// <summary>The same for one part.</summary>
internal sealed record ScoredPart(string Part, int Frames, double MaskIou, double PartDeltaE, double TableDeltaE);

/// <summary>Compares a scene with photographs of a real rig, and shows them side by side.</summary>
internal static class TwinScoreJob
{
    /// <summary>Pairs across the picture of pairs and pairs in all, and pixels across one picture.</summary>
    private const int Columns = 4, Shown = 40, Cell = 160;

    /// <exception cref="WorkFailedException">No usable photograph is left that the fit has not seen.</exception>
    public static TwinScoreResult Run(TwinScoreRequest request, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        Scene scene = Scene.Load(request.SceneFile);
        HashSet<string> seen = TwinFitJob.SeenBy(request.SceneFile);
        FrameRecord[] unseen = [.. TwinFrames.Known(request.Dataset).Where(f => !seen.Contains(f.ImageHash))];
        if (unseen.Length == 0)
        {
            throw new WorkFailedException($"The fit of {request.SceneFile} has seen every photograph of {request.Dataset.Folder}; a score takes photographs that it has not seen.");
        }

        IReadOnlyList<(FrameRecord Frame, TwinObservation Observation)> chosen =
            TwinFrames.Choose(request.Dataset, unseen, request.FramesPerPart, scene.Image.Height, request.Seed.For("score"), progress, cancel);
        TwinScore score = new TwinScorer(scene, TwinFrames.Options(request.Seed)).Score(TwinFrames.OfOneShape(request.Dataset, chosen), progress, cancel);
        Write(request.PairsFile, score);
        return new TwinScoreResult(
            request.SceneFile, score.Pairs.Count, score.Overlap, score.PartDifference, score.TableDifference,
            new Compared(score.EdgeWidthPixels.Photographs, score.EdgeWidthPixels.Renderings), new Compared(score.Noise.Photographs, score.Noise.Renderings),
            score.ExposureCovered, score.Auc, request.PairsFile,
            [.. score.Pairs.Select(p => p.Score).GroupBy(p => p.Part).Select(p => new ScoredPart(
                p.Key.Value, p.Count(), p.Average(s => s.Overlap), p.Average(s => s.PartDifference), p.Average(s => s.TableDifference)))]);
    }

    private static void Write(string file, TwinScore score)
    {
        int every = Math.Max(1, score.Pairs.Count / Shown);
        Picture[] pictures = [.. score.Pairs.Where((_, i) => i % every == 0).Take(Shown).SelectMany(p => new[] { p.Photograph, p.Rendering })];
        Picture sheet = ContactSheet.Compose(pictures, 2 * Columns, Cell);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllBytes(file, ImageCodec.EncodeJpeg(sheet, 88).Bytes);
    }
}
