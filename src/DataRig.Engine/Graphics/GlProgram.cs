using System.Numerics;
using System.Reflection;
using Silk.NET.OpenGL;

namespace DataRig.Engine.Graphics;

/// <summary>A vertex and a fragment shader, compiled from the assembly's .glsl files.</summary>
internal sealed class GlProgram : GlResource
{
    private const string Header = """
        #version 310 es
        precision highp float;
        precision highp int;
        precision highp usampler2D;

        """;

    private readonly Dictionary<string, int> _locations = [];
    private readonly uint _handle;

    /// <param name="device">Where it lives.</param>
    /// <param name="vertex">File name of the vertex shader.</param>
    /// <param name="fragment">File name of the fragment shader.</param>
    /// <param name="common">File names put before both.</param>
    /// <exception cref="InvalidOperationException">A shader is wrong; the compiler's words follow.</exception>
    public GlProgram(GlDevice device, string vertex, string fragment, params string[] common)
        : base(device, $"{vertex} + {fragment}")
    {
        GL gl = device.Gl;
        string shared = string.Concat(common.Select(Source));
        uint first = Compile(gl, ShaderType.VertexShader, vertex, Header + shared + Source(vertex));
        uint second = Compile(gl, ShaderType.FragmentShader, fragment, Header + shared + Source(fragment));
        _handle = gl.CreateProgram();
        gl.AttachShader(_handle, first);
        gl.AttachShader(_handle, second);
        gl.LinkProgram(_handle);
        if (gl.GetProgram(_handle, ProgramPropertyARB.LinkStatus) == 0)
        {
            throw new InvalidOperationException($"{vertex} and {fragment} do not link: {gl.GetProgramInfoLog(_handle)}");
        }

        gl.DeleteShader(first);
        gl.DeleteShader(second);
    }

    public void Use() => Device.Gl.UseProgram(_handle);

    public void Set(string name, int value) => Device.Gl.Uniform1(Location(name), value);

    public void Set(string name, uint value) => Device.Gl.Uniform1(Location(name), value);

    public void Set(string name, uint x, uint y) => Device.Gl.Uniform2(Location(name), x, y);

    public void Set(string name, float value) => Device.Gl.Uniform1(Location(name), value);

    public void Set(string name, Vector2 value) => Device.Gl.Uniform2(Location(name), value.X, value.Y);

    public void Set(string name, Vector3 value) => Device.Gl.Uniform3(Location(name), value.X, value.Y, value.Z);

    public void Set(string name, Vector4 value) => Device.Gl.Uniform4(Location(name), value.X, value.Y, value.Z, value.W);

    public unsafe void Set(string name, ReadOnlySpan<Vector4> values)
    {
        fixed (Vector4* first = values)
        {
            Device.Gl.Uniform4(Location(name), (uint)values.Length, (float*)first);
        }
    }

    /// <summary>System.Numerics multiplies rows, GLSL columns: the same sixteen floats mean the same turn in both.</summary>
    public unsafe void Set(string name, Matrix4x4 value) => Device.Gl.UniformMatrix4(Location(name), 1, false, (float*)&value);

    protected override void Free() => Device.Gl.DeleteProgram(_handle);

    private int Location(string name)
    {
        if (!_locations.TryGetValue(name, out int location))
        {
            location = Device.Gl.GetUniformLocation(_handle, name);
            _locations.Add(name, location);
        }

        return location;
    }

    private static uint Compile(GL gl, ShaderType type, string file, string source)
    {
        uint shader = gl.CreateShader(type);
        gl.ShaderSource(shader, source);
        gl.CompileShader(shader);
        return gl.GetShader(shader, ShaderParameterName.CompileStatus) != 0
            ? shader
            : throw new InvalidOperationException($"{file} does not compile: {gl.GetShaderInfoLog(shader)}");
    }

    private static string Source(string file)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"the shader {file} is not in the assembly");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
