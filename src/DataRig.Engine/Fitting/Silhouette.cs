using System.Numerics;
using DataRig.Engine.Geometry;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Fitting;

/// <summary>
/// The pixels that a part covers, and nothing else of it: a fit looks at hundreds of thousands of these, so they are filled here
/// without a trip to the graphics driver. One for each thread; the picture is used again.
/// </summary>
internal sealed class Silhouette(int width, int height)
{
    private readonly byte[] _pixels = new byte[width * height];
    private Vector2[] _projected = [];
    private (int Left, int Top, int Right, int Bottom) _drawn;

    /// <summary>1 where the part is, row-major.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    public int Area { get; private set; }

    /// <summary>Of the pixels covered, from the top left.</summary>
    public Vector2 Center { get; private set; }

    /// <summary>Fills every pixel whose middle a closed mesh covers; nothing where it reaches behind the eye.</summary>
    public void Draw(Mesh mesh, Matrix4x4 transform, View view)
    {
        Clear();
        if (_projected.Length < mesh.Positions.Length)
        {
            _projected = new Vector2[mesh.Positions.Length];
        }

        for (int i = 0; i < mesh.Positions.Length; i++)
        {
            (_projected[i], bool ahead) = view.Project(Vector3.Transform(mesh.Positions[i], transform));
            if (!ahead)
            {
                return;
            }
        }

        for (int i = 0; i < mesh.Indices.Length; i += 3)
        {
            (Vector2 a, Vector2 b, Vector2 c) = (_projected[mesh.Indices[i]], _projected[mesh.Indices[i + 1]], _projected[mesh.Indices[i + 2]]);
            // The side away from the eye covers what the near one does. Rows run downwards, which turns triangles over.
            if (Cross(b - a, c - a) < 0)
            {
                Fill(a, b, c);
            }
        }

        Measure();
    }

    /// <summary>Intersection over union with another mask of the same size.</summary>
    /// <param name="other">1 where set, row-major.</param>
    /// <param name="otherArea">Pixels set in it.</param>
    public double Overlap(ReadOnlySpan<byte> other, int otherArea)
    {
        int shared = 0;
        for (int y = _drawn.Top; y < _drawn.Bottom; y++)
        {
            ReadOnlySpan<byte> mine = _pixels.AsSpan((y * width) + _drawn.Left, _drawn.Right - _drawn.Left);
            ReadOnlySpan<byte> theirs = other.Slice((y * width) + _drawn.Left, mine.Length);
            for (int x = 0; x < mine.Length; x++)
            {
                shared += mine[x] & theirs[x];
            }
        }

        return (double)shared / Math.Max(1, Area + otherArea - shared);
    }

    private void Clear()
    {
        for (int y = _drawn.Top; y < _drawn.Bottom; y++)
        {
            _pixels.AsSpan((y * width) + _drawn.Left, _drawn.Right - _drawn.Left).Clear();
        }

        (_drawn, Area, Center) = ((width, height, 0, 0), 0, default);
    }

    private void Fill(Vector2 a, Vector2 b, Vector2 c)
    {
        int top = Math.Max(0, (int)MathF.Ceiling(MathF.Min(a.Y, MathF.Min(b.Y, c.Y)) - 0.5f));
        int bottom = Math.Min(height, (int)MathF.Ceiling(MathF.Max(a.Y, MathF.Max(b.Y, c.Y)) - 0.5f));
        for (int y = top; y < bottom; y++)
        {
            float low = float.MaxValue, high = float.MinValue;
            Meet(a, b, y + 0.5f, ref low, ref high);
            Meet(b, c, y + 0.5f, ref low, ref high);
            Meet(c, a, y + 0.5f, ref low, ref high);
            int left = Math.Max(0, (int)MathF.Ceiling(low - 0.5f)), right = Math.Min(width, (int)MathF.Ceiling(high - 0.5f));
            if (left < right)
            {
                _pixels.AsSpan((y * width) + left, right - left).Fill(1);
                _drawn = (Math.Min(_drawn.Left, left), Math.Min(_drawn.Top, y), Math.Max(_drawn.Right, right), Math.Max(_drawn.Bottom, y + 1));
            }
        }
    }

    /// <summary>Widens [low, high] to where a side crosses a row's middle.</summary>
    private static void Meet(Vector2 from, Vector2 to, float y, ref float low, ref float high)
    {
        if ((from.Y <= y) != (to.Y <= y))
        {
            float x = from.X + ((y - from.Y) / (to.Y - from.Y) * (to.X - from.X));
            (low, high) = (MathF.Min(low, x), MathF.Max(high, x));
        }
    }

    private void Measure()
    {
        long sumX = 0, sumY = 0;
        int area = 0;
        for (int y = _drawn.Top; y < _drawn.Bottom; y++)
        {
            for (int x = _drawn.Left; x < _drawn.Right; x++)
            {
                int set = _pixels[(y * width) + x];
                area += set;
                sumX += set * x;
                sumY += set * y;
            }
        }

        Area = area;
        Center = area == 0 ? default : new Vector2(((float)sumX / area) + 0.5f, ((float)sumY / area) + 0.5f);
    }

    private static float Cross(Vector2 a, Vector2 b) => (a.X * b.Y) - (a.Y * b.X);
}
