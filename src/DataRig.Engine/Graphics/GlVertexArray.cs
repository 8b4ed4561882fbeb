using Silk.NET.OpenGL;

namespace DataRig.Engine.Graphics;

/// <summary>How the attributes of a draw lie in its buffers. It does not own the buffers.</summary>
internal sealed class GlVertexArray : GlResource
{
    private readonly uint _handle;

    public GlVertexArray(GlDevice device, string label)
        : base(device, label) => _handle = device.Gl.GenVertexArray();

    public void Bind() => Device.Gl.BindVertexArray(_handle);

    /// <summary>Interleaved float attributes, numbered from 0, each of the given count of components.</summary>
    public unsafe void Describe<T>(GlBuffer<T> vertices, params ReadOnlySpan<int> components)
        where T : unmanaged
    {
        Bind();
        vertices.Bind();
        int floats = 0;
        for (int i = 0; i < components.Length; i++)
        {
            Device.Gl.EnableVertexAttribArray((uint)i);
            Device.Gl.VertexAttribPointer((uint)i, components[i], VertexAttribPointerType.Float, false, (uint)sizeof(T), (void*)(floats * sizeof(float)));
            floats += components[i];
        }
    }

    protected override void Free() => Device.Gl.DeleteVertexArray(_handle);
}
