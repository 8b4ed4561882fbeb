using System.ComponentModel.DataAnnotations;
using DataRig.Core.Configuration;

namespace DataRig.Rig;

/// <summary>The second axis: an arm that carries the camera up and down. Its angles are those of the camera above the table's plane.</summary>
public sealed record ElevationOptions : AxisOptions, IValidatedOptions
{
    public ElevationOptions()
    {
        SpeedDegreesPerSecond = 20;
        AccelerationDegreesPerSecondSquared = 40;
        SettleMs = 500;
    }

    /// <summary>The lowest angle that the arm may go to.</summary>
    [Range(-90, 90)]
    public double MinDegrees { get; init; }

    /// <summary>The highest angle that the arm may go to.</summary>
    [Range(-90, 90)]
    public double MaxDegrees { get; init; } = 80;

    /// <summary>The angle at the switch, or where the arm is put by hand before it is homed.</summary>
    [Range(-90, 90)]
    public double HomeDegrees { get; init; }

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (MinDegrees >= MaxDegrees)
        {
            yield return ("maxDegrees", $"the highest angle, {MaxDegrees}, is to be above the lowest, {MinDegrees}");
        }

        if (HomeDegrees < MinDegrees || HomeDegrees > MaxDegrees)
        {
            yield return ("homeDegrees", $"the angle at home, {HomeDegrees}, is to lie within the arm's range, {MinDegrees} to {MaxDegrees}");
        }
    }
}
