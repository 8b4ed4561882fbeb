using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine;

/// <summary>Draws by name that remember what they gave.</summary>
/// <param name="Draws">Where values come from.</param>
/// <param name="Values">What was given.</param>
/// <param name="Middle">Gives the middle of each distribution instead of a draw.</param>
internal readonly record struct Sampling(Draws Draws, Dictionary<string, double> Values, bool Middle = false)
{
    public double Number(Distribution distribution, string name)
    {
        double value = Middle ? distribution.Middle : distribution.Sample(Draws, name);
        Values[name] = value;
        return value;
    }

    public float Single(Distribution distribution, string name) => (float)Number(distribution, name);

    public Vector3 Color(ColorDistribution distribution, string name)
    {
        Vector3 color = Middle ? distribution.Middle : distribution.Sample(Draws, name);
        (Values[name + ".r"], Values[name + ".g"], Values[name + ".b"]) = (color.X, color.Y, color.Z);
        return color;
    }

    public T Choose<T>(IReadOnlyList<T> choices, Func<T, double> weight, string name)
    {
        double left = Draws.Uniform(name) * choices.Sum(weight);
        int choice = 0;
        while (choice < choices.Count - 1 && (left -= weight(choices[choice])) >= 0)
        {
            choice++;
        }

        Values[name] = choice;
        return choices[choice];
    }
}
