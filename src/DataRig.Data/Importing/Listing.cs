using DataRig.Core;
using DataRig.Data.Formats;
using DataRig.Data.Storage;

namespace DataRig.Data.Importing;

/// <summary>The frames that a format told of, each with a picture that lies where it may; what is wrong with the others is noted.</summary>
/// <param name="reader">What is read.</param>
/// <param name="name">What origins begin with.</param>
internal sealed class Listing(FormatReader reader, string name)
{
    private readonly string _realFolder = ImportPaths.RealPath(reader.Folder);
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);

    public FormatReader Reader => reader;

    public List<(FormatFrame Frame, string Path)> Frames { get; } = [];

    public void Read(IDatasetFormat format, CancellationToken cancellation)
    {
        foreach (FormatFrame frame in format.Read(reader))
        {
            cancellation.ThrowIfCancellationRequested();
            reader.CountRow();
            Add(Settle(frame));
        }
    }

    /// <summary>Fills in what the format left open: the part from what is marked, items by the part.</summary>
    private static FormatFrame Settle(FormatFrame frame)
    {
        PartId part = frame.Part.Value is null && frame.Annotations.Count > 0 ? frame.Annotations[0].Part : frame.Part;
        ItemId item = frame.Item.Value is not null || part.Value is null ? frame.Item
            : frame.Annotations.FirstOrDefault(a => a.Part == part && a.Item.Value is not null)?.Item ?? FormatFrame.ItemFor(part);
        return frame with
        {
            Part = part,
            Item = item,
            Annotations = [.. frame.Annotations.Select(a => a.Item.Value is not null ? a : a with { Item = a.Part == part ? item : FormatFrame.ItemFor(a.Part) })],
        };
    }

    private void Add(FormatFrame frame)
    {
        string path = Path.GetFullPath(Path.Combine(reader.Folder, frame.File));
        if (Problem(frame, path) is { } problem)
        {
            reader.Problems.Add(frame.Where, problem);
            return;
        }

        string below = Path.GetRelativePath(reader.Folder, path).Replace(Path.DirectorySeparatorChar, '/');
        if (!_places.TryAdd(below, frame.Where))
        {
            reader.Problems.Add(frame.Where, $"\"{below}\" is named at {_places[below]} already; keep one of them");
            return;
        }

        Frames.Add((frame with { Origin = frame.Origin ?? (frame.Source == FrameSource.Captured ? null : $"{name}/{below}") }, path));
    }

    private string? Problem(FormatFrame frame, string path) =>
        frame.Part.Value is null ? $"nothing tells what part \"{frame.File}\" is of: neither a class nor a box"
        : FrameCheck.NameProblem(frame.Part.Value) is { } badPart ? $"the part's name \"{Fields.Short(frame.Part.Value)}\" cannot be used: {badPart}"
        : FrameCheck.NameProblem(frame.Item.Value) is { } badItem ? $"the item's name \"{Fields.Short(frame.Item.Value)}\" cannot be used: {badItem}"
        : frame.Annotations.Select(a => a.Part.Value).Concat(frame.Annotations.Select(a => a.Item.Value)).FirstOrDefault(n => FrameCheck.NameProblem(n) is not null) is { } bad ? $"the name \"{Fields.Short(bad)}\" cannot be used: {FrameCheck.NameProblem(bad)}"
        : frame.Source == FrameSource.Captured && frame is not { Session: not null, Sweep: >= 0, Stop: >= 0 } ? "a captured frame has a session, a sweep and a stop"
        : Path.IsPathRooted(frame.File) || !ImportPaths.IsBelow(reader.Folder, path) ? $"\"{frame.File}\" leaves the folder; name a file below {reader.Folder}"
        : !ImportPaths.IsPicture(path) ? $"\"{frame.File}\" is no picture by its name; expected .jpg, .jpeg, .png or .webp"
        : !File.Exists(path) ? $"there is no file \"{frame.File}\""
        : !ImportPaths.IsBelow(_realFolder, ImportPaths.RealPath(path)) ? $"\"{frame.File}\" is a link that leaves the folder; copy the file into it"
        : null;
}
