using System.Numerics;
using System.Runtime.InteropServices;
using DataRig.Engine.Graphics;
using Silk.NET.OpenGL;

namespace DataRig.Engine.Rendering;

/// <summary>
/// How much of each light, and of the sky, the parts hide from each place of the table. The table is a plane, so a
/// part's shadow from one point of a light is its outline projected onto it: each of many points over the light adds
/// its share to a small map of the table, one colour channel a light; the sky has a map of its own. The penumbra
/// comes out as it is, at the price of a few hundred triangles a point. Shiny sides that stand on the table mirror light
/// down before their feet; that is found the same way, from the lights' mirror images.
/// </summary>
internal sealed class ShadowPass : IDisposable
{
    public const int MaxSamples = 32;

    private const int SkySamples = 24;
    private const int MirrorSamples = 8;
    private const int Size = 96;
    private const float Reach = 90;

    private readonly GlDevice _device;
    private readonly int _samples;
    private readonly GlProgram _program;
    private readonly GlProgram _soften;
    private readonly GlProgram _mirror;
    private readonly GlProgram _reach;
    private readonly GlFramebuffer _lights;
    private readonly GlFramebuffer _sky;
    private readonly GlFramebuffer _raw;
    private readonly GlFramebuffer _mirrored;
    private readonly GlBuffer<MirrorCorner> _sides;
    private readonly GlVertexArray _sidesLayout;
    private readonly GlBuffer<Vector3> _outline;
    private readonly GlBuffer<int> _triangles;
    private readonly GlVertexArray _layout;
    private readonly Vector4[] _points = new Vector4[MaxSamples * Scene.MaxLights];

    public ShadowPass(GlDevice device, int samples)
    {
        _device = device;
        _samples = samples;
        _program = new GlProgram(device, "Shadow.vert.glsl", "Shadow.frag.glsl");
        _soften = new GlProgram(device, "Screen.vert.glsl", "Soften.frag.glsl", "Surroundings.glsl");
        _mirror = new GlProgram(device, "Mirrored.vert.glsl", "Shadow.frag.glsl");
        _reach = new GlProgram(device, "Screen.vert.glsl", "Reach.frag.glsl", "Surroundings.glsl");
        _mirrored = new GlFramebuffer(device, "mirrored light", Size, Size, SizedInternalFormat.Rgba8, linear: true);
        _sidesLayout = new GlVertexArray(device, "shiny sides");
        _sides = new GlBuffer<MirrorCorner>(device, "shiny sides", BufferTargetARB.ArrayBuffer, [default], BufferUsageARB.StreamDraw);
        _sidesLayout.Describe(_sides, 3, 3, 2);
        _raw = new GlFramebuffer(device, "raw shadows", Size, Size, SizedInternalFormat.Rgba8, linear: true, depth: true);
        _lights = new GlFramebuffer(device, "reaching light", Size, Size, SizedInternalFormat.Rgba8, linear: true);
        _sky = new GlFramebuffer(device, "sky shadow", Size, Size, SizedInternalFormat.Rgba8, linear: true);
        _layout = new GlVertexArray(device, "outlines");
        _outline = new GlBuffer<Vector3>(device, "outlines", BufferTargetARB.ArrayBuffer, [default], BufferUsageARB.StreamDraw);
        _layout.Describe(_outline, 3);
        _triangles = new GlBuffer<int>(device, "outlines", BufferTargetARB.ElementArrayBuffer, [default], BufferUsageARB.StreamDraw);
    }

    /// <summary>Half of how much of each light comes to a place, a channel a light.</summary>
    public GlTexture Lights => _lights.Color;

    /// <summary>The hidden share of the sky, in red.</summary>
    public GlTexture Sky => _sky.Color;

    /// <summary>What the maps cover: the least x and y, and the size, in mm.</summary>
    public Vector4 Region { get; private set; }

    public void Draw(SampledScene scene)
    {
        (List<Vector3> outline, List<int> triangles) = Outlines(scene);
        _layout.Bind();
        _outline.Replace(CollectionsMarshal.AsSpan(outline));
        _triangles.Replace(CollectionsMarshal.AsSpan(triangles));
        Region = Cover(scene, outline);

        DrawMirrored(scene);
        Draw(Aim(scene, _samples), 1f / _samples);
        Combine(_lights, _reach, ("hidden", _raw), ("mirrored", _mirrored));
        for (int i = 0; i < SkySamples; i++)
        {
            // By cosine: the sky counts at the table as it lights it.
            Vector2 at = Sunflower(i, SkySamples);
            _points[i] = new Vector4(at, MathF.Sqrt(1 - at.LengthSquared()), -1);
        }

        Draw(SkySamples, 1f / SkySamples);
        Combine(_sky, _soften, ("map", _raw));
        _device.CheckErrors("the shadow pass");
    }

    public void Dispose()
    {
        _program.Dispose();
        _soften.Dispose();
        _mirror.Dispose();
        _reach.Dispose();
        _raw.Dispose();
        _mirrored.Dispose();
        _sidesLayout.Dispose();
        _sides.Dispose();
        _lights.Dispose();
        _sky.Dispose();
        _layout.Dispose();
        _outline.Dispose();
        _triangles.Dispose();
    }

    /// <summary>Fills in points spread over each light.</summary>
    /// <returns>How many.</returns>
    private int Aim(SampledScene scene, int samples)
    {
        int count = 0;
        for (int light = 0; light < scene.Lights.Count; light++)
        {
            SampledLight lamp = scene.Lights[light];
            (Vector3 u, Vector3 v) = Geometry.MeshBuilder.Basis(Vector3.Normalize(lamp.Position));
            for (int i = 0; i < samples; i++)
            {
                Vector2 at = Sunflower(i, samples) * lamp.Radius;
                _points[count++] = new Vector4(lamp.Position + (u * at.X) + (v * at.Y), light);
            }
        }

        return count;
    }

