using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Graphics;
using Silk.NET.OpenGL;

namespace DataRig.Engine.Rendering;

/// <summary>Draws table and backdrop by arithmetic, with the shadows on the table, and lays the parts over them.</summary>
internal sealed class TablePass : IDisposable
{
    /// <summary>How much light a part's sides get of what the table gets: they see the half of it.</summary>
    private const float SideLight = 0.5f;

    private readonly GlDevice _device;
    private readonly GlProgram _program;
    private readonly GlFramebuffer _target;
    private readonly GlTexture _grain;

    public TablePass(GlDevice device, int width, int height)
    {
        _device = device;
        _program = new GlProgram(device, "Screen.vert.glsl", "Table.frag.glsl", "Lighting.glsl");
        _grain = Grain(device);
        _target = new GlFramebuffer(device, "radiance", width, height, SizedInternalFormat.Rgba16f, linear: true);
    }

    /// <summary>What comes through the lens, linear, in units of white.</summary>
    public GlTexture Radiance => _target.Color;

    public void Draw(SampledScene scene, View view, LightSet lights, ShadowPass shadows, PartPass parts)
    {
        _target.Bind();
        _device.Gl.Disable(EnableCap.DepthTest);
        _device.Gl.Disable(EnableCap.CullFace);
        _program.Use();
        parts.Parts.Bind(0);
        shadows.Lights.Bind(1);
        shadows.Sky.Bind(2);
        _grain.Bind(3);
        _program.Set("grain", 3);
        _program.Set("parts", 0);
        _program.Set("lightReach", 1);
        _program.Set("skyShadow", 2);
        view.Set(_program);
        (int left, int top, int right, int bottom) = parts.Drawn;
        _program.Set("drawn", new Vector4(left, top, right, bottom));
        _program.Set("region", shadows.Region);
        _program.Set("table", new Vector3(scene.Table.Middle, scene.Table.Radius));
        _program.Set("tableColor", scene.Table.Color);
        (double sin, double cos) = Math.SinCos(Angle.ToRadians(scene.TableAzimuthDegrees));
        _program.Set("mottle", new Vector3(scene.Table.Mottle, (float)cos, (float)sin));
        _program.Set("bounce", (scene.Entities.Count == 0 ? Vector3.Zero : scene.Subject.Color * lights.TableRadiance * SideLight));
        _program.Set("backdrop", scene.Backdrop.Color);
        _program.Set("clutter", new Vector3(scene.Backdrop.Clutter, scene.Backdrop.Place.X, scene.Backdrop.Place.Y));
        lights.Set(_program, Matrix4x4.Identity);
        _device.Gl.DrawArrays(PrimitiveType.Triangles, 0, 3);
        _device.CheckErrors("the table pass");
    }

    public void Dispose()
    {
        _program.Dispose();
        _grain.Dispose();
        _target.Dispose();
    }

    /// <summary>The same in every scene; scenes only move and stretch it.</summary>
    private static GlTexture Grain(GlDevice device)
    {
        const int Size = 128;
        ulong state = 1;
        byte[] values = new byte[Size * Size];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (byte)(Draws.SplitMix(ref state) >> 56);
        }

        GlTexture grain = new(device, "grain", Size, Size, SizedInternalFormat.R8, linear: true);
        grain.Fill(PixelFormat.Red, values);
        grain.Repeat();
        return grain;
    }
}
