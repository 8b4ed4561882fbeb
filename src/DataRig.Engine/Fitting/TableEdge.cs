using System.Numerics;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Fitting;

/// <summary>Where the table ends, on the average of several photographs: one camera, one table.</summary>
internal sealed class TableEdge
{
    /// <summary>Where less than this share of a picture shows what is beyond, its edge says nothing of the camera.</summary>
    private const double LeastShare = 0.005;

    private readonly double[] _beyond;
    private readonly double _total;
    private readonly (int Width, int Height) _size;

    public TableEdge(IReadOnlyList<TwinObservation> photographs, int width, int height)
    {
        _size = (width, height);
        _beyond = new double[width * height];
        foreach (TwinObservation photograph in photographs)
        {
            byte[] beyond = SilhouetteSeen.Shares(photograph.Beyond.ToPixels(), photograph.Beyond.Width, photograph.Beyond.Height, width, height, s => s >= 0.5);
            for (int i = 0; i < beyond.Length; i++)
            {
                _beyond[i] += (double)beyond[i] / photographs.Count;
            }
        }

        _total = _beyond.Sum();
    }

    /// <summary>How far a table of some radius is from what is seen: the share of the two outsides that they do not have in common, or 0 where the photographs show no edge.</summary>
    public double Misfit(View view, double radiusMm)
    {
        if (_total < LeastShare * _beyond.Length)
        {
            return 0;
        }

        double either = 0, both = 0;
        for (int y = 0; y < _size.Height; y++)
        {
            for (int x = 0; x < _size.Width; x++)
            {
                Vector3 place = view.OnPlane(new Vector2(x + 0.5f, y + 0.5f), 0);
                double off = new Vector2(place.X, place.Y).LengthSquared() > radiusMm * radiusMm ? 1 : 0, seen = _beyond[(y * _size.Width) + x];
                (either, both) = (either + Math.Max(off, seen), both + Math.Min(off, seen));
            }
        }

        return 1 - (both / either);
    }
}
