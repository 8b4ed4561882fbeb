using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Geometry;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Tests;

/// <summary>Every kind of label against numbers in closed form: a ball, a cube, and cards that hide or leave a known share.</summary>
public sealed class AnalyticLabelTests
{
    private const double ElevationDegrees = 40;

    private static readonly Mesh Ball = LabelStudio.Ball(12, 60);

    public static TheoryData<float, float, float> Places => new() { { 0, 0, 0 }, { 20, 5, 12 }, { -22, -20, 3 }, { 8, 30, -6 } };

    [Theory]
    [MemberData(nameof(Places))]
    public void ABallIsTheEllipseOfItsCone(float x, float y, float z)
    {
        const double Radius = 12;
        Matrix4x4 place = Matrix4x4.CreateTranslation(x, y, z);
        using LabelStudio studio = new();
        (RenderedFrame frame, View view, IReadOnlyList<Solid> solids) = studio.Draw(LabelStudio.Scene(ElevationDegrees, 0, place), (Ball, place));
        Annotation label = Assert.Single(frame.Annotations);
        Vector3 c = InCamera(new Vector3(x, y, z));

        // The rays that touch the ball make a cone around its middle, and the picture cuts that cone.
        double distance = c.Length(), sin = Radius / distance, cosOff = c.Z / distance;
        double area = Math.PI * sin * sin * Math.Sqrt(1 - (sin * sin)) / Math.Pow((cosOff * cosOff) - (sin * sin), 1.5) * LabelStudio.Focal * LabelStudio.Focal;
        Assert.Equal(1, label.Mask!.Area / area, 0.01);
        (double left, double right) = Extent(c.X, c.Z, Radius);
        (double top, double bottom) = Extent(c.Y, c.Z, Radius);
        AssertBox((left, top, right, bottom), label.Box, 1);
        Assert.Equal(label.Box, label.AmodalBox);
        Assert.Equal((1.0, false, 0.0), (label.VisibleFraction, label.Truncated, label.TruncatedFraction));

        Assert.True(Vector3.Distance(c, label.PoseInCamera!.Value.TranslationMm) < 1e-3);
        byte[] inside = label.Mask.ToPixels();
        int measured = 0;
        for (int i = 0; i < inside.Length; i++)
        {
            Vector3 ray = new((float)(((i % LabelStudio.Size) + 0.5 - (LabelStudio.Size / 2)) / LabelStudio.Focal), (float)(((i / LabelStudio.Size) + 0.5 - (LabelStudio.Size / 2)) / LabelStudio.Focal), 1);
            double a = ray.LengthSquared(), b = Vector3.Dot(ray, c), under = (b * b) - (a * (c.LengthSquared() - (Radius * Radius)));
            Vector3 normal = ((ray * (float)((b - Math.Sqrt(Math.Max(under, 0))) / a)) - c) / (float)Radius;
            if (inside[i] == 1 && Vector3.Dot(normal, Vector3.Normalize(ray)) < -0.3f)
            {
                measured++;
                Assert.Equal((b - Math.Sqrt(under)) / a, frame.Depth![i % LabelStudio.Size, i / LabelStudio.Size], 0.08);
                Assert.True(Vector3.Distance(normal, Decoded(frame.Normals![i % LabelStudio.Size, i / LabelStudio.Size])) < 0.03f, $"the normal of pixel {i}");
            }
        }

        Assert.True(measured > area * 0.8);
        Assert.Empty(LabelAudit.Check(view, solids, frame));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(30, 75)]
    [InlineData(200, 310)]
    public void ACubeIsTheHullOfItsCorners(double yaw, double turned)
    {
        const float Half = 9;
        Matrix4x4 onTable = Matrix4x4.CreateRotationZ((float)Angle.ToRadians(yaw)) * Matrix4x4.CreateTranslation(6, -4, Half);
        Matrix4x4 place = onTable * Matrix4x4.CreateRotationZ((float)Angle.ToRadians(turned));
        using LabelStudio studio = new();
        (RenderedFrame frame, View view, IReadOnlyList<Solid> solids) = studio.Draw(LabelStudio.Scene(ElevationDegrees, turned, place), (LabelStudio.Box(2 * Half, 2 * Half, 2 * Half), place));
        Annotation label = Assert.Single(frame.Annotations);

        Vector3[] corners = [.. Enumerable.Range(0, 8).Select(i => new Vector3(((i & 1) * 2) - 1, (i & 2) - 1, ((i & 4) / 2) - 1) * Half)];
        Vector2[] seen = [.. corners.Select(p => Pixel(InCamera(Vector3.Transform(p, place))))];
        List<Vector2> hull = ConvexHull.Outline(seen);
        double area = Math.Abs(hull.Select((p, i) => (p.X * (double)hull[(i + 1) % hull.Count].Y) - (p.Y * (double)hull[(i + 1) % hull.Count].X)).Sum()) / 2;
        Assert.Equal(1, label.Mask!.Area / area, 0.01);
        AssertBox((seen.Min(p => p.X), seen.Min(p => p.Y), seen.Max(p => p.X), seen.Max(p => p.Y)), label.Box, 1);

        foreach ((Vector3 corner, Vector2 pixel) in corners.Zip(seen))
        {
            (double px, double py) = frame.Intrinsics.Project(label.PoseInCamera!.Value.Apply(corner));
            Assert.Equal(pixel.X, px, 0.01);
            Assert.Equal(pixel.Y, py, 0.01);
            Assert.True(Vector3.Distance(Vector3.Transform(corner, onTable), label.PoseOnTable!.Value.Apply(corner)) < 1e-3);
        }

        // The middle of the upper side: its distance, and that it faces up.
        Vector3 top = InCamera(Vector3.Transform(new Vector3(0, 0, Half), place));
        (int x, int y) = ((int)Pixel(top).X, (int)Pixel(top).Y);
        Assert.Equal(top.Z, frame.Depth![x, y], 0.5); // half a pixel off on a slope
        (double s, double c) = Math.SinCos(Angle.ToRadians(ElevationDegrees));
        Assert.True(Vector3.Distance(new Vector3(0, (float)-c, (float)-s), Decoded(frame.Normals![x, y])) < 0.01f);

        // The table beside it faces up too, as far off as its plane is; beyond its edge there is nothing.
        double down = (LabelStudio.Size - 3 + 0.5 - (LabelStudio.Size / 2)) / LabelStudio.Focal;
        Assert.Equal(LabelStudio.DistanceMm * s / (s + (c * down)), frame.Depth[3, LabelStudio.Size - 3], 0.06);
        Assert.Equal(frame.Normals[x, y], frame.Normals[3, LabelStudio.Size - 3]);
        Assert.Empty(LabelAudit.Check(view, solids, frame));
    }

