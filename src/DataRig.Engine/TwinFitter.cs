using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Fitting;
using DataRig.Engine.Rendering;

namespace DataRig.Engine;

/// <summary>How a fit is made.</summary>
public sealed record TwinFitOptions
{
    public Seed Seed { get; init; } = new(1);

    /// <summary>Pixels across the silhouettes that are compared.</summary>
    public int SilhouetteWidth { get; init; } = 150;

    /// <summary>Photographs that the lamps are found from; silhouettes take all.</summary>
    public int LightPhotographs { get; init; } = 8;

    /// <summary>Photographs that sharpness and noise are found from.</summary>
    public int SensorPhotographs { get; init; } = 6;

    /// <summary>What the camera's file makes of a picture at a quality from 1 to 100; nothing unless given.</summary>
    public Func<Picture, int, Picture> Compress { get; init; } = (picture, _) => picture;

    /// <summary>Generations of the search for the lamps.</summary>
    public int LightGenerations { get; init; } = 16;
}

/// <summary>
/// Finds the scene that photographs of known parts were taken in, by search alone: the camera and the table's edge from silhouettes,
/// then the lamps from the table, the colours of the items, what the camera's automatics did, and the sensor.
/// </summary>
public sealed class TwinFitter
{
    /// <summary>Fewer photographs of an item than this say nothing of a camera.</summary>
    private const int LeastGroup = 4;

    private readonly Scene _scene;
    private readonly TwinFitOptions _options;

