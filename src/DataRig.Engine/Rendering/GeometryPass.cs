using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Graphics;
using Silk.NET.OpenGL;

namespace DataRig.Engine.Rendering;

/// <summary>Draws how far off each pixel's surface is and which way it faces, of parts by the device, of the table by arithmetic.</summary>
internal sealed class GeometryPass : IDisposable
{
    private const int Channels = 4;

    private readonly GlDevice _device;
    private readonly GlProgram _program;
    private readonly GlFramebuffer _target;
    private readonly uint[] _read;

    public GeometryPass(GlDevice device, int width, int height)
    {
        _device = device;
        _program = new GlProgram(device, "Geometry.vert.glsl", "Geometry.frag.glsl");
        _target = new GlFramebuffer(device, "geometry", width, height, SizedInternalFormat.Rgba32ui, depth: true);
        _read = new uint[width * height * Channels];
    }

    public (DepthMap Depth, Picture Normals) Draw(SampledScene scene, View view, IReadOnlyList<Solid> solids)
    {
        Draw(view, solids);
        _target.Read<uint>(PixelFormat.RgbaInteger, PixelType.UnsignedInt, _read);
        DepthMap depth = new(view.Width, view.Height, new ushort[view.Width * view.Height]);
        Picture normals = new(view.Width, view.Height);
        Vector3 up = Vector3.TransformNormal(Vector3.UnitZ, view.ToCamera);
        for (int i = 0; i < depth.Steps.Length; i++)
        {
            ReadOnlySpan<uint> surface = _read.AsSpan(i * Channels, Channels);
            Vector3 normal = new(BitConverter.UInt32BitsToSingle(surface[0]), BitConverter.UInt32BitsToSingle(surface[1]), BitConverter.UInt32BitsToSingle(surface[2]));
            float distance = BitConverter.UInt32BitsToSingle(surface[3]);
            if (distance == 0)
            {
                (distance, normal) = (Table(scene.Table, view, i % view.Width, i / view.Width), up);
            }

            if (distance > 0)
            {
                depth.Steps[i] = DepthMap.Step(distance);
                normals[i % view.Width, i / view.Width] = (Coded(normal.X), Coded(normal.Y), Coded(normal.Z));
            }
        }

        return (depth, normals);
    }

    public void Dispose()
    {
        _program.Dispose();
        _target.Dispose();
    }

    private void Draw(View view, IReadOnlyList<Solid> solids)
    {
        GL gl = _device.Gl;
        _target.Bind();
        gl.Enable(EnableCap.DepthTest);
        gl.DepthMask(true);
        gl.DepthFunc(DepthFunction.Less);
        gl.Enable(EnableCap.CullFace);
        gl.FrontFace(FrontFaceDirection.CW);
        gl.ClearBuffer(BufferKind.Color, 0, [0u, 0u, 0u, 0u]);
        gl.ClearBuffer(BufferKind.Depth, 0, [1f]);
        _program.Use();
        foreach (Solid solid in solids)
        {
            _program.Set("toClip", solid.Transform * view.ViewProjection);
            _program.Set("toCamera", solid.Transform * view.ToCamera);
            solid.Drawn.Draw();
        }

        _device.CheckErrors("the geometry pass");
    }

    /// <summary>The table's distance along the optical axis at a pixel's middle, or 0 beside it.</summary>
    public static float Table(SampledTable table, View view, int x, int y)
    {
        Vector3 ray = view.Ray(x + 0.5f, y + 0.5f);
        float distance = ray.Z < 0 ? -view.Eye.Z / ray.Z : 0;
        Vector3 place = view.Eye + (ray * distance);
        return Vector2.Distance(new Vector2(place.X, place.Y), table.Middle) <= table.Radius ? distance : 0;
    }

    private static byte Coded(float component) => (byte)MathF.Round(128 + (127 * component));
}
