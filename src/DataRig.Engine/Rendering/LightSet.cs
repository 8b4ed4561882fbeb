using System.Numerics;
using DataRig.Engine.Graphics;

namespace DataRig.Engine.Rendering;

/// <summary>A scene's lights as shaders take them (Lighting.glsl).</summary>
internal sealed class LightSet
{
    private readonly SampledScene _scene;
    private readonly Vector4[] _radiance;

    public LightSet(SampledScene scene)
    {
        _scene = scene;
        _radiance = [.. scene.Lights.Select(l => new Vector4(l.Radiance, l.Position.LengthSquared()))];
        Vector3 level = scene.Ambient;
        foreach (SampledLight light in scene.Lights)
        {
            level += light.Radiance * (light.Position.Z / light.Position.Length());
        }

        TableRadiance = level * scene.Table.Color;
    }

    /// <summary>What the table sends back from its middle.</summary>
    public Vector3 TableRadiance { get; }

    /// <param name="program">In use.</param>
    /// <param name="toFrame">From the world to the frame that the program works in.</param>
    public void Set(GlProgram program, Matrix4x4 toFrame)
    {
        Span<Vector4> places = stackalloc Vector4[_scene.Lights.Count];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = new Vector4(Vector3.Transform(_scene.Lights[i].Position, toFrame), _scene.Lights[i].Radius);
        }

        program.Set("lightCount", places.Length);
        program.Set("lightPlace[0]", places);
        program.Set("lightRadiance[0]", _radiance);
        program.Set("ambient", _scene.Ambient);
    }
}
