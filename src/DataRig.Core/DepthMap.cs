namespace DataRig.Core;

/// <summary>Distances along the optical axis, row-major from the top left.</summary>
public sealed class DepthMap
{
    /// <summary>What one step means.</summary>
    public const double StepMm = 0.1;

    /// <exception cref="ArgumentException">The buffer's length is not width x height.</exception>
    public DepthMap(int width, int height, ushort[] steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (steps.Length != width * height)
        {
            throw new ArgumentException($"a {width}x{height} depth map takes {width * height} values, found {steps.Length}", nameof(steps));
        }

        Width = width;
        Height = height;
        Steps = steps;
    }

    /// <summary>Pixels across.</summary>
    public int Width { get; }

    /// <summary>Pixels down.</summary>
    public int Height { get; }

    /// <summary>Steps of <see cref="StepMm"/>, 0 where there is no surface; not copied.</summary>
    public ushort[] Steps { get; }

    /// <summary>In mm; 0 where there is no surface within 6.5 m.</summary>
    public double this[int x, int y] => Steps[(y * Width) + x] * StepMm;

    /// <summary>The step that is nearest to a distance in mm, or 0 where it is beyond what 16 bits hold.</summary>
    public static ushort Step(double mm) => Math.Round(mm / StepMm) is > 0 and <= ushort.MaxValue and var steps ? (ushort)steps : (ushort)0;
}
