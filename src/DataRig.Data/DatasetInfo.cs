using DataRig.Core;

namespace DataRig.Data;

/// <summary>How many frames of one item a dataset holds.</summary>
public sealed record ItemFrames(GroupKey Group, int Captured, int Rendered, int Imported)
{
    public int Frames => Captured + Rendered + Imported;

    /// <summary>Frames of the physical object: only these can prove a model.</summary>
    public int Photographed => Captured + Imported;
}

/// <summary>One part in a dataset.</summary>
/// <param name="Part">The part.</param>
/// <param name="Items">Its items, rendered ones among them.</param>
/// <param name="Frames">Frames of it.</param>
public sealed record PartInfo(PartId Part, int Items, int Frames);

/// <summary>A dataset at a glance.</summary>
/// <param name="Captured">Frames from a rig.</param>
/// <param name="Rendered">Frames from the engine.</param>
/// <param name="Imported">Frames from folders.</param>
/// <param name="Parts">The parts, in order of their names.</param>
/// <param name="Items">Items of all parts, rendered ones among them.</param>
/// <param name="Sessions">Sittings at the rig, unfinished ones among them.</param>
/// <param name="Hash">See <see cref="Dataset.Hash"/>.</param>
public sealed record DatasetInfo(int Captured, int Rendered, int Imported, IReadOnlyList<PartInfo> Parts, int Items, int Sessions, string Hash)
{
    public int Frames => Captured + Rendered + Imported;
}
