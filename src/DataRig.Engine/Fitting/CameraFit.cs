using DataRig.Core;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Fitting;

/// <summary>
/// Finds where the camera stands from the silhouettes of parts that lie anyhow: by turns how each part lies for the camera so
/// far, and the camera for how the parts lie so far, each part sliding along to where it was seen.
/// </summary>
internal sealed class CameraFit
{
    private const int Rounds = 4;

    /// <summary>Elevations that a search from afar begins at, besides the scene's own.</summary>
    private static readonly double[] Elevations = [20, 32, 44, 56, 70];

    /// <summary>What a table's edge counts against all silhouettes together.</summary>
    private const double EdgeWeight = 0.25;

    /// <summary>
    /// A camera that rolls and looks elsewhere sees a round table all but alike. Parts are laid around the table's axis, so that of
    /// such cameras the one is taken for which they lie there on the average: what it counts if that is off by so many millimetres.
    /// </summary>
    private const double OffAxisMm = 10, AxisWeight = 0.03;

    /// <summary>A silhouette that is off by more than this is a bad cut-out and counts no more than so.</summary>
    private const double MostMisfit = 0.3;

    private readonly SilhouetteSeen[] _seen;
    private readonly PlacingSearch[] _searches;
    private readonly TableEdge _edge;
    private readonly double _lookAtHeight;

    public CameraFit(IReadOnlyList<TwinObservation> photographs, int width, int height, double lookAtHeight)
    {
        _seen = [.. photographs.Select(p => new SilhouetteSeen(p.Part, p.PartMask, width, height))];
        _searches = [.. _seen.Select(s => new PlacingSearch(s))];
        _edge = new TableEdge(photographs, width, height);
        _lookAtHeight = lookAtHeight;
    }

    /// <param name="start">Where the camera is thought to be.</param>
    /// <param name="seed">Of the search.</param>
    /// <param name="report">Told how far it is, in rounds of <see cref="Steps"/>, and how well it fits.</param>
    /// <param name="cancel">Looked at often.</param>
    public (CameraPose Camera, IReadOnlyList<RankedPlacing>[] Placings) Fit(CameraPose start, Seed seed, Action<int, string> report, CancellationToken cancel)
    {
        CameraPose camera = Nearest(start, cancel);
        report(1, "begins");
        IReadOnlyList<RankedPlacing>[] placings = Place(camera, cancel);
        for (int round = 0; round < Rounds; round++)
        {
            camera = Improve(camera, [.. placings.Select(p => p[0].Placing)], Math.Pow(0.5, round), seed.For($"round {round}"), cancel);
            placings = Place(camera, cancel);
            report(2 + round, $"overlap {placings.Average(p => p[0].Overlap):F3}");
        }

        return (camera, placings);
    }

    /// <summary>What <see cref="Fit"/> reports up to.</summary>
    public static int Steps => Rounds + 1;

    /// <summary>The camera that fits best for parts that lie so.</summary>
    /// <param name="start">Where the search begins.</param>
    /// <param name="placings">How each photograph's part lies.</param>
    /// <param name="width">Of the search, against <see cref="CameraPose.Steps"/>.</param>
    /// <param name="seed">Of the search.</param>
    /// <param name="cancel">Looked at often.</param>
    /// <param name="lensToo">Whether the field of view may change, too: one camera has one lens.</param>
    public CameraPose Improve(CameraPose start, Placing[] placings, double width, Seed seed, CancellationToken cancel, bool lensToo = true)
    {
        View from = ViewOf(start);
        CmaEsResult found = CmaEs.Minimize(
            numbers => Misfit(CameraPose.FromArray(numbers), placings, from),
            start.ToArray(),
            [.. CameraPose.Steps.Select((s, i) => i == CameraPose.Lens && !lensToo ? 0 : s * width)],
            new CmaEsOptions { MaxGenerations = 45, Narrowest = 0.02 },
            seed,
            cancel);
        return CameraPose.FromArray(found.Point);
    }

    /// <summary>How each part may lie, seen by that camera.</summary>
    public IReadOnlyList<RankedPlacing>[] Place(CameraPose camera, CancellationToken cancel)
    {
        View view = ViewOf(camera);
        IReadOnlyList<RankedPlacing>[] placings = new IReadOnlyList<RankedPlacing>[_searches.Length];
        Parallel.For(0, placings.Length, new ParallelOptions { CancellationToken = cancel }, i => placings[i] = _searches[i].Find(view));
        return placings;
    }

    public View ViewOf(CameraPose camera) => new(camera.ToCamera(_lookAtHeight), _seen[0].Width, _seen[0].Height);

    private double Misfit(CameraPose camera, Placing[] placings, View from)
    {
        View view = ViewOf(camera);
        RankedPlacing[] seen = new RankedPlacing[placings.Length];
        Parallel.For(0, seen.Length, i => seen[i] = _searches[i].Centered(view, placings[i].SeenAlike(from, view)));
        double x = seen.Average(s => s.Placing.XMm) / OffAxisMm, y = seen.Average(s => s.Placing.YMm) / OffAxisMm;
        return seen.Average(s => Math.Min(MostMisfit, 1 - s.Overlap)) + (EdgeWeight * _edge.Misfit(view, camera.RadiusMm)) + (AxisWeight * ((x * x) + (y * y)));
    }

    /// <summary>Of a few elevations, each at the distance at which parts look as large as they do, the one that fits best.</summary>
    private CameraPose Nearest(CameraPose start, CancellationToken cancel)
    {
        const int Few = 16;
        int step = Math.Max(1, _searches.Length / Few);
        int[] few = [.. Enumerable.Range(0, _searches.Length).Where(i => i % step == 0).Take(Few)];
        (CameraPose Camera, double Misfit) best = (start, double.PositiveInfinity);
        foreach (double elevation in Elevations.Prepend(start.ElevationDegrees))
        {
            cancel.ThrowIfCancellationRequested();
            CameraPose camera = start with { ElevationDegrees = elevation };
            for (int i = 0; i < 2; i++)
            {
                camera = camera with { DistanceMm = Math.Clamp(camera.DistanceMm * LooksLarger(camera, few, cancel), 20, 5000) };
            }

            double misfit = few.Average(i => 1 - _searches[i].Find(ViewOf(camera))[0].Overlap);
            best = misfit < best.Misfit ? (camera, misfit) : best;
        }

        return best.Camera;
    }

    /// <summary>How much larger across than in the photographs parts look, the median of a few.</summary>
    private double LooksLarger(CameraPose camera, int[] few, CancellationToken cancel)
    {
        View view = ViewOf(camera);
        double[] ratios = new double[few.Length];
        Parallel.For(0, few.Length, new ParallelOptions { CancellationToken = cancel }, k =>
        {
            PlacingSearch search = _searches[few[k]];
            Placing best = search.Find(view)[0].Placing;
            search.Overlap(view, best);
            ratios[k] = Math.Sqrt((double)Math.Max(1, search.CoveredArea) / Math.Max(1, _seen[few[k]].Area));
        });
        return ratios.Order().ElementAt(ratios.Length / 2);
    }
}
