using DataRig.Core;

namespace DataRig.Engine;

/// <summary>
/// Spreads a part's frames evenly over the view sphere and over its size in the picture: the n-th frame of a part takes the n-th
/// point of a sequence that fills a cube evenly from its first points on (R3; Roberts, 2018), from a start of the part's own.
/// </summary>
/// <param name="Turn">How far the part is turned against the camera, as a share of a whole turn.</param>
/// <param name="Height">How high the camera stands, as a share of the range of the elevation's sine: equal shares are equal areas of the sphere.</param>
/// <param name="Size">How large the part is in the picture, as a share of the range of one over the distance.</param>
internal readonly record struct EvenCoverage(double Turn, double Height, double Size)
{
    /// <summary>The root of x^4 = x + 1, by whose powers the sequence steps.</summary>
    private const double Phi = 1.22074408460575947536;

    public static EvenCoverage Of(Seed seed, PartId part, long nth)
    {
        Draws start = seed.For("even coverage").At(0);
        double At(int dimension) => (start.Uniform($"{part} {dimension}") + (nth * (1 / Math.Pow(Phi, dimension)))) % 1;
        return new EvenCoverage(At(1), At(2), At(3));
    }

    /// <summary>The scene with what varies of these drawn from the point; what is fixed, or not drawn evenly to begin with, stays.</summary>
    public (Scene Scene, ScenePins Pins) In(Scene scene, ScenePins pins, double azimuthDegrees)
    {
        PlacementOptions placement = scene.Placement;
        double turn = Turn * 360;
        if (pins.YawDegrees is null && IsWholeTurn(placement.YawDegrees))
        {
            pins = pins with { YawDegrees = Angle.Normalize(turn - azimuthDegrees) };
        }
        else if (pins.TableAzimuthDegrees is null && IsWholeTurn(placement.TableAzimuthDegrees))
        {
            pins = pins with { TableAzimuthDegrees = turn };
        }

        CameraOptions camera = scene.Camera;
        double low = Math.Sin(Angle.ToRadians(camera.ElevationDegrees.Low)), high = Math.Sin(Angle.ToRadians(camera.ElevationDegrees.High));
        return (scene with
        {
            Camera = camera with
            {
                ElevationDegrees = camera.ElevationDegrees.IsUniform ? Math.Asin(double.Lerp(low, high, Height)) * 180 / Math.PI : camera.ElevationDegrees,
                DistanceMm = camera.DistanceMm.IsUniform ? 1 / double.Lerp(1 / camera.DistanceMm.High, 1 / camera.DistanceMm.Low, Size) : camera.DistanceMm,
            },
        }, pins);
    }

    private static bool IsWholeTurn(Distribution angle) => angle.IsUniform && angle.High - angle.Low >= 360;
}
