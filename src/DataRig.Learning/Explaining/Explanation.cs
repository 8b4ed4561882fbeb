using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Explaining;

/// <summary>A training frame that looks to the network like the one asked for.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Likeness">The cosine of the two embeddings, in [-1, 1]; 1 is the same to the network.</param>
public sealed record Neighbour(FrameRecord Frame, double Likeness);

/// <summary>Why a model says what it says of a picture.</summary>
public sealed record Explanation
{
    /// <summary>The window of the picture that the network sees, in the camera's pixels; beyond the picture's edge the table's colour.</summary>
    public required Picture Seen { get; init; }

    /// <summary>Where that window lies, in pixels of the picture; it may reach beyond it.</summary>
    public required Box Window { get; init; }

    /// <summary>The part that <see cref="Heat"/> is of: the one that was asked for, else the likeliest.</summary>
    public required PartId HeatOf { get; init; }

    /// <summary>Where in the window the network sees that part.</summary>
    public required HeatMap Heat { get; init; }

    /// <summary>How much of the heat lies on the part; null where it is not known where the part is, or there is no heat.</summary>
    public required HeatShare? Share { get; init; }

    /// <summary>Every part with its probability at the model's temperature, the likeliest first.</summary>
    public required IReadOnlyList<PartProbability> Parts { get; init; }

    /// <summary>The training frames that look most like it to the network, one an item, the nearest first; empty where none are known.</summary>
    public required IReadOnlyList<Neighbour> Nearest { get; init; }

    /// <summary>What can be measured in the picture itself.</summary>
    public required FrameMeasures Measures { get; init; }

    /// <summary>What the network sees, square, with the heat over it.</summary>
    /// <param name="pixels">Its side.</param>
    public Picture Heated(int pixels) => Heat.Over(Plain(pixels));

    /// <summary>What the network sees, square.</summary>
    /// <param name="pixels">Its side.</param>
    public Picture Plain(int pixels) => ImageCodec.Resize(Seen, pixels, pixels);
}
