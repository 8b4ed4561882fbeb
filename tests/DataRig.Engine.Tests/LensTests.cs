using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Tests;

/// <summary>Depth of field and the blur of a turning table, against arithmetic and against pictures of a table that stands.</summary>
public sealed class LensTests
{
    private static Scene Lit => Stage.Plain with
    {
        Table = Stage.Plain.Table with { RadiusMm = 60 },
        Backdrop = new BackdropOptions { Color = ColorDistribution.FromHex("#000000"), Clutter = 0 },
        Lights = [new LightOptions { Name = "off", Intensity = 0 }],
        Ambient = new AmbientOptions { Intensity = 0.5 },
    };

    [Theory]
    [InlineData(4, 0)]
    [InlineData(8, 0)]
    [InlineData(4, 38.6)]
    public void TheTablesEdgeIsAsWideAsAThinLensMakesIt(double aperture, double focusOffset)
    {
        Scene scene = Lit with { Camera = Lit.Camera with { ApertureMm = aperture, FocusOffsetMm = focusOffset } };
        SampledScene sampled = SceneSampler.Sample(scene, new Seed(1), 0, Stage.Pin("3004", "studs-up"));
        View view = Stage.ViewOf(scene, sampled);
        Vector3 edge = new(0, 60, 0);
        double depth = Vector3.Dot(edge - view.Eye, view.Forward), focus = Vector3.Dot(-view.Eye, view.Forward) + focusOffset;
        double disk = view.Intrinsics.FocalY * aperture * Math.Abs((1 / focus) - (1 / depth));

        // Across the edge of a disk's image, light rises from a tenth to nine tenths over 0.69 of its diameter; a pixel is that wide at least.
        Assert.Equal(Math.Max(0.8, 0.69 * disk), Rise(Stage.Render(sampled), view), (0.25 * disk) + 1);
    }

    /// <summary>Plates are of an empty table, whatever the lens.</summary>
    [Fact]
    public void AnEmptyTableIsBlurredToo()
    {
        Scene scene = Lit with { Camera = Lit.Camera with { ApertureMm = 8 }, Placement = Lit.Placement with { TurnWhileExposedDegrees = 4 } };
        SampledScene empty = SceneSampler.Sample(scene, new Seed(1), 0, Stage.Pin("3004", "studs-up")) with { Entities = [] };

        RenderedFrame frame = Stage.Render(empty);

        Assert.Empty(frame.Annotations);
        Assert.True(frame.Picture.Rgb.Max() > 100);
    }

    [Fact]
    public void ATableThatTurnsLooksLikeTheMeanOfOneThatStands()
    {
        const double Turn = 8;
        Scene scene = Lit with { Lights = Stage.Plain.Lights };
        ScenePins pins = Stage.Pin("3001", "studs-up", yaw: 30) with { PlacementMm = (18, 0) };
        Picture still = Stage.Render(SceneSampler.Sample(scene, new Seed(1), 0, pins)).Picture;
        Scene turning = scene with { Placement = scene.Placement with { TurnWhileExposedDegrees = Turn } };
        RenderedFrame blurred = Stage.Render(SceneSampler.Sample(turning, new Seed(1), 0, pins));

        const int Steps = 17;
        double[] mean = new double[still.Rgb.Length];
        for (int step = 0; step < Steps; step++)
        {
            Picture at = Stage.Render(SceneSampler.Sample(scene, new Seed(1), 0, pins with { TableAzimuthDegrees = Turn * (((step + 0.5) / Steps) - 0.5) })).Picture;
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += at.Rgb[i] / (double)Steps;
            }
        }

        byte[] part = blurred.Annotations[0].Mask!.ToPixels();
        bool[] around = Regions.Grow([.. part.Select(p => p != 0)], Stage.Size, Stage.Size, 5);
        double Off(Picture picture) => Enumerable.Range(0, around.Length).Where(i => around[i]).Average(i => Math.Abs(picture.Rgb[i * 3] - mean[i * 3]));
        Assert.True(Off(blurred.Picture) < 0.6 * Off(still), $"blurred {Off(blurred.Picture):F2}, still {Off(still):F2} from the mean");
        Assert.True(blurred.Verdict.Agreed);
    }

    [Fact]
    public void LabelsAreThoseOfTheSharpPicture()
    {
        ScenePins pins = Stage.Pin("3003", "studs-up");
        Scene blurred = Lit with { Camera = Lit.Camera with { ApertureMm = 6 }, Placement = Lit.Placement with { TurnWhileExposedDegrees = 3 } };
        RenderedFrame sharp = Stage.Render(SceneSampler.Sample(Lit, new Seed(1), 0, pins)), soft = Stage.Render(SceneSampler.Sample(blurred, new Seed(1), 0, pins));
        Assert.Equal(sharp.Annotations[0].Mask!.Counts, soft.Annotations[0].Mask!.Counts);
        Assert.NotEqual(sharp.Picture.Rgb, soft.Picture.Rgb);
    }

    /// <summary>Pixels from a tenth to nine tenths of the table's light, up the picture's middle column.</summary>
    private static double Rise(RenderedFrame frame, View view)
    {
        int column = view.Width / 2;
        double[] light = [.. Enumerable.Range(0, 60).Select(y => Linear(frame.Picture[column, y].G))];
        double full = light[^1], low = Crossing(0.1), high = Crossing(0.9);
        return high - low;

        double Crossing(double share)
        {
            int at = Array.FindIndex(light, l => l >= share * full);
            return at == 0 ? 0 : at - 1 + (((share * full) - light[at - 1]) / (light[at] - light[at - 1]));
        }
    }

    /// <summary>The light that a value stands for, by the curve of Develop.frag.glsl turned round.</summary>
    private static double Linear(byte value)
    {
        double v = value / 255.0, developed = v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
        (double low, double high) = (0, 4);
        for (int i = 0; i < 40; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = middle * (1 + (middle / 6.25)) / (1 + (0.35 * middle)) < developed ? (middle, high) : (low, middle);
        }

        return low;
    }
}
