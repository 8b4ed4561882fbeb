using System.Globalization;
using System.Reflection;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Report;

namespace DataRig.Jobs;

/// <summary>Gathers what a run came to and draws <c>report.html</c>.</summary>
internal static class ReportJob
{
    private const int SheetColumns = 8;
    private const int SheetCell = 96;
    private const int SheetQuality = 88;
    private const int ErrorsShown = 24;

    /// <returns>The report's full path.</returns>
    public static string Write(string folder, JobRecord job, Dataset dataset, Split split, TrainingResult training, ValidationReport validation)
    {
        string path = Path.GetFullPath(Path.Combine(folder, "report.html"));
        string html = HtmlReport.Draw(Gather(job, dataset, split, training, validation));
        File.WriteAllText(path + ".tmp", html);
        File.Move(path + ".tmp", path, overwrite: true);
        return path;
    }

    private static RunReport Gather(JobRecord job, Dataset dataset, Split split, TrainingResult training, ValidationReport validation)
    {
        DatasetInfo info = dataset.Info();
        SplitSummary summary = SplitSummary.Of(split);
        Metrics metrics = validation.Metrics;
        int unseen = summary.Parts.Sum(p => p.Test.Count);
        return new RunReport
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"{metrics.Parts.Count} parts, {100 * metrics.Accuracy:F1}% right on items it has never seen"),
            Verdict = string.Create(CultureInfo.InvariantCulture, $"Trained on {training.Run.Record.TrainingFrames} frames ({training.Run.Record.RenderedFrames} of them rendered), proven on {validation.Predictions.Count} frames of {unseen} items that training never saw. The split is by item: no frame of a test item, at any angle, was trained on or helped to choose the epoch."),
            Caveats = [.. summary.Remarks, .. job.Quick ? ["This is the one-minute version, made to see that everything works. Its figures are no measure of what the full run reaches."] : Array.Empty<string>()],
            Figures =
            [
                ("accuracy on unseen items", Percent(metrics.Accuracy)),
                ("macro F1", Percent(metrics.MacroF1)),
                ("frames captured", info.Captured.ToString(CultureInfo.InvariantCulture)),
                ("frames rendered", info.Rendered.ToString(CultureInfo.InvariantCulture)),
                ("seconds in all", job.Seconds.Values.Sum().ToString("F0", CultureInfo.InvariantCulture)),
            ],
            CapturedSheet = Sheet(dataset, FrameSource.Captured),
            RenderedSheet = Sheet(dataset, FrameSource.Rendered),
            Epochs = [.. training.Run.History.Select(e => new EpochFigures(e.TrainLoss, e.TrainAccuracy, e.ValidationLoss, e.ValidationAccuracy))],
            Parts = [.. metrics.Parts.Select(p => Part(p, summary))],
            Confusion = [.. Enumerable.Range(0, metrics.Parts.Count).Select(row => (IReadOnlyList<int>)[.. Enumerable.Range(0, metrics.Parts.Count).Select(column => (int)metrics.Confusion[row, column])])],
            Errors = [.. validation.WorstErrors.Take(ErrorsShown).Select(e => Error(dataset, e))],
            Provenance = Provenance(job, dataset, info, split, training),
            Configuration = StrictJson.Write(job.Rig),
        };
    }

    /// <summary>A row a part, its frames at even distances through all of them.</summary>
    private static EncodedImage? Sheet(Dataset dataset, FrameSource source)
    {
        List<Picture> pictures = [];
        foreach (IGrouping<PartId, FrameRecord> part in dataset.Frames(new FrameFilter { Source = source }).GroupBy(f => f.Part).OrderBy(p => p.Key))
        {
            FrameRecord[] frames = [.. part];
            pictures.AddRange(Enumerable.Range(0, SheetColumns).Select(i => dataset.ReadImage(frames[(int)((i + 0.5) * frames.Length / SheetColumns)])));
        }

        return pictures.Count == 0 ? null : ImageCodec.EncodeJpeg(ContactSheet.Compose(pictures, SheetColumns, SheetCell), SheetQuality);
    }

    private static PartFigures Part(PartMetrics part, SplitSummary summary)
    {
        PartSplit? items = summary.Parts.FirstOrDefault(p => p.Part == part.Part);
        bool proven = part.Support > 0;
        return new PartFigures(
            part.Part.Value,
            string.Join(", ", (items?.Train ?? []).Select(i => i.Value)),
            string.Join(", ", (items?.Test ?? []).Select(i => i.Value)),
            (int)part.Support,
            proven ? part.Precision : null,
            proven ? part.Recall : null,
            proven ? part.F1 : null);
    }

    private static WorstError Error(Dataset dataset, FramePrediction error) => new(
        new EncodedImage(dataset.ReadImageFile(error.Frame), error.Frame.Width, error.Frame.Height),
        error.Frame.Item.Value,
        error.Frame.Part.Value,
        error.Said.Value,
        error.Confidence,
        error.Frame.AzimuthDegrees,
        error.Frame.Pose);

    private static List<(string, IReadOnlyList<(string, string)>)> Provenance(JobRecord job, Dataset dataset, DatasetInfo info, Split split, TrainingResult training) =>
    [
        ("Data", [
            ("dataset", dataset.Folder), ("dataset hash", info.Hash), ("split hash", split.Hash), ("seed", job.Rig.Seed.ToString(CultureInfo.InvariantCulture)),
            ("frames", $"{info.Captured} captured, {info.Rendered} rendered, {info.Imported} imported"), ("items", info.Items.ToString(CultureInfo.InvariantCulture))]),
        ("Model", [
            ("network", training.Run.Options.Model), ("best epoch", $"{training.Best.Epoch} of {training.Run.History.Count}"),
            ("chosen by", training.ChosenByValidation ? "macro F1 on validation items" : "being the last: no items for validation"),
            ("training speed", string.Create(CultureInfo.InvariantCulture, $"{training.ImagesPerSecond:F0} frames a second"))]),
        ("Seconds", [.. job.Seconds.Select(s => (s.Key, s.Value.ToString("F1", CultureInfo.InvariantCulture)))]),
        ("Versions and machine", [("DataRig", ProgramVersion()), .. training.Run.Record.Versions.Select(v => (v.Key, v.Value)), .. training.Run.Record.Machine.Select(m => (m.Key, m.Value))]),
    ];

    private static string ProgramVersion() => Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1}%");
}
