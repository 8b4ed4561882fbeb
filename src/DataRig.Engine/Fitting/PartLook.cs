using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>What parts look like under the lamps found: the colour of each item, and which of the ways in which a part may lie looks like the photograph.</summary>
internal sealed class PartLook(RigModel rig, RenderPool pool, int bin)
{
    /// <summary>Greys that a part is drawn in to see how bright each makes it.</summary>
    private static readonly float[] Greys = [0.02f, 0.12f, 0.4f, 0.85f];

    /// <summary>How much a difference of looks counts against a difference of outlines.</summary>
    private const double LookWeight = 1.5;

    private readonly RigModel _rig = rig with { Sensor = rig.Clean().Sensor with { Vignette = rig.Sensor.Vignette }, Typical = rig.Clean().Typical };

    /// <summary>The albedo that makes a part as bright as it is, channel by channel; see <see cref="OfItems"/>.</summary>
    /// <param name="photograph">What was seen.</param>
    /// <param name="placing">How the part lies.</param>
    /// <param name="gains">Of this photograph's exposure and white balance.</param>
    public Vector3 Albedo(TwinObservation photograph, Placing placing, Vector3 gains)
    {
        LightPicture seen = LightPicture.From(photograph.Picture, bin, rig.Sensor.Contrast);
        RenderedFrame[] drawn = pool.Render(Greys.Select(g => _rig.With(photograph.Part, placing, new Vector3(g), new Seed(0).At(0))));
        int[] shared = Shared(photograph, drawn[0], seen.Width, seen.Height);
        LightPicture[] lights = [.. drawn.Select(d => LightPicture.From(d.Picture, 1, 0))];
        Vector3 albedo = Vector3.Zero;
        for (int channel = 0; channel < 3; channel++)
        {
            double wanted = Median(seen, shared, channel) / gains[channel];
            double[] steps = [.. lights.Select(l => Median(l, shared, channel))];
            int above = Math.Clamp(Array.FindIndex(steps, s => s > wanted) is >= 0 and int i ? i : steps.Length - 1, 1, steps.Length - 1);
            double share = (wanted - steps[above - 1]) / Math.Max(1e-6, steps[above] - steps[above - 1]);
            albedo[channel] = (float)Math.Clamp(Greys[above - 1] + (share * (Greys[above] - Greys[above - 1])), 0.001, 0.95);
        }

        return albedo;
    }

    /// <summary>The median colour of each item over its photographs: plastic does not change from one to the next.</summary>
    public IReadOnlyDictionary<(PartId Part, ItemId Item), Vector3> OfItems(IReadOnlyList<TwinObservation> photographs, IReadOnlyList<Placing> placings, IReadOnlyList<Vector3> gains, CancellationToken cancel)
    {
        Dictionary<(PartId, ItemId), List<Vector3>> all = [];
        for (int i = 0; i < photographs.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            if (!all.TryGetValue((photographs[i].Part, photographs[i].Item), out List<Vector3>? item))
            {
                all.Add((photographs[i].Part, photographs[i].Item), item = []);
            }

            item.Add(Albedo(photographs[i], placings[i], gains[i]));
        }

        return all.ToDictionary(a => a.Key, a => new Vector3(Middle(a.Value, 0), Middle(a.Value, 1), Middle(a.Value, 2)));

        static float Middle(List<Vector3> colors, int channel) => colors.Select(c => c[channel]).Order().ElementAt(colors.Count / 2);
    }

    /// <summary>Of the ways in which a part may lie, the one that looks most like the photograph, which an outline alone does not tell.</summary>
    public RankedPlacing Choose(TwinObservation photograph, IReadOnlyList<RankedPlacing> possible, Vector3 albedo)
    {
        LightPicture seen = LightPicture.From(photograph.Picture, bin, rig.Sensor.Contrast);
        RenderedFrame[] drawn = pool.Render(possible.Select(p => _rig.With(photograph.Part, p.Placing, albedo, new Seed(0).At(0))));
        return possible.Select((p, i) => (Ranked: p, Score: p.Overlap - (LookWeight * Difference(seen, LightPicture.From(drawn[i].Picture, 1, 0), Shared(photograph, drawn[i], seen.Width, seen.Height)))))
            .MaxBy(s => s.Score).Ranked;
    }

    /// <summary>The mean difference of brightness, as the eye takes it, once each channel's median is the same.</summary>
    private static double Difference(LightPicture seen, LightPicture drawn, int[] shared)
    {
        double sum = 0;
        for (int channel = 0; channel < 3; channel++)
        {
            double gain = Math.Max(1e-4, Median(seen, shared, channel)) / Math.Max(1e-4, Median(drawn, shared, channel));
            foreach (int i in shared)
            {
                double a = seen.Rgb[(i * 3) + channel], b = drawn.Rgb[(i * 3) + channel] * gain;
                sum += double.IsNaN(a + b) ? 0 : Math.Abs(Math.Sqrt(a) - Math.Sqrt(b));
            }
        }

        return sum / Math.Max(1, 3 * shared.Length);
    }

    private static double Median(LightPicture light, int[] pixels, int channel)
    {
        float[] sorted = [.. pixels.Select(i => light.Rgb[(i * 3) + channel]).Where(v => !float.IsNaN(v)).Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }

    /// <summary>The pixels where the part is both in the photograph and in the rendering.</summary>
    private static int[] Shared(TwinObservation photograph, RenderedFrame drawn, int width, int height)
    {
        byte[] seen = SilhouetteSeen.Shares(photograph.PartMask.ToPixels(), photograph.PartMask.Width, photograph.PartMask.Height, width, height, s => s > 0.99);
        byte[] there = drawn.Annotations.Count > 0 ? drawn.Annotations[0].Mask!.ToPixels() : new byte[width * height];
        return [.. Enumerable.Range(0, seen.Length).Where(i => (seen[i] & there[i]) != 0)];
    }
}
