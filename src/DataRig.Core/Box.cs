namespace DataRig.Core;

/// <summary>An axis-aligned box in pixels from the top left; X and Y are its corner, edges lie between pixels.</summary>
public readonly record struct Box(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;

    public double Area => Math.Max(0, Width) * Math.Max(0, Height);

    public (double X, double Y) Center => (X + (Width / 2), Y + (Height / 2));

    /// <summary>Intersection over union with another box, in [0, 1].</summary>
    public double Overlap(Box other)
    {
        double width = Math.Min(Right, other.Right) - Math.Max(X, other.X);
        double height = Math.Min(Bottom, other.Bottom) - Math.Max(Y, other.Y);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        double shared = width * height;
        return shared / (Area + other.Area - shared);
    }
}
