using DataRig.Core;

namespace DataRig.Learning.Explaining;

/// <summary>How much of the heat lies on the part.</summary>
/// <param name="OnPart">The share of the heat on the part's mask, or its box where it has no mask, in [0, 1].</param>
/// <param name="PartArea">The share of the window that this is: what an even spread would put there.</param>
/// <param name="Near">The share of the heat on the mask and half a place of the map around it, for a coarse map cannot be sharper.</param>
/// <param name="NearArea">The share of the window that this is.</param>
public sealed record HeatShare(double OnPart, double PartArea, double Near, double NearArea)
{
    private const int Grid = 64;

    /// <summary>Whether the answer comes from elsewhere: there is less heat at the part than an even spread would put there.</summary>
    public bool IsElsewhere => Near < NearArea;

    /// <param name="heat">The heat in the window.</param>
    /// <param name="window">In pixels of the picture; it may reach beyond it.</param>
    /// <param name="covers">Whether a place of the picture, in pixels, is of the part.</param>
    /// <returns>Null where there is no heat, or no pixel of the part in the window.</returns>
    internal static HeatShare? Of(HeatMap heat, Box window, Func<double, double, bool> covers)
    {
        bool[] part = new bool[Grid * Grid];
        double[] at = new double[part.Length];
        for (int i = 0; i < part.Length; i++)
        {
            double x = ((i % Grid) + 0.5) / Grid, y = ((i / Grid) + 0.5) / Grid;
            part[i] = covers(window.X + (x * window.Width), window.Y + (y * window.Height));
            at[i] = heat.At(x, y);
        }

        double all = at.Sum();
        if (all <= 0 || !part.Contains(true))
        {
            return null;
        }

        bool[] near = Regions.Grow(part, Grid, Grid, (int)Math.Ceiling(Grid / (2.0 * Math.Max(heat.Width, heat.Height))));
        double Share(bool[] set) => at.Where((_, i) => set[i]).Sum() / all;
        double Area(bool[] set) => (double)set.Count(s => s) / set.Length;
        return new HeatShare(Share(part), Area(part), Share(near), Area(near));
    }
}
