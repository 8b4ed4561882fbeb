using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Parts;

namespace DataRig.Engine.Fitting;

/// <summary>A rig as far as it is known: the numbers that the fit has found, over a scene's own for all others.</summary>
/// <param name="Typical">The scene in the middle of what it is drawn from.</param>
/// <param name="Camera">Where the camera stands, and the table's radius.</param>
/// <param name="Lights">Where the lamps stand.</param>
/// <param name="Radiance">Of each lamp; see <see cref="SampledLight.Radiance"/>.</param>
/// <param name="Ambient">Light from all around.</param>
/// <param name="Backdrop">Radiance.</param>
/// <param name="Sensor">What the camera makes of it.</param>
internal sealed record RigModel(
    SampledScene Typical, CameraPose Camera, IReadOnlyList<LightPose> Lights, IReadOnlyList<Vector3> Radiance, Vector3 Ambient, Vector3 Backdrop, SampledSensor Sensor)
{
    public static RigModel Of(Scene scene)
    {
        SampledScene typical = SceneSampler.Typical(scene, new ScenePins());
        return new RigModel(
            typical, CameraPose.Of(typical), [.. scene.Lights.Select(l => LightPose.Of(l.Name, typical))], [.. typical.Lights.Select(l => l.Radiance)], typical.Ambient, typical.Backdrop.Color, typical.Sensor);
    }

    public double LookAtHeight => Typical.Values["camera.lookAtZ"];

    /// <summary>The rig with a part on its table.</summary>
    /// <param name="part">The part.</param>
    /// <param name="placing">How it lies.</param>
    /// <param name="albedo">Of its plastic, linear RGB.</param>
    /// <param name="draws">Of noise.</param>
    public SampledScene With(PartId part, Placing placing, Vector3 albedo, Draws draws)
    {
        PartModel model = PartLibrary.Bricks.Model(part);
        return Typical with
        {
            Draws = draws,
            Camera = Camera.ToCamera(LookAtHeight),
            Table = Typical.Table with { Middle = default, Radius = (float)Camera.RadiusMm },
            Backdrop = Typical.Backdrop with { Color = Backdrop },
            Lights = [.. Lights.Zip(Radiance, (l, r) => new SampledLight(l.Position, (float)l.RadiusMm, r))],
            Ambient = Ambient,
            Entities = [Typical.Subject with { Part = part, Item = new ItemId($"{part}-twin"), Model = model, Pose = model.Poses[placing.Pose].Name, Color = albedo, Transform = placing.Transform(model) }],
            Sensor = Sensor,
            TableAzimuthDegrees = 0,
        };
    }

    /// <summary>The same rig seen by a sensor that adds and takes nothing.</summary>
    public RigModel Clean() => this with { Sensor = new SampledSensor(Vector3.One, 0, 0, 0, 0, 0, 100), Typical = Typical with { Table = Typical.Table with { Mottle = 0 } } };
}
