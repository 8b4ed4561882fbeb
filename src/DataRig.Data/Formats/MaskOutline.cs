using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>
/// A mask as polygons and back. The polygons run along the edges of pixels, so that filling them by pixel centres gives the mask
/// again, exactly; a hole is tied to its outline by a seam of no width, as tools that know no holes expect.
/// </summary>
internal static class MaskOutline
{
    /// <summary>One closed polygon a connected patch, in whole pixels; x and y alternate.</summary>
    public static IReadOnlyList<double[]> Polygons(Mask mask)
    {
        byte[] pixels = mask.ToPixels();
        List<List<(int X, int Y)>> rings = Rings(pixels, mask.Width, mask.Height);
        List<List<(int X, int Y)>> outer = [.. rings.Where(r => Area(r) > 0)];
        foreach (List<(int X, int Y)> hole in rings.Where(r => Area(r) < 0).OrderBy(r => r.Min(p => p.X)).ThenBy(r => r.Min(p => p.Y)))
        {
            // The patch around a hole is the one whose own pixel touches the hole's leftmost edge from outside.
            (int x, int y) = hole.MinBy(p => (p.X, p.Y));
            List<(int X, int Y)> around = outer.Where(o => Contains(o, x - 0.5, y + 0.5)).MinBy(o => Math.Abs(Area(o)))!;
            int at = Enumerable.Range(0, around.Count).MinBy(i => Math.Abs(around[i].X - x) + Math.Abs(around[i].Y - y));
            int start = hole.IndexOf((x, y));
            around.InsertRange(at + 1, [.. hole[start..], .. hole[..(start + 1)], around[at]]);
        }

        return [.. outer.Select(o => o.SelectMany(p => new double[] { p.X, p.Y }).ToArray())];
    }

    /// <summary>The same as one polygon, patches tied together by seams; nothing for an empty mask.</summary>
    public static double[] Polygon(Mask mask)
    {
        IReadOnlyList<double[]> patches = Polygons(mask);
        return patches.Count == 0 ? [] : [.. patches[0], .. patches.Skip(1).SelectMany(p => p.Concat(p[..2]).Concat(patches[0][^2..]))];
    }

    /// <summary>The pixels whose centres lie in any of the polygons, each filled by the even-odd rule; x and y alternate.</summary>
    public static Mask Fill(int width, int height, IEnumerable<double[]> polygons)
    {
        byte[] pixels = new byte[width * height];
        foreach (double[] polygon in polygons)
        {
            int corners = polygon.Length / 2;
            List<double> crossings = [];
            double top = double.MaxValue, bottom = double.MinValue;
            for (int i = 0; i < corners; i++)
            {
                (top, bottom) = (Math.Min(top, polygon[(2 * i) + 1]), Math.Max(bottom, polygon[(2 * i) + 1]));
            }

            for (int y = (int)Math.Clamp(Math.Floor(top), 0, height); y < Math.Min(height, Math.Ceiling(bottom)); y++)
            {
                double line = y + 0.5;
                crossings.Clear();
                for (int i = 0; i < corners; i++)
                {
                    int j = (i + 1) % corners;
                    // From above to below always, so that the two ways along a seam cross a line at the very same place.
                    (int above, int below) = polygon[(2 * i) + 1] <= polygon[(2 * j) + 1] ? (i, j) : (j, i);
                    (double x1, double y1, double x2, double y2) = (polygon[2 * above], polygon[(2 * above) + 1], polygon[2 * below], polygon[(2 * below) + 1]);
                    if (y1 <= line != y2 <= line)
                    {
                        crossings.Add(x1 + ((line - y1) / (y2 - y1) * (x2 - x1)));
                    }
                }

                crossings.Sort();
                for (int i = 0; i + 1 < crossings.Count; i += 2)
                {
                    int from = (int)Math.Clamp(Math.Ceiling(crossings[i] - 0.5), 0, width), to = (int)Math.Clamp(Math.Ceiling(crossings[i + 1] - 0.5), 0, width);
                    pixels.AsSpan((y * width) + from, Math.Max(0, to - from)).Fill(1);
                }
            }
        }

        return Mask.FromPixels(width, height, pixels);
    }

    /// <summary>The borders of a set of pixels, set pixels on the right hand; where two patches touch at a corner they stay apart.</summary>
    private static List<List<(int X, int Y)>> Rings(byte[] pixels, int width, int height)
    {
        bool Set(int x, int y) => x >= 0 && y >= 0 && x < width && y < height && pixels[(y * width) + x] != 0;
        (int X, int Y)[] steps = [(1, 0), (0, 1), (-1, 0), (0, -1)]; // right, down, left, up
        // An edge is known by where it begins and its direction: right along the top of a set pixel, down along its right, and so on.
        HashSet<(int X, int Y, int Way)> edges = [];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                if (Set(x, y))
                {
                    _ = !Set(x, y - 1) && edges.Add((x, y, 0));
                    _ = !Set(x + 1, y) && edges.Add((x + 1, y, 1));
                    _ = !Set(x, y + 1) && edges.Add((x + 1, y + 1, 2));
                    _ = !Set(x - 1, y) && edges.Add((x, y + 1, 3));
                }
            }
        }

        List<List<(int X, int Y)>> rings = [];
        foreach ((int X, int Y, int Way) first in edges.Order().ToArray())
        {
            if (!edges.Remove(first))
            {
                continue;
            }

            List<(int X, int Y)> ring = [];
            (int X, int Y, int Way) at = first;
            do
            {
                (int x, int y) = (at.X + steps[at.Way].X, at.Y + steps[at.Way].Y);
                // Right turns come first: the walk stays with its own pixel where two touch at a corner.
                int way = new[] { 1, 0, 3 }.Select(turn => (at.Way + turn) % 4).First(next => edges.Contains((x, y, next)) || (x, y, next) == first);
                if (way != at.Way)
                {
                    ring.Add((x, y));
                }

                at = (x, y, way);
            }
            while (at != first && edges.Remove(at));
            rings.Add(ring);
        }

        return rings;
    }

    private static long Area(List<(int X, int Y)> ring)
    {
        long twice = 0;
        for (int i = 0; i < ring.Count; i++)
        {
            (int X, int Y) next = ring[(i + 1) % ring.Count];
            twice += ((long)ring[i].X * next.Y) - ((long)next.X * ring[i].Y);
        }

        return twice;
    }

    private static bool Contains(List<(int X, int Y)> ring, double x, double y)
    {
        bool inside = false;
        for (int i = 0, j = ring.Count - 1; i < ring.Count; j = i++)
        {
            if (ring[i].Y > y != ring[j].Y > y && x < ((double)(ring[j].X - ring[i].X) * (y - ring[i].Y) / (ring[j].Y - ring[i].Y)) + ring[i].X)
            {
                inside = !inside;
            }
        }

        return inside;
    }
}
