using System.Numerics;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Engine.Rendering;
using DataRig.Engine.Tests.Assets;

namespace DataRig.Engine.Tests;

public sealed class PropTests
{
    [Theory]
    [InlineData("""[{"name": "a"}, {"name": "a"}]""", "two props are named \"a\"")]
    [InlineData("""[{"name": "a", "parent": "b"}]""", "hangs on \"b\", which is no prop of the scene")]
    [InlineData("""[{"name": "a", "parent": "a"}]""", "the prop \"a\" hangs on itself: \"a\" on \"a\"")]
    [InlineData("""[{"name": "a", "parent": "b"}, {"name": "b", "parent": "c"}, {"name": "c", "parent": "b"}]""", "the prop \"b\" hangs on itself: \"b\" on \"c\" on \"b\"")]
    [InlineData("""[{"name": "a", "parent": "b"}, {"name": "b", "count": {"choice": [0, 1]}}]""", "of which there is not always one")]
    [InlineData("""[{"name": "a", "parent": "b", "frame": "table"}, {"name": "b"}]""", "has that one's frame")]
    [InlineData("""[{"name": "a", "shape": {"kind": "ball"}}]""", "one of \"brick\", \"box\", \"cylinder\", \"mesh\"")]
    [InlineData("""[{"name": "a", "shape": {"kind": "brick", "name": "1"}}]""", "expected one of the bricks")]
    [InlineData("""[{"name": "a", "shape": {"kind": "box", "sizeMm": [1, 0, 1]}}]""", "from 0.1 to 2000 mm")]
    [InlineData("""[{"name": "a", "shape": {"kind": "mesh", "file": "a.obj", "up": "w"}}]""", "\"-x\"")]
    public void WhatIsWrongWithPropsIsNamed(string props, string says)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => StrictJson.Read<Scene>($$"""{"props": {{props}}}""", "test.json"));
        Assert.Contains(error.Problems, p => p.Message.Contains(says, StringComparison.Ordinal) && p.Path.StartsWith("props", StringComparison.Ordinal));
    }

    [Fact]
    public void APropStandsWhereItsParentsPutIt()
    {
        SampledScene sampled = Sample("""
            [{"name": "leaf", "parent": "twig", "shape": {"kind": "brick", "name": "3004"}, "xMm": 10},
             {"name": "twig", "parent": "tree", "yawDegrees": 90, "zMm": 5},
             {"name": "tree", "xMm": 100, "yawDegrees": 90}]
            """);
        Vector3 origin = Assert.Single(sampled.Props).Transform.Translation;
        Assert.Equal(0, Vector3.Distance(new(90, 0, 5), origin), 1e-3);
    }

    [Theory]
    [InlineData("world", 0, -30)]
    [InlineData("table", 30, 0)]
    [InlineData("camera", 30, 0)]
    public void FramesGoRoundWithTableAndCamera(string frame, float x, float y)
    {
        Scene scene = Load($$"""[{"name": "a", "frame": "{{frame}}", "shape": {"kind": "brick", "name": "3004"}, "yMm": -30}]""");
        scene = scene with { Camera = scene.Camera with { AzimuthDegrees = 90 } };
        SampledScene sampled = SceneSampler.Sample(scene, new Seed(1), 0, Stage.Pin("3001", "studs-up", turned: 90));
        Assert.Equal(0, Vector3.Distance(new(x, y, 0), sampled.Props[0].Transform.Translation), 1e-3);
    }

    [Fact]
    public void EachOfSeveralHasDrawsOfItsOwn()
    {
        SampledScene sampled = Sample("""[{"name": "a", "count": 3, "shape": {"kind": "brick", "name": "3004"}, "xMm": {"uniform": [-50, 50]}}]""");
        Assert.Equal(3, sampled.Props.Select(p => p.Transform.Translation.X).Distinct().Count());
        Assert.Contains("prop.a#2.x", sampled.Values.Keys);
    }

    [Fact]
    public void APropHidesThePartAndHasNoLabel()
    {
        RenderedFrame bare = Stage.Render(Sample("[]"));
        RenderedFrame hidden = Stage.Render(Sample("""[{"name": "screen", "frame": "camera", "shape": {"kind": "box", "sizeMm": [40, 2, 40]}, "xMm": 20, "yMm": -20}]"""));
        Annotation whole = Assert.Single(bare.Annotations), left = Assert.Single(hidden.Annotations);
        Assert.InRange(left.VisibleFraction, 0.4, 0.6);
        Assert.Equal(left.Mask!.Area / (double)whole.Mask!.Area, left.VisibleFraction, 1e-9);
        Assert.True(left.Box.Right < whole.Box.Right - 5);
    }

    [Fact]
    public void APropThrowsAShadowUnlessItIsToldNotTo()
    {
        // The lamp stands at the right, 45 degrees high: the shadow of 20 mm reaches 20 mm to the left.
        int Behind(string more)
        {
            SampledScene sampled = Sample($$"""[{"name": "post", "shape": {"kind": "cylinder", "radiusMm": 6, "heightMm": 20}, "xMm": 25, "yMm": 25{{more}}}]""");
            (byte r, byte g, byte b) = At(Stage.Render(sampled), Stage.ViewOf(Stage.Plain, sampled), new(8, 25, 0));
            return (r + g + b) / 3;
        }

        Assert.InRange(Behind(""), 0, 25);
        Assert.InRange(Behind(", \"castsShadow\": false"), 100, 255);
    }

    [Fact]
    public void TheTableHidesWhatIsBelowIt()
    {
        // A green wall behind the table reaches from far below its plane to above it.
        SampledScene sampled = Sample("""[{"name": "wall", "shape": {"kind": "box", "sizeMm": [600, 4, 400]}, "surface": {"color": "#00ff00"}, "yMm": 120, "zMm": -300}]""", ambient: 0.5);
        RenderedFrame frame = Stage.Render(sampled);
        View view = Stage.ViewOf(Stage.Plain, sampled);
        (byte r, byte g, byte b) onTable = At(frame, view, new(0, 60, 0)), above = At(frame, view, new(0, 117, 4)), beyond = At(frame, view, new(0, 106, 0));
        Assert.True(onTable.r > 100 && onTable.b > 100, $"{onTable}");
        Assert.All([above, beyond], wall => Assert.True(wall.g > 3 * wall.r && wall.g > 50, $"{wall}"));
    }

    private static Scene Load(string props)
    {
        using Folder folder = new();
        return AssetTests.Load(folder, $$"""{"props": {{props}}}""");
    }

    private static SampledScene Sample(string props, double ambient = 0)
    {
        Scene scene = Load(props);
        return SceneSampler.Sample(scene with { Ambient = new AmbientOptions { Intensity = ambient }, Backdrop = new BackdropOptions { Clutter = 0 } }, new Seed(1), 0, Stage.Pin("3001", "studs-up"));
    }

    private static (byte R, byte G, byte B) At(RenderedFrame frame, View view, Vector3 point)
    {
        (Vector2 pixel, _) = view.Project(point);
        return frame.Picture[(int)pixel.X, (int)pixel.Y];
    }
}
