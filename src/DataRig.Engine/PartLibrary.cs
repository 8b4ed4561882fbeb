using DataRig.Core;
using DataRig.Engine.Assets;
using DataRig.Engine.Geometry;
using DataRig.Engine.Parts;

namespace DataRig.Engine;

/// <summary>The parts that can be drawn: the bricks that the engine makes itself, and what a scene brings along.</summary>
public sealed class PartLibrary
{
    private readonly Dictionary<PartId, PartOptions> _parts;
    private readonly Dictionary<ShapeOptions, PartModel> _models;

    private PartLibrary(IEnumerable<PartOptions> parts, Dictionary<ShapeOptions, PartModel> models, Dictionary<string, Picture> textures, IReadOnlyList<string> warnings, string fingerprint)
    {
        _parts = BrickShape.Known.Select(s => new PartOptions { Name = s.Part.Value, Shape = new BrickOptions { Name = s.Part.Value } }).ToDictionary(p => p.Part);
        foreach (PartOptions part in parts)
        {
            _parts[part.Part] = part; // a scene's own part takes the place of a brick of that name
        }

        _models = models;
        Textures = textures;
        Parts = [.. _parts.Keys.Order()];
        Warnings = warnings;
        Fingerprint = fingerprint;
    }

    /// <summary>The bricks alone.</summary>
    public static PartLibrary Bricks { get; } = new([], [], [], [], "");

    /// <summary>Every part, by name.</summary>
    public IReadOnlyList<PartId> Parts { get; }

    /// <summary>What is doubtful about the meshes that were read: a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Hexadecimal; tells the files that were read from others of the same names. Empty where none were.</summary>
    public string Fingerprint { get; }

    /// <summary>The props' textures by their files.</summary>
    internal IReadOnlyDictionary<string, Picture> Textures { get; }

    /// <summary>What a part is, in words, such as <c>brick 2x4</c>.</summary>
    /// <exception cref="WorkFailedException">There is no such part.</exception>
    public string Describe(PartId part) => Model(part).Name;

    /// <summary>How a part can lie on a table, the likeliest first.</summary>
    /// <exception cref="WorkFailedException">There is no such part.</exception>
    public IReadOnlyList<string> Poses(PartId part) => [.. Model(part).Poses.Select(p => p.Name)];

    /// <summary>The bricks, and the scene's own parts and props, whose files are read here.</summary>
    /// <param name="scene">Names them.</param>
    /// <param name="folder">Where its files lie; none outside of it is read.</param>
    /// <param name="decode">Decodes a texture's file, if textures can be.</param>
    /// <exception cref="WorkFailedException">A file is missing, outside of the folder, or nothing that can be drawn.</exception>
    internal static PartLibrary Load(Scene scene, string folder, Func<byte[], Picture>? decode)
    {
        AssetReader reader = new(folder, scene.LdrawFolder, scene.FinestPixelMm);
        Dictionary<string, Picture> textures = [];
        Dictionary<ShapeOptions, PartModel> models = [];
        foreach (PartOptions part in scene.Parts)
        {
            string name = $"The part \"{part.Name}\"";
            PartModel model = models[part.Shape] = reader.Load(part.Shape, name);
            if (ConvexHull.IsFlat(model.Corners) || model.Poses.Count == 0)
            {
                throw new WorkFailedException($"{name}: {model.Name} cannot lie on a table: {(ConvexHull.IsFlat(model.Corners) ? "it is flat, and a part has an inside" : "no face of its hull carries it")}.");
            }
        }

        foreach (PropOptions prop in scene.Props)
        {
            string name = $"The prop \"{prop.Name}\"";
            if (prop.Shape is { } shape)
            {
                models[shape] = reader.Load(shape, name);
            }

            if (prop.Surface.Texture is { } texture)
            {
                textures[texture] = reader.Texture(texture, decode, name);
            }
        }

        return new PartLibrary(scene.Parts, models, textures, reader.Warnings, reader.Fingerprint);
    }

    /// <exception cref="WorkFailedException">There is no such part.</exception>
    internal PartOptions Options(PartId part) => _parts.TryGetValue(part, out PartOptions? options) ? options
        : throw new WorkFailedException($"There is no part \"{part}\"; the parts that can be drawn are {string.Join(", ", Parts)}.");

    internal PartModel Model(PartId part) => ModelOf(Options(part).Shape);

    internal PartModel ModelOf(ShapeOptions shape) => _models.TryGetValue(shape, out PartModel? model) ? model
        : shape is BrickOptions brick ? Brick.Model(brick.Brick)
        : throw new InvalidOperationException($"the scene's assets were not loaded: there is no model of {shape}");
}
