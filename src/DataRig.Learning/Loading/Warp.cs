using System.Numerics;
using DataRig.Core;

namespace DataRig.Learning.Loading;

/// <summary>Where the pixels of a varied picture come from: mirrored, turned, scaled, slanted, shifted and tilted about the centre.</summary>
internal readonly struct Warp
{
    private readonly int _size;
    private readonly float _center, _cos, _sin, _slant, _mirror, _upend, _tiltX, _tiltY, _shiftX, _shiftY;
    private readonly bool _tilts;

    /// <param name="options">How much of each.</param>
    /// <param name="draws">What is drawn for the picture.</param>
    /// <param name="part">What it shows: one that has a handedness is not reflected.</param>
    /// <param name="size">The picture's side in pixels.</param>
    public Warp(AugmentationOptions options, Draws draws, PartId part, int size)
    {
        bool handed = options.Handed?.Contains(part.Value) == true;
        double angle = Angle.ToRadians(draws.Uniform("rotation", -options.RotationDegrees, options.RotationDegrees));
        double cut = draws.Uniform("crop", 0, options.Crop);
        double scale = (1 - cut) / (1 + draws.Uniform("zoom", -options.Zoom, options.Zoom));
        _size = size;
        _center = (size - 1) / 2f;
        _mirror = options.Mirror && !handed && draws.Chance("mirror", 0.5) ? -1 : 1;
        _upend = !handed && draws.Chance("upend", options.Upend) ? -1 : 1;
        _cos = (float)(Math.Cos(angle) * scale);
        _sin = (float)(Math.Sin(angle) * scale);
        _slant = (float)Math.Tan(Angle.ToRadians(draws.Uniform("shear", -options.ShearDegrees, options.ShearDegrees)));
        _tilts = options.Perspective > 0;
        _tiltX = (float)(draws.Uniform("tiltX", -options.Perspective, options.Perspective) / _center);
        _tiltY = (float)(draws.Uniform("tiltY", -options.Perspective, options.Perspective) / _center);
        _shiftX = (float)((draws.Uniform("shiftX", -options.Shift, options.Shift) + draws.Uniform("cropX", -cut / 2, cut / 2)) * size) + _center;
        _shiftY = (float)((draws.Uniform("shiftY", -options.Shift, options.Shift) + draws.Uniform("cropY", -cut / 2, cut / 2)) * size) + _center;
    }

    /// <summary>Room for a row of so many pixels, of which <see cref="Row"/> finds several at once.</summary>
    public static int Room(int size) => (size + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;

    /// <summary>A row's sources. Beyond the edge the edge's pixels go on.</summary>
    /// <param name="y">The row.</param>
    /// <param name="pixel">The number of the source's upper left pixel, at most the last but one both ways; room for <see cref="Room"/> of them, as in all three.</param>
    /// <param name="right">How far to the right of it the source lies, in [0, 1].</param>
    /// <param name="down">How far below it.</param>
    public void Row(int y, Span<int> pixel, Span<float> right, Span<float> down)
    {
        float dy = (y - _center) * _upend;
        Vector<float> last = new(_size - 1f);
        Vector<int> lastButOne = new(_size - 2);
        for (int x = 0; x < _size; x += Vector<float>.Count)
        {
            Vector<float> dx = ((Vector.CreateSequence((float)x, 1) - new Vector<float>(_center)) * _mirror) + new Vector<float>(_slant * dy);
            Vector<float> offX = (_cos * dx) - new Vector<float>(_sin * dy), offY = (_sin * dx) + new Vector<float>(_cos * dy);
            if (_tilts)
            {
                Vector<float> depth = Vector<float>.One + (_tiltX * offX) + (_tiltY * offY);
                (offX, offY) = (offX / depth, offY / depth);
            }

            Vector<float> sourceX = Vector.Clamp(offX + new Vector<float>(_shiftX), Vector<float>.Zero, last), sourceY = Vector.Clamp(offY + new Vector<float>(_shiftY), Vector<float>.Zero, last);
            Vector<int> left = Vector.Min(Vector.ConvertToInt32(sourceX), lastButOne), top = Vector.Min(Vector.ConvertToInt32(sourceY), lastButOne);
            ((top * _size) + left).CopyTo(pixel[x..]);
            (sourceX - Vector.ConvertToSingle(left)).CopyTo(right[x..]);
            (sourceY - Vector.ConvertToSingle(top)).CopyTo(down[x..]);
        }
    }
}
