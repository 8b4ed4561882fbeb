using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>Finds the camera's sharpness and noise: those that make renderings of the same parts as sharp and as noisy as the photographs.</summary>
internal sealed class SensorFit(RenderPool pool, Func<Picture, int, Picture> compress)
{
    /// <summary>How much further the noise in the dark is below that at white, where the photographs do not tell.</summary>
    private const float ReadOfShot = 0.25f;

    /// <param name="rig">As it is known so far.</param>
    /// <param name="photographs">Some of them.</param>
    /// <param name="scenes">The same parts as they lie, each under its photograph's exposure.</param>
    /// <param name="seed">Of the search.</param>
    /// <param name="report">Told of each generation.</param>
    /// <param name="cancel">Looked at often.</param>
    public SampledSensor Fit(RigModel rig, IReadOnlyList<TwinObservation> photographs, IReadOnlyList<SampledScene> scenes, Seed seed, Action report, CancellationToken cancel)
    {
        (double Width, double Overshoot, double Noise) wanted = Measure(photographs, [.. photographs.Select(p => p.Picture)]);
        CmaEsResult found = CmaEs.Minimize(
            numbers =>
            {
                report();
                SampledSensor tried = Of(rig.Sensor, numbers);
                RenderedFrame[] drawn = pool.Render(scenes.Select(s => s with { Sensor = tried with { Gains = s.Sensor.Gains } }));
                (double width, double overshoot, double noise) = Measure(photographs, [.. drawn.Select(d => compress(d.Picture, rig.Sensor.JpegQuality))]);
                double sharp = Math.Log(width / wanted.Width), over = overshoot - wanted.Overshoot, grain = Math.Log(Math.Max(noise, 0.02) / Math.Max(wanted.Noise, 0.02));
                return (4 * sharp * sharp) + (4 * over * over) + (grain * grain);
            },
            [rig.Sensor.BlurPixels, rig.Sensor.Sharpening, Math.Log(Math.Max(1e-4, rig.Sensor.ShotNoise))],
            [0.15, 0.2, 0.6],
            new CmaEsOptions { Population = Population, MaxGenerations = Generations, Narrowest = 0.05 },
            seed,
            cancel);
        return Of(rig.Sensor, found.Point);
    }

    public const int Population = 6, Generations = 10;

    private static SampledSensor Of(SampledSensor sensor, double[] numbers)
    {
        float shot = (float)Math.Clamp(Math.Exp(numbers[2]), 0, 0.1);
        return sensor with
        {
            BlurPixels = (float)Math.Clamp(numbers[0], 0, 0.7), Sharpening = (float)Math.Clamp(numbers[1], 0, 3), ShotNoise = shot, ReadNoise = ReadOfShot * shot,
        };
    }

    /// <summary>Medians over the pictures, each measured along its photograph's outline and on its open table.</summary>
    private static (double Width, double Overshoot, double Noise) Measure(IReadOnlyList<TwinObservation> photographs, Picture[] pictures)
    {
        List<EdgeProfile> edges = [];
        List<double> noise = [];
        for (int i = 0; i < pictures.Length; i++)
        {
            if (EdgeProfile.Of(pictures[i], photographs[i].PartMask.ToPixels()) is { } edge)
            {
                edges.Add(edge);
            }

            noise.Add(Grain.Of(pictures[i], OpenTable.Of(photographs[i], 4)));
        }

        return edges.Count == 0 ? (1, 0, Median(noise)) : (Median(edges.Select(e => e.Width)), Median(edges.Select(e => e.Overshoot)), Median(noise));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
