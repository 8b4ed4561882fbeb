using DataRig.Core;

namespace DataRig.Rig;

/// <summary>What is to lie on the table for one sweep.</summary>
/// <param name="Part">The class.</param>
/// <param name="Item">The physical object.</param>
/// <param name="Pose">Which of the item's poses, counted from 0; another number asks for another way to lie.</param>
/// <param name="Poses">How many poses the plan asks of each item.</param>
/// <param name="PoseName">What the plan calls this pose, such as <c>on its side</c>; null where it has no names for them.</param>
public sealed record Placement(PartId Part, ItemId Item, int Pose, int Poses, string? PoseName = null);

/// <summary>What a session may need a person for, beside placing parts.</summary>
public enum ChoreKind
{
    /// <summary>Take everything off the table.</summary>
    ClearTable,

    /// <summary>Turn the table by hand to where its mark was when the session began.</summary>
    TurnToMark,

    /// <summary>Mend what the session could not mend by itself.</summary>
    Mend,
}

/// <summary>Something for a person to do.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Words">One or two sentences that say what, and why.</param>
public sealed record Chore(ChoreKind Kind, string Words);

/// <summary>Whoever stands at the rig: a person at the prompt, or the twin's invisible hand.</summary>
public interface IOperator
{
    /// <summary>Returns once the item lies there.</summary>
    /// <returns>The pose's name, such as <c>studs-up</c>, or null where nobody knows.</returns>
    Task<string?> PlaceAsync(Placement placement, CancellationToken cancel);

    /// <summary>Returns once it is done.</summary>
    /// <returns>False where nobody is there to do it: the session then pauses, and is resumed another time.</returns>
    Task<bool> DoAsync(Chore chore, CancellationToken cancel);
}
