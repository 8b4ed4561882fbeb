using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>What exposure and white balance did to each photograph: cameras do both by themselves unless they are told not to.</summary>
internal static class Exposures
{
    /// <summary>Against the rig as it is known, each channel: how much brighter the table is than it would be drawn.</summary>
    public static Vector3[] Of(RigModel rig, IReadOnlyList<TwinObservation> photographs, IReadOnlyList<Placing> placings, RenderPool pool, int bin)
    {
        RigModel clean = rig.Clean();
        clean = clean with { Sensor = clean.Sensor with { Vignette = rig.Sensor.Vignette } };
        Vector3[] gains = new Vector3[photographs.Count];
        RenderedFrame[] drawn = pool.Render(photographs.Select((p, i) => clean.With(p.Part, placings[i], new Vector3(0.2f), new Seed(0).At(0))));
        for (int i = 0; i < gains.Length; i++)
        {
            TablePhotograph table = new(photographs[i], placings[i], Vector3.Zero, bin);
            gains[i] = table.Level / table.LevelIn(LightPicture.From(drawn[i].Picture, 1));
        }

        return gains;
    }

    /// <summary>Against the median of all, where the rig is not known yet.</summary>
    public static Vector3[] AgainstEachOther(IReadOnlyList<TwinObservation> photographs, IReadOnlyList<Placing> placings, int bin)
    {
        Vector3[] levels = [.. photographs.Select((p, i) => new TablePhotograph(p, placings[i], Vector3.Zero, bin).Level)];
        Vector3 middle = new(Median(levels.Select(l => l.X)), Median(levels.Select(l => l.Y)), Median(levels.Select(l => l.Z)));
        return [.. levels.Select(l => l / middle)];
    }

    private static float Median(IEnumerable<float> values)
    {
        float[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
