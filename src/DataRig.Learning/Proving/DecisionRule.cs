using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json.Serialization;
using DataRig.Core;
using DataRig.Core.Configuration;

namespace DataRig.Learning.Proving;

/// <summary>From which confidence a part is believed, and what validation promised of that.</summary>
public sealed record PartThreshold
{
    /// <summary>The calibrated probability from which the answer counts; below it the answer is "not sure".</summary>
    [Range(0, 1)]
    public double Confidence { get; init; }

    /// <summary>On validation, the share of the part's frames that are recognized and believed; null without such frames.</summary>
    public double? Recall { get; init; }

    /// <summary>On validation, the share of believed answers that are right; null where none is believed.</summary>
    public double? Precision { get; init; }
}

/// <summary>
/// <c>decision.json</c> in a run's folder: how a model's outputs become answers. Prediction and exported models read it; without
/// it the temperature is 1 and every answer counts.
/// </summary>
public sealed record DecisionRule : IValidatedOptions
{
    private const string FileName = "decision.json";

    /// <summary>The form of this file.</summary>
    public int Format { get; init; } = 1;

    /// <summary>What logits are divided by before the softmax.</summary>
    [Range(0.01, 100)]
    public double Temperature { get; init; } = 1;

    /// <summary>What the thresholds were chosen by.</summary>
    public DecisionOptions ChosenBy { get; init; } = new();

    /// <summary>Validation frames that chose it all.</summary>
    public int Frames { get; init; }

    /// <summary>Items that they are of.</summary>
    public int Items { get; init; }

    /// <summary>The mean recall over the parts on validation, answers below the threshold counted as wrong, with its interval over items.</summary>
    public Figure PromisedRecall { get; init; }

    /// <summary>What that promises of other items: the lower end, which 39 of 40 drawings of these items surpass; null where they are too few.</summary>
    [JsonIgnore]
    public double? Promise => PromisedRecall.Low;

    /// <summary>Whether less than two items of each part chose it: how items of a part differ is then hardly known.</summary>
    [JsonIgnore]
    public bool IsOfFewItems => Items < 2 * Parts.Count;

    /// <summary>Expected calibration error on validation as the network says it, in [0, 1].</summary>
    public double CalibrationErrorBefore { get; init; }

    /// <summary>The same at the temperature.</summary>
    public double CalibrationErrorAfter { get; init; }

    /// <summary>A threshold a part; a part that is not named is always believed.</summary>
    public IReadOnlyDictionary<string, PartThreshold> Parts { get; init; } = new Dictionary<string, PartThreshold>();

    /// <summary>Whether the likeliest part is believed.</summary>
    public bool Believes(PartId part, double confidence) => !Parts.TryGetValue(part.Value, out PartThreshold? threshold) || confidence >= threshold.Confidence;

    /// <summary>Whether a rule was chosen for the run; trainings without validation frames end without one, as do those of an earlier DataRig.</summary>
    public static bool IsIn(Run run) => File.Exists(PathIn(run));

    /// <summary>The run's rule, or the one that believes everything where the run has none.</summary>
    /// <exception cref="ConfigurationException">The file is damaged.</exception>
    public static DecisionRule Of(Run run) => IsIn(run) ? StrictJson.ReadFile<DecisionRule>(PathIn(run)) : new DecisionRule();

    /// <exception cref="WorkFailedException">The file cannot be written.</exception>
    public void Save(Run run)
    {
        try
        {
            AtomicFile.Write(PathIn(run), Encoding.UTF8.GetBytes(StrictJson.Write(this)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"{PathIn(run)} cannot be written: {e.Message}", e);
        }
    }

    public IEnumerable<(string Key, string Problem)> Validate() => ChosenBy.Validate();

    private static string PathIn(Run run) => Path.Combine(run.Folder, FileName);
}
