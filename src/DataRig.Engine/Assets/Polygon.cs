using System.Numerics;

namespace DataRig.Engine.Assets;

/// <summary>Cuts flat polygons into triangles. One serves a whole file and gives up where that would take for ever.</summary>
internal sealed class Polygon
{
    private const long Patience = 500_000_000;

    private long _looked;

    /// <summary>Whether the polygons so far took more looking about than any honest file's do.</summary>
    public bool IsTangled => _looked > Patience;

    /// <summary>Triangles with the polygon's own sense: a fan where it bulges everywhere, else one ear cut off after the other (Meisters, 1975).</summary>
    public IEnumerable<(int A, int B, int C)> Cut(Vector3[] corners)
    {
        // Newell's normal: twice the area's, for any polygon.
        Vector3 normal = default;
        for (int i = 0; i < corners.Length; i++)
        {
            normal += Vector3.Cross(corners[i] - corners[0], corners[(i + 1) % corners.Length] - corners[0]);
        }

        List<int> left = [.. Enumerable.Range(0, corners.Length)];
        bool bulges = left.TrueForAll(i => Turn(corners, At(left, i), normal) >= 0);
        while (left.Count > 3)
        {
            int ear = bulges || IsTangled ? 1 : left.FindIndex(i => IsEar(corners, left, left.IndexOf(i), normal));
            (bulges, ear) = ear < 0 ? (true, 1) : (bulges, ear); // one that crosses itself may have no ear: any cut will do
            yield return At(left, ear);
            left.RemoveAt(ear);
        }

        yield return (left[0], left[1], left[2]);
    }

    private static (int A, int B, int C) At(List<int> left, int i) => (left[(i + left.Count - 1) % left.Count], left[i], left[(i + 1) % left.Count]);

    private static float Turn(Vector3[] corners, (int A, int B, int C) at, Vector3 normal) => Side(corners[at.A], corners[at.B], corners[at.C], normal);

    private static float Side(Vector3 a, Vector3 b, Vector3 c, Vector3 normal) => Vector3.Dot(Vector3.Cross(b - a, c - a), normal);

    private bool IsEar(Vector3[] corners, List<int> left, int i, Vector3 normal)
    {
        _looked += left.Count;
        (int ia, int ib, int ic) = At(left, i);
        (Vector3 a, Vector3 b, Vector3 c) = (corners[ia], corners[ib], corners[ic]);
        return Side(a, b, c, normal) > 0
            && !left.Exists(p => p != ia && p != ib && p != ic && Side(a, b, corners[p], normal) >= 0 && Side(b, c, corners[p], normal) >= 0 && Side(c, a, corners[p], normal) >= 0);
    }
}
