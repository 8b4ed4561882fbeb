using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>What exposure and white balance did to each photograph: cameras do both by themselves unless they are told not to.</summary>
internal static class Exposures
{
    /// <summary>How much brighter each photograph's table is than the rig would show it, each channel.</summary>
    public static Vector3[] Of(RigModel rig, IReadOnlyList<LitPhotograph> lit, RenderPool pool)
    {
        RigModel clean = rig.Clean();
        clean = clean with { Sensor = clean.Sensor with { Vignette = rig.Sensor.Vignette } };
        RenderedFrame[] drawn = pool.Render(lit.Select(l => clean.With(l.Part, l.Placing, new Vector3(0.2f), new Seed(0).At(0))));
        return [.. lit.Select((l, i) => l.Level / l.LevelIn(LightPicture.From(drawn[i].Picture, 1, 0)))];
    }

    /// <summary>How much brighter each photograph's table is than the median of all, where the rig is not known yet.</summary>
    public static Vector3[] AgainstEachOther(IReadOnlyList<LitPhotograph> lit)
    {
        Vector3 middle = new(Median(lit.Select(l => l.Level.X)), Median(lit.Select(l => l.Level.Y)), Median(lit.Select(l => l.Level.Z)));
        return [.. lit.Select(l => l.Level / middle)];
    }

    private static float Median(IEnumerable<float> values)
    {
        float[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
