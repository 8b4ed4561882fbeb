using Silk.NET.OpenGL;

namespace DataRig.Engine.Graphics;

/// <summary>A two-dimensional texture, clamped at its edges and of one level unless told otherwise.</summary>
internal sealed class GlTexture : GlResource
{
    public GlTexture(GlDevice device, string label, int width, int height, SizedInternalFormat format, bool linear, int levels = 1)
        : base(device, label)
    {
        GL gl = device.Gl;
        Width = width;
        Height = height;
        Handle = gl.GenTexture();
        gl.BindTexture(TextureTarget.Texture2D, Handle);
        gl.TexStorage2D(TextureTarget.Texture2D, (uint)levels, format, (uint)width, (uint)height);
        int filter = (int)(linear ? GLEnum.Linear : GLEnum.Nearest);
        gl.TexParameter(TextureTarget.Texture2D, TextureParameterName.TextureMinFilter, filter);
        gl.TexParameter(TextureTarget.Texture2D, TextureParameterName.TextureMagFilter, filter);
        gl.TexParameter(TextureTarget.Texture2D, TextureParameterName.TextureWrapS, (int)GLEnum.ClampToEdge);
        gl.TexParameter(TextureTarget.Texture2D, TextureParameterName.TextureWrapT, (int)GLEnum.ClampToEdge);
    }

    public uint Handle { get; }

    public int Width { get; }

    public int Height { get; }

    public void Bind(int unit)
    {
        Device.Gl.ActiveTexture(TextureUnit.Texture0 + unit);
        Device.Gl.BindTexture(TextureTarget.Texture2D, Handle);
    }

    /// <summary>Gives all pixels, a byte a channel.</summary>
    public void Fill(PixelFormat format, ReadOnlySpan<byte> pixels)
    {
        Bind(0);
        Device.Gl.PixelStore(PixelStoreParameter.UnpackAlignment, 1);
        Device.Gl.TexSubImage2D(TextureTarget.Texture2D, 0, 0, 0, (uint)Width, (uint)Height, format, PixelType.UnsignedByte, pixels);
    }

    /// <summary>Beyond its edges it begins again.</summary>
    public void Repeat()
    {
        Bind(0);
        Device.Gl.TexParameter(TextureTarget.Texture2D, TextureParameterName.TextureWrapS, (int)GLEnum.Repeat);
        Device.Gl.TexParameter(TextureTarget.Texture2D, TextureParameterName.TextureWrapT, (int)GLEnum.Repeat);
    }

    /// <summary>Makes the smaller levels of the largest, so that it stays quiet where it is seen from afar.</summary>
    public void MakeLevels()
    {
        Bind(0);
        Device.Gl.GenerateMipmap(TextureTarget.Texture2D);
        Device.Gl.TexParameter(TextureTarget.Texture2D, TextureParameterName.TextureMinFilter, (int)GLEnum.LinearMipmapLinear);
    }

    protected override void Free() => Device.Gl.DeleteTexture(Handle);
}