    /// <param name="scene">Where the search begins; what it does not find stays as it is there.</param>
    /// <param name="options">How it is made.</param>
    public TwinFitter(Scene scene, TwinFitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scene);
        (_scene, _options) = (scene, options ?? new TwinFitOptions());
    }

    /// <param name="photographs">Of at least one part; all of one size.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancel">Stops it; nothing is left behind.</param>
    /// <exception cref="WorkFailedException">There are no photographs, the engine does not know a part, or there is no OpenGL ES 3.1.</exception>
    public TwinFit Fit(IReadOnlyList<TwinObservation> photographs, IProgress<StageProgress> progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(photographs);
        ArgumentNullException.ThrowIfNull(progress);
        RequireAny(photographs);
        (int width, int height) = (photographs[0].Picture.Width, photographs[0].Picture.Height);
        RigModel rig = RigModel.Of(_scene);
        int across = Math.Min(_options.SilhouetteWidth, width), down = Math.Max(1, across * height / width);

        CameraFit cameras = new(photographs, across, down, rig.LookAtHeight);
        (CameraPose camera, IReadOnlyList<RankedPlacing>[] possible) = cameras.Fit(
            rig.Camera, _options.Seed.For("camera"), (step, note) => progress.Report(new StageProgress("Camera", step, CameraFit.Steps, note)), cancel);
        rig = rig with { Camera = camera };

        int bin = BinOf(width);
        using RenderPool pool = new(_scene, width / bin, height / bin, Quick);
        RankedPlacing[] placings = [.. possible.Select(p => p[0])];
        View view = new(camera.ToCamera(rig.LookAtHeight), width / bin, height / bin);
        LitPhotograph[] lit = [.. photographs.Select((p, i) => new LitPhotograph(p, placings[i].Placing, view, bin, rig.Sensor.Contrast))];
        (rig, double misfit, RigModel[] others) = Lamps(rig, lit, placings, pool, progress, cancel);

        PartLook look = new(rig, pool, bin);
        Vector3[] gains = Exposures.Of(rig, lit, pool);
        IReadOnlyDictionary<(PartId Part, ItemId Item), Vector3> albedos = look.OfItems(photographs, Places(placings), gains, cancel);
        placings = [.. photographs.Select((p, i) => look.Choose(p, possible[i], albedos[(p.Part, p.Item)]))];
        albedos = look.OfItems(photographs, Places(placings), gains, cancel);
        rig = rig with { Backdrop = Backdrop(photographs, gains, rig.Sensor.Contrast) ?? rig.Backdrop };

        rig = Sensor(rig, photographs, placings, [.. photographs.Select(p => albedos[(p.Part, p.Item)])], gains, width, height, progress, cancel);
        double[] spread = Spread(camera, photographs, Places(placings), across, down, rig.LookAtHeight, progress, cancel);
        return new TwinFit
        {
            Width = width,
            Height = height,
            Numbers = [.. Numbers(rig, gains, spread, others), .. Placement(placings)],
            Colors = [.. Colors(rig)],
            Photographs = [.. photographs.Select((p, i) => new FittedPhotograph(
                p.Name, p.Part, p.Item, PartLibrary.Bricks.Poses(p.Part)[placings[i].Placing.Pose], Angle.Normalize(placings[i].Placing.YawDegrees), placings[i].Placing.XMm, placings[i].Placing.YMm, placings[i].Overlap))],
            Items = [.. photographs.Select(p => (p.Part, p.Item)).Distinct().Select(i => new FittedItem(i.Part, i.Item, ColorDistribution.ToHex(albedos[i])))],
            Overlap = placings.Select(p => p.Overlap).Order().ElementAt(placings.Length / 2),
            LightMisfit = misfit,
        };
    }

    /// <exception cref="WorkFailedException">There is none.</exception>
    internal static void RequireAny(IReadOnlyList<TwinObservation> photographs)
    {
        if (photographs.Count == 0)
        {
            throw new WorkFailedException("This takes at least one photograph of a part that the engine can draw, and there is none.");
        }
    }

    /// <summary>What light and colours are looked at with: soft things that take no fine picture.</summary>
    internal static RendererOptions Quick { get; } = new() { Supersampling = 1, ShadowSamples = 12 };

    /// <summary>How many pixels each way of a picture so wide become one where light and colours are looked at.</summary>
    internal static int BinOf(int width) => Math.Max(1, width / 112);

    private static Placing[] Places(IEnumerable<RankedPlacing> ranked) => [.. ranked.Select(r => r.Placing)];

    private RigModel Sensor(
        RigModel rig, IReadOnlyList<TwinObservation> photographs, RankedPlacing[] placings, Vector3[] albedos, Vector3[] gains, int width, int height, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        int[] qualities = [.. photographs.Select(p => p.JpegQuality).OfType<int>().Order()];
        rig = rig with { Sensor = rig.Sensor with { JpegQuality = qualities.Length == 0 ? rig.Sensor.JpegQuality : qualities[qualities.Length / 2] } };
        int[] pick = [.. _options.Seed.For("sensor").At(0).Permutation("photographs", photographs.Count).Take(_options.SensorPhotographs)];
        using RenderPool pool = new(_scene, width, height, new RendererOptions());
        int done = 0, total = SensorFit.Generations * SensorFit.Population;
        SampledSensor found = new SensorFit(pool, _options.Compress).Fit(
            rig, [.. pick.Select(i => photographs[i])],
            [.. pick.Select(i => (rig with { Sensor = rig.Sensor with { Gains = gains[i] } }).With(photographs[i].Part, placings[i].Placing, albedos[i], _options.Seed.For("noise").At(i)))],
            _options.Seed.For("sensor"), () => progress.Report(new StageProgress("Sensor", Math.Min(++done, total), total)), cancel);
        progress.Report(new StageProgress("Sensor", total, total));
        return rig with { Sensor = found };
    }

    /// <returns>The rig under its lamps, how far off it is, and what thirds of the photographs alone say: the difference is what cannot be told.</returns>
    private (RigModel Rig, double Misfit, RigModel[] Others) Lamps(RigModel rig, LitPhotograph[] lit, RankedPlacing[] placings, RenderPool pool, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        const int Population = 12, Thirds = 3, Few = 5;
        // Those that the silhouettes fit best: a shadow falls where the part is.
        int[] order = [.. Enumerable.Range(0, lit.Length).OrderByDescending(i => placings[i].Overlap).Take(Math.Max(_options.LightPhotographs, lit.Length / 2))];
        Vector3[] gains = Exposures.AgainstEachOther(lit);
        int[] taken = [.. _options.Seed.For("lamps").At(0).Permutation("photographs", order.Length).Take(_options.LightPhotographs).Select(k => order[k])];
        foreach (int i in taken)
        {
            lit[i].Divide(gains[i]);
        }

        int few = Math.Min(Few, _options.LightGenerations), done = 0, total = Population * (_options.LightGenerations + (Thirds * few));
        double best = double.PositiveInfinity;
        (RigModel found, double misfit) = Fit(rig, [.. taken.Select(i => lit[i])], _options.LightGenerations, 1, "lamps");
        RigModel fitted = Under(found);
        RigModel[] others = taken.Length < Thirds ? [] : [.. Enumerable.Range(0, Thirds).Select(third => Under(Fit(fitted, [.. taken.Where((_, k) => k % Thirds == third).Select(i => lit[i])], few, 0.3, $"lamps {third}").Rig))];
        progress.Report(new StageProgress("Lamps", total, total, Note(misfit)));
        return (fitted, misfit, others);

        RigModel Under(RigModel lamps) => rig with { Lights = lamps.Lights, Radiance = lamps.Radiance, Ambient = lamps.Ambient, Sensor = rig.Sensor with { Vignette = lamps.Sensor.Vignette } };

        (RigModel Rig, double Misfit) Fit(RigModel start, LitPhotograph[] photographs, int generations, double width, string name) => new LightFit(start, photographs, pool).Fit(
            new CmaEsOptions { MaxGenerations = generations, Population = Population, Narrowest = 0.03 },
            width,
            _options.Seed.For(name),
            tried => progress.Report(new StageProgress("Lamps", Math.Min(++done, total - 1), total, Note(best = Math.Min(best, tried)))),
            cancel);

        static string Note(double misfit) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"off by {100 * misfit:F1}%");
    }

    /// <summary>
    /// How far the camera fitted to each item alone lies from the one fitted to all, as a standard deviation: what moved from one
    /// item to the next, and what so few photographs cannot tell.
    /// </summary>
    private double[] Spread(CameraPose camera, IReadOnlyList<TwinObservation> photographs, Placing[] placings, int width, int height, double lookAtHeight, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        int[][] groups = [.. Enumerable.Range(0, photographs.Count).GroupBy(i => (photographs[i].Part, photographs[i].Item)).Select(g => g.ToArray()).Where(g => g.Length >= LeastGroup)];
        List<double[]> off = [];
        for (int g = 0; g < groups.Length; g++)
        {
            CameraFit alone = new([.. groups[g].Select(i => photographs[i])], width, height, lookAtHeight);
            double[] found = alone.Improve(camera, [.. groups[g].Select(i => placings[i])], 0.25, _options.Seed.For($"group {g}"), cancel, lensToo: false).ToArray();
            off.Add([.. found.Zip(camera.ToArray(), (a, b) => Math.Abs(a - b))]);
            progress.Report(new StageProgress("Spread", g + 1, groups.Length));
        }

        return [.. Enumerable.Range(0, CameraPose.Steps.Length).Select(n => off.Count == 0 ? 0.1 * CameraPose.Steps[n] : 1.4826 * off.Select(o => o[n]).Order().ElementAt(off.Count / 2))];
    }

    /// <summary>The median light of what is beyond the table; null where nothing of it is seen.</summary>
    private static Vector3? Backdrop(IReadOnlyList<TwinObservation> photographs, Vector3[] gains, float contrast)
    {
        List<Vector3> seen = [];
        for (int i = 0; i < photographs.Count; i++)
        {
            float[] light = LightPicture.From(photographs[i].Picture, 1, contrast).Rgb;
            byte[] beyond = photographs[i].Beyond.ToPixels();
            for (int p = i % 7; p < beyond.Length; p += 7)
            {
                if (beyond[p] != 0)
                {
                    seen.Add(new Vector3(light[p * 3], light[(p * 3) + 1], light[(p * 3) + 2]) / gains[i]);
                }
            }
        }

        return seen.Count == 0 ? null : new Vector3(Median(seen.Select(s => (double)s.X)), Median(seen.Select(s => (double)s.Y)), Median(seen.Select(s => (double)s.Z)));
    }

    private static float Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (float)sorted[sorted.Length / 2];
    }

    private IEnumerable<FittedNumber> Numbers(RigModel rig, Vector3[] gains, double[] spread, RigModel[] others)
    {
        CameraPose c = rig.Camera;
        yield return Within("camera.elevationDegrees", c.ElevationDegrees, spread[0], 5, 89);
        yield return Within("camera.distanceMm", c.DistanceMm, spread[1], 20, 5000);
        yield return One("camera.azimuthDegrees", 0);
        yield return One("camera.verticalFieldOfViewDegrees", c.FieldOfViewDegrees);
        yield return Within("camera.rollDegrees", c.RollDegrees, spread[3], -180, 180);
        yield return Within("camera.lookAtXMm", c.LookAtXMm, spread[4], -500, 500);
        yield return Within("camera.lookAtYMm", c.LookAtYMm, spread[5], -500, 500);
        yield return One("camera.lookAtZMm", rig.LookAtHeight);
        yield return Within("table.radiusMm", c.RadiusMm, spread[6], 10, 2000);
        for (int i = 0; i < rig.Lights.Count; i++)
        {
            LightPose light = rig.Lights[i];
            yield return Within($"lights.{light.Name}.azimuthDegrees", light.AzimuthDegrees, Off(o => Angle.Difference(light.AzimuthDegrees, o.Lights[i].AzimuthDegrees)), -360, 360);
            yield return Within($"lights.{light.Name}.elevationDegrees", light.ElevationDegrees, Off(o => o.Lights[i].ElevationDegrees - light.ElevationDegrees), 5, 90);
            yield return Within($"lights.{light.Name}.distanceMm", light.DistanceMm, Off(o => o.Lights[i].DistanceMm - light.DistanceMm), 50, 5000);
            yield return Within($"lights.{light.Name}.radiusMm", light.RadiusMm, Off(o => o.Lights[i].RadiusMm - light.RadiusMm), 0, 1000);
            yield return Within($"lights.{light.Name}.intensity", Strength(rig.Radiance[i]), Off(o => Strength(o.Radiance[i]) - Strength(rig.Radiance[i])), 0, 20);
        }

        // What there are more of is in the light of those that were fitted.
        foreach (LightOptions light in _scene.Lights.Skip(rig.Lights.Count))
        {
            yield return One($"lights.{light.Name}.intensity", 0);
        }

        yield return Within("ambient.intensity", Strength(rig.Ambient), Off(o => Strength(o.Ambient) - Strength(rig.Ambient)), 0, 20);
        yield return Spread("sensor.exposure", gains.Select(g => (double)g.Y), 0.01, 100);
        yield return Spread("sensor.redGain", gains.Select(g => (double)(g.X / g.Y)), 0.2, 5);
        yield return Spread("sensor.blueGain", gains.Select(g => (double)(g.Z / g.Y)), 0.2, 5);
        yield return Within("sensor.vignette", rig.Sensor.Vignette, Off(o => o.Sensor.Vignette - rig.Sensor.Vignette), 0, 1);
        yield return One("sensor.blurPixels", rig.Sensor.BlurPixels);
        yield return One("sensor.sharpening", rig.Sensor.Sharpening);
        yield return One("sensor.shotNoise", rig.Sensor.ShotNoise);
        yield return One("sensor.readNoise", rig.Sensor.ReadNoise);
        yield return One("sensor.jpegQuality", rig.Sensor.JpegQuality);

        double Off(Func<RigModel, double> difference) => others.Length == 0 ? 0 : Math.Sqrt(others.Average(o => Math.Pow(difference(o), 2)));
    }

    /// <summary>
    /// Where parts lay. The middle of what is seen of a table need not be the axis that it turns around, so that places are as the camera
    /// sees them: how a part is turned is its yaw, and the table stands still.
    /// </summary>
    private static IEnumerable<FittedNumber> Placement(RankedPlacing[] placings) =>
    [
        Spread("placement.xMm", placings.Select(p => p.Placing.XMm), -500, 500),
        Spread("placement.yMm", placings.Select(p => p.Placing.YMm), -500, 500),
        One("placement.tableAzimuthDegrees", 0),
        One("table.eccentricityMm", 0),
    ];

    private static FittedNumber Within(string key, double value, double deviation, double low, double high)
    {
        double inside = Math.Clamp(value, low, high), most = 0.999 * Math.Min(inside - low, high - inside) / 3;
        return new(key, inside, Math.Min(deviation, most), most);
    }

    private static FittedNumber One(string key, double value) => new(key, value, 0, 0);

    private static IEnumerable<FittedColor> Colors(RigModel rig)
    {
        for (int i = 0; i < rig.Lights.Count; i++)
        {
            yield return new($"lights.{rig.Lights[i].Name}.color", ColorDistribution.ToHex(rig.Radiance[i] / Math.Max(1e-6f, Strength(rig.Radiance[i]))));
        }

        yield return new("backdrop.color", ColorDistribution.ToHex(rig.Backdrop));
        yield return new("ambient.color", ColorDistribution.ToHex(rig.Ambient / Math.Max(1e-6f, Strength(rig.Ambient))));
    }

    private static float Strength(Vector3 radiance) => MathF.Max(radiance.X, MathF.Max(radiance.Y, radiance.Z));

    private static FittedNumber Spread(string key, IEnumerable<double> values, double low, double high)
    {
        double[] all = [.. values];
        double mean = all.Average();
        return Within(key, mean, Math.Sqrt(all.Average(v => (v - mean) * (v - mean))), low, high);
    }
}
