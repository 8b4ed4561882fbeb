using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Graphics;

namespace DataRig.Engine.Rendering;

/// <summary>How the camera sees: the matrix for meshes and the rays for the table, the first row of pixels on top.</summary>
internal sealed class View
{
    /// <summary>Nearer than this, in mm, nothing is drawn.</summary>
    public const float Near = 5f;

    private const float Far = 5000f;

    public View(SampledCamera camera, int width, int height)
    {
        (Width, Height) = (width, height);
        Eye = camera.Eye;
        Forward = Vector3.Normalize(camera.LookAt - camera.Eye);
        Vector3 level = Vector3.Normalize(Vector3.Cross(Forward, Vector3.UnitZ));
        (float sin, float cos) = MathF.SinCos((float)Angle.ToRadians(camera.RollDegrees));
        Vector3 up = (Vector3.Cross(level, Forward) * cos) + (level * sin);
        Vector3 right = Vector3.Cross(Forward, up);
        float fieldOfView = (float)Angle.ToRadians(camera.VerticalFieldOfViewDegrees);
        float tall = MathF.Tan(fieldOfView / 2);
        Right = right * (tall * width / height);
        Down = up * -tall;
        Matrix4x4 projection = Matrix4x4.CreatePerspectiveFieldOfView(fieldOfView, (float)width / height, Near, Far);
        (Vector3 x, Vector3 y) = (Vector3.Normalize(Right), Vector3.Normalize(Down));
        ToCamera = new Matrix4x4(
            x.X, y.X, Forward.X, 0,
            x.Y, y.Y, Forward.Y, 0,
            x.Z, y.Z, Forward.Z, 0,
            -Vector3.Dot(Eye, x), -Vector3.Dot(Eye, y), -Vector3.Dot(Eye, Forward), 1);
        Intrinsics = new Intrinsics(width / (2.0 * Right.Length()), height / (2.0 * Down.Length()), width / 2.0, height / 2.0);
        projection.M22 = -projection.M22; // OpenGL counts rows from the bottom; pictures from the top
        ViewProjection = Matrix4x4.CreateLookAt(Eye, Eye + Forward, up) * projection;
    }

    public int Width { get; }

    public int Height { get; }

    public Vector3 Eye { get; }

    public Vector3 Forward { get; }

    /// <summary>From the middle of the picture, one unit before the eye, to its right edge.</summary>
    public Vector3 Right { get; }

    /// <summary>From the middle of the picture, one unit before the eye, to its lower edge.</summary>
    public Vector3 Down { get; }

    public Matrix4x4 ViewProjection { get; }

    /// <summary>From the world to the camera's frame: x to the right, y down, z forward.</summary>
    public Matrix4x4 ToCamera { get; }

    public Intrinsics Intrinsics { get; }

    /// <summary>What a shader makes rays of: the picture's size, the eye, and the three ways of <see cref="Ray"/>.</summary>
    public void Set(GlProgram program)
    {
        program.Set("size", new Vector2(Width, Height));
        program.Set("eye", Eye);
        program.Set("forward", Forward);
        program.Set("right", Right);
        program.Set("down", Down);
    }

    /// <summary>The way from the eye through a place of the picture, in pixels; its part along the optical axis is 1.</summary>
    public Vector3 Ray(float x, float y) => Forward + (Right * ((2 * x / Width) - 1)) + (Down * ((2 * y / Height) - 1));

    /// <summary>The point at a height over the table that a place in the picture shows, in mm; far off where the ray does not fall.</summary>
    /// <param name="pixel">From the top left.</param>
    /// <param name="height">Over the table, in mm.</param>
    public Vector3 OnPlane(Vector2 pixel, float height)
    {
        Vector3 ray = Ray(pixel.X, pixel.Y);
        return Eye + (ray * ((Eye.Z - height) / MathF.Max(-ray.Z, 1e-3f)));
    }

    /// <summary>Where a point falls, in pixels from the top left, and whether it is before the eye at all.</summary>
    public (Vector2 Pixel, bool Ahead) Project(Vector3 point)
    {
        Vector4 clip = Vector4.Transform(point, ViewProjection);
        Vector2 at = new Vector2(clip.X, clip.Y) / clip.W;
        return ((at + Vector2.One) / 2 * new Vector2(Width, Height), clip.W > Near);
    }
}
