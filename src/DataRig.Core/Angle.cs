namespace DataRig.Core;

/// <summary>Arithmetic on angles in degrees.</summary>
public static class Angle
{
    /// <summary>The same direction in [0, 360).</summary>
    public static double Normalize(double degrees)
    {
        double turned = degrees % 360.0;
        if (turned < 0)
        {
            turned += 360.0;
        }

        return turned >= 360.0 ? 0.0 : turned;
    }

    /// <summary>The shortest turn from one direction to another, in (-180, 180].</summary>
    public static double Difference(double fromDegrees, double toDegrees)
    {
        double turn = Normalize(toDegrees - fromDegrees);
        return turn > 180.0 ? turn - 360.0 : turn;
    }

    public static double ToRadians(double degrees) => degrees * (Math.PI / 180.0);

    public static double ToDegrees(double radians) => radians * (180.0 / Math.PI);
}
