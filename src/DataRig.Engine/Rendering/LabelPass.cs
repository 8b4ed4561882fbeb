using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Graphics;
using Silk.NET.OpenGL;

namespace DataRig.Engine.Rendering;

/// <summary>
/// Draws each part's number into a picture of whole numbers, one sample in each pixel's middle, and reads the labels
/// from it. A part that may be hidden is drawn once more alone, and one that reaches out of the picture in a wider view.
/// </summary>
internal sealed class LabelPass : IDisposable
{
    /// <summary>How far to each side of the picture a part is counted that reaches out of it, in pictures.</summary>
    private const float WidestReach = 2;

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

    /// <param name="scene">Its parts are labelled.</param>
    /// <param name="view">How the camera sees.</param>
    /// <param name="solids">The scene's parts in their order, then what else may hide them.</param>
    /// <returns>The labels of the parts of which a pixel is seen, in the parts' order.</returns>
    public IReadOnlyList<Annotation> Draw(SampledScene scene, View view, IReadOnlyList<Solid> solids)
    {
        (Vector2 Low, Vector2 High)[] outlines = [.. solids.Select(s => s.Outline(view))];
        int parts = scene.Entities.Count;
        Draw(solids, [.. Enumerable.Range(0, solids.Count)], parts, view.ViewProjection);
        byte[] seen = [.. Read()];
        (int Area, Box Box)[] visible = Measure(seen, parts);
        List<Annotation> annotations = [];
        for (int i = 0; i < parts; i++)
        {
            (int area, Box box) = visible[i];
            if (area == 0)
            {
                continue;
            }

            (int whole, Box amodal) = MayBeHidden(outlines, i) ? Alone(solids, i, parts, view.ViewProjection) : visible[i];
            bool truncated = ReachesOut(outlines[i], view);
            annotations.Add(new Annotation
            {
                Part = scene.Entities[i].Part,
                Item = scene.Entities[i].Item,
                Box = box,
                Mask = Mask.FromLabels(view.Width, view.Height, seen, (byte)(i + 1), box),
                AmodalBox = amodal,
                VisibleFraction = area / (double)whole,
                Truncated = truncated,
                TruncatedFraction = truncated ? Beyond(solids, i, parts, outlines[i], view) : 0,
                PoseInCamera = RigidPose.Of(solids[i].Transform * view.ToCamera),
                PoseOnTable = RigidPose.Of(solids[i].Transform * Matrix4x4.CreateRotationZ((float)-Angle.ToRadians(scene.TableAzimuthDegrees))),
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

    /// <summary>A part's number counts from 1; what is no part hides parts, and leaves the 0 of the empty picture.</summary>
    private void Draw(IReadOnlyList<Solid> solids, ReadOnlySpan<int> chosen, int parts, Matrix4x4 viewProjection)
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
        foreach (int i in chosen)
        {
            _program.Set("id", i < parts ? (uint)i + 1 : 0);
            _program.Set("toClip", solids[i].Transform * viewProjection);
            solids[i].Drawn.Draw();
        }
    }

    private ReadOnlySpan<byte> Read()
    {
        if (_readsBytes)
        {
            _target.Read<byte>(PixelFormat.RedInteger, PixelType.UnsignedByte, _ids);
            return _ids;
        }

        _target.Read<uint>(PixelFormat.RgbaInteger, PixelType.UnsignedInt, _wide);
        for (int i = 0; i < _ids.Length; i++)
        {
            _ids[i] = (byte)_wide[4 * i];
        }

        return _ids;
    }

    /// <summary>The number of pixels of each part, and the tight box around them.</summary>
    private (int Area, Box Box)[] Measure(ReadOnlySpan<byte> ids, int count)
    {
        Span<int> area = stackalloc int[count], left = stackalloc int[count], top = stackalloc int[count], right = stackalloc int[count], bottom = stackalloc int[count];
        left.Fill(int.MaxValue);
        top.Fill(int.MaxValue);
        for (int y = 0; y < _target.Height; y++)
        {
            ReadOnlySpan<byte> row = ids.Slice(y * _target.Width, _target.Width);
            for (int x = row.IndexOfAnyExcept((byte)0); x >= 0 && x < row.Length; x++)
            {
                int i = row[x] - 1;
                if (i >= 0)
                {
                    area[i]++;
                    (left[i], right[i]) = (Math.Min(left[i], x), Math.Max(right[i], x + 1));
                    (top[i], bottom[i]) = (Math.Min(top[i], y), y + 1);
                }
            }
        }

        (int Area, Box Box)[] measures = new (int, Box)[count];
        for (int i = 0; i < count; i++)
        {
            measures[i] = (area[i], area[i] == 0 ? default : new Box(left[i], top[i], right[i] - left[i], bottom[i] - top[i]));
        }

        return measures;
    }

    /// <summary>Whether another solid's outline comes near: only then can the part be hidden.</summary>
    private static bool MayBeHidden((Vector2 Low, Vector2 High)[] outlines, int part)
    {
        for (int other = 0; other < outlines.Length; other++)
        {
            (Vector2 low, Vector2 high) = (Vector2.Max(outlines[part].Low, outlines[other].Low), Vector2.Min(outlines[part].High, outlines[other].High));
            if (other != part && low.X <= high.X && low.Y <= high.Y)
            {
                return true;
            }
        }

        return false;
    }

    private (int Area, Box Box) Alone(IReadOnlyList<Solid> solids, int part, int parts, Matrix4x4 viewProjection)
    {
        Draw(solids, [part], parts, viewProjection);
        return Measure(Read(), parts)[part];
    }

    private static bool ReachesOut((Vector2 Low, Vector2 High) outline, View view) =>
        outline.Low.X < 0 || outline.Low.Y < 0 || outline.High.X > view.Width || outline.High.Y > view.Height;

    /// <summary>The share of the part's pixels that lie beyond the picture's edge, counted in a view that is wide enough to hold them.</summary>
    private double Beyond(IReadOnlyList<Solid> solids, int part, int parts, (Vector2 Low, Vector2 High) outline, View view)
    {
        Vector2 size = new(view.Width, view.Height);
        Vector2 low = Vector2.Clamp(outline.Low, size * -WidestReach, Vector2.Zero), high = Vector2.Clamp(outline.High, size, size * (1 + WidestReach));
        Vector2 scale = size / (high - low), shift = ((low + high) / size) - Vector2.One; // of normalized device coordinates
        Matrix4x4 widen = Matrix4x4.Identity with { M11 = scale.X, M22 = scale.Y, M41 = -shift.X * scale.X, M42 = -shift.Y * scale.Y };
        Draw(solids, [part], parts, view.ViewProjection * widen);
        ReadOnlySpan<byte> ids = Read();
        int whole = 0, inside = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] != 0)
            {
                Vector2 at = low + (new Vector2((i % view.Width) + 0.5f, (i / view.Width) + 0.5f) / scale);
                whole++;
                inside += at.X >= 0 && at.Y >= 0 && at.X < size.X && at.Y < size.Y ? 1 : 0;
            }
        }

        return whole == 0 ? 0 : 1 - (inside / (double)whole);
    }
}
