using DataRig.Core;
using DataRig.Engine;

namespace DataRig.Jobs;

/// <summary>Frames each of which follows from a seed and its index alone, so that they can be made in shards, resumed and merged.</summary>
/// <param name="Seed">Frame i follows from this and i alone.</param>
/// <param name="First">The first frame's index.</param>
/// <param name="Count">How many frames.</param>
internal abstract record RenderRequest(Seed Seed, long First, int Count)
{
    /// <summary>Which maps to make and keep besides the pictures.</summary>
    public IReadOnlySet<MapKind> Maps { get; init; } = new HashSet<MapKind>();

    /// <summary>What tells these frames from all others.</summary>
    public abstract string Source { get; }

    /// <summary>The frames that are made together with other shards; these alone where there are none.</summary>
    public RenderedRange Whole { get => field ?? new RenderedRange(Source, First, Count); init; }

    /// <summary>One shard's frames: a stretch of them, so that shards show the parts as evenly as the whole does.</summary>
    public RenderRequest Of(Shard shard) => this with
    {
        First = First + (Count * (shard.Number - 1L) / shard.Of),
        Count = (int)((Count * (long)shard.Number / shard.Of) - (Count * (shard.Number - 1L) / shard.Of)),
        Whole = Whole,
    };

    /// <summary>Makes some of the frames, in their order; what is left to do for each, its compression above all, any thread may do.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="WorkFailedException">A frame cannot be made.</exception>
    public abstract IEnumerable<Func<Frame>> Make(IEnumerable<long> indices, LabelTally labels, CancellationToken cancel);
}