    [Fact]
    public void BeyondTheTablesEdgeThereIsNoDepth()
    {
        SampledScene scene = LabelStudio.Scene(ElevationDegrees, 0, Matrix4x4.CreateTranslation(0, 0, 12));
        using LabelStudio studio = new();
        (RenderedFrame frame, View view, IReadOnlyList<Solid> solids) = studio.Draw(scene with { Table = scene.Table with { Radius = 20 } }, (Ball, scene.Subject.Transform));
        Assert.Equal(0, frame.Depth![128, 250]);
        Assert.Equal((0, 0, 0), frame.Normals![128, 250]);
        Assert.Empty(LabelAudit.Check(view, solids, frame));
    }

    /// <summary>A cube on the camera's plane of symmetry, and a card that ends in that plane: the half of it is hidden.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ACubeHalfCoveredIsHalfVisible(bool coverIsAPart)
    {
        Matrix4x4 cube = Matrix4x4.CreateTranslation(0, 0, 8), card = Matrix4x4.CreateTranslation(20, -30, 20);
        using LabelStudio studio = new();
        (RenderedFrame frame, View view, IReadOnlyList<Solid> solids) = studio.Draw(
            LabelStudio.Scene(ElevationDegrees, 0, coverIsAPart ? [cube, card] : [cube]), (LabelStudio.Box(16, 16, 16), cube), (LabelStudio.Box(40, 1, 60), card));
        Annotation label = frame.Annotations[0];
        Assert.Equal(coverIsAPart ? 2 : 1, frame.Annotations.Count);
        Assert.Equal(0.5, label.VisibleFraction, 0.005);
        Assert.Equal(LabelStudio.Size / 2, label.Box.Right);
        Assert.Equal(label.Box.Width * 2, label.AmodalBox!.Value.Width, 1.0);
        Assert.Equal((label.Box.X, label.Box.Y), (label.AmodalBox.Value.X, label.AmodalBox.Value.Y));
        Assert.False(label.Truncated);
        Assert.Empty(LabelAudit.Check(view, solids, frame));
    }

