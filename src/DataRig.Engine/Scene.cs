using System.Text.Json.Serialization;
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

    private const int MaxProps = 64;

    /// <summary>For messages and the origin of frames.</summary>
    public string Name { get; init; } = "scene";

    public ImageOptions Image { get; init; } = new();

    public CameraOptions Camera { get; init; } = new();

    public TableOptions Table { get; init; } = new();

    public BackdropOptions Backdrop { get; init; } = new();

    /// <summary>One to four.</summary>
    public IReadOnlyList<LightOptions> Lights { get; init; } = [new() { Name = "key", AzimuthDegrees = -40 }, new() { Name = "back", AzimuthDegrees = 140 }];

    public AmbientOptions Ambient { get; init; } = new();

    /// <summary>The parts to draw; all bricks that the engine makes itself unless named.</summary>
    public IReadOnlyList<PartOptions> Parts { get; init; } = [.. PartLibrary.Bricks.Parts.Select(PartOptions.Of)];

    /// <summary>The user's own LDraw library, the folder that holds <c>parts</c> and <c>p</c>; relative to the scene's folder, or absolute.</summary>
    public string? LdrawFolder { get; init; }

    public IReadOnlyList<MaterialOptions> Materials { get; init; } = MaterialOptions.Bricks;

    public PlacementOptions Placement { get; init; } = new();

    /// <summary>What stands about and is no part; at most 64.</summary>
    public IReadOnlyList<PropOptions> Props { get; init; } = [];

    public SensorOptions Sensor { get; init; } = new();

    /// <summary>The models of its parts and props.</summary>
    [JsonIgnore]
    public PartLibrary Library { get; private init; } = PartLibrary.Bricks;

    /// <summary>How small a pixel can get where parts lie, in mm: finer details of a mesh cannot be seen.</summary>
    internal double FinestPixelMm => 2 * Camera.DistanceMm.Low * Math.Tan(Angle.ToRadians(Camera.VerticalFieldOfViewDegrees.Low) / 2) / Image.Height;

    /// <summary>Reads a scene, and the meshes and textures that it names.</summary>
    /// <param name="file">The scene file; its meshes and textures lie in its folder.</param>
    /// <param name="decode">Decodes a texture's file; without it a scene with textures is refused.</param>
    /// <param name="image">How large the pictures are to be; as the file says unless given.</param>
    /// <exception cref="ConfigurationException">The file is missing or wrong; every problem is listed with its place.</exception>
    /// <exception cref="WorkFailedException">A mesh or texture is missing, outside of the scene's folder, or nothing that can be drawn.</exception>
    public static Scene Load(string file, Func<byte[], Picture>? decode = null, ImageOptions? image = null)
    {
        Scene scene = StrictJson.ReadFile<Scene>(file);
        return (image is null ? scene : scene with { Image = image }).LoadAssets(Path.GetDirectoryName(Path.GetFullPath(file))!, decode);
    }

    /// <summary>The scene with the models of its own parts and props. One that was made in code and has none but bricks needs no loading.</summary>
    /// <param name="folder">Where its files lie; none outside of it is read.</param>
    /// <param name="decode">Decodes a texture's file; without it a scene with textures is refused.</param>
    /// <exception cref="WorkFailedException">A mesh or texture is missing, outside of the folder, or nothing that can be drawn.</exception>
    public Scene LoadAssets(string folder, Func<byte[], Picture>? decode = null) => this with { Library = PartLibrary.Load(this, folder, decode) };

    /// <summary>The scene with none but the named ones of its parts, and of the bricks.</summary>
    /// <exception cref="WorkFailedException">There is no such part.</exception>
    public Scene Only(IEnumerable<PartId> parts) => this with { Parts = [.. parts.Select(Library.Options)] };

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

        foreach (string twice in Parts.CountBy(p => p.Name).Where(n => n.Value > 1).Select(n => n.Key))
        {
            yield return ("parts", $"the part \"{twice}\" is named twice");
        }

        foreach (string problem in PropOptions.Problems(Props))
        {
            yield return ("props", problem);
        }

        if (Props.Count > MaxProps)
        {
            yield return ("props", $"a scene has at most {MaxProps} props, found {Props.Count}");
        }

        if (Materials.Count == 0)
        {
            yield return ("materials", "a scene needs at least one material");
        }

        foreach (string twice in Materials.CountBy(m => m.Name).Where(n => n.Value > 1).Select(n => n.Key))
        {
            yield return ("materials", $"two materials are named \"{twice}\"");
        }

        foreach ((PartOptions part, string material) in Parts.SelectMany(p => p.Materials, (p, m) => (p, m)).Where(u => !Materials.Any(m => m.Name == u.m)))
        {
            yield return ("parts", $"the part \"{part.Name}\" comes in \"{material}\", which is none of the materials {string.Join(", ", Materials.Select(m => $"\"{m.Name}\""))}");
        }
    }
}
