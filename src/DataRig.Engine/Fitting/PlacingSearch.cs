using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Parts;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Fitting;

/// <summary>How well a part that lies so covers the silhouette seen, as intersection over union.</summary>
internal readonly record struct RankedPlacing(Placing Placing, double Overlap);

/// <summary>Finds how a part lies from its silhouette: every resting pose at every tenth degree or so, the best of them refined.</summary>
internal sealed class PlacingSearch(SilhouetteSeen seen)
{
    private const int YawStepDegrees = 10;

    /// <summary>How many of the coarse search are refined.</summary>
    private const int Refined = 6;

    /// <summary>Placings nearer than this to a better one of the same pose are the same.</summary>
    private const double SameYawDegrees = 15;

    private readonly Silhouette _canvas = new(seen.Width, seen.Height);
    private readonly PartModel _model = PartLibrary.Bricks.Model(seen.Part);

    /// <summary>The best ways in which it may lie, the best first; silhouettes do not tell front from back.</summary>
    public IReadOnlyList<RankedPlacing> Find(View view)
    {
        List<RankedPlacing> coarse = [];
        for (int pose = 0; pose < _model.Poses.Count; pose++)
        {
            for (int yaw = 0; yaw < 360; yaw += YawStepDegrees)
            {
                coarse.Add(Centered(view, new Placing(pose, yaw, 0, 0), fromAnywhere: true));
            }
        }

        List<RankedPlacing> refined = [.. Apart(coarse.OrderByDescending(r => r.Overlap)).Take(Refined).Select(r => Refine(view, r, 5)).OrderByDescending(r => r.Overlap)];
        return [.. Apart(refined)];
    }

    /// <summary>Moves and turns it by less and less while that covers better.</summary>
    public RankedPlacing Refine(View view, RankedPlacing from, double stepDegrees)
    {
        RankedPlacing best = from;
        for (double step = stepDegrees; step > 0.3; step /= 2)
        {
            double mm = step / 5;
            bool better = true;
            while (better)
            {
                better = false;
                foreach ((double yaw, double x, double y) in ((double, double, double)[])[(step, 0, 0), (-step, 0, 0), (0, mm, 0), (0, -mm, 0), (0, 0, mm), (0, 0, -mm)])
                {
                    Placing tried = best.Placing with { YawDegrees = best.Placing.YawDegrees + yaw, XMm = best.Placing.XMm + x, YMm = best.Placing.YMm + y };
                    double overlap = Overlap(view, tried);
                    if (overlap > best.Overlap)
                    {
                        (best, better) = (new RankedPlacing(tried, overlap), true);
                    }
                }
            }
        }

        return best;
    }

    /// <summary>Slides it over the table until its silhouette's middle is where it was seen.</summary>
    /// <param name="view">How the camera sees.</param>
    /// <param name="from">Where it lies so far.</param>
    /// <param name="fromAnywhere">Whether that place means nothing yet.</param>
    public RankedPlacing Centered(View view, Placing from, bool fromAnywhere = false)
    {
        Placing placing = from;
        int rounds = fromAnywhere ? 3 : 1;
        if (fromAnywhere)
        {
            Vector3 start = view.OnPlane(seen.Center, 4);
            placing = placing with { XMm = start.X, YMm = start.Y };
        }

        for (int round = 0; round < rounds; round++)
        {
            Overlap(view, placing);
            if (_canvas.Area == 0)
            {
                break;
            }

            Vector3 way = view.OnPlane(seen.Center, 4) - view.OnPlane(_canvas.Center, 4);
            placing = placing with { XMm = placing.XMm + way.X, YMm = placing.YMm + way.Y };
        }

        return new RankedPlacing(placing, Overlap(view, placing));
    }

    public double Overlap(View view, Placing placing)
    {
        _canvas.Draw(_model.Outline, placing.Transform(_model), view);
        return _canvas.Overlap(seen.Pixels, seen.Area);
    }

    /// <summary>The pixels covered by what was tried last.</summary>
    public ReadOnlySpan<byte> Covered => _canvas.Pixels;

    public int CoveredArea => _canvas.Area;

    private static IEnumerable<RankedPlacing> Apart(IEnumerable<RankedPlacing> ranked)
    {
        List<RankedPlacing> kept = [];
        foreach (RankedPlacing next in ranked)
        {
            if (!kept.Exists(k => k.Placing.Pose == next.Placing.Pose && Math.Abs(Angle.Difference(k.Placing.YawDegrees, next.Placing.YawDegrees)) < SameYawDegrees))
            {
                kept.Add(next);
                yield return next;
            }
        }
    }
}
