using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Learning.Explaining;
using DataRig.Report;

namespace DataRig.Jobs;

/// <summary>What to explain, and where the pictures go.</summary>
internal sealed record ExplainRequest
{
    /// <summary>Picture files, or frames of the dataset by number or hash; empty takes the frames of <see cref="Role"/> that the model does worst on.</summary>
    public IReadOnlyList<string> Pictures { get; init; } = [];

    public SplitRole Role { get; init; } = SplitRole.Test;

    /// <summary>How many frames, where none are named.</summary>
    public int Count { get; init; } = 24;

    /// <summary>The part whose heat is shown; null shows that of the likeliest.</summary>
    public PartId? HeatOf { get; init; }

    /// <summary>How many training frames to show beside each.</summary>
    public int Nearest { get; init; } = 3;

    public required string Folder { get; init; }
}

/// <summary>One picture, explained.</summary>
/// <param name="File">The picture.</param>
/// <param name="Frame">Its frame, where it is one of the dataset's.</param>
/// <param name="Explanation">Why the model says what it says.</param>
/// <param name="Heat">The picture with the heat over it.</param>
internal sealed record ExplainedPicture(string File, FrameRecord? Frame, Explanation Explanation, string Heat);

/// <summary>Explained pictures.</summary>
/// <param name="Pictures">In their order.</param>
/// <param name="Sheets">The contact sheets that show them.</param>
/// <param name="Study">What all frames of the split came to; null where pictures were named.</param>
internal sealed record ExplainResult(IReadOnlyList<ExplainedPicture> Pictures, IReadOnlyList<string> Sheets, ErrorStudy? Study)
{
    /// <summary>The mean share of the heat on the part, where it is known: over all frames of the split, or those that were named.</summary>
    public double? HeatOnPart => Study is null ? Mean(s => s.OnPart) : Study.HeatOnPart;

    /// <summary>What heat spread evenly would give.</summary>
    public double? PartArea => Study is null ? Mean(s => s.PartArea) : Study.PartArea;

    private double? Mean(Func<HeatShare, double> of) => Pictures.Select(p => p.Explanation.Share).OfType<HeatShare>().ToArray() is { Length: > 0 } shares ? shares.Average(of) : null;
}

/// <summary>Shows where a model looks, and what it takes a picture to be like.</summary>
internal static class ExplainJob
{
    private const int Cell = 160, RowsASheet = 12, Quality = 88, HeatPixels = 384;

    /// <param name="predictor">The model.</param>
    /// <param name="dataset">What it was trained on and the frames are of; null explains picture files alone, without training frames beside them.</param>
    /// <exception cref="WorkFailedException">A picture is missing or damaged, a word names no frame, or the folder cannot be written.</exception>
    public static ExplainResult Explain(Predictor predictor, Dataset? dataset, ExplainRequest request, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        Split? split = dataset is null ? null : SplitJob.EnsureSplit(dataset, new Seed(predictor.Run.Options.Seed));
        ValidationReport? report = request.Pictures.Count > 0 ? null : Validated(predictor, dataset, split, request, progress, cancel);
        (string File, FrameRecord? Frame)[] wanted = [.. report is null ? request.Pictures.SelectMany(p => Named(dataset, p)) : Worst(report).Take(request.Count)];
        Explainer explainer = dataset is null ? new Explainer(predictor, new([], [])) : Explainer.Over(predictor, dataset, split!, progress, cancel);
        ErrorStudy? study = report is null ? null : ErrorStudy.Of(explainer, dataset!, report, 0, progress, cancel);
        try
        {
            Directory.CreateDirectory(request.Folder);
            List<ExplainedPicture> explained = [];
            List<Picture> cells = [];
            List<string> sheets = [];
            foreach ((string file, FrameRecord? frame) in wanted)
            {
                cancel.ThrowIfCancellationRequested();
                Explanation explanation = frame is null ? explainer.Explain(PictureFile.Read(file), request.HeatOf, nearest: request.Nearest) : explainer.Explain(dataset!, frame, request.HeatOf, request.Nearest);
                string heat = HeatFile(request.Folder, file, frame);
                File.WriteAllBytes(heat, ImageCodec.EncodeJpeg(explanation.Heated(HeatPixels), Quality).Bytes);
                explained.Add(new ExplainedPicture(file, frame, explanation, heat));
                cells.AddRange(HeatStrip.Captioned(explainer, dataset, explanation, frame?.Part, Cell, request.Nearest));
                if (explained.Count % RowsASheet == 0 || explained.Count == wanted.Length)
                {
                    sheets.Add(Path.GetFullPath(Path.Combine(request.Folder, string.Create(CultureInfo.InvariantCulture, $"sheet-{sheets.Count + 1:00}.jpg"))));
                    File.WriteAllBytes(sheets[^1], ImageCodec.EncodeJpeg(ContactSheet.Compose(cells, request.Nearest + 2, Cell, cells[0].Height), Quality).Bytes);
                    cells.Clear();
                }

                progress.Report(new StageProgress("Explain", explained.Count, wanted.Length));
            }

            return new ExplainResult(explained, sheets, study);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The heat maps cannot be written to {request.Folder}: {e.Message}", e);
        }
    }

    /// <summary>Where a picture's heat goes: a frame's always to the same name.</summary>
    public static string HeatFile(string folder, string file, FrameRecord? frame) =>
        Path.GetFullPath(Path.Combine(folder, $"heat-{(frame is null ? Path.GetFileName(file).Replace('.', '-') : frame.ImageHash[..16])}.jpg"));

    /// <summary>A picture file, known to the dataset or not, or frames of the dataset.</summary>
    private static IEnumerable<(string, FrameRecord?)> Named(Dataset? dataset, string word)
    {
        if (File.Exists(word))
        {
            string full = Path.GetFullPath(word);
            return [(full, dataset?.Frames().FirstOrDefault(f => f.ImagePath == full))];
        }

        if (dataset is null)
        {
            throw new WorkFailedException($"There is no picture {word}.");
        }

        Dictionary<FrameId, FrameRecord> frames = dataset.Frames().ToDictionary(f => f.Id);
        return dataset.Find(word).Select(id => frames.TryGetValue(id, out FrameRecord? frame) ? (frame.ImagePath, (FrameRecord?)frame) : throw new WorkFailedException($"Frame {id} is in the trash; restore it first."));
    }

    /// <summary>Errors, the surest first, then those that are least surely right.</summary>
    private static IEnumerable<(string, FrameRecord?)> Worst(ValidationReport report) =>
        report.WorstErrors.Concat(report.Predictions.Where(p => p.IsRight).OrderBy(p => p.Confidence)).Select(p => (p.Frame.ImagePath, (FrameRecord?)p.Frame));

    private static ValidationReport Validated(Predictor predictor, Dataset? dataset, Split? split, ExplainRequest request, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        if (dataset is null)
        {
            throw new WorkFailedException($"The model {predictor.Run.Folder} was trained on renders alone; name pictures to explain, or a dataset with --data.");
        }

        IReadOnlyList<FrameRecord> frames = SplitJob.Frames(dataset, split!, request.Role);
        return frames.Count > 0
            ? Validator.Validate(predictor, frames, progress, cancel)
            : throw new WorkFailedException($"{dataset.Folder} has no frame for {request.Role.ToString().ToLowerInvariant()}; see 'datarig dataset split --data {dataset.Folder}'.");
    }
}
