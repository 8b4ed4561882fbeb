using System.Collections.Concurrent;

namespace DataRig.Learning.Leaks;

/// <summary>
/// Says of two pictures that look alike whether the one gives the other away. The figures were measured on 4,126 photographs of
/// bricks of ten parts on a turntable: the benchmark "leaks" counts what they find and what they find wrongly. Any thread may call.
/// </summary>
/// <param name="search">The pictures' keys.</param>
/// <param name="looks">The pictures.</param>
internal sealed class LeakJudge(PictureSearch search, Look[] looks)
{
    /// <summary>
    /// One photograph, laid on itself, has the same detail, and its tints differ by no more than compression makes; where light is
    /// clipped, by somewhat more. The tints of two bricks that are alike differ by 9 or more.
    /// </summary>
    private static readonly (double Detail, double Tint)[] Same = [(0.92, 3.5), (0.95, 6), (0.97, 10)];

    /// <summary>The colours of crops of one photograph may differ by so much: what lies beyond the table is cut off.</summary>
    private const float MostTint = 45;

    /// <summary>
    /// Neighbouring stops show the same colours, in nearly the same places. Edges of a bright part that has turned differ in tint
    /// wherever they lie, so that there is either little of that, or the colours are the same throughout.
    /// </summary>
    private const float NextLikeness = 0.965f;

    /// <summary>Laid on each other as they are, and turned and slanted as well: a long part's ends move far from stop to stop.</summary>
    private const double NextDetail = 0.7, NextDetailTurned = 0.9;

    private static readonly (float Light, float Tint, double TintDifference)[] Beside = [(8, 6, 9), (4, 2.5f, 255)];

    /// <summary>A frame that looks by so much more like another group's frame than like any of its own does not belong to its own, and then the colours may differ by more.</summary>
    private const float StrayLikeness = 0.92f, StrayMargin = 0.02f, StrayLight = 16, StrayTint = 16;

    /// <summary>Thumbnails that are kept taken apart: 120 KB each.</summary>
    private const int MostBands = 512;

    private readonly ConcurrentDictionary<int, Bands> _bands = [];

    /// <param name="held">The picture that is held out.</param>
    /// <param name="known">The one that is known.</param>
    /// <param name="own">How much the held-out one looks like the likest of its own group.</param>
    /// <returns>Null where it does not.</returns>
    public LeakKind? Kind(int held, Likest known, float own)
    {
        (float light, float tint) = Palette.Difference(looks[held].Palette, looks[known.Picture].Palette);
        if (tint > MostTint)
        {
            return null;
        }

        (int still, int moving, Window start) = search.Lay(held, known.Picture);
        (Bands here, Bands there) = (BandsOf(still), BandsOf(moving));
        Match match = Alignment.Of(here, there, start);
        bool beside = known.Likeness >= NextLikeness && Beside.Any(b => light <= b.Light && tint <= b.Tint && match.TintDifference <= b.TintDifference);
        bool stray = known.Likeness >= StrayLikeness && known.Likeness - own >= StrayMargin && light <= StrayLight && tint <= StrayTint;
        return Same.Any(s => match.Detail >= s.Detail && match.TintDifference <= s.Tint) ? LeakKind.SamePicture
            : (beside || stray) && (match.Detail >= NextDetail || Alignment.Of(here, there, start, turns: true).Detail >= NextDetailTurned) ? LeakKind.NextStop
            : null;
    }

    private Bands BandsOf(int picture)
    {
        if (_bands.Count > MostBands)
        {
            _bands.Clear();
        }

        return _bands.GetOrAdd(picture, i => looks[i].Thumbnail.Split());
    }
}
