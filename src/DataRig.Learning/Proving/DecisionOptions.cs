using System.ComponentModel.DataAnnotations;
using DataRig.Core.Configuration;

namespace DataRig.Learning.Proving;

/// <summary>What makes a good threshold: the best F-beta of each part, or the lowest cost where costs are given.</summary>
public sealed record DecisionOptions : IValidatedOptions
{
    /// <summary>How many times as much recall counts as precision.</summary>
    [Range(0.01, 100)]
    public double Beta { get; init; } = 1;

    /// <summary>What an answer costs that is believed and wrong, by the part that was said; <c>*</c> is every part that is not named. Empty chooses by F-beta.</summary>
    public IReadOnlyDictionary<string, double> WrongCosts { get; init; } = new Dictionary<string, double>();

    /// <summary>What "not sure" costs: somebody has to look.</summary>
    [Range(0, 1e9)]
    public double RejectCost { get; init; } = 1;

    /// <summary>The cost of a wrong answer; null where thresholds are chosen by F-beta.</summary>
    public double? WrongCost(string part) => WrongCosts.TryGetValue(part, out double cost) || WrongCosts.TryGetValue("*", out cost) ? cost : null;

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (WrongCosts.FirstOrDefault(c => !(c.Value is >= 0 and <= 1e9)) is { Key: not null } wrong)
        {
            yield return ("wrongCosts", FormattableString.Invariant($"the cost of a wrong {wrong.Key} lies from 0 to 1e9, found {wrong.Value}"));
        }
    }
}