    /// <summary>Cards square to the line of sight, where a share of a length is the same share of the pixels.</summary>
    [Theory]
    [InlineData(0.25)]
    [InlineData(0.7)]
    [InlineData(0.9)]
    public void ACardCoveredToAShareIsVisibleForTheRest(double covered)
    {
        const float Side = 40, Near = 30;
        Matrix4x4 away = Facing(Vector3.Zero);
        // The cover's edge lies on the ray that meets the card where the covered share begins.
        float edge = (float)(Side * (0.5 - covered) * ((LabelStudio.DistanceMm - Near) / LabelStudio.DistanceMm));
        Matrix4x4 cover = Facing(new Vector3(edge + 30, 0, -Near));
        using LabelStudio studio = new();
        (RenderedFrame frame, View view, IReadOnlyList<Solid> solids) = studio.Draw(
            LabelStudio.Scene(ElevationDegrees, 0, away), (LabelStudio.Box(Side, Side, 0.1f), away), (LabelStudio.Box(60, 100, 0.1f), cover));
        Annotation label = Assert.Single(frame.Annotations);
        Assert.Equal(1 - covered, label.VisibleFraction, 0.01); // a column of pixels in a hundred
        Assert.Equal(Side / LabelStudio.DistanceMm * LabelStudio.Focal, label.AmodalBox!.Value.Width, 1.0);
        Assert.Equal(LabelStudio.DistanceMm - 0.05, frame.Depth![(int)label.Box.X + 1, 128], 0.06);
        Assert.Empty(LabelAudit.Check(view, solids, frame));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.85)]
    public void ACardBeyondTheEdgeByAShareIsTruncatedByIt(double beyond)
    {
        const float Side = 40;
        double edge = LabelStudio.DistanceMm * Math.Tan(Angle.ToRadians(LabelStudio.FieldOfViewDegrees / 2));
        Matrix4x4 place = Facing(new Vector3((float)(edge + (Side * (beyond - 0.5))), 0, 0));
        using LabelStudio studio = new();
        (RenderedFrame frame, View view, IReadOnlyList<Solid> solids) = studio.Draw(LabelStudio.Scene(ElevationDegrees, 0, place), (LabelStudio.Box(Side, Side, 0.1f), place));
        Annotation label = Assert.Single(frame.Annotations);
        Assert.True(label.Truncated);
        Assert.Equal(beyond, label.TruncatedFraction!.Value, 0.01);
        Assert.Equal(1, label.VisibleFraction); // of what lies inside the frame nothing is hidden
        Assert.Equal(LabelStudio.Size, label.AmodalBox!.Value.Right);
        Assert.Equal(label.Box, label.AmodalBox);
        Assert.Empty(LabelAudit.Check(view, solids, frame));
    }

    [Fact]
    public void WhatIsHiddenInWholeHasNoLabel()
    {
        Matrix4x4 ball = Matrix4x4.CreateTranslation(0, 10, 12), card = Matrix4x4.CreateTranslation(0, -30, 20);
        using LabelStudio studio = new();
        (RenderedFrame frame, View view, IReadOnlyList<Solid> solids) = studio.Draw(LabelStudio.Scene(ElevationDegrees, 0, ball), (Ball, ball), (LabelStudio.Box(60, 1, 90), card));
        Assert.Empty(frame.Annotations);
        Assert.Empty(LabelAudit.Check(view, solids, frame));
    }

    /// <summary>From the world to the camera, written out: at this elevation, looking at the origin, level.</summary>
    private static Vector3 InCamera(Vector3 p)
    {
        (double s, double c) = Math.SinCos(Angle.ToRadians(ElevationDegrees));
        return new(p.X, (float)((-s * p.Y) - (c * p.Z)), (float)((c * p.Y) - (s * p.Z) + LabelStudio.DistanceMm));
    }

    private static Vector2 Pixel(Vector3 camera) => (new Vector2(camera.X, camera.Y) / camera.Z * (float)LabelStudio.Focal) + new Vector2(LabelStudio.Size / 2);

    /// <summary>A frame whose x and y run along the picture's, at a place given along them and away from the camera, from the point looked at.</summary>
    private static Matrix4x4 Facing(Vector3 place)
    {
        (float s, float c) = MathF.SinCos((float)Angle.ToRadians(ElevationDegrees));
        Vector3 right = new(1, 0, 0), down = new(0, -s, -c), forward = new(0, c, -s);
        Vector3 at = (right * place.X) + (down * place.Y) + (forward * place.Z);
        return new Matrix4x4(right.X, right.Y, right.Z, 0, down.X, down.Y, down.Z, 0, forward.X, forward.Y, forward.Z, 0, at.X, at.Y, at.Z, 1);
    }

    private static (double Low, double High) Extent(double across, double along, double radius)
    {
        double root = radius * Math.Sqrt((across * across) + (along * along) - (radius * radius)), under = (along * along) - (radius * radius);
        return ((LabelStudio.Size / 2) + (LabelStudio.Focal * ((across * along) - root) / under), (LabelStudio.Size / 2) + (LabelStudio.Focal * ((across * along) + root) / under));
    }

    private static void AssertBox((double Left, double Top, double Right, double Bottom) expected, Box box, double tolerance)
    {
        Assert.Equal(expected.Left, box.X, tolerance);
        Assert.Equal(expected.Top, box.Y, tolerance);
        Assert.Equal(expected.Right, box.Right, tolerance);
        Assert.Equal(expected.Bottom, box.Bottom, tolerance);
    }

    private static Vector3 Decoded((byte X, byte Y, byte Z) normal) => new Vector3(normal.X - 128, normal.Y - 128, normal.Z - 128) / 127;
}
