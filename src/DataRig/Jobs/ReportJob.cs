using System.Globalization;
using System.Reflection;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Learning.Explaining;
using DataRig.Learning.Proving;
using DataRig.Report;
using static DataRig.Report.FigureText;

namespace DataRig.Jobs;

/// <summary>What a report is of.</summary>
internal sealed record ReportRequest
{
    public required Predictor Predictor { get; init; }

    public required Dataset Dataset { get; init; }

    public required Split Split { get; init; }

    /// <summary>What the model said of unseen items.</summary>
    public required ValidationReport Validation { get; init; }

    /// <summary>How far it can be trusted.</summary>
    public required Proof Proof { get; init; }

    /// <summary>What to capture next.</summary>
    public required NextCapture Next { get; init; }

    /// <summary>The main job that made the run; null where it was trained by itself.</summary>
    public JobRecord? Job { get; init; }
}

/// <summary>Gathers what a run came to and draws <c>report.html</c>.</summary>
internal static class ReportJob
{
    private const int SheetColumns = 8, SheetCell = 96, SheetQuality = 82;
    private const int ErrorsShown = 18, StripCell = 112, StripNearest = 2, StripQuality = 80;

    /// <summary>Of each kind.</summary>
    private const int LeaksShown = 3;

    /// <summary>Renders to look for the nearest training frame among: all of them would take longer than the rest of the report.</summary>
    private const int RendersCompared = 800;

