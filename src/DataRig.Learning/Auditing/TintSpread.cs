namespace DataRig.Learning.Auditing;

/// <summary>The tints of some frames as a normal distribution of two numbers.</summary>
internal sealed class TintSpread
{
    /// <summary>Tints are not told apart more finely than this: a level or two of 8 bits.</summary>
    private const double Floor = 0.01;

    private readonly Tint _mean;
    private readonly double _red, _blue, _both, _determinant;

    /// <param name="tints">At least one.</param>
    public TintSpread(IReadOnlyCollection<Tint> tints)
    {
        _mean = Tint.Mean(tints);
        Tint[] off = [.. tints.Select(t => t - _mean)];
        _red = off.Average(t => t.Red * t.Red) + (Floor * Floor);
        _blue = off.Average(t => t.Blue * t.Blue) + (Floor * Floor);
        _both = off.Average(t => t.Red * t.Blue);
        _determinant = (_red * _blue) - (_both * _both);
    }

    /// <summary>The logarithm of how likely a tint is, but for a constant that is the same for all.</summary>
    public double LogLikelihood(Tint tint)
    {
        Tint off = tint - _mean;
        double distance = ((_blue * off.Red * off.Red) - (2 * _both * off.Red * off.Blue) + (_red * off.Blue * off.Blue)) / _determinant;
        return -0.5 * (distance + Math.Log(_determinant));
    }
}
