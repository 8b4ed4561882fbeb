using DataRig.Core;

namespace DataRig.Data.Importing;

/// <summary>A picture that a folder names, with its labels.</summary>
/// <param name="Path">Where the file is.</param>
/// <param name="Where">How messages name it: the file below the folder, or the line of frames.csv.</param>
/// <param name="Origin">The frame's origin: the folder's name and the path below it, with slashes.</param>
/// <param name="Part">Its part.</param>
/// <param name="Item">Its item.</param>
internal sealed record ListedFile(string Path, string Where, string Origin, PartId Part, ItemId Item);
