using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Geometry;
using DataRig.Engine.Parts;

namespace DataRig.Engine;

/// <summary>Draws one frame's numbers from a scene.</summary>
public static class SceneSampler
{
    /// <summary>
    /// Frame <paramref name="index"/> of a seed. Every draw is a function of seed, index and the parameter's name alone;
    /// parts come by their weights (<see cref="PartShares"/>).
    /// </summary>
    /// <exception cref="WorkFailedException">A pin names a part, material or pose that there is not.</exception>
    public static SampledScene Sample(Scene scene, Seed seed, long index, ScenePins? pins = null)
    {
        ArgumentNullException.ThrowIfNull(scene);
        pins ??= new ScenePins();
        Dictionary<string, double> values = [];
        Sampling frame = new(seed.At(index), values);
        Sampling rig = pins.RigSeed is { } rigSeed ? new(rigSeed.At(0), values) : frame;

        double azimuth = Azimuth();
        (PartId part, long nth) = pins.Part is { } pinned ? (pinned, index) : PartShares.At(scene.Parts, seed, index);
        if (scene.Placement.Even)
        {
            (scene, pins) = EvenCoverage.Of(seed, part, nth).In(scene, pins, azimuth);
            azimuth = Azimuth();
        }

        return Assemble(scene, frame, rig, pins, part, azimuth);

        double Azimuth() => Angle.Normalize(frame.Number(pins.TableAzimuthDegrees ?? scene.Placement.TableAzimuthDegrees, "placement.tableAzimuth"));
    }

    private static SampledScene Assemble(Scene scene, Sampling frame, Sampling rig, ScenePins pins, PartId part, double azimuth)
    {
        SampledEntity subject = Entity(scene, frame, pins, part, azimuth, "subject");
        SampledCamera camera = Camera(scene.Camera, rig);
        return new SampledScene
        {
            Draws = frame.Draws,
            Camera = camera,
            Table = Table(scene.Table, rig, azimuth),
            Backdrop = new SampledBackdrop(rig.Color(scene.Backdrop.Color, "backdrop.color"), rig.Single(scene.Backdrop.Clutter, "backdrop.clutter"), new(rig.Single(Distribution.Uniform(0, 1000), "backdrop.x"), rig.Single(Distribution.Uniform(0, 1000), "backdrop.y"))),
            Lights = [.. scene.Lights.Select(l => Light(l, rig))],
            Ambient = rig.Color(scene.Ambient.Color, "ambient.color") * rig.Single(scene.Ambient.Intensity, "ambient.intensity"),
            Entities = [subject, .. Distractors(scene, frame, subject, azimuth)],
            Props = PropSampler.Sample(scene, rig, camera, azimuth),
            Sensor = Sensor(scene.Sensor, rig),
            TableAzimuthDegrees = azimuth,
            TurnWhileExposedDegrees = frame.Number(scene.Placement.TurnWhileExposedDegrees, "placement.turnWhileExposed"),
            Values = frame.Values,
        };
    }

    /// <summary>The scene with every number in the middle of what it is drawn from: what stays the same from frame to frame.</summary>
    internal static SampledScene Typical(Scene scene, ScenePins pins)
    {
        Sampling middle = new(new Seed(0).At(0), [], Middle: true);
        double azimuth = Angle.Normalize(pins.TableAzimuthDegrees ?? 0);
        return Assemble(scene, middle, middle, pins, pins.Part ?? scene.Parts[0].Part, azimuth);
    }

    private static SampledCamera Camera(CameraOptions options, Sampling draw)
    {
        double elevation = draw.Number(options.ElevationDegrees, "camera.elevation");
        double azimuth = draw.Number(options.AzimuthDegrees, "camera.azimuth");
        Vector3 lookAt = new(draw.Single(options.LookAtXMm, "camera.lookAtX"), draw.Single(options.LookAtYMm, "camera.lookAtY"), draw.Single(options.LookAtZMm, "camera.lookAtZ"));
        Vector3 eye = lookAt + Around(azimuth, elevation, draw.Number(options.DistanceMm, "camera.distance"));
        return new(eye, lookAt, elevation, draw.Number(options.VerticalFieldOfViewDegrees, "camera.fieldOfView"), draw.Number(options.RollDegrees, "camera.roll"))
        {
            ApertureMm = draw.Number(options.ApertureMm, "camera.aperture"),
            FocusOffsetMm = draw.Number(options.FocusOffsetMm, "camera.focusOffset"),
        };
    }

    private static SampledTable Table(TableOptions options, Sampling draw, double turnedDegrees)
    {
        double off = draw.Number(options.EccentricityMm, "table.eccentricity");
        double towards = Angle.ToRadians(draw.Number(Distribution.Uniform(0, 360), "table.eccentricityAzimuth") + turnedDegrees);
        Vector2 middle = new((float)(off * Math.Cos(towards)), (float)(off * Math.Sin(towards)));
        return new(middle, draw.Single(options.RadiusMm, "table.radius"), draw.Color(options.Color, "table.color"), draw.Single(options.Mottle, "table.mottle"));
    }

    private static SampledLight Light(LightOptions options, Sampling draw)
    {
        string name = $"light.{options.Name}";
        Vector3 position = Around(
            draw.Number(options.AzimuthDegrees, name + ".azimuth"), draw.Number(options.ElevationDegrees, name + ".elevation"), draw.Number(options.DistanceMm, name + ".distance"));
        return new(position, draw.Single(options.RadiusMm, name + ".radius"), draw.Color(options.Color, name + ".color") * draw.Single(options.Intensity, name + ".intensity"));
    }

