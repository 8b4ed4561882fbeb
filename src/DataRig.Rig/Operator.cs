using DataRig.Core;

namespace DataRig.Rig;

/// <summary>What is to lie on the table for one sweep.</summary>
/// <param name="Part">The class.</param>
/// <param name="Item">The physical object.</param>
/// <param name="Pose">Which of the item's poses, counted from 0; another number asks for another way to lie.</param>
/// <param name="Poses">How many poses the plan asks of each item.</param>
public sealed record Placement(PartId Part, ItemId Item, int Pose, int Poses);

/// <summary>Whoever puts the parts on the table: a person at the prompt, or the twin's invisible hand.</summary>
public interface IOperator
{
    /// <summary>Returns once the item lies there.</summary>
    /// <returns>The pose's name, such as <c>studs-up</c>, or null where nobody knows.</returns>
    Task<string?> PlaceAsync(Placement placement, CancellationToken cancel);
}
