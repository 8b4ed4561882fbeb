using System.Numerics;

namespace DataRig.Engine.Geometry;

/// <summary>The sum of the squared distances of a point from some planes, as a function of the point.</summary>
internal struct Quadric
{
    private double _xx, _xy, _xz, _yy, _yz, _zz, _x, _y, _z, _c;

    /// <summary>Adds the plane through a point.</summary>
    public void Add(Vector3 normal, Vector3 through)
    {
        (double a, double b, double c) = (normal.X, normal.Y, normal.Z);
        double d = -((a * through.X) + (b * through.Y) + (c * through.Z));
        _xx += a * a;
        _xy += a * b;
        _xz += a * c;
        _yy += b * b;
        _yz += b * c;
        _zz += c * c;
        _x += a * d;
        _y += b * d;
        _z += c * d;
        _c += d * d;
    }

    public void Add(in Quadric other)
    {
        _xx += other._xx;
        _xy += other._xy;
        _xz += other._xz;
        _yy += other._yy;
        _yz += other._yz;
        _zz += other._zz;
        _x += other._x;
        _y += other._y;
        _z += other._z;
        _c += other._c;
    }

    /// <summary>At least 0.</summary>
    public readonly double Error(Vector3 p)
    {
        (double x, double y, double z) = (p.X, p.Y, p.Z);
        return Math.Max(0, (x * ((_xx * x) + (2 * ((_xy * y) + (_xz * z) + _x)))) + (y * ((_yy * y) + (2 * ((_yz * z) + _y)))) + (z * ((_zz * z) + (2 * _z))) + _c);
    }

    /// <summary>The point of the least sum; null where there is no single one, as along an edge or on a face.</summary>
    public readonly Vector3? Lowest()
    {
        double a = (_yy * _zz) - (_yz * _yz), b = (_xz * _yz) - (_xy * _zz), c = (_xy * _yz) - (_xz * _yy);
        double determinant = (_xx * a) + (_xy * b) + (_xz * c);
        double trace = _xx + _yy + _zz;
        if (determinant < 1e-4 * trace * trace * trace)
        {
            return null;
        }

        double x = -((a * _x) + (b * _y) + (c * _z)) / determinant;
        double y = -((b * _x) + (((_xx * _zz) - (_xz * _xz)) * _y) + (((_xy * _xz) - (_xx * _yz)) * _z)) / determinant;
        double z = -((c * _x) + (((_xy * _xz) - (_xx * _yz)) * _y) + (((_xx * _yy) - (_xy * _xy)) * _z)) / determinant;
        return new((float)x, (float)y, (float)z);
    }
}
