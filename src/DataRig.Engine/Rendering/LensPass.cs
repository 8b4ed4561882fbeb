using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Graphics;
using Silk.NET.OpenGL;

namespace DataRig.Engine.Rendering;

/// <summary>Depth of field and the blur of a table that is not quite still. Does nothing for a pinhole and a still table.</summary>
internal sealed class LensPass : IDisposable
{
    /// <summary>No point becomes a larger disk than this share of the picture's height: the taps would lie too far apart.</summary>
    private const float WidestDisk = 0.06f;

    private readonly GlDevice _device;
    private readonly GlProgram _program;
    private readonly GlFramebuffer _target;

    public LensPass(GlDevice device, int width, int height)
    {
        _device = device;
        _program = new GlProgram(device, "Screen.vert.glsl", "Lens.frag.glsl");
        _target = new GlFramebuffer(device, "lens", width, height, SizedInternalFormat.Rgba16f);
    }

    /// <returns>What falls onto the sensor: the sharp picture itself where nothing blurs it.</returns>
    public GlTexture Draw(SampledScene scene, View view, GlTexture sharp, PartPass parts)
    {
        if (scene.Camera.ApertureMm == 0 && scene.TurnWhileExposedDegrees == 0)
        {
            return sharp;
        }

        float focus = Vector3.Dot(scene.Camera.LookAt - view.Eye, view.Forward) + (float)scene.Camera.FocusOffsetMm;
        _target.Bind();
        _program.Use();
        sharp.Bind(0);
        parts.Parts.Bind(1);
        _program.Set("sharp", 0);
        _program.Set("parts", 1);
        view.Set(_program);
        _program.Set("toClip", view.ViewProjection);
        _program.Set("table", new Vector3(scene.Table.Middle, scene.Table.Radius));
        _program.Set("height", scene.Entities.Count == 0 ? 0 : Vector3.Transform(scene.Subject.Model.Center, scene.Subject.Transform).Z);
        _program.Set("lens", new Vector3((float)(view.Intrinsics.FocalX * scene.Camera.ApertureMm), 1 / MathF.Max(focus, 1), WidestDisk * view.Height));
        _program.Set("turn", (float)Angle.ToRadians(scene.TurnWhileExposedDegrees));
        _device.Gl.DrawArrays(PrimitiveType.Triangles, 0, 3);
        _device.CheckErrors("the lens pass");
        return _target.Color;
    }

    public void Dispose()
    {
        _program.Dispose();
        _target.Dispose();
    }
}
