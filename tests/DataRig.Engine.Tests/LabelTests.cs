using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Tests;

public sealed class LabelTests
{
    public static TheoryData<string, string, double> Views => new()
    {
        { "3001", "studs-up", 20 }, { "3001", "on-end", 130 }, { "2456", "upside-down", 75 }, { "3003", "on-side", 200 }, { "3004", "upside-down", 10 },
        { "3002", "on-long-side", 300 }, { "3010", "on-long-side", 45 }, { "3039", "tilted-on-studs", 90 }, { "32064", "on-long-side", 0 }, { "3660", "studs-up", 250 }, { "3701", "studs-up", 5 },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public void MasksAreWhatRaysThroughThePixelsMeet(string part, string pose, double yaw)
    {
        SampledScene sampled = SceneSampler.Sample(Stage.Plain, new Seed(1), 0, Stage.Pin(part, pose, yaw, turned: 33));
        RenderedFrame frame = Stage.Render(sampled);
        Annotation label = Assert.Single(frame.Annotations);
        byte[] drawn = label.Mask!.ToPixels();
        int[] traced = Stage.Traced(Stage.Plain, sampled);

        // A ray that grazes an edge may fall on either side; one pixel in two hundred is more than that takes.
        int area = traced.Count(t => t == 0), wrong = traced.Where((t, i) => t == 0 != (drawn[i] == 1)).Count();
        Assert.InRange(area, 200, Stage.Size * Stage.Size / 2);
        Assert.True(wrong <= area / 200, $"{wrong} of {area} pixels differ");
        Assert.Equal(part, label.Part.Value);
        Assert.Equal($"{part}-rendered-red", label.Item.Value);
        Assert.Equal(pose, frame.Pose);
        Assert.Equal(33, frame.AzimuthDegrees);
        Assert.Equal(40, frame.ElevationDegrees);
        Assert.Equal(1, label.VisibleFraction);
        Assert.False(label.Truncated);
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void BoxesAreTightAroundTheProjectedPart(string part, string pose, double yaw)
    {
        SampledScene sampled = SceneSampler.Sample(Stage.Plain, new Seed(1), 0, Stage.Pin(part, pose, yaw));
        Annotation label = Assert.Single(Stage.Render(sampled).Annotations);
        View view = Stage.ViewOf(Stage.Plain, sampled);
        Vector2[] corners = [.. PartLibrary.Bricks.Model(new PartId(part)).Mesh.Positions.Select(p => view.Project(Vector3.Transform(p, sampled.Subject.Transform)).Pixel)];
        Assert.Equal(corners.Min(c => c.X), label.Box.X, 1.0);
        Assert.Equal(corners.Min(c => c.Y), label.Box.Y, 1.0);
        Assert.Equal(corners.Max(c => c.X), label.Box.Right, 1.0);
        Assert.Equal(corners.Max(c => c.Y), label.Box.Bottom, 1.0);
        Assert.Equal(label.Mask!.Bounds(), label.Box);
    }

    [Fact]
    public void APartBehindAnotherIsSeenInPart()
    {
        SampledScene front = SceneSampler.Sample(Stage.Plain, new Seed(1), 0, Stage.Pin("3001", "on-long-side") with { PlacementMm = (4, -8) });
        SampledScene back = SceneSampler.Sample(Stage.Plain, new Seed(1), 0, Stage.Pin("3004", "studs-up") with { PlacementMm = (-10, 4) });
        SampledScene both = front with { Entities = [back.Subject, front.Subject] };
        IReadOnlyList<Annotation> labels = Stage.Render(both).Annotations;
        int alone = Stage.Traced(Stage.Plain, back).Count(t => t == 0), seen = Stage.Traced(Stage.Plain, both).Count(t => t == 0);
        Assert.Equal(["3004", "3001"], labels.Select(l => l.Part.Value));
        Assert.InRange(labels[0].VisibleFraction, 0.1, 0.95);
        Assert.Equal(seen / (double)alone, labels[0].VisibleFraction, 0.02);
        Assert.Equal(1, labels[1].VisibleFraction);
    }

    [Fact]
    public void APartThatReachesOutOfThePictureIsTruncated()
    {
        ScenePins pins = Stage.Pin("2456", "studs-up") with { PlacementMm = (45, 0) };
        SampledScene sampled = SceneSampler.Sample(Stage.Plain, new Seed(1), 0, pins);
        Annotation label = Assert.Single(Stage.Render(sampled).Annotations);
        Assert.True(label.Truncated);
        Assert.Equal(Stage.Size, label.Box.Right);
    }

    [Fact]
    public void APartOutOfSightHasNoLabel()
    {
        SampledScene sampled = SceneSampler.Sample(Stage.Plain, new Seed(1), 0, Stage.Pin("3003", "studs-up") with { PlacementMm = (0, 400) });
        Assert.Empty(Stage.Render(sampled).Annotations);
    }
}
