namespace DataRig.Engine.Graphics;

/// <summary>A GL object with a name for messages, known to its device until it is disposed.</summary>
internal abstract class GlResource : IDisposable
{
    private readonly string _label;
    private bool _disposed;

    protected GlResource(GlDevice device, string label)
    {
        Device = device;
        _label = label;
        device.Add(this);
    }

    protected GlDevice Device { get; }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Device.Remove(this);
            Free();
        }
    }

    public override string ToString() => $"{GetType().Name} {_label}";

    protected abstract void Free();
}
