using DataRig.Core;

namespace DataRig.Engine;

/// <summary>How much work goes into a frame.</summary>
public sealed record RendererOptions
{
    /// <summary>Samples across and down a pixel where parts are, 1 to 4; the table's edge is smoothed by arithmetic.</summary>
    public int Supersampling { get; init; } = 2;

    /// <summary>Points of each light that shadows are cast from, 1 to 32.</summary>
    public int ShadowSamples { get; init; } = 16;

    /// <summary>Which maps are drawn besides the picture; none unless asked for, since each costs time.</summary>
    public IReadOnlySet<MapKind> Maps { get; init; } = new HashSet<MapKind>();
}
