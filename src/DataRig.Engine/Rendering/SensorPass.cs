using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Graphics;
using Silk.NET.OpenGL;

namespace DataRig.Engine.Rendering;

/// <summary>Turns radiance into the 8-bit picture that a small camera would make of it, noise included.</summary>
internal sealed class SensorPass : IDisposable
{
    private readonly GlDevice _device;
    private readonly GlProgram _sensor;
    private readonly GlProgram _develop;
    private readonly GlFramebuffer _counts;
    private readonly GlFramebuffer _picture;
    private readonly byte[] _rgba;

    public SensorPass(GlDevice device, int width, int height)
    {
        _device = device;
        _sensor = new GlProgram(device, "Screen.vert.glsl", "Sensor.frag.glsl");
        _develop = new GlProgram(device, "Screen.vert.glsl", "Develop.frag.glsl");
        _counts = new GlFramebuffer(device, "counts", width, height, SizedInternalFormat.Rgba16f);
        _picture = new GlFramebuffer(device, "picture", width, height, SizedInternalFormat.Rgba8);
        _rgba = new byte[width * height * 4];
    }

    public void Draw(SampledScene scene, GlTexture radiance)
    {
        GL gl = _device.Gl;
        ulong seed = scene.Draws.Bits("sensor.noise");
        _counts.Bind();
        _sensor.Use();
        radiance.Bind(0);
        _sensor.Set("scene", 0);
        _sensor.Set("size", new Vector2(radiance.Width, radiance.Height));
        _sensor.Set("neighbour", Neighbour(scene.Sensor.BlurPixels));
        _sensor.Set("gains", scene.Sensor.Gains);
        _sensor.Set("vignette", scene.Sensor.Vignette);
        _sensor.Set("noise", new Vector2(scene.Sensor.ShotNoise, scene.Sensor.ReadNoise));
        _sensor.Set("seed", (uint)seed, (uint)(seed >> 32));
        gl.DrawArrays(PrimitiveType.Triangles, 0, 3);

        _picture.Bind();
        _develop.Use();
        _counts.Color.Bind(0);
        _develop.Set("counts", 0);
        _develop.Set("sharpening", scene.Sensor.Sharpening);
        _develop.Set("contrast", scene.Sensor.Contrast);
        gl.DrawArrays(PrimitiveType.Triangles, 0, 3);
        _device.CheckErrors("the sensor pass");
    }

    /// <summary>A cross of five pixels has the variance of a Gaussian of this deviation: 2 x weight a direction; from 0.7 on it is as wide as it gets.</summary>
    private static float Neighbour(float deviation) => MathF.Min(deviation * deviation / 2, 0.245f);

    public Picture Read()
    {
        _picture.Read<byte>(PixelFormat.Rgba, PixelType.UnsignedByte, _rgba);
        Picture picture = new(_picture.Width, _picture.Height);
        byte[] rgb = picture.Rgb;
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            (rgb[to], rgb[to + 1], rgb[to + 2]) = (_rgba[from], _rgba[from + 1], _rgba[from + 2]);
        }

        return picture;
    }

    public void Dispose()
    {
        _sensor.Dispose();
        _develop.Dispose();
        _counts.Dispose();
        _picture.Dispose();
    }
}
