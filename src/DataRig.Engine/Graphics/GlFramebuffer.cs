using DataRig.Core;
using Silk.NET.OpenGL;

namespace DataRig.Engine.Graphics;

/// <summary>A colour target that it owns, with or without depth.</summary>
internal sealed class GlFramebuffer : GlResource
{
    private readonly uint _handle;
    private readonly uint _depth;

    /// <exception cref="WorkFailedException">The driver cannot draw into that format.</exception>
    public GlFramebuffer(GlDevice device, string label, int width, int height, SizedInternalFormat format, bool linear = false, bool depth = false)
        : base(device, label)
    {
        GL gl = device.Gl;
        Color = new GlTexture(device, label, width, height, format, linear);
        _handle = gl.GenFramebuffer();
        gl.BindFramebuffer(FramebufferTarget.Framebuffer, _handle);
        gl.FramebufferTexture2D(FramebufferTarget.Framebuffer, FramebufferAttachment.ColorAttachment0, TextureTarget.Texture2D, Color.Handle, 0);
        if (depth)
        {
            _depth = gl.GenRenderbuffer();
            gl.BindRenderbuffer(RenderbufferTarget.Renderbuffer, _depth);
            gl.RenderbufferStorage(RenderbufferTarget.Renderbuffer, InternalFormat.DepthComponent24, (uint)width, (uint)height);
            gl.FramebufferRenderbuffer(FramebufferTarget.Framebuffer, FramebufferAttachment.DepthAttachment, RenderbufferTarget.Renderbuffer, _depth);
        }

        GLEnum status = gl.CheckFramebufferStatus(FramebufferTarget.Framebuffer);
        if (status != GLEnum.FramebufferComplete)
        {
            throw new WorkFailedException($"The OpenGL driver ({device.Describe()}) cannot draw into {format} pictures of {width}x{height} ({status}); a newer Mesa or GPU driver can.");
        }
    }

    public GlTexture Color { get; }

    public int Width => Color.Width;

    public int Height => Color.Height;

    /// <summary>Draws go here from now on, over the whole of it.</summary>
    public void Bind()
    {
        Device.Gl.BindFramebuffer(FramebufferTarget.Framebuffer, _handle);
        Device.Gl.Viewport(0, 0, (uint)Width, (uint)Height);
    }

    /// <summary>Waits until all is drawn and reads every pixel, the first row first.</summary>
    public unsafe void Read<T>(PixelFormat format, PixelType type, Span<T> into)
        where T : unmanaged
    {
        Device.Finish();
        Bind();
        Device.Gl.PixelStore(PixelStoreParameter.PackAlignment, 1);
        fixed (T* first = into)
        {
            Device.Gl.ReadPixels(0, 0, (uint)Width, (uint)Height, format, type, first);
        }
    }

    protected override void Free()
    {
        Color.Dispose();
        Device.Gl.DeleteFramebuffer(_handle);
        if (_depth != 0)
        {
            Device.Gl.DeleteRenderbuffer(_depth);
        }
    }
}
