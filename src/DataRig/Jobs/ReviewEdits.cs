using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;

namespace DataRig.Jobs;

/// <summary>What a person says of a frame.</summary>
internal enum ReviewAct
{
    /// <summary>It is of another part, or another item.</summary>
    Relabel,

    /// <summary>Into the trash.</summary>
    Drop,

    /// <summary>Out of the trash.</summary>
    Restore,

    /// <summary>The same part, item, pose and angle is wanted once more.</summary>
    Recapture,

    /// <summary>The label is right.</summary>
    Confirm,
}

/// <summary>One line of a file of edits: <c>{"frame": 12, "do": "relabel", "part": "3001"}</c>.</summary>
internal sealed record ReviewEdit : IValidatedOptions
{
    public required long Frame { get; init; }

    public required ReviewAct Do { get; init; }

    /// <summary>The right part, for a relabelling.</summary>
    public string? Part { get; init; }

    /// <summary>The right item; the frame's own, under the part, if it is not given.</summary>
    public string? Item { get; init; }

    /// <summary>Why, for the log.</summary>
    public string? Note { get; init; }

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (Do == ReviewAct.Relabel != Part is not null)
        {
            yield return ("part", Do == ReviewAct.Relabel ? "a relabelling names the right part" : "only a relabelling names a part");
        }

        if (Item is not null && Do != ReviewAct.Relabel)
        {
            yield return ("item", "only a relabelling names an item");
        }
    }
}

/// <summary>Puts what people say of frames into a dataset's log; each edit is safe as soon as it is made.</summary>
internal static class ReviewEdits
{
    /// <summary>Reads edits, a JSON document a line; empty lines are passed over.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="ConfigurationException">A line is wrong.</exception>
    public static IReadOnlyList<ReviewEdit> Read(IEnumerable<string> lines, string name) =>
        [.. lines.Select((line, i) => (line, i)).Where(l => !string.IsNullOrWhiteSpace(l.line)).Select(l => StrictJson.Read<ReviewEdit>(l.line, $"{name}, line {l.i + 1}"))];

    /// <summary>Makes all edits, or none where one names a frame that there is not.</summary>
    /// <returns>The rows of the log; none for what was so already.</returns>
    /// <exception cref="WorkFailedException">A frame is not there, or a name cannot be used.</exception>
    public static IReadOnlyList<Edit> Apply(Dataset dataset, IReadOnlyList<ReviewEdit> edits, EditedBy by)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(edits);
        HashSet<long> frames = [.. dataset.Frames().Concat(dataset.Frames(new FrameFilter { Review = ReviewState.Trashed })).Select(f => f.Id.Value)];
        return edits.FirstOrDefault(e => !frames.Contains(e.Frame)) is { } wrong
            ? throw new WorkFailedException($"The dataset {dataset.Folder} has no frame {wrong.Frame}; nothing was changed.")
            : [.. edits.SelectMany(e => Apply(dataset, e, by with { Note = e.Note ?? by.Note }))];
    }

    private static IReadOnlyList<Edit> Apply(Dataset dataset, ReviewEdit edit, EditedBy by)
    {
        FrameId[] frame = [new FrameId(edit.Frame)];
        return edit.Do switch
        {
            ReviewAct.Relabel => dataset.Relabel(frame, new PartId(edit.Part!), edit.Item is { } item ? new ItemId(item) : null, by),
            ReviewAct.Drop => dataset.Drop(frame, by),
            ReviewAct.Restore => dataset.Restore(frame, by),
            ReviewAct.Recapture => dataset.Recapture(frame, by),
            _ => dataset.Confirm(frame, by),
        };
    }

    /// <summary>Takes back the last edit that stands.</summary>
    /// <exception cref="WorkFailedException">There is none.</exception>
    public static Edit UndoLast(Dataset dataset, EditedBy by)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset.Undo(
            (dataset.Edits().LastOrDefault(e => e is { Undoes: null, UndoneBy: null } && e.Kind != EditKind.Purge) ?? throw new WorkFailedException($"The dataset {dataset.Folder} has no edit to undo.")).Id, by);
    }
}
