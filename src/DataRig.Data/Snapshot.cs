namespace DataRig.Data;

/// <summary>The exact frames and labels of a dataset at a moment, under a name.</summary>
/// <param name="Name">As it was called.</param>
/// <param name="Hash">The dataset's hash then; see <see cref="Dataset.Hash"/>.</param>
/// <param name="Frames">How many frames.</param>
/// <param name="Who">Who took it.</param>
/// <param name="At">When.</param>
public sealed record Snapshot(string Name, string Hash, int Frames, string Who, DateTimeOffset At);
