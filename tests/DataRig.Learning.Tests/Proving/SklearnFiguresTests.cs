using System.Globalization;
using DataRig.Core;
using DataRig.Learning.Proving;

namespace DataRig.Learning.Tests.Proving;

/// <summary>The figures equal scikit-learn's, which <c>sklearn-figures.py</c> beside this counted of the same cases.</summary>
public sealed class SklearnFiguresTests
{
    private static readonly string[] Lines = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Proving", "sklearn-figures.csv")).Where(l => !l.StartsWith('#')).Skip(1)];

    [Fact]
    public void A_thousand_random_cases_give_the_figures_that_scikit_learn_gives()
    {
        Assert.Equal(1000, Lines.Length);
        foreach (string line in Lines)
        {
            string[] fields = line.Split(',');
            int number = int.Parse(fields[0], CultureInfo.InvariantCulture);
            Scores scores = Case((ulong)number);

            ProofFigures figures = ProofFigures.Of(scores, default, beta: 2);

            PartProof one = figures.Parts[number % figures.Parts.Count];
            Figure[] ours =
            [
                figures.Accuracy, figures.Top2, figures.MacroPrecision, figures.MacroRecall, figures.MacroF1, figures.MacroFBeta, figures.MacroRocArea, figures.MacroPrecisionArea,
                one.Precision, one.Recall, one.F1, one.FBeta, one.RocArea, one.PrecisionArea,
            ];
            double?[] theirs = [.. fields.Skip(1).Select(f => f.Length == 0 ? (double?)null : double.Parse(f, CultureInfo.InvariantCulture))];
            for (int i = 0; i < theirs.Length; i++)
            {
                Assert.True(Math.Abs((theirs[i] ?? -1) - (ours[i].Value ?? -1)) < 1e-9, $"case {number}, figure {i}: scikit-learn gives {theirs[i]}, here it is {ours[i].Value}");
            }
        }
    }

    /// <summary>The case of a number, as the script draws it. One group, so that no interval is drawn.</summary>
    private static Scores Case(ulong state)
    {
        int Below(int count) => (int)(Draws.SplitMix(ref state) % (ulong)count);
        int classes = 2 + Below(5), frames = 5 + Below(60);
        List<int> truth = [];
        List<float[]> probabilities = [];
        for (int i = 0; i < frames; i++)
        {
            int of = Below(classes);
            truth.Add(of);
            probabilities.Add([.. Enumerable.Range(0, classes).Select(c => ((8 * (Below(20) + (c == of ? Below(12) : 0))) + c) / 256f).ToArray()]);
        }

        return new Scores([.. Enumerable.Range(0, classes).Select(c => new PartId($"{c}"))], truth, probabilities, [.. truth.Select(_ => "one")]);
    }
}
