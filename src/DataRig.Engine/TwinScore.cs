using DataRig.Core;

namespace DataRig.Engine;

/// <summary>How a twin compares with one photograph.</summary>
/// <param name="Photograph">See <see cref="TwinObservation.Name"/>.</param>
/// <param name="Part">The part.</param>
/// <param name="Item">The item.</param>
/// <param name="Overlap">Of the silhouettes, intersection over union.</param>
/// <param name="PartDifference">Mean CIE 1976 difference of the part's pixels.</param>
/// <param name="TableDifference">Mean CIE 1976 difference of the table's pixels, shadows among them.</param>
public sealed record PairScore(string Photograph, PartId Part, ItemId Item, double Overlap, double PartDifference, double TableDifference);

/// <summary>A photograph and the twin's rendering of the same part lying alike.</summary>
public sealed record TwinPair(Picture Photograph, Picture Rendering, PairScore Score);

/// <summary>How a twin compares with photographs that it was not fitted to.</summary>
public sealed record TwinScore
{
    public required IReadOnlyList<TwinPair> Pairs { get; init; }

    /// <summary>Pixels across the steepest part of an outline, in the photographs and in the renderings.</summary>
    public required (double Photographs, double Renderings) EdgeWidthPixels { get; init; }

    /// <summary>Standard deviation on the open table, in 8-bit steps, in the photographs and in the renderings.</summary>
    public required (double Photographs, double Renderings) Noise { get; init; }

    /// <summary>Of a classifier that tells photographs from renderings: 0.5 is guessing, 1 is always; null with fewer than two items.</summary>
    public required double? Auc { get; init; }

    /// <summary>The photographs whose exposure and white balance the scene can draw.</summary>
    public required double ExposureCovered { get; init; }

    public double Overlap => Median(Pairs.Select(p => p.Score.Overlap));

    public double PartDifference => Pairs.Average(p => p.Score.PartDifference);

    public double TableDifference => Pairs.Average(p => p.Score.TableDifference);

    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
