using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Fitting;
using DataRig.Engine.Parts;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Tests.Fitting;

/// <summary>A fit to renderings of a rig whose numbers it is not told.</summary>
public sealed class TwinFitterTests
{
    private const int Size = 128;

    private static readonly string[] Parts = ["3001", "3039", "3010", "3003", "2456", "3660"];

    /// <summary>What the fit begins with: a camera that stands elsewhere.</summary>
    private static readonly Scene Guess = Stage.Plain with
    {
        Image = new ImageOptions { Width = Size, Height = Size },
        Camera = new CameraOptions { ElevationDegrees = 40, DistanceMm = 110, VerticalFieldOfViewDegrees = 45 },
        Table = new TableOptions { RadiusMm = 70, Color = ColorDistribution.FromHex("#f0f0f0"), EccentricityMm = 0, Mottle = 0 },
        Lights = [new LightOptions { Name = "lamp", AzimuthDegrees = 60, ElevationDegrees = 60, DistanceMm = 300, RadiusMm = 20, Intensity = 0.4 }],
        Ambient = new AmbientOptions { Intensity = 0.3 },
    };

    private static readonly Scene Hidden = Guess with
    {
        Camera = new CameraOptions { ElevationDegrees = 48, DistanceMm = 96, VerticalFieldOfViewDegrees = 45, RollDegrees = 3, LookAtXMm = 2, LookAtYMm = -3 },
        Table = Guess.Table with { RadiusMm = 60 },
        Lights = [Guess.Lights[0] with { AzimuthDegrees = 100, ElevationDegrees = 42, Color = ColorDistribution.FromHex("#ffc0a0"), Intensity = 0.5 }],
        Sensor = Stage.Plain.Sensor with { ShotNoise = 0.01, ReadNoise = 0.0025, JpegQuality = 90 },
    };

    [Fact]
    public void Finds_camera_lamp_and_colours_that_it_is_not_told()
    {
        TwinObservation[] photographs = [.. Parts.Select(Photograph)];
        TwinFitOptions options = new() { Seed = new Seed(5), SilhouetteWidth = 96, LightPhotographs = 4, LightGenerations = 16, SensorPhotographs = 2 };

        TwinFit fit = new TwinFitter(Guess, options).Fit(photographs, new Silent(), TestContext.Current.CancellationToken);

        Assert.True(fit.Overlap > 0.93, $"silhouettes cover each other by {fit.Overlap}");
        Assert.Equal(48, Number("camera.elevationDegrees"), 2.0);
        Assert.Equal(3, Number("camera.rollDegrees"), 2.5);
        // A longer lens from farther off looks all but the same; what a part's size says is one by the other.
        double scale = Number("camera.distanceMm") * Math.Tan(Angle.ToRadians(Number("camera.verticalFieldOfViewDegrees") / 2));
        Assert.Equal(1, scale / (96 * Math.Tan(Angle.ToRadians(22.5))), 0.04);
        Assert.Equal(60, Number("table.radiusMm"), 3.0);
        Assert.True(Math.Abs(Angle.Difference(100, Number("lights.lamp.azimuthDegrees"))) < 15, $"the lamp is at {Number("lights.lamp.azimuthDegrees")}");
        Assert.Equal(42, Number("lights.lamp.elevationDegrees"), 8.0);
        Assert.True(fit.LightMisfit < 0.06, $"the light is off by {fit.LightMisfit}");
        Assert.Equal(Parts.Length, fit.Photographs.Count);

        // Red plastic is found red: much more of it than of the other channels.
        Vector3 red = ColorDistribution.FromHex("#b80f0a").Middle;
        Assert.All(fit.Items, item =>
        {
            Vector3 found = ColorDistribution.FromHex(item.Color).Middle;
            Assert.Equal(red.X, found.X, 0.12f);
            Assert.InRange(found.Y, 0, 0.06f);
        });

        double Number(string key) => fit.Numbers.Single(n => n.Key == key).Value;
    }

    [Fact]
    public void A_silhouette_is_what_the_renderer_draws()
    {
        foreach (string part in Parts)
        {
            (SampledScene sampled, RenderedFrame frame) = Draw(part);
            PartModel model = PartLibrary.Bricks.Model(new PartId(part));
            Silhouette silhouette = new(Size, Size);

            silhouette.Draw(model.Outline, sampled.Subject.Transform, Stage.ViewOf(Hidden, sampled));

            byte[] drawn = frame.Annotations[0].Mask!.ToPixels();
            Assert.True(silhouette.Overlap(drawn, drawn.Sum(p => p)) > 0.95, $"{part}: {silhouette.Overlap(drawn, drawn.Sum(p => p))}");
        }
    }

    [Fact]
    public void A_scene_is_scored_well_against_itself_and_worse_than_that_against_another()
    {
        TwinObservation[] photographs = [.. Parts.Select(Photograph)];
        TwinFitOptions options = new() { SilhouetteWidth = 96 };

        TwinScore self = new TwinScorer(Hidden, options).Score(photographs, new Silent(), TestContext.Current.CancellationToken);
        TwinScore other = new TwinScorer(Guess, options).Score(photographs, new Silent(), TestContext.Current.CancellationToken);

        Assert.True(self.Overlap > 0.95, $"{self.Overlap}");
        Assert.True(self.TableDifference < 3, $"{self.TableDifference}");
        Assert.True(self.PartDifference < 8, $"{self.PartDifference}");
        Assert.Equal(1, self.Noise.Renderings / self.Noise.Photographs, 0.15);
        Assert.True(other.Overlap < self.Overlap && other.TableDifference > self.TableDifference + 1 && other.PartDifference > self.PartDifference);
    }

    [Fact]
    public void Without_photographs_there_is_nothing_to_fit() =>
        Assert.Contains("at least one photograph", Assert.Throws<WorkFailedException>(() => new TwinFitter(Guess).Fit([], new Silent(), TestContext.Current.CancellationToken)).Message);

    private static TwinObservation Photograph(string part)
    {
        (SampledScene sampled, RenderedFrame frame) = Draw(part);
        View view = Stage.ViewOf(Hidden, sampled);
        byte[] beyond = new byte[Size * Size];
        byte[] mask = frame.Annotations[0].Mask!.ToPixels();
        for (int i = 0; i < beyond.Length; i++)
        {
            Vector3 place = view.OnPlane(new Vector2((i % Size) + 0.5f, (i / Size) + 0.5f), 0);
            beyond[i] = mask[i] == 0 && new Vector2(place.X, place.Y).Length() > 60 ? (byte)1 : (byte)0;
        }

        return new TwinObservation
        {
            Name = part, Part = frame.Part, Item = frame.Item, Picture = frame.Picture, PartMask = frame.Annotations[0].Mask!, Beyond = Mask.FromPixels(Size, Size, beyond),
        };
    }

    private static (SampledScene Sampled, RenderedFrame Frame) Draw(string part)
    {
        Graphics.Require();
        int turn = 37 * Array.IndexOf(Parts, part);
        SampledScene sampled = SceneSampler.Sample(Hidden, new Seed(1), turn, Stage.Pin(part, PartLibrary.Bricks.Poses(new PartId(part))[0], yaw: 20 + turn));
        lock (Renderer)
        {
            return (sampled, Renderer.Value.Render(sampled));
        }
    }

    private static readonly Lazy<SceneRenderer> Renderer = new(() => new SceneRenderer(Hidden));

    private sealed class Silent : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
        }
    }
}
