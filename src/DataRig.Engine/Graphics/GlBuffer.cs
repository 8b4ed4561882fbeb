using Silk.NET.OpenGL;

namespace DataRig.Engine.Graphics;

/// <summary>A buffer of elements of one type.</summary>
internal sealed class GlBuffer<T> : GlResource
    where T : unmanaged
{
    private readonly BufferTargetARB _target;

    public GlBuffer(GlDevice device, string label, BufferTargetARB target, ReadOnlySpan<T> elements, BufferUsageARB usage = BufferUsageARB.StaticDraw)
        : base(device, label)
    {
        _target = target;
        Handle = device.Gl.GenBuffer();
        Count = elements.Length;
        Bind();
        device.Gl.BufferData(target, elements, usage);
    }

    public uint Handle { get; }

    /// <summary>Elements held.</summary>
    public int Count { get; private set; }

    public void Bind() => Device.Gl.BindBuffer(_target, Handle);

    /// <summary>Replaces all elements; the driver takes a fresh store so that no draw in flight is waited for.</summary>
    public void Replace(ReadOnlySpan<T> elements)
    {
        Bind();
        Device.Gl.BufferData(_target, elements, BufferUsageARB.StreamDraw);
        Count = elements.Length;
    }

    protected override void Free() => Device.Gl.DeleteBuffer(Handle);
}
