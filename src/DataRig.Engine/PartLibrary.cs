using System.Collections.Concurrent;
using DataRig.Core;
using DataRig.Engine.Geometry;
using DataRig.Engine.Parts;

namespace DataRig.Engine;

/// <summary>The parts that the engine can draw.</summary>
public static class PartLibrary
{
    private static readonly ConcurrentDictionary<PartId, Lazy<PartModel>> Models = new();

    /// <summary>Every part, by name.</summary>
    public static IReadOnlyList<PartId> Parts { get; } = [.. BrickShape.Known.Select(s => s.Part).Order()];

    /// <summary>What a part is, in words, such as <c>brick 2x4</c>.</summary>
    /// <exception cref="WorkFailedException">The engine does not know the part.</exception>
    public static string Describe(PartId part) => Shape(part).Name;

    /// <summary>How a part can lie on a table, the likeliest first.</summary>
    /// <exception cref="WorkFailedException">The engine does not know the part.</exception>
    public static IReadOnlyList<string> Poses(PartId part) => [.. Model(part).Poses.Select(p => p.Name)];

    /// <summary>Made on first use (about a fifth of a second), then shared by all threads.</summary>
    internal static PartModel Model(PartId part)
    {
        BrickShape shape = Shape(part);
        return Models.GetOrAdd(part, _ => new Lazy<PartModel>(() => new PartModel(shape))).Value;
    }

    private static BrickShape Shape(PartId part) => BrickShape.Known.FirstOrDefault(s => s.Part == part)
        ?? throw new WorkFailedException($"There is no part \"{part}\"; the parts that can be drawn are {string.Join(", ", Parts)}.");
}
