using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Graphics;
using Silk.NET.OpenGL;

namespace DataRig.Engine.Rendering;

/// <summary>Draws the parts with several samples a pixel, and nothing else: what lies behind has no edges to smooth there.</summary>
internal sealed class PartPass : IDisposable
{
    private readonly GlDevice _device;
    private readonly GlProgram _program;
    private readonly GlProgram _textured;
    private readonly Dictionary<Picture, GlTexture> _textures = [];
    private readonly GlFramebuffer _target;
    private readonly int _supersampling;

    public PartPass(GlDevice device, int width, int height, int supersampling)
    {
        _device = device;
        _supersampling = supersampling;
        _program = new GlProgram(device, "Part.vert.glsl", "Part.frag.glsl", "Lighting.glsl", "Plain.glsl");
        _textured = new GlProgram(device, "Part.vert.glsl", "Part.frag.glsl", "Lighting.glsl", "Textured.glsl");
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
        if (scene.Hiding is { } table)
        {
            // Into the depth alone: what is behind the table leaves no colour.
            gl.ColorMask(false, false, false, false);
            _program.Use();
            _program.Set("toClip", table.Transform * view.ViewProjection);
            meshOf(table).Draw();
            gl.ColorMask(true, true, true, true);
        }

        foreach (SampledBody body in scene.Bodies)
        {
            GlProgram program = Choose(body);
            Matrix4x4.Invert(body.Transform, out Matrix4x4 toPart);
            lights.Set(program, toPart);
            program.Set("tableRadiance", lights.TableRadiance);
            program.Set("toClip", body.Transform * view.ViewProjection);
            program.Set("up", new Vector4(Vector3.TransformNormal(Vector3.UnitZ, toPart), body.Transform.Translation.Z));
            program.Set("eye", Vector3.Transform(view.Eye, toPart));
            program.Set("albedo", body.Color);
            program.Set("roughness", body.Roughness);
            program.Set("specular", body.Specular);
            meshOf(body).Draw();
        }

        gl.Disable(EnableCap.ScissorTest);
        _device.CheckErrors("the part pass");
    }

    public void Dispose()
    {
        _program.Dispose();
        _textured.Dispose();
        _target.Dispose();
        foreach (GlTexture texture in _textures.Values)
        {
            texture.Dispose();
        }
    }

    /// <summary>The program that a body is drawn with, in use.</summary>
    private GlProgram Choose(SampledBody body)
    {
        if (body.Texture is not var (picture, width))
        {
            _program.Use();
            return _program;
        }

        if (!_textures.TryGetValue(picture, out GlTexture? texture))
        {
            int levels = 1 + (int)Math.Log2(Math.Max(picture.Width, picture.Height));
            texture = new GlTexture(_device, "texture", picture.Width, picture.Height, SizedInternalFormat.Srgb8Alpha8, linear: true, levels);
            texture.Fill(PixelFormat.Rgba, Opaque(picture));
            texture.Repeat();
            texture.MakeLevels();
            _textures.Add(picture, texture);
        }

        _textured.Use();
        texture.Bind(0);
        _textured.Set("picture", 0);
        _textured.Set("pictureSize", new Vector2(width, width * picture.Height / picture.Width));
        return _textured;
    }

    /// <summary>With a fourth channel: levels are made of textures that could be drawn into, and those have four.</summary>
    private static byte[] Opaque(Picture picture)
    {
        byte[] rgba = new byte[picture.Width * picture.Height * 4];
        for (int from = 0, to = 0; from < picture.Rgb.Length; from += 3, to += 4)
        {
            (rgba[to], rgba[to + 1], rgba[to + 2], rgba[to + 3]) = (picture.Rgb[from], picture.Rgb[from + 1], picture.Rgb[from + 2], 255);
        }

        return rgba;
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
