using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Graphics;
using Silk.NET.OpenGL;

namespace DataRig.Engine.Rendering;

/// <summary>
/// Draws each part's number into a picture of whole numbers, one sample in each pixel's middle, and reads tight
/// boxes, masks and visible fractions from it.
/// </summary>
internal sealed class LabelPass : IDisposable
{
    private readonly GlDevice _device;
    private readonly GlProgram _program;
    private readonly GlFramebuffer _target;
    private readonly byte[] _ids;
    private readonly uint[] _wide;
    private readonly bool _readsBytes;

    public LabelPass(GlDevice device, int width, int height)
    {
        _device = device;
        _program = new GlProgram(device, "Label.vert.glsl", "Label.frag.glsl");
        _target = new GlFramebuffer(device, "labels", width, height, SizedInternalFormat.R8ui, depth: true);
        _ids = new byte[width * height];
        _wide = new uint[width * height * 4];
        // Four 32-bit channels can always be read; the one byte that there is, only where the driver says so.
        _target.Bind();
        _readsBytes = device.Gl.GetInteger(GLEnum.ImplementationColorReadFormat) == (int)GLEnum.RedInteger
            && device.Gl.GetInteger(GLEnum.ImplementationColorReadType) == (int)GLEnum.UnsignedByte;
    }

    public IReadOnlyList<Annotation> Draw(SampledScene scene, View view, Func<SampledBody, PartMesh> meshOf)
    {
        int[] all = [.. Enumerable.Range(0, scene.Entities.Count)];
        SampledBody[] props = [.. scene.Props, .. new[] { scene.Hiding }.OfType<SampledBody>()];
        Draw(scene, view, meshOf, all, props);
        byte[] seen = [.. Read()];
        List<Annotation> annotations = [];
        foreach (int entity in all)
        {
            Mask mask = MaskOf(seen, entity, view);
            if (mask.Bounds() is not { } box)
            {
                continue;
            }

            annotations.Add(new Annotation
            {
                Part = scene.Entities[entity].Part,
                Item = scene.Entities[entity].Item,
                Box = box,
                Mask = mask,
                VisibleFraction = all.Length + props.Length == 1 ? 1 : mask.Area / (double)AreaAlone(scene, view, meshOf, entity),
                Truncated = ReachesOut(scene.Entities[entity], view),
            });
        }

        _device.CheckErrors("the label pass");
        return annotations;
    }

    public void Dispose()
    {
        _program.Dispose();
        _target.Dispose();
    }

    private void Draw(SampledScene scene, View view, Func<SampledBody, PartMesh> meshOf, ReadOnlySpan<int> entities, ReadOnlySpan<SampledBody> props)
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
        foreach (int entity in entities)
        {
            _program.Set("id", (uint)entity + 1);
            _program.Set("toClip", scene.Entities[entity].Transform * view.ViewProjection);
            meshOf(scene.Entities[entity]).Draw();
        }

        _program.Set("id", 0u); // what is no part hides parts and leaves no number
        foreach (SampledBody prop in props)
        {
            _program.Set("toClip", prop.Transform * view.ViewProjection);
            meshOf(prop).Draw();
        }
    }

    private unsafe ReadOnlySpan<byte> Read()
    {
        _target.Bind();
        if (_readsBytes)
        {
            _device.Gl.PixelStore(PixelStoreParameter.PackAlignment, 1);
            fixed (byte* first = _ids)
            {
                _device.Gl.ReadPixels(0, 0, (uint)_target.Width, (uint)_target.Height, PixelFormat.RedInteger, PixelType.UnsignedByte, first);
            }

            return _ids;
        }

        fixed (uint* first = _wide)
        {
            _device.Gl.ReadPixels(0, 0, (uint)_target.Width, (uint)_target.Height, PixelFormat.RgbaInteger, PixelType.UnsignedInt, first);
        }

        for (int i = 0; i < _ids.Length; i++)
        {
            _ids[i] = (byte)_wide[4 * i];
        }

        return _ids;
    }

    private static Mask MaskOf(ReadOnlySpan<byte> seen, int entity, View view)
    {
        byte[] pixels = new byte[seen.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = seen[i] == entity + 1 ? (byte)1 : (byte)0;
        }

        return Mask.FromPixels(view.Width, view.Height, pixels);
    }

    private int AreaAlone(SampledScene scene, View view, Func<SampledBody, PartMesh> meshOf, int entity)
    {
        Draw(scene, view, meshOf, [entity], []);
        int area = 0;
        foreach (byte id in Read())
        {
            area += id == entity + 1 ? 1 : 0;
        }

        return area;
    }

    private static bool ReachesOut(SampledEntity entity, View view)
    {
        foreach (Vector3 point in entity.Model.Corners)
        {
            (Vector2 pixel, bool ahead) = view.Project(Vector3.Transform(point, entity.Transform));
            if (!ahead || pixel.X < 0 || pixel.Y < 0 || pixel.X > view.Width || pixel.Y > view.Height)
            {
                return true;
            }
        }

        return false;
    }
}