    /// <param name="request">What the report is of.</param>
    /// <param name="file">Where it goes.</param>
    /// <returns>The report's full path.</returns>
    /// <exception cref="WorkFailedException">A picture is missing or damaged, or the file cannot be written.</exception>
    public static string Write(ReportRequest request, string file, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        string path = Path.GetFullPath(file);
        Explainer explainer = Explainer.Over(request.Predictor, request.Dataset, request.Split, progress, cancel, RendersCompared);
        ErrorStudy study = ErrorStudy.Of(explainer, request.Dataset, request.Validation, ErrorsShown, progress, cancel);
        LeakReport leaks = LeakGate.Check(request.Dataset, request.Split, progress, cancel);
        string html = HtmlReport.Draw(Gather(request, explainer, study, leaks));
        try
        {
            File.WriteAllText(path + ".tmp", html);
            File.Move(path + ".tmp", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The report cannot be written to {path}: {e.Message}", e);
        }

        return path;
    }

    private static RunReport Gather(ReportRequest request, Explainer explainer, ErrorStudy study, LeakReport leaks)
    {
        (Dataset dataset, Run run, ValidationReport validation, Proof proof) = (request.Dataset, request.Predictor.Run, request.Validation, request.Proof);
        DatasetInfo info = dataset.Info();
        SplitSummary summary = SplitSummary.Of(request.Split);
        Metrics metrics = validation.Metrics;
        ProofFigures figures = ProofFigures.Of(Scores.Of(request.Predictor.Classes, validation.Predictions), new Seed(run.Options.Seed));
        int unseen = validation.Predictions.Select(p => GroupKey.Of(p.Frame)).Distinct().Count();
        return new RunReport
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"{metrics.Parts.Count} parts, {100 * metrics.Accuracy:F1}% right on {summary.Proves}"),
            Verdict = string.Create(CultureInfo.InvariantCulture, $"Trained on {run.Record.TrainingFrames} frames ({run.Record.RenderedFrames} of them rendered), proven on {validation.Predictions.Count} frames of {unseen} items. {Divided(summary)}"),
            Caveats = [.. summary.Remarks, .. request.Job is { Quick: true } ? ["This is the one-minute version, made to see that everything works. Its figures are no measure of what the full run reaches."] : Array.Empty<string>()],
            Figures =
            [
                Large(summary.KnowsItems ? $"accuracy on unseen {summary.Level.Noun()}s of known items" : "accuracy on unseen items", figures.Accuracy), Large("macro F1", figures.MacroF1), Large("among the two likeliest", figures.Top2),
                new LargeFigure("photographs", (info.Captured + info.Imported).ToString(CultureInfo.InvariantCulture)),
                new LargeFigure("frames rendered", (info.Rendered + (run.Record.Stream is { } stream ? stream.FramesAnEpoch * run.History.Count : 0)).ToString(CultureInfo.InvariantCulture)),
                .. request.Job is { } job ? [new LargeFigure("seconds in all", job.Seconds.Values.Sum().ToString("F0", CultureInfo.InvariantCulture))] : Array.Empty<LargeFigure>(),
            ],
            Checks = [.. ReportChecks.Of(proof, study, leaks, summary.KnowsItems)],
            Leaks = [.. leaks.Leaks.GroupBy(l => l.Kind).SelectMany(k => k.Take(LeaksShown)).Select(l => Leaking(dataset, l))],
            CapturedSheet = Sheet(dataset, rendered: false),
            RenderedSheet = Sheet(dataset, rendered: true),
            Epochs = [.. run.History.Select(e => new EpochFigures(e.TrainLoss, e.TrainAccuracy, e.ValidationLoss, e.ValidationAccuracy))],
            Overall = figures,
            Parts = [.. figures.Parts.Select(p => Part(p, summary))],
            Confusion = [.. Enumerable.Range(0, metrics.Parts.Count).Select(row => (IReadOnlyList<long>)[.. Enumerable.Range(0, metrics.Parts.Count).Select(column => metrics.Confusion[row, column])])],
            Slices = Breakdown.Of(validation.Predictions, new Seed(run.Options.Seed)),
            Decision = proof is { Rule: { } rule, Decision: { } decision } ? (rule, decision) : null,
            Alarm = proof.Alarm,
            Errors = [.. study.Worst.Select(e => Error(explainer, dataset, e))],
            Kinds = study.Kinds,
            Doubtful = [.. proof.Doubtful.Select(d => Doubt(explainer, dataset, d))],
            Next = request.Next.Reasons,
            NextCommand = request.Next.Plan is null ? null : $"datarig validate --model {run.Folder} --plan next.json\ndatarig capture --rig next.json --data {dataset.Folder}",
            Provenance = Provenance(request, info),
            Configuration = request.Job is null ? StrictJson.Write(run.Options) : StrictJson.Write(request.Job.Rig),
        };
    }

    private static string Divided(SplitSummary summary)
    {
        string level = summary.Level.Noun();
        return $"The split is by {level}: no frame of a test {level}, at any angle, was trained on or helped to choose the epoch.{(summary.KnowsItems ? " Other frames of the same items were: this proves nothing of another item." : "")}";
    }

    private static LargeFigure Large(string name, Figure figure) => new(
        name,
        figure.Value is { } value ? Percent(value) : "–",
        figure is { Low: { } low, High: { } high } ? string.Create(CultureInfo.InvariantCulture, $"{100 * low:F1} to {100 * high:F1}%") : null);

    /// <summary>A row a part, its frames at even distances through all of them.</summary>
    private static EncodedImage? Sheet(Dataset dataset, bool rendered)
    {
        List<Picture> pictures = [];
        foreach (IGrouping<PartId, FrameRecord> part in dataset.Frames().Where(f => (f.Source == FrameSource.Rendered) == rendered).GroupBy(f => f.Part).OrderBy(p => p.Key))
        {
            FrameRecord[] frames = [.. part];
            pictures.AddRange(Enumerable.Range(0, SheetColumns).Select(i => dataset.ReadImage(frames[(int)((i + 0.5) * frames.Length / SheetColumns)])));
        }

        return pictures.Count == 0 ? null : ImageCodec.EncodeJpeg(ContactSheet.Compose(pictures, SheetColumns, SheetCell), SheetQuality);
    }

    private static ShownLeak Leaking(Dataset dataset, Leak leak) => new(
        ImageCodec.EncodeJpeg(ContactSheet.Compose([dataset.ReadImage(leak.Known), dataset.ReadImage(leak.Held)], 2, 2 * StripCell), StripQuality), LeakJob.Sentence(leak));

    private static PartFigures Part(PartProof proof, SplitSummary summary)
    {
        PartSplit? items = summary.Parts.FirstOrDefault(p => p.Part == proof.Part);
        return new PartFigures(string.Join(", ", (items?.Train ?? []).Select(g => g.Name)), string.Join(", ", (items?.Test ?? []).Select(g => g.Name)), proof);
    }

    private static ShownError Error(Explainer explainer, Dataset dataset, ErrorCase error)
    {
        FramePrediction said = error.Prediction;
        return new ShownError(
            Strip(explainer, dataset, error.Explanation), said.Frame.Item.Value, said.Frame.Part.Value, said.Said.Value, said.Confidence, said.Frame.AzimuthDegrees, said.Frame.Pose,
            [.. error.Explanation.Nearest.Take(StripNearest).Select(n => n.Frame.Item.Value)], [.. error.Kinds.Select(ErrorSections.Name)]);
    }

    private static ShownDoubt Doubt(Explainer explainer, Dataset dataset, DoubtfulLabel doubt)
    {
        Explanation explanation = explainer.Explain(dataset, doubt.Frame, explainer.Predictor.Classes.Contains(doubt.Likelier) ? doubt.Likelier : null);
        return new ShownDoubt(Strip(explainer, dataset, explanation), doubt.Frame.Id.Value, doubt.Frame.Item.Value, doubt.LabelProbability, doubt.Likelier.Value, doubt.LikelierProbability);
    }

    private static EncodedImage Strip(Explainer explainer, Dataset dataset, Explanation explanation) =>
        ImageCodec.EncodeJpeg(ContactSheet.Compose([.. HeatStrip.Cells(explainer, dataset, explanation, StripCell, StripNearest)], 2 + StripNearest, StripCell), StripQuality);

    private static List<(string, IReadOnlyList<(string, string)>)> Provenance(ReportRequest request, DatasetInfo info)
    {
        Run run = request.Predictor.Run;
        IReadOnlyList<EpochRecord> history = run.History;
        EpochRecord? best = history.Aggregate((EpochRecord?)null, (a, b) => b.IsBetterThan(a) ? b : a);
        return
        [
            ("Data", [
                ("dataset", request.Dataset.Folder), ("dataset hash", info.Hash), ("split hash", request.Split.Hash), ("seed", run.Options.Seed.ToString(CultureInfo.InvariantCulture)),
                ("frames", $"{info.Captured} captured, {info.Rendered} rendered, {info.Imported} imported"), ("items", info.Items.ToString(CultureInfo.InvariantCulture))]),
            ("Model", [
                ("network", run.Options.Model), ("best epoch", $"{best?.Epoch ?? 0} of {history.Count}"),
                ("chosen by", run.Record.ValidationFrames > 0 ? "macro F1 on validation items" : "being the last: no items for validation"),
                ("training speed", history.Count == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{history.Average(e => e.ImagesPerSecond):F0} frames a second"))]),
            .. request.Job is { } job ? [("Seconds", [.. job.Seconds.Select(s => (s.Key, s.Value.ToString("F1", CultureInfo.InvariantCulture)))])] : Array.Empty<(string, IReadOnlyList<(string, string)>)>(),
            ("Versions and machine", [("report by", ProgramVersion()), .. run.Record.Versions.Select(v => (v.Key, v.Value)), .. run.Record.Machine.Select(m => (m.Key, m.Value))]),
        ];
    }

    private static string ProgramVersion() => Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
