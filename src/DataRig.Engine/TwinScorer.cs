using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Fitting;
using DataRig.Engine.Rendering;

namespace DataRig.Engine;

/// <summary>
/// Compares a scene with photographs of the rig that it is to be the twin of. Each is drawn again with the scene in the middle of its
/// distributions; what differs from photograph to photograph is found from it: how the part lies, its colour, and, within what the
/// scene can draw, exposure and white balance.
/// </summary>
public sealed class TwinScorer
{
    private readonly Scene _scene;
    private readonly TwinFitOptions _options;

    public TwinScorer(Scene scene, TwinFitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scene);
        (_scene, _options) = (scene, options ?? new TwinFitOptions());
    }

    /// <param name="photographs">That the scene was not fitted to; all of one size.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="WorkFailedException">There are none, the engine does not know a part, or there is no OpenGL ES 3.1.</exception>
    public TwinScore Score(IReadOnlyList<TwinObservation> photographs, IProgress<StageProgress> progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(photographs);
        ArgumentNullException.ThrowIfNull(progress);
        TwinFitter.RequireAny(photographs);
        (int width, int height) = (photographs[0].Picture.Width, photographs[0].Picture.Height);
        RigModel rig = RigModel.Of(_scene);

        progress.Report(new StageProgress("Place parts", 0, photographs.Count));
        CameraFit camera = new(photographs, Math.Min(_options.SilhouetteWidth, width), Math.Max(1, Math.Min(_options.SilhouetteWidth, width) * height / width), rig.LookAtHeight);
        IReadOnlyList<RankedPlacing>[] possible = camera.Place(rig.Camera, cancel);
        progress.Report(new StageProgress("Place parts", photographs.Count, photographs.Count));

        int bin = TwinFitter.BinOf(width);
        Vector3[] gains;
        Placing[] placings;
        Vector3[] albedos;
        using (RenderPool small = new(_scene, width / bin, height / bin, TwinFitter.Quick))
        {
            View view = new(rig.Camera.ToCamera(rig.LookAtHeight), width / bin, height / bin);
            gains = Exposures.Of(rig, [.. photographs.Select((p, i) => new LitPhotograph(p, possible[i][0].Placing, view, bin, rig.Sensor.Contrast))], small);
            PartLook look = new(rig, small, bin);
            IReadOnlyDictionary<(PartId, ItemId), Vector3> items = look.OfItems(photographs, [.. possible.Select(p => p[0].Placing)], gains, cancel);
            placings = [.. photographs.Select((p, i) => look.Choose(p, possible[i], items[(p.Part, p.Item)]).Placing)];
            items = look.OfItems(photographs, placings, gains, cancel);
            albedos = [.. photographs.Select(p => items[(p.Part, p.Item)])];
        }

        Vector3[] drawable = [.. gains.Select(Drawable)];
        List<TwinPair> pairs = [];
        using RenderPool pool = new(_scene, width, height, new RendererOptions());
        const int Batch = 8;
        for (int first = 0; first < photographs.Count; first += Batch)
        {
            cancel.ThrowIfCancellationRequested();
            int[] batch = [.. Enumerable.Range(first, Math.Min(Batch, photographs.Count - first))];
            RenderedFrame[] drawn = pool.Render(batch.Select(i =>
                (rig with { Sensor = rig.Sensor with { Gains = drawable[i] } }).With(photographs[i].Part, placings[i], albedos[i], _options.Seed.For("noise").At(i))));
            pairs.AddRange(batch.Select(i => Compare(photographs[i], drawn[i - first])));
            progress.Report(new StageProgress("Compare", pairs.Count, photographs.Count));
        }

        return new TwinScore
        {
            Pairs = pairs,
            EdgeWidthPixels = (EdgeWidth(photographs, [.. photographs.Select(p => p.Picture)]), EdgeWidth(photographs, [.. pairs.Select(p => p.Rendering)])),
            Noise = (Noise(photographs, [.. photographs.Select(p => p.Picture)]), Noise(photographs, [.. pairs.Select(p => p.Rendering)])),
            Auc = RealOrRendered.Auc([.. photographs.Select((p, i) =>
            {
                (double x, double y) = p.PartMask.Bounds()!.Value.Center;
                return ($"{p.Part}/{p.Item}", RealOrRendered.Features(p.Picture, x, y), RealOrRendered.Features(pairs[i].Rendering, x, y));
            })]),
            ExposureCovered = gains.Zip(drawable).Average(g => Vector3.Distance(g.First, g.Second) < 0.02f * g.First.Length() ? 1 : 0),
        };
    }

    /// <summary>The exposure and white balance nearest to what was found that the scene can draw.</summary>
    private Vector3 Drawable(Vector3 gains)
    {
        SensorOptions sensor = _scene.Sensor;
        float exposure = Within(gains.Y, sensor.Exposure);
        return exposure * new Vector3(Within(gains.X / gains.Y, sensor.RedGain), 1, Within(gains.Z / gains.Y, sensor.BlueGain));

        static float Within(float value, Distribution distribution) => (float)Math.Clamp(value, distribution.Low, distribution.High);
    }

    private TwinPair Compare(TwinObservation photograph, RenderedFrame drawn)
    {
        Picture rendering = _options.Compress(drawn.Picture, photograph.JpegQuality ?? drawn.JpegQuality);
        byte[] seen = photograph.PartMask.ToPixels(), there = drawn.Annotations.Count > 0 ? drawn.Annotations[0].Mask!.ToPixels() : new byte[seen.Length];
        bool[] table = OpenTable.Of(photograph, 2);
        (double part, int parts, double open, int opens, int both, int either) = (0, 0, 0, 0, 0, 0);
        for (int i = 0; i < seen.Length; i++)
        {
            (both, either) = (both + (seen[i] & there[i]), either + (seen[i] | there[i]));
            bool inPart = (seen[i] & there[i]) != 0;
            if (inPart || (table[i] && there[i] == 0))
            {
                (int x, int y) = (i % rendering.Width, i / rendering.Width);
                double difference = Vector3.Distance(Lab.Of(photograph.Picture[x, y]), Lab.Of(rendering[x, y]));
                (part, parts, open, opens) = inPart ? (part + difference, parts + 1, open, opens) : (part, parts, open + difference, opens + 1);
            }
        }

        return new TwinPair(photograph.Picture, rendering, new PairScore(
            photograph.Name, photograph.Part, photograph.Item, (double)both / Math.Max(1, either), part / Math.Max(1, parts), open / Math.Max(1, opens)));
    }

    private static double EdgeWidth(IReadOnlyList<TwinObservation> photographs, Picture[] pictures) =>
        TwinScore.Median(photographs.Select((p, i) => EdgeProfile.Of(pictures[i], p.PartMask.ToPixels())).OfType<EdgeProfile>().Select(e => e.Width));

    private static double Noise(IReadOnlyList<TwinObservation> photographs, Picture[] pictures) =>
        TwinScore.Median(photographs.Select((p, i) => Grain.Of(pictures[i], OpenTable.Of(p, 4))));
}
