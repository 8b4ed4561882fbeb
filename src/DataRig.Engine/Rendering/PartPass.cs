using System.Numerics;
using DataRig.Engine.Graphics;
using Silk.NET.OpenGL;

namespace DataRig.Engine.Rendering;

/// <summary>Draws the parts with several samples a pixel, and nothing else: what lies behind has no edges to smooth there.</summary>
internal sealed class PartPass : IDisposable
{
    private readonly GlDevice _device;
    private readonly GlProgram _program;
    private readonly GlFramebuffer _target;
    private readonly int _supersampling;

    public PartPass(GlDevice device, int width, int height, int supersampling)
    {
        _device = device;
        _supersampling = supersampling;
        _program = new GlProgram(device, "Part.vert.glsl", "Part.frag.glsl", "Lighting.glsl");
        _target = new GlFramebuffer(device, "parts", width * supersampling, height * supersampling, SizedInternalFormat.Rgba16f, linear: true, depth: true);
    }

    /// <summary>Radiance premultiplied by coverage, supersampled.</summary>
    public GlTexture Parts => _target.Color;

    /// <summary>The rectangle of pixels outside of which there is no part: least x and y, largest x and y.</summary>
    public (int Left, int Top, int Right, int Bottom) Drawn { get; private set; }

    public void Draw(SampledScene scene, View view, LightSet lights, Func<SampledBody, PartMesh> meshOf)
    {
        GL gl = _device.Gl;
        Drawn = Cover(scene, view);
        _target.Bind();
        gl.Enable(EnableCap.ScissorTest);
        gl.Scissor(Drawn.Left * _supersampling, Drawn.Top * _supersampling, (uint)((Drawn.Right - Drawn.Left) * _supersampling), (uint)((Drawn.Bottom - Drawn.Top) * _supersampling));
        gl.ClearColor(0, 0, 0, 0);
        gl.ClearDepth(1f);
        gl.Enable(EnableCap.DepthTest);
        gl.DepthMask(true);
        gl.DepthFunc(DepthFunction.Less);
        gl.Enable(EnableCap.CullFace);
        gl.FrontFace(FrontFaceDirection.CW); // the view's rows run downwards, which turns every triangle over
        gl.Clear(ClearBufferMask.ColorBufferBit | ClearBufferMask.DepthBufferBit);
        _program.Use();
        _program.Set("tableRadiance", lights.TableRadiance);
        foreach (SampledBody body in scene.Bodies)
        {
            Matrix4x4.Invert(body.Transform, out Matrix4x4 toPart);
            lights.Set(_program, toPart);
            _program.Set("toClip", body.Transform * view.ViewProjection);
            _program.Set("up", new Vector4(Vector3.TransformNormal(Vector3.UnitZ, toPart), body.Transform.Translation.Z));
            _program.Set("eye", Vector3.Transform(view.Eye, toPart));
            _program.Set("albedo", body.Color);
            _program.Set("roughness", body.Roughness);
            _program.Set("specular", body.Specular);
            meshOf(body).Draw();
        }

        gl.Disable(EnableCap.ScissorTest);
        _device.CheckErrors("the part pass");
    }

    public void Dispose()
    {
        _program.Dispose();
        _target.Dispose();
    }

    private static (int Left, int Top, int Right, int Bottom) Cover(SampledScene scene, View view)
    {
        Vector2 low = new(view.Width, view.Height), high = Vector2.Zero;
        foreach (SampledBody body in scene.Bodies)
        {
            foreach (Vector3 point in body.Model.Corners)
            {
                (Vector2 pixel, bool ahead) = view.Project(Vector3.Transform(point, body.Transform));
                if (!ahead)
                {
                    return (0, 0, view.Width, view.Height);
                }

                (low, high) = (Vector2.Min(low, pixel), Vector2.Max(high, pixel));
            }
        }

        return (Math.Clamp((int)low.X - 3, 0, view.Width), Math.Clamp((int)low.Y - 3, 0, view.Height),
            Math.Clamp((int)high.X + 4, 0, view.Width), Math.Clamp((int)high.Y + 4, 0, view.Height));
    }
}
