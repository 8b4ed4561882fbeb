using DataRig.Core;
using DataRig.Data.Storage;

namespace DataRig.Data;

/// <summary>Versions: the exact set of frames and labels at a moment, to come back to.</summary>
public sealed partial class Dataset
{
    /// <summary>The snapshot that this dataset was opened at, or null where it is the dataset as it is now.</summary>
    public Snapshot? OpenedAt { get; private init; }

    /// <summary>Opens a dataset as it was when a snapshot was taken; splits can be kept, frames neither added nor edited. The caller disposes it.</summary>
    /// <exception cref="WorkFailedException">As <see cref="Open(string, TimeProvider?)"/>; there is no such snapshot, or it no longer gives what it held.</exception>
    public static Dataset OpenSnapshot(string folder, string name)
    {
        using Dataset now = Open(folder);
        IReadOnlyList<Snapshot> known = now.Snapshots();
        Snapshot snapshot = known.FirstOrDefault(s => s.Name == name) ?? throw new WorkFailedException(
            $"The dataset {now.Folder} has no snapshot \"{name}\"{(known.Count == 0 ? "" : $", only {string.Join(", ", known.Select(s => s.Name))}")}; take one with 'datarig dataset snapshot'.");
        Dataset then = Guarded(now.Folder, () => new Dataset(now.Folder, create: false, null, BusyTimeoutSeconds) { OpenedAt = snapshot });
        try
        {
            then._catalog.Direct(catalog =>
            {
                SnapshotTable.Show(catalog, name);
                return 0;
            });
            return then.Hash() == snapshot.Hash ? then : throw new WorkFailedException($"The snapshot \"{name}\" of {now.Folder} no longer gives what it held: a part was renamed since. Undo that, or take another snapshot.");
        }
        catch
        {
            then.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the present frames and labels under a name.</summary>
    /// <exception cref="WorkFailedException">The name is taken or cannot be used, or the dataset is empty.</exception>
    public Snapshot TakeSnapshot(string name, string who)
    {
        if (FrameCheck.NameProblem(name) is { } problem)
        {
            throw new WorkFailedException($"The name \"{name}\" cannot be a snapshot's: {problem}.");
        }

        if (Snapshots().FirstOrDefault(s => s.Name == name) is { } taken)
        {
            throw new WorkFailedException(FormattableString.Invariant($"The dataset {Folder} has a snapshot \"{name}\" already, of {taken.At:yyyy-MM-dd HH:mm} UTC; choose another name."));
        }

        return _catalog.Write(catalog =>
        {
            string[] lines = [.. Pages(catalog).SelectMany(Lines)];
            Snapshot snapshot = new(name, Fingerprint.Of(lines), lines.Length, who, _time.GetUtcNow());
            SnapshotTable.Take(catalog, lines.Length > 0 ? snapshot : throw new WorkFailedException($"The dataset {Folder} is empty; there is nothing to take a snapshot of."));
            return snapshot;
        });
    }

    /// <summary>Every snapshot, the oldest first.</summary>
    public IReadOnlyList<Snapshot> Snapshots() => _catalog.Read(SnapshotTable.Select);
}
