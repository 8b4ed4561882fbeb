using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Tests;

public sealed class PictureTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void ATableUnderAnEvenSkyHasTheColourOfTheArithmetic(double contrast)
    {
        Scene scene = Stage.Plain with
        {
            Lights = [new LightOptions { Name = "off", Intensity = 0 }],
            Ambient = new AmbientOptions { Intensity = 0.5 },
            Table = Stage.Plain.Table with { Color = ColorDistribution.FromHex("#ff8040") },
            Sensor = Stage.Plain.Sensor with { Contrast = contrast },
        };
        RenderedFrame frame = Render(scene, Stage.Pin("3004", "studs-up"), out _);
        foreach ((int hex, int channel) in new[] { (0xff, 0), (0x80, 1), (0x40, 2) })
        {
            double albedo = Math.Pow(((hex / 255.0) + 0.055) / 1.055, 2.4);
            double light = 0.5 * albedo;
            double developed = light * (1 + (light / 6.25)) / (1 + (0.35 * light));
            double plain = (1.055 * Math.Pow(developed, 1 / 2.4)) - 0.055, steep = 1.366 * light / (light + 0.366);
            Assert.Equal(255 * double.Lerp(plain, steep, contrast), frame.Picture.Rgb[(((150 * Stage.Size) + 80) * 3) + channel], 1.5);
        }
    }

    [Fact]
    public void TheTableEndsWhereItsRadiusSays()
    {
        Scene scene = Stage.Plain with { Table = Stage.Plain.Table with { RadiusMm = 60 }, Backdrop = new BackdropOptions { Color = ColorDistribution.FromHex("#000000") } };
        RenderedFrame frame = Render(scene, Stage.Pin("3004", "studs-up"), out View view);
        Assert.True(Brightness(frame, view, new(0, 57, 0)) > 60);
        Assert.True(Brightness(frame, view, new(0, 63, 0)) < 5);
    }

    [Theory]
    [InlineData(90, -1)]
    [InlineData(-90, 1)]
    public void ShadowsFallAwayFromTheLight(double lampAzimuth, int side)
    {
        Scene scene = Stage.Plain with { Lights = [Stage.Plain.Lights[0] with { AzimuthDegrees = lampAzimuth }] };
        RenderedFrame frame = Render(scene, Stage.Pin("3003", "studs-up") with { Material = "black" }, out View view);

        // The wall is 7.9 mm from the middle and 9.6 mm high; under 45 degrees its shadow ends 17.5 mm from the middle.
        Assert.True(Brightness(frame, view, new(side * 13, 0, 0)) < 10, "in the umbra");
        Assert.True(Brightness(frame, view, new(side * 16, 0, 0)) < 10, "still in the umbra");
        Assert.True(Brightness(frame, view, new(side * 22, 0, 0)) > 100, "beyond the shadow");
        Assert.True(Brightness(frame, view, new(side * -13, 0, 0)) > 100, "on the lit side");
    }

    [Fact]
    public void ALargerLampMakesASofterShadow()
    {
        Scene large = Stage.Plain with { Lights = [Stage.Plain.Lights[0] with { RadiusMm = 300 }] };
        RenderedFrame hard = Render(Stage.Plain, Stage.Pin("3003", "studs-up"), out View view), soft = Render(large, Stage.Pin("3003", "studs-up"), out _);
        Vector3 inside = new(-16, 0, 0), beyond = new(-19.5f, 0, 0);
        Assert.True(Brightness(soft, view, inside) > Brightness(hard, view, inside) + 20);
        Assert.True(Brightness(soft, view, beyond) < Brightness(hard, view, beyond) - 20);
    }

    [Fact]
    public void ThePartHidesTheSkyFromTheTableAroundIt()
    {
        Scene scene = Stage.Plain with { Lights = [new LightOptions { Name = "off", Intensity = 0 }], Ambient = new AmbientOptions { Intensity = 0.5 } };
        RenderedFrame frame = Render(scene, Stage.Pin("3001", "studs-up"), out View view);
        int near = Brightness(frame, view, new(0, -9.5f, 0)), far = Brightness(frame, view, new(0, -40, 0));
        Assert.InRange(near, far * 0.5, far * 0.92);
    }

    [Fact]
    public void ThePartColoursTheTableAtItsFoot()
    {
        (byte R, byte G, byte B) Foot(string material)
        {
            Scene scene = Stage.Plain with { Ambient = new AmbientOptions { Intensity = 0.5 } };
            RenderedFrame frame = Render(scene, Stage.Pin("3001", "studs-up") with { Material = material }, out View view);
            return At(frame, view, new(0, -9.5f, 0));
        }

        Assert.True(Foot("red").R > Foot("black").R + 3);
        Assert.True(Foot("red").R > Foot("red").B + 3);
    }

    /// <summary>A lamp 75 degrees up meets an upright side at 75 degrees, of which plastic mirrors a quarter, onto 9.6 / tan 75 = 2.6 mm of the table.</summary>
    [Fact]
    public void AShinySideMirrorsAHighLampBeforeItsFoot()
    {
        int closed = Glow("studs-up", 90), open = Glow("on-side", 0);
        Assert.InRange(closed, 8, 60);
        Assert.InRange(open, 1, closed * 0.7); // the open bottom mirrors no more than its rim does

        static int Glow(string pose, float yaw)
        {
            Scene scene = Stage.Plain with { Lights = [Stage.Plain.Lights[0] with { ElevationDegrees = 75 }] };
            SampledScene sampled = SceneSampler.Sample(scene, new Seed(1), 0, Stage.Pin("3003", pose) with { Material = "black" });
            Vector3 bottom = Vector3.TransformNormal(-Vector3.UnitZ, sampled.Subject.Transform);
            Matrix4x4 turned = sampled.Subject.Transform * Matrix4x4.CreateRotationZ((float)Angle.ToRadians(yaw) - MathF.Atan2(bottom.Y, bottom.X));
            sampled = sampled with { Entities = [sampled.Subject with { Transform = turned }] };
            float foot = sampled.Subject.Model.Corners.Max(c => Vector3.Transform(c, turned).X);
            RenderedFrame frame = Stage.Render(sampled);
            View view = Stage.ViewOf(scene, sampled);
            int beyond = Brightness(frame, view, new(foot + 9, 0, 0));
            Assert.InRange(Brightness(frame, view, new(foot + 6, 0, 0)), beyond - 2, beyond + 2);
            return Brightness(frame, view, new(foot + 1.3f, 0, 0)) - beyond;
        }
    }

    [Fact]
    public void LitSidesAreBrighterThanSidesInShade()
    {
        SampledScene sampled = SceneSampler.Sample(Stage.Plain, new Seed(1), 0, Stage.Pin("3003", "studs-up", yaw: 45));
        RenderedFrame frame = Stage.Render(sampled);
        View view = Stage.ViewOf(Stage.Plain, sampled);
        Assert.True(Red(frame, view, new(5.6f, -5.6f, 4)) > Red(frame, view, new(-5.6f, -5.6f, 4)) + 30);
    }

    [Fact]
    public void TheColourOfThePlasticShows()
    {
        Scene scene = Stage.Plain with { Ambient = new AmbientOptions { Intensity = 0.5 } };
        foreach ((string material, int strongest) in new[] { ("red", 0), ("green", 1), ("blue", 2) })
        {
            SampledScene sampled = SceneSampler.Sample(scene, new Seed(1), 0, Stage.Pin("3001", "studs-up") with { Material = material });
            RenderedFrame frame = Stage.Render(sampled);
            byte[] inside = frame.Annotations[0].Mask!.ToPixels();
            double[] mean = [.. Enumerable.Range(0, 3).Select(c => Enumerable.Range(0, inside.Length).Where(i => inside[i] == 1).Average(i => frame.Picture.Rgb[(3 * i) + c]))];
            Assert.Equal(strongest, Array.IndexOf(mean, mean.Max()));
        }
    }

    [Fact]
    public void NoiseHasTheStrengthThatTheSensorSays()
    {
        Scene scene = Stage.Plain with { Sensor = Stage.Plain.Sensor with { ReadNoise = 0.02 }, Ambient = new AmbientOptions { Intensity = 0.5 } };
        RenderedFrame clean = Render(scene with { Sensor = Stage.Plain.Sensor }, Stage.Pin("3004", "studs-up"), out _), noisy = Render(scene, Stage.Pin("3004", "studs-up"), out _);
        double Light(byte value) => Math.Pow(((value / 255.0) + 0.055) / 1.055, 2.4);
        double[] errors = [.. Enumerable.Range(Stage.Size * 130 * 3, Stage.Size * 20 * 3).Select(i => Light(noisy.Picture.Rgb[i]) - Light(clean.Picture.Rgb[i]))];
        double deviation = Math.Sqrt(errors.Average(e => e * e));
        // The tone curve's slope is a little under 1 at this light.
        Assert.InRange(deviation, 0.02 * 0.6, 0.02 * 1.1);
        Assert.Equal(0, errors.Average(), 0.002);
    }

    private static RenderedFrame Render(Scene scene, ScenePins pins, out View view)
    {
        SampledScene sampled = SceneSampler.Sample(scene, new Seed(1), 0, pins);
        view = Stage.ViewOf(scene, sampled);
        return Stage.Render(sampled);
    }

    private static int Brightness(RenderedFrame frame, View view, Vector3 point)
    {
        (byte r, byte g, byte b) = At(frame, view, point);
        return (r + g + b) / 3;
    }

    private static int Red(RenderedFrame frame, View view, Vector3 point) => At(frame, view, point).R;

    private static (byte R, byte G, byte B) At(RenderedFrame frame, View view, Vector3 point)
    {
        Vector2 pixel = view.Project(point).Pixel;
        return frame.Picture[(int)pixel.X, (int)pixel.Y];
    }
}
