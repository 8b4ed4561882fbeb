using System.Diagnostics;
using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Learning;
using DataRig.Report;
using DataRig.Rig;

namespace DataRig.Jobs;

/// <summary>What the main job came to.</summary>
internal sealed record RunResult(
    int FramesCaptured, int FramesSynthesized, double Accuracy, double MacroF1, string Dataset, string Run, string Report, IReadOnlyDictionary<string, double> Seconds);

/// <summary>
/// The main job: capture, synthesize, split, train, validate, report. Every stage finds out what of it is
/// done already, so going on after a stop is running it again.
/// </summary>
internal sealed class RunJob(string folder, TimeProvider clock, Sitting sitting)
{
    /// <summary>Labels that the report shows as doubtful.</summary>
    private const int DoubtfulShown = 9;

    private readonly Dictionary<string, double> _seconds = [];
    private JobRecord _record = null!;

    /// <summary>Begins a run in an empty or new folder.</summary>
    public async Task<(RunResult Result, ValidationReport Validation)> BeginAsync(RigFile rig, bool quick, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new WorkFailedException(JobRecord.Exists(folder)
                ? $"{folder} holds a run already; go on with it by --resume, or name another folder with --out."
                : $"{folder} is not empty; name another folder with --out.");
        }

        _record = new JobRecord { Rig = quick ? rig.Quick() : rig, Quick = quick };
        try
        {
            Directory.CreateDirectory(folder);
            _record.Write(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"The run's folder {folder} cannot be written ({e.Message}); name another one with --out.", e);
        }

        return await StagesAsync(progress, cancel).ConfigureAwait(false);
    }

    /// <summary>Goes on with a run that was stopped.</summary>
    public async Task<(RunResult Result, ValidationReport Validation)> ResumeAsync(IProgress<StageProgress> progress, CancellationToken cancel)
    {
        _record = JobRecord.Read(folder);
        foreach ((string stage, double seconds) in _record.Seconds)
        {
            _seconds[stage] = seconds;
        }

        return await StagesAsync(progress, cancel).ConfigureAwait(false);
    }

    private async Task<(RunResult, ValidationReport)> StagesAsync(IProgress<StageProgress> progress, CancellationToken cancel)
    {
        RigFile rig = _record.Rig;
        Seed seed = new(rig.Seed);
        using Dataset dataset = Dataset.OpenOrCreate(Path.Combine(folder, "dataset"));

        await TimedAsync("capture", () => CaptureAsync(rig, seed, dataset, progress, cancel)).ConfigureAwait(false);
        await TimedAsync("synthesize", () => SynthesizeAsync(rig, seed, dataset, progress, cancel)).ConfigureAwait(false);
        Split split = SplitJob.EnsureSplit(dataset, seed);
        await TimedAsync("train", () => OnOwnThread(() => LeakJob.Require(dataset, split, allow: false, progress, cancel))).ConfigureAwait(false);
        await TimedAsync("train", () => OnOwnThread(() => TrainJob.Train((dataset, split), null, rig.Training with { Seed = rig.Seed }, folder, progress, cancel))).ConfigureAwait(false);
        ValidationReport validation = await TimedAsync("validate", () => OnOwnThread(() => Validate(dataset, split, progress, cancel))).ConfigureAwait(false);
        string report = await TimedAsync("report", () => OnOwnThread(() => Report(dataset, split, validation, progress, cancel))).ConfigureAwait(false);

        _record = _record with { Done = true };
        _record.Write(folder);
        DatasetInfo info = dataset.Info();
        RunResult result = new(info.Captured, info.Rendered, validation.Metrics.Accuracy, validation.Metrics.MacroF1, dataset.Folder, Path.GetFullPath(folder), report, _seconds);
        return (result, validation);
    }

    /// <summary>One session is captured: begun if there is none, gone on with if it was interrupted.</summary>
    private Task<CaptureResult> CaptureAsync(RigFile rig, Seed seed, Dataset dataset, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        CaptureJob job = new(rig, dataset, sitting);
        return dataset.Sessions().Count == 0 ? job.BeginAsync(seed, progress, cancel) : job.ResumeAsync(progress, cancel);
    }

    private static async Task<int> SynthesizeAsync(RigFile rig, Seed seed, Dataset dataset, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        if (rig.Synthesis.Count == 0)
        {
            return 0;
        }

        // A part without a model of its own is trained on captured frames alone.
        PartLibrary library = Scene.Load(rig.Synthesis.Scene, bytes => ImageCodec.Decode(bytes)).Library;
        string[] parts = [.. rig.Plan.Items.Keys.Where(p => library.Parts.Contains(new PartId(p))).Order(StringComparer.Ordinal)];
        if (parts.Length == 0)
        {
            return 0;
        }

        // Renders lie as the plan's items lie: in its number of poses, the likeliest first.
        SynthesisRequest request = SynthesisRequest.Of(rig.Synthesis.Scene, seed, 0, rig.Synthesis.Count, parts, rig.Plan.PosesPerItem);
        int frames = (await SynthesisJob.RunAsync(request, dataset, progress, cancel).ConfigureAwait(false)).Frames;
        return frames;
    }

    private ValidationReport Validate(Dataset dataset, Split split, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        using Predictor predictor = Predictor.Open(folder);
        return Validator.Validate(predictor, SplitJob.Frames(dataset, split, SplitRole.Test), progress, cancel);
    }

    private string Report(Dataset dataset, Split split, ValidationReport validation, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        using Predictor predictor = Predictor.Open(folder);
        return ReportJob.Write(
            new ReportRequest
            {
                Predictor = predictor,
                Dataset = dataset,
                Split = split,
                Validation = validation,
                Proof = ProofJob.Prove(predictor, dataset, split, validation, new ProofRequest { Background = true, RandomSplit = true, Doubtful = DoubtfulShown }, progress, cancel),
                Next = NextCapture.Of(validation.Predictions, split, _record.Rig.Plan),
                Job = _record,
            },
            Path.Combine(folder, "report.html"),
            progress,
            cancel);
    }

    private static Task<T> OnOwnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Runs a stage and keeps its seconds, those before a resume included, whether it ends well or not.</summary>
    private async Task<T> TimedAsync<T>(string stage, Func<Task<T>> work)
    {
        long started = clock.GetTimestamp();
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _seconds[stage] = Math.Round(_seconds.GetValueOrDefault(stage) + clock.GetElapsedTime(started).TotalSeconds, 2);
            _record = _record with { Seconds = new Dictionary<string, double>(_seconds) };
            _record.Write(folder);
        }
    }
}
