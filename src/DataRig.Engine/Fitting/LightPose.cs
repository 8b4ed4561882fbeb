using System.Numerics;

namespace DataRig.Engine.Fitting;

/// <summary>Where a lamp stands and how large it is, in the words and units of <see cref="LightOptions"/>.</summary>
internal sealed record LightPose(string Name, double AzimuthDegrees, double ElevationDegrees, double DistanceMm, double RadiusMm)
{
    /// <summary>How wide each number is searched at first; the two lengths by their logarithms.</summary>
    public static double[] Steps { get; } = [25, 10, 0.25, 0.4];

    public Vector3 Position => SceneSampler.Around(AzimuthDegrees, ElevationDegrees, DistanceMm);

    /// <summary>What a scene has a lamp at.</summary>
    public static LightPose Of(string name, SampledScene typical) => new(
        name, typical.Values[$"light.{name}.azimuth"], typical.Values[$"light.{name}.elevation"], typical.Values[$"light.{name}.distance"], typical.Values[$"light.{name}.radius"]);

    public double[] ToArray() => [AzimuthDegrees, ElevationDegrees, Math.Log(DistanceMm), Math.Log(Math.Max(1, RadiusMm))];

    /// <summary>Within what <see cref="LightOptions"/> allow, whatever the search tries.</summary>
    public static LightPose FromArray(string name, ReadOnlySpan<double> numbers) => new(
        name, Math.IEEERemainder(numbers[0], 360), Math.Clamp(numbers[1], 12, 85), Math.Clamp(Math.Exp(numbers[2]), 80, 2000), Math.Clamp(Math.Exp(numbers[3]), 1, 300));
}
