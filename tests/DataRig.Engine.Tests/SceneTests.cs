using DataRig.Core;
using DataRig.Core.Configuration;

namespace DataRig.Engine.Tests;

public sealed class SceneTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "scenes")).Select(f => Path.GetFileName(f))];

    [Theory]
    [MemberData(nameof(Files))]
    public void TheScenesThatComeWithTheProgramLoad(string file)
    {
        Scene scene = Scene.Load(Path.Combine(AppContext.BaseDirectory, "scenes", file));
        Assert.Equal(Path.GetFileNameWithoutExtension(file), scene.Name);
        Assert.Equal((224, 224), (scene.Image.Width, scene.Image.Height));
        Assert.Equal(10, scene.Parts.Count);
    }

    [Theory]
    [InlineData("{\"parts\": [\"3001\",\n \"9999\"]}", 2, 2, "parts[1]", "one of the parts \"2456\", \"3001\"")]
    [InlineData("{\"parts\": []}", 1, 11, "parts", "at least one part")]
    [InlineData("{\"camera\": {\"elevationDegrees\": {\"uniform\": [30, 95]}}}", 1, 33, "camera.elevationDegrees", "from 5 to 89")]
    [InlineData("{\"camera\": {\n  \"elevation\": 3}}", 2, 3, "camera.elevation", "elevationDegrees")]
    [InlineData("{\"table\": {\"color\": \"white\"}}", 1, 21, "table.color", "expected a colour")]
    [InlineData("{\"table\": {\"radiusMm\": {\"uniform\": [5]}}}", 1, 24, "table.radiusMm", "{\"uniform\": [low, high]}")]
    [InlineData("{\"lights\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}", 1, 12, "lights", "two lights are named \"a\"")]
    [InlineData("{\"lights\": []}", 1, 12, "lights", "1 to 4 lights")]
    [InlineData("{\"materials\": [{\"name\": \"red\"}]}", 1, 16, "materials[0]", "\"color\" is missing")]
    public void WhatIsWrongInASceneIsNamedWithItsPlace(string json, int line, int column, string path, string says)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => StrictJson.Read<Scene>(json, "test.json"));
        ConfigurationProblem problem = Assert.Single(error.Problems);
        Assert.Equal((line, column, path), (problem.Line, problem.Column, problem.Path));
        Assert.Contains(says, problem.Message);
    }

    [Theory]
    [InlineData("0.5", 0.5, 0.5)]
    [InlineData("{\"uniform\": [2, 3]}", 2, 3)]
    [InlineData("{\"normal\": [10, 2]}", 4, 16)]
    [InlineData("{\"choice\": [4, 8, 6]}", 4, 8)]
    public void DrawsStayInTheirRange(string json, double low, double high)
    {
        Assert.True(Distribution.TryRead(ConfigurationNode.Parse(System.Text.Encoding.UTF8.GetBytes(json)), out Distribution? distribution, out _));
        Assert.Equal((low, high), (distribution!.Low, distribution.High));
        double[] draws = [.. Enumerable.Range(0, 2000).Select(i => distribution.Sample(new Seed(1).At(i), "x"))];
        Assert.All(draws, d => Assert.InRange(d, low, high));
        Assert.Equal((low + high) / 2, draws.Average(), (high - low) * 0.03 + 1e-9);
        Assert.True(low == high || draws.Distinct().Count() > 2);
    }

    [Fact]
    public void ColoursAreBlendedAndChosen()
    {
        ColorDistribution Read(string json) => ColorDistribution.TryRead(ConfigurationNode.Parse(System.Text.Encoding.UTF8.GetBytes(json)), out ColorDistribution? color, out _) ? color! : throw new FormatException();
        Assert.Equal(1, Read("\"#ff0000\"").Sample(new Seed(1).At(0), "c").X);
        Assert.Equal(2, Enumerable.Range(0, 50).Select(i => Read("{\"choice\": [\"#ff0000\", \"#0000ff\"]}").Sample(new Seed(1).At(i), "c")).Distinct().Count());
        Assert.All(Enumerable.Range(0, 50).Select(i => Read("{\"between\": [\"#ff0000\", \"#0000ff\"]}").Sample(new Seed(1).At(i), "c")), c => Assert.Equal(1, c.X + c.Z, 1e-5));
        (float warm, float cold) = (Read("{\"kelvin\": 2700}").Sample(new Seed(1).At(0), "c").Z, Read("{\"kelvin\": 9000}").Sample(new Seed(1).At(0), "c").X);
        Assert.InRange(warm, 0.05f, 0.4f);
        Assert.InRange(cold, 0.4f, 0.9f);
        System.Numerics.Vector3 day = Read("{\"kelvin\": 6500}").Sample(new Seed(1).At(0), "c");
        Assert.InRange(Math.Min(day.X, Math.Min(day.Y, day.Z)), 0.9f, 1f);
    }

    [Fact]
    public void EveryBlockOfIndicesShowsEveryPartOnce()
    {
        Scene scene = new();
        PartId[] parts = [.. Enumerable.Range(0, 50).Select(i => SceneSampler.Sample(scene, new Seed(4), i).Subject.Part)];
        foreach (PartId[] block in parts.Chunk(10))
        {
            Assert.Equal(scene.Parts.Select(p => p.Part).Order(), block.Order());
        }

        Assert.NotEqual(parts[..10], parts[10..20]);
    }

    [Fact]
    public void PartsComeAsOftenAsTheirWeightsAsk()
    {
        Scene scene = new() { Parts = [.. new[] { ("3001", 1), ("3002", 3), ("3003", 0.001), ("3004", 0.001) }.Select(p => PartOptions.Of(new(p.Item1)) with { Weight = p.Item2 })] };
        PartId[] parts = [.. Enumerable.Range(0, 400).Select(i => SceneSampler.Sample(scene, new Seed(4), i).Subject.Part)];
        foreach (PartId[] block in parts.Chunk(40))
        {
            Assert.Equal([("3001", 10), ("3002", 28), ("3003", 1), ("3004", 1)], block.CountBy(p => p.Value).Select(p => (p.Key, p.Value)).Order());
        }

        Assert.NotEqual(parts[..40], parts[40..80]);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.0, 1.0, 1.0)]
    [InlineData(0.3, 0.4, 0.5, 7.0)]
    [InlineData(1000.0, 0.001)]
    [InlineData(1.1, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)]
    public void ABlockIsFullAndLeavesNoPartOut(params double[] weights)
    {
        int[] slots = PartShares.Slots(weights);
        Assert.Equal(weights.Distinct().Count() == 1 ? weights.Length : 10 * weights.Length, slots.Length);
        int[] counts = [.. Enumerable.Range(0, weights.Length).Select(part => slots.Count(s => s == part))];
        Assert.All(counts, c => Assert.True(c >= 1));
        Assert.Equal(weights.Order(), weights.Zip(counts).OrderBy(p => p.Second).ThenBy(p => p.First).Select(p => p.First));
    }

    [Fact]
    public void EvenCoverageFillsTheViewSphereBetterThanChance()
    {
        Scene scene = new() { Camera = new CameraOptions { ElevationDegrees = Distribution.Uniform(10, 80), DistanceMm = Distribution.Uniform(60, 120) } };
        double chance = Uneven(scene), even = Uneven(scene with { Placement = scene.Placement with { Even = true } });
        Assert.True(even < 0.4 * chance, $"even {even:F2}, by chance {chance:F2}");

        // The deviation of the counts of 24 cells of equal area (eight sectors, three bands of equal height), and of four of equal size, over the mean count.
        static double Uneven(Scene scene)
        {
            SampledScene[] frames = [.. Enumerable.Range(0, 2400).Select(i => SceneSampler.Sample(scene, new Seed(3), i)).Where(s => s.Subject.Part.Value == "3001")];
            Assert.Equal(240, frames.Length);
            (double low, double high) = (Math.Sin(Angle.ToRadians(10)), Math.Sin(Angle.ToRadians(80)));
            int[] cells = new int[24], sizes = new int[4];
            foreach (SampledScene frame in frames)
            {
                double turn = Angle.Normalize(frame.Values["subject.yaw"] + frame.TableAzimuthDegrees), height = (Math.Sin(Angle.ToRadians(frame.Camera.ElevationDegrees)) - low) / (high - low);
                cells[((int)(turn / 45) * 3) + Math.Min(2, (int)(height * 3))]++;
                double size = ((1 / frame.Values["camera.distance"]) - (1 / 120.0)) / ((1 / 60.0) - (1 / 120.0));
                sizes[Math.Clamp((int)(size * 4), 0, 3)]++;
            }

            return cells.Sum(c => Math.Abs(c - 10)) / 10.0 / 24 + (sizes.Sum(c => Math.Abs(c - 60)) / 60.0 / 4);
        }
    }

    [Fact]
    public void EvenCoverageLeavesWhatIsFixedAndGivesAFrameAlone()
    {
        Scene scene = new() { Placement = new PlacementOptions { Even = true, YawDegrees = 20 }, Camera = new CameraOptions { ElevationDegrees = 40 } };
        SampledScene[] frames = [.. Enumerable.Range(0, 40).Select(i => SceneSampler.Sample(scene, new Seed(3), i))];
        Assert.All(frames, f => Assert.Equal((20.0, 40.0), (f.Values["subject.yaw"], f.Camera.ElevationDegrees)));
        Assert.Equal(40, frames.Select(f => f.TableAzimuthDegrees).Distinct().Count());
        Assert.Equal(frames[17].TableAzimuthDegrees, SceneSampler.Sample(scene, new Seed(3), 17).TableAzimuthDegrees);
    }

    [Fact]
    public void EveryOwnSceneLoadsAndCanBeDrawnFrom()
    {
        string[] files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "scenes"), "*.json", SearchOption.AllDirectories);
        Assert.True(files.Length >= 4);
        Assert.All(files, file => Assert.NotEmpty(SceneSampler.Sample(Scene.Load(file), new Seed(1), 0).Values));
    }

    [Fact]
    public void ARigStaysTheSameWhileFramesDiffer()
    {
        Scene scene = Scene.Load(Path.Combine(AppContext.BaseDirectory, "scenes", "turntable.json"));
        ScenePins pins = new() { Part = new("3001"), Item = new("3001-red-a"), Material = "red", Pose = "studs-up", PlacementMm = (1, 2), YawDegrees = 5, TableAzimuthDegrees = 10.25, RigSeed = new Seed(99) };
        SampledScene first = SceneSampler.Sample(scene, new Seed(1), 0, pins), second = SceneSampler.Sample(scene, new Seed(1), 1, pins with { TableAzimuthDegrees = 40 });
        Assert.Equal(first.Camera, second.Camera);
        Assert.Equal(first.Lights, second.Lights);
        Assert.Equal(first.Sensor, second.Sensor);
        Assert.Equal((first.Subject.Roughness, first.Subject.Color), (second.Subject.Roughness, second.Subject.Color));
        Assert.Equal("3001-red-a", second.Subject.Item.Value);
        Assert.Equal(10.25, first.TableAzimuthDegrees);
        Assert.NotEqual(first.Draws.Bits("sensor.noise"), second.Draws.Bits("sensor.noise"));
        Assert.NotEqual(first.Camera, SceneSampler.Sample(scene, new Seed(1), 0, pins with { RigSeed = new Seed(98) }).Camera);
        Assert.NotEqual(first.Camera, SceneSampler.Sample(scene, new Seed(1), 0, pins with { RigSeed = null }).Camera);
    }

    [Fact]
    public void ThePartTurnsWithTheTable()
    {
        ScenePins pins = Stage.Pin("3001", "studs-up") with { PlacementMm = (10, 0) };
        SampledScene turned = SceneSampler.Sample(Stage.Plain, new Seed(1), 0, pins with { TableAzimuthDegrees = 90 });
        System.Numerics.Vector3 center = System.Numerics.Vector3.Transform(PartLibrary.Bricks.Model(new("3001")).Center, turned.Subject.Transform);
        Assert.Equal(0, center.X, 1e-3);
        Assert.Equal(10, center.Y, 1e-3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void APartLiesInItsLikeliestPosesOnly(int poses)
    {
        Scene scene = new() { Parts = [PartOptions.Of(new("3001"))], Placement = new() { Poses = poses } };
        IEnumerable<string> lain = Enumerable.Range(0, 60).Select(i => SceneSampler.Sample(scene, new Seed(1), i).Subject.Pose).Distinct();
        Assert.Equal(PartLibrary.Bricks.Poses(new("3001")).Take(poses).Order(), lain.Order());
    }

    [Fact]
    public void UnknownNamesInPinsAreNamed()
    {
        Scene scene = new();
        Assert.Contains("\"9999\"", Assert.Throws<WorkFailedException>(() => SceneSampler.Sample(scene, new Seed(1), 0, new() { Part = new("9999") })).Message);
        Assert.Contains("on-its-head", Assert.Throws<WorkFailedException>(() => SceneSampler.Sample(scene, new Seed(1), 0, new() { Pose = "on-its-head" })).Message);
        Assert.Contains("\"gold\"", Assert.Throws<WorkFailedException>(() => SceneSampler.Sample(scene, new Seed(1), 0, new() { Material = "gold" })).Message);
    }

    [Fact]
    public void DistractorsTouchNeitherThePartNorEachOther()
    {
        Scene scene = new() { Placement = new PlacementOptions { Distractors = 4, DistractorDistanceMm = Distribution.Uniform(25, 70) } };
        int placed = 0;
        for (int i = 0; i < 40; i++)
        {
            SampledScene sampled = SceneSampler.Sample(scene, new Seed(2), i);
            (System.Numerics.Vector3 Center, float Radius)[] balls = [.. sampled.Entities.Select(e => (System.Numerics.Vector3.Transform(e.Model.Center, e.Transform), e.Model.Radius))];
            for (int a = 0; a < balls.Length; a++)
            {
                for (int b = 0; b < a; b++)
                {
                    Assert.True(new System.Numerics.Vector2(balls[a].Center.X - balls[b].Center.X, balls[a].Center.Y - balls[b].Center.Y).Length() >= balls[a].Radius + balls[b].Radius - 1e-3);
                }
            }

            placed += balls.Length - 1;
        }

        Assert.InRange(placed, 60, 160);
    }
}
