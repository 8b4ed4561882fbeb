using System.ComponentModel.DataAnnotations;
using DataRig.Core;
using DataRig.Core.Configuration;

namespace DataRig.Engine;

/// <summary>
/// What to draw, with every number that may vary as a distribution. Millimetres, degrees, z up; the table's upper
/// side is z = 0 and its axis is x = y = 0; the camera's side is -y. A scene is data: <see cref="SceneSampler"/>
/// draws one frame's numbers from it, <see cref="SceneRenderer"/> draws the frame.
/// </summary>
public sealed record Scene : IValidatedOptions
{
    /// <summary>Most lights that a scene can have: a shadow is kept a colour channel.</summary>
    public const int MaxLights = 4;

    /// <summary>For messages and the origin of frames.</summary>
    public string Name { get; init; } = "scene";

    public ImageOptions Image { get; init; } = new();

    public CameraOptions Camera { get; init; } = new();

    public TableOptions Table { get; init; } = new();

    public BackdropOptions Backdrop { get; init; } = new();

    /// <summary>One to four.</summary>
    public IReadOnlyList<LightOptions> Lights { get; init; } = [new() { Name = "key", AzimuthDegrees = -40 }, new() { Name = "back", AzimuthDegrees = 140 }];

    public AmbientOptions Ambient { get; init; } = new();

    /// <summary>The parts to draw; all that the engine knows unless named.</summary>
    public IReadOnlyList<PartName> Parts { get; init; } = [.. PartLibrary.Parts.Select(p => new PartName(p))];

    public IReadOnlyList<MaterialOptions> Materials { get; init; } = MaterialOptions.Bricks;

    public PlacementOptions Placement { get; init; } = new();

    public SensorOptions Sensor { get; init; } = new();

    /// <exception cref="ConfigurationException">The file is missing or wrong; every problem is listed with its place.</exception>
    public static Scene Load(string file) => StrictJson.ReadFile<Scene>(file);

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (Lights.Count is < 1 or > MaxLights)
        {
            yield return ("lights", $"a scene has 1 to {MaxLights} lights, found {Lights.Count}");
        }

        foreach (string twice in Lights.CountBy(l => l.Name).Where(n => n.Value > 1).Select(n => n.Key))
        {
            yield return ("lights", $"two lights are named \"{twice}\"; draws go by name, so names must differ");
        }

        if (Parts.Count == 0)
        {
            yield return ("parts", "a scene needs at least one part");
        }

        foreach (PartId twice in Parts.CountBy(p => p.Part).Where(n => n.Value > 1).Select(n => n.Key))
        {
            yield return ("parts", $"the part \"{twice}\" is named twice");
        }

        if (Materials.Count == 0)
        {
            yield return ("materials", "a scene needs at least one material");
        }

        foreach (string twice in Materials.CountBy(m => m.Name).Where(n => n.Value > 1).Select(n => n.Key))
        {
            yield return ("materials", $"two materials are named \"{twice}\"");
        }
    }
}
