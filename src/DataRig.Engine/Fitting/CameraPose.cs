using System.Numerics;

namespace DataRig.Engine.Fitting;

/// <summary>Where the camera stands and how far the table reaches: what silhouettes tell. In the words and units of <see cref="CameraOptions"/> and <see cref="TableOptions"/>.</summary>
internal sealed record CameraPose(double ElevationDegrees, double DistanceMm, double FieldOfViewDegrees, double RollDegrees, double LookAtXMm, double LookAtYMm, double RadiusMm)
{
    /// <summary>How wide each number is searched at first.</summary>
    public static double[] Steps { get; } = [4, 6, 3, 2, 3, 3, 6];

    /// <summary>Which of the numbers is the field of view.</summary>
    public const int Lens = 2;

    /// <summary>What a scene has them at.</summary>
    public static CameraPose Of(SampledScene typical) => new(
        typical.Values["camera.elevation"], typical.Values["camera.distance"], typical.Values["camera.fieldOfView"], typical.Values["camera.roll"],
        typical.Values["camera.lookAtX"], typical.Values["camera.lookAtY"], typical.Values["table.radius"]);

    public double[] ToArray() => [ElevationDegrees, DistanceMm, FieldOfViewDegrees, RollDegrees, LookAtXMm, LookAtYMm, RadiusMm];

    /// <summary>Within what <see cref="CameraOptions"/> allow, whatever the search tries.</summary>
    public static CameraPose FromArray(double[] numbers) => new(
        Math.Clamp(numbers[0], 5, 89), Math.Clamp(numbers[1], 20, 5000), Math.Clamp(numbers[2], 5, 120), Math.Clamp(numbers[3], -180, 180),
        Math.Clamp(numbers[4], -500, 500), Math.Clamp(numbers[5], -500, 500), Math.Clamp(numbers[6], 10, 2000));

    /// <param name="height">Of the point looked at, which slides along the line of sight and is the scene's own.</param>
    public SampledCamera ToCamera(double height)
    {
        Vector3 lookAt = new((float)LookAtXMm, (float)LookAtYMm, (float)height);
        return new SampledCamera(lookAt + SceneSampler.Around(0, ElevationDegrees, DistanceMm), lookAt, ElevationDegrees, FieldOfViewDegrees, RollDegrees);
    }
}
