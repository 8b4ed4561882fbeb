namespace DataRig.Core;

/// <summary>How far a long piece of work has come. Libraries report it; only the executable shows it.</summary>
/// <param name="Stage">Which stage, in the user's words: <c>Capture</c>, <c>Train</c>.</param>
/// <param name="Done">Units done so far, counting those done before a resume.</param>
/// <param name="Total">Units in all.</param>
/// <param name="Note">A short remark on the present unit, such as the part on the table or the last loss.</param>
public readonly record struct StageProgress(string Stage, long Done, long Total, string? Note = null);
