namespace DataRig.Data;

/// <summary>An edit's number in its dataset's log.</summary>
public readonly record struct EditId(long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What somebody did to a frame after it came in.</summary>
public enum EditKind
{
    /// <summary>It is of another part or item; what is marked in it of the old item is of the new one.</summary>
    Relabel,

    /// <summary>Its boxes and masks were replaced.</summary>
    Annotate,

    /// <summary>Somebody looked at it and found it right.</summary>
    Confirm,

    /// <summary>It went into the trash: nothing counts, trains on or exports it until it is restored.</summary>
    Drop,

    /// <summary>It came back from the trash.</summary>
    Restore,

    /// <summary>It is wanted again: a capture should take the same part, item, pose and azimuth once more.</summary>
    Recapture,

    /// <summary>Its picture was deleted for good; cannot be undone.</summary>
    Purge,

    /// <summary>A part got another name, in every frame; the edit is of no single one.</summary>
    RenamePart,
}

/// <summary>Who edits, and why.</summary>
/// <param name="Who">A person or a tool; not empty.</param>
/// <param name="Source">Where it was decided, such as <c>review</c>, <c>label-studio</c> or <c>audit</c>.</param>
/// <param name="Note">Why, in a few words, if there is something to say.</param>
/// <param name="At">When it was decided, where that was before it is entered; else now.</param>
public sealed record EditedBy(string Who, string Source = "review", string? Note = null, DateTimeOffset? At = null);

/// <summary>A row of the edit log. Rows are only ever added: what undoes an edit is an edit as well.</summary>
public sealed record Edit
{
    public required EditId Id { get; init; }

    /// <summary>The frame; null for a part that was renamed.</summary>
    public FrameId? Frame { get; init; }

    public required EditKind Kind { get; init; }

    /// <summary>What was there before, for people to read: <c>part/item</c> of a relabelled frame, the number of annotations, a part's name; null where nothing was.</summary>
    public string? Old { get; init; }

    /// <summary>What is there since.</summary>
    public string? New { get; init; }

    public required EditedBy By { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The edit that this one takes back.</summary>
    public EditId? Undoes { get; init; }

    /// <summary>The edit that took this one back.</summary>
    public EditId? UndoneBy { get; init; }
}

/// <summary>How far people have looked at a frame.</summary>
public enum ReviewState
{
    /// <summary>Nobody has relabelled, corrected or confirmed it.</summary>
    Unreviewed,

    /// <summary>Somebody relabelled, corrected or confirmed it, and that stands.</summary>
    Reviewed,

    /// <summary>It is in the trash; only a filter for these finds it.</summary>
    Trashed,
}

/// <summary>A frame that is wanted again, with what to capture.</summary>
/// <param name="Frame">The frame that is to be taken again; its part, item, pose, azimuth and elevation say what.</param>
/// <param name="Edit">The mark; undo it when the new frame is there.</param>
public sealed record WantedFrame(FrameRecord Frame, Edit Edit);