    private void DrawMirrored(SampledScene scene)
    {
        GL gl = _device.Gl;
        List<MirrorCorner> sides = MirrorCorner.Of(scene);
        _mirrored.Bind();
        gl.ClearColor(0, 0, 0, 0);
        gl.Clear(ClearBufferMask.ColorBufferBit);
        int points = Aim(scene, MirrorSamples);
        if (sides.Count == 0 || points == 0)
        {
            return;
        }

        _sidesLayout.Bind();
        _sides.Replace(CollectionsMarshal.AsSpan(sides));
        gl.Disable(EnableCap.DepthTest);
        gl.Disable(EnableCap.CullFace);
        gl.Enable(EnableCap.Blend);
        gl.BlendFunc(BlendingFactor.One, BlendingFactor.One);
        _mirror.Use();
        _mirror.Set("region", Region);
        _mirror.Set("points[0]", _points.AsSpan(0, points));
        _mirror.Set("share", 1f / MirrorSamples);
        gl.DrawArraysInstanced(PrimitiveType.Triangles, 0, (uint)sides.Count, (uint)points);
        gl.Disable(EnableCap.Blend);
    }

    private unsafe void Draw(int points, float share)
    {
        GL gl = _device.Gl;
        _raw.Bind();
        gl.ClearColor(0, 0, 0, 0);
        gl.ClearDepth(1f);
        gl.DepthMask(true);
        gl.Clear(ClearBufferMask.ColorBufferBit | ClearBufferMask.DepthBufferBit);
        // Each point draws nearer than the one before, so the first of its triangles at a texel passes and its
        // others fail: a point counts once, however many triangles lie over each other.
        gl.Enable(EnableCap.DepthTest);
        gl.DepthFunc(DepthFunction.Less);
        gl.FrontFace(FrontFaceDirection.CW);
        gl.Enable(EnableCap.CullFace); // a closed outline's near side covers all that its far side does
        gl.Enable(EnableCap.Blend);
        gl.BlendFunc(BlendingFactor.One, BlendingFactor.One);
        _program.Use();
        _program.Set("region", Region);
        _program.Set("points[0]", _points.AsSpan(0, points));
        _program.Set("pointCount", (float)points);
        _program.Set("share", share);
        _layout.Bind();
        gl.DrawElementsInstanced(PrimitiveType.Triangles, (uint)_triangles.Count, DrawElementsType.UnsignedInt, null, (uint)points);
        gl.Disable(EnableCap.Blend);
        gl.Disable(EnableCap.DepthTest);
        gl.Disable(EnableCap.CullFace);
    }

    private void Combine(GlFramebuffer target, GlProgram program, params ReadOnlySpan<(string Name, GlFramebuffer Map)> maps)
    {
        target.Bind();
        program.Use();
        for (int i = 0; i < maps.Length; i++)
        {
            maps[i].Map.Color.Bind(i);
            program.Set(maps[i].Name, i);
        }

        _device.Gl.DrawArrays(PrimitiveType.Triangles, 0, 3);
    }

    private static (List<Vector3> Corners, List<int> Triangles) Outlines(SampledScene scene)
    {
        List<Vector3> corners = [];
        List<int> triangles = [];
        foreach (SampledBody body in scene.Bodies.Where(b => b.CastsShadow))
        {
            Geometry.Mesh mesh = body.Model.Outline;
            int first = corners.Count;
            corners.AddRange(mesh.Positions.Select(p => Vector3.Transform(p, body.Transform)));
            Span<Vector3> own = CollectionsMarshal.AsSpan(corners)[first..];
            float highest = float.MinValue;
            foreach (ref Vector3 corner in own)
            {
                // What is below the table throws nothing onto it; what reaches up from there does from its foot.
                highest = MathF.Max(highest, corner.Z);
                corner.Z = MathF.Max(corner.Z, 0);
            }

            if (highest <= 0)
            {
                corners.RemoveRange(first, own.Length);
                continue;
            }

            triangles.AddRange(mesh.Indices.Select(i => first + i));
        }

        return (corners, triangles);
    }

    /// <summary>The rectangle that the shadows fall into, as far as it is near the table's middle.</summary>
    private static Vector4 Cover(SampledScene scene, List<Vector3> outline)
    {
        Vector2 low = new(float.MaxValue), high = new(float.MinValue);
        foreach (Vector3 point in outline)
        {
            // The sky reaches some millimetres around; each light as far as its edge throws the point.
            Vector2 foot = new(point.X, point.Y);
            Vector2 around = new(6 + point.Z);
            (low, high) = (Vector2.Min(low, foot - around), Vector2.Max(high, foot + around));
            foreach (SampledLight light in scene.Lights)
            {
                float over = MathF.Max(light.Position.Z - light.Radius - point.Z, 1);
                Vector2 thrown = foot + ((foot - new Vector2(light.Position.X, light.Position.Y)) * (point.Z / over));
                Vector2 soft = new(light.Radius * point.Z / over);
                (low, high) = (Vector2.Min(low, thrown - soft), Vector2.Max(high, thrown + soft));
            }
        }

        low = Vector2.Max(low, new(-Reach));
        high = Vector2.Max(Vector2.Min(high, new(Reach)), low + Vector2.One);
        return new(low, high.X - low.X, high.Y - low.Y);
    }

    /// <summary>Points spread evenly over a disk of radius 1.</summary>
    private static Vector2 Sunflower(int index, int count)
    {
        float radius = MathF.Sqrt((index + 0.5f) / count);
        (float sin, float cos) = MathF.SinCos(index * 2.39996323f);
        return new(radius * cos, radius * sin);
    }
}