    private static SampledEntity Entity(Scene scene, Sampling frame, ScenePins pins, PartId part, double azimuth, string name)
    {
        PartOptions options = scene.Library.Options(part);
        PartModel model = scene.Library.ModelOf(options.Shape);
        MaterialOptions material = pins.Material is { } pinned
            ? scene.Materials.FirstOrDefault(m => m.Name == pinned) ?? throw new WorkFailedException(
                $"The scene \"{scene.Name}\" has no material \"{pinned}\"; its materials are {string.Join(", ", scene.Materials.Select(m => m.Name))}.")
            : frame.Choose(options.Materials.Count == 0 ? scene.Materials : [.. scene.Materials.Where(m => options.Materials.Contains(m.Name))], m => m.Weight, name + ".material");
        ItemId item = pins.Item ?? new ItemId($"{part}-rendered-{material.Name}");
        RestingPose pose = pins.Pose is { } wanted
            ? model.Poses.FirstOrDefault(p => p.Name == wanted) ?? throw new WorkFailedException(
                $"The part {part} has no resting pose \"{wanted}\"; it rests {string.Join(", ", model.Poses.Select(p => p.Name))}.")
            : Pose(model, scene.Placement, frame.Number(Distribution.Uniform(0, 1), name + ".pose"));

        // An item's plastic stays what it is for as long as the rig does.
        Sampling plastic = pins.RigSeed is { } rigSeed ? frame with { Draws = rigSeed.For(item.Value).At(0) } : frame;
        (double x, double y) = pins.PlacementMm ?? (frame.Number(scene.Placement.XMm, name + ".x"), frame.Number(scene.Placement.YMm, name + ".y"));
        double yaw = frame.Number(pins.YawDegrees ?? scene.Placement.YawDegrees, name + ".yaw");
        Matrix4x4 transform = pose.Transform
            * Matrix4x4.CreateRotationZ((float)Angle.ToRadians(yaw))
            * Matrix4x4.CreateTranslation((float)x, (float)y, 0)
            * Matrix4x4.CreateRotationZ((float)Angle.ToRadians(azimuth));
        return new(
            part, item, material.Name, pose.Name, plastic.Color(material.Color, name + ".color"),
            plastic.Single(material.Roughness, name + ".roughness"), plastic.Single(material.Specular, name + ".specular"), transform) { Model = model };
    }

    private static RestingPose Pose(PartModel model, PlacementOptions placement, double draw)
    {
        double[] weights = [.. model.Poses.Take(placement.Poses).Select(p => Math.Pow(p.Weight, placement.PoseSharpness))];
        double left = draw * weights.Sum();
        for (int i = 0; i < weights.Length - 1; i++)
        {
            left -= weights[i];
            if (left < 0)
            {
                return model.Poses[i];
            }
        }

        return model.Poses[weights.Length - 1];
    }

    /// <summary>More parts, where they touch none that lies there already; one that finds no place is left out.</summary>
    private static List<SampledEntity> Distractors(Scene scene, Sampling frame, SampledEntity subject, double azimuth)
    {
        List<SampledEntity> placed = [];
        int count = (int)Math.Round(frame.Number(scene.Placement.Distractors, "distractors"));
        for (int i = 0; i < count; i++)
        {
            string name = $"distractor{i}";
            PartId part = scene.Parts[(int)(frame.Number(Distribution.Uniform(0, 1), name + ".part") * scene.Parts.Count)].Part;
            for (int attempt = 0; attempt < 8; attempt++)
            {
                string place = $"{name}.place{attempt}";
                double distance = frame.Number(scene.Placement.DistractorDistanceMm, place + ".distance");
                double towards = Angle.ToRadians(frame.Number(Distribution.Uniform(0, 360), place + ".azimuth"));
                SampledEntity entity = Entity(scene, frame, new ScenePins { PlacementMm = (distance * Math.Cos(towards), distance * Math.Sin(towards)) }, part, azimuth, name);
                if (placed.Prepend(subject).All(other => Apart(entity, other)))
                {
                    placed.Add(entity);
                    break;
                }
            }
        }

        return placed;
    }

    private static bool Apart(SampledEntity a, SampledEntity b)
    {
        Vector3 way = Vector3.Transform(a.Model.Center, a.Transform) - Vector3.Transform(b.Model.Center, b.Transform);
        return new Vector2(way.X, way.Y).Length() > a.Model.Radius + b.Model.Radius;
    }

    private static SampledSensor Sensor(SensorOptions options, Sampling rig)
    {
        float exposure = rig.Single(options.Exposure, "sensor.exposure");
        Vector3 gains = new Vector3(rig.Single(options.RedGain, "sensor.redGain"), 1, rig.Single(options.BlueGain, "sensor.blueGain")) * exposure;
        return new(
            gains, rig.Single(options.Vignette, "sensor.vignette"), rig.Single(options.BlurPixels, "sensor.blur"), rig.Single(options.Sharpening, "sensor.sharpening"),
            rig.Single(options.ShotNoise, "sensor.shotNoise"), rig.Single(options.ReadNoise, "sensor.readNoise"), (int)Math.Round(rig.Number(options.JpegQuality, "sensor.jpegQuality")))
        {
            Contrast = rig.Single(options.Contrast, "sensor.contrast"),
        };
    }

    /// <summary>A place as seen from the table's middle: azimuth from -y counter-clockwise.</summary>
    internal static Vector3 Around(double azimuthDegrees, double elevationDegrees, double distance)
    {
        (double sin, double cos) = Math.SinCos(Angle.ToRadians(azimuthDegrees));
        (double up, double level) = Math.SinCos(Angle.ToRadians(elevationDegrees));
        return new((float)(distance * sin * level), (float)(-distance * cos * level), (float)(distance * up));
    }
}
