using DataRig.Core;
using DataRig.Rig;

namespace DataRig.Terminal;

/// <summary>A placement in words, the same at the prompt and on the screen.</summary>
internal static class PlacementWords
{
    /// <summary>The item without its part's name.</summary>
    public static string Item(Placement placement) => placement.Item.Value[(placement.Part.Value.Length + 1)..];

    /// <summary>Which way up it is to lie, with a comma before; empty where it does not matter.</summary>
    public static string Pose(Placement placement) => placement.PoseName is { } name ? $", {name}"
        : placement.Poses == 1 ? ""
        : placement.Pose == 0 ? ", as it likes to lie"
        : $", another way up than before (pose {placement.Pose + 1} of {placement.Poses})";

    public static string Sentence(Placement placement) => placement.Part == PartId.Nothing
        ? $"Take everything off the table, item {Item(placement)} of it empty"
        : $"Put part {placement.Part}, item {Item(placement)}{Pose(placement)}, near the middle of the table";
}
