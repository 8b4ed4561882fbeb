using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Learning.Explaining;
using DataRig.Learning.Proving;

namespace DataRig.Jobs;

/// <summary>What is to be asked of a model besides its figures.</summary>
internal sealed record ProofRequest
{
    /// <summary>Choose a temperature and thresholds anew, by this; null takes the run's own.</summary>
    public DecisionOptions? Decision { get; init; }

    /// <summary>Whether what is chosen anew becomes the run's own.</summary>
    public bool KeepDecision { get; init; }

    /// <summary>Whether it is shown the table alone and the part alone.</summary>
    public bool Background { get; init; }

    /// <summary>How many doubtful labels to list.</summary>
    public int Doubtful { get; init; }

    /// <summary>Whether to estimate what a random split would have claimed.</summary>
    public bool RandomSplit { get; init; }

    /// <summary>The alarm to judge sequences by; null for none.</summary>
    public AlarmOptions? Alarm { get; init; }
}

/// <summary>How far a model can be trusted; null is what was not asked for, or cannot be told.</summary>
/// <param name="Findings">What its curves say.</param>
/// <param name="Rule">The rule that validation frames chose; null where there are none.</param>
/// <param name="RuleIsTheRuns">Whether it stands in the run's folder; else it was chosen for these figures alone.</param>
/// <param name="Decision">How that rule does on unseen items.</param>
/// <param name="Background">What it says of the table alone.</param>
/// <param name="Doubtful">The labels that other frames contradict most.</param>
/// <param name="Alarm">How sequences are judged.</param>
/// <param name="RandomSplit">What a random split would have claimed.</param>
/// <param name="EmptyTable">How it does where there is no part; null where it knows of no such frames.</param>
internal sealed record Proof(
    IReadOnlyList<Symptom> Findings, DecisionRule? Rule, bool RuleIsTheRuns, DecisionProof? Decision, BackgroundReport? Background, IReadOnlyList<DoubtfulLabel> Doubtful, AlarmReport? Alarm, RandomSplitEstimate? RandomSplit, EmptyTable? EmptyTable);

/// <summary>Asks a model how far it can be trusted.</summary>
internal static class ProofJob
{
    /// <summary>Proves the run's temperature and thresholds, or chooses others first where that is asked for or it has none, and does what else is asked for.</summary>
    /// <param name="report">What the model said of unseen items.</param>
    /// <exception cref="WorkFailedException">A picture is missing, or the run cannot be written.</exception>
    public static Proof Prove(Predictor predictor, Dataset dataset, Split split, ValidationReport report, ProofRequest request, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        Seed seed = new(predictor.Run.Options.Seed);
        bool own = request.Decision is null && DecisionRule.IsIn(predictor.Run);
        DecisionRule? rule = own ? predictor.Rule : Choose(predictor, dataset, split, request.Decision ?? new DecisionOptions(), progress, cancel);
        if (request.KeepDecision)
        {
            (rule ?? throw new WorkFailedException($"{dataset.Folder} has no item for validation, so that nothing can choose a temperature and thresholds: that takes four items of a part.")).Save(predictor.Run);
        }

        Embeddings? looks = request.Doubtful == 0 && !request.RandomSplit ? null : EmbeddingFile.Of(predictor, [.. dataset.Frames().Where(f => f.Source != FrameSource.Rendered)], progress, cancel);
        return new Proof(
            Diagnosis.Of(predictor.Run.History, predictor.Run.Options),
            rule,
            own || request.KeepDecision,
            rule is null ? null : DecisionMaker.Prove(Scores.Of(predictor.Classes, report.Predictions), rule, seed),
            request.Background ? BackgroundTest.Run(predictor, dataset, [.. report.Predictions.Select(p => p.Frame)], progress, cancel) : null,
            request.Doubtful == 0 ? [] : [.. LabelErrors.Rank(looks!, seed).Where(d => d.Doubt > 0).Take(request.Doubtful)],
            request.Alarm is null ? null : AlarmLogic.Judge(predictor.Classes, report.Predictions, request.Alarm, rule?.Temperature ?? 1),
            request.RandomSplit ? Claim(looks!, split, report, seed) : null,
            EmptyTable.Of(report.Predictions, seed));
    }

    /// <summary>The rule that a split's validation frames choose; the run stays as it is.</summary>
    /// <returns>Null where the split has no validation frame.</returns>
    /// <exception cref="WorkFailedException">A picture is missing or broken.</exception>
    public static DecisionRule? Choose(Predictor predictor, Dataset dataset, Split split, DecisionOptions options, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        IReadOnlyList<FrameRecord> validation = SplitJob.Frames(dataset, split, SplitRole.Validation);
        return validation.Count == 0
            ? null
            : DecisionMaker.Choose(Scores.Of(predictor.Classes, Validator.Validate(predictor, validation, progress, cancel).Predictions), options, new Seed(predictor.Run.Options.Seed));
    }

    /// <summary>Of the photographs that were trained on, and of those that the figures are of.</summary>
    private static RandomSplitEstimate? Claim(Embeddings looks, Split split, ValidationReport report, Seed seed)
    {
        HashSet<FrameId> proven = [.. report.Predictions.Select(p => p.Frame.Id)];
        int[] wanted = [.. Enumerable.Range(0, looks.Frames.Count).Where(i => proven.Contains(looks.Frames[i].Id) || split.RoleOf(looks.Frames[i]) == SplitRole.Train)];
        return RandomSplitClaim.Of(new Embeddings([.. wanted.Select(i => looks.Frames[i])], [.. wanted.Select(i => looks.Rows[i])]), f => proven.Contains(f.Id), seed);
    }

    /// <summary>Costs as the command line has them: <c>5</c> for every part, <c>3001=20</c> for one.</summary>
    /// <exception cref="WorkFailedException">One is no number, or lower than 0.</exception>
    public static IReadOnlyDictionary<string, double> Costs(IEnumerable<string> words)
    {
        Dictionary<string, double> costs = new(StringComparer.Ordinal);
        foreach (string word in words)
        {
            int at = word.LastIndexOf('=');
            costs[at < 0 ? "*" : word[..at]] = double.TryParse(word[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double cost) && cost is >= 0 and <= 1e9
                ? cost
                : throw new WorkFailedException($"--wrong-cost takes a cost from 0 to 1e9, or PART=COST, found \"{word}\".");
        }

        return costs;
    }
}
