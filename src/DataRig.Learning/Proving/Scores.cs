using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Proving;

/// <summary>What a model said of frames, as figures are counted from it.</summary>
public sealed class Scores
{
    /// <param name="classes">The parts, in the order of the probabilities.</param>
    /// <param name="truth">The class of each frame.</param>
    /// <param name="probabilities">One a class for each frame, in [0, 1].</param>
    /// <param name="groups">What each frame is a photograph of: frames of one group stand or fall together.</param>
    /// <exception cref="ArgumentException">The lists do not go with each other.</exception>
    public Scores(IReadOnlyList<PartId> classes, IReadOnlyList<int> truth, IReadOnlyList<float[]> probabilities, IReadOnlyList<string> groups)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (truth.Count != probabilities.Count || truth.Count != groups.Count)
        {
            throw new ArgumentException($"{truth.Count} truths, {probabilities.Count} probabilities and {groups.Count} groups are not of the same frames");
        }

        if (probabilities.Any(p => p.Length != classes.Count) || truth.Any(t => t < 0 || t >= classes.Count))
        {
            throw new ArgumentException($"there are {classes.Count} classes; a frame has another number of probabilities, or is of a class beyond");
        }

        Classes = classes;
        Truth = [.. truth];
        Probabilities = [.. probabilities];
        Said = [.. probabilities.Select(p => Training.Evaluation.Best(p))];
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        Group = [.. groups.Select(g => numbers.TryGetValue(g, out int number) ? number : numbers[g] = numbers.Count)];
        Groups = numbers.Count;
    }

    public IReadOnlyList<PartId> Classes { get; }

    /// <summary>How many groups there are.</summary>
    public int Groups { get; }

    public int Count => Truth.Length;

    internal int[] Truth { get; }

    internal int[] Said { get; }

    internal float[][] Probabilities { get; }

    /// <summary>The number of each frame's group, from 0 in the order they come in.</summary>
    internal int[] Group { get; }

    /// <summary>The scores of a validated model, grouped by item.</summary>
    public static Scores Of(IReadOnlyList<PartId> classes, IReadOnlyList<FramePrediction> predictions)
    {
        Dictionary<PartId, int> numbers = classes.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => p.i);
        return new Scores(
            classes,
            [.. predictions.Select(p => numbers[p.Frame.Part])],
            [.. predictions.Select(p => p.Probabilities)],
            [.. predictions.Select(p => GroupKey.Of(p.Frame).ToString())]);
    }

    /// <summary>Whether the truth is among the likeliest few. Of classes that are equally likely the earlier one counts as the likelier.</summary>
    internal bool IsAmong(int frame, int few)
    {
        float[] probabilities = Probabilities[frame];
        int truth = Truth[frame], before = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            before += probabilities[i] > probabilities[truth] || (probabilities[i] == probabilities[truth] && i < truth) ? 1 : 0;
        }

        return before < few;
    }
}
