namespace DataRig.Data.Formats;

/// <summary>
/// A format of another tool: one class that maps frames to its records and back. Writing and reading share the mapping. Every
/// sealed class of this library that implements this is a format; nothing else lists them.
/// </summary>
public interface IDatasetFormat
{
    /// <summary>Its name on the command line, such as <c>coco</c>.</summary>
    string Name { get; }

    /// <summary>Which tools take it, in a few words.</summary>
    string Title { get; }

    /// <summary>What it has a place for.</summary>
    Carried Carries { get; }

    /// <summary>Whether it can be written; some are only ever read.</summary>
    bool CanWrite => true;

    /// <summary>Whether pictures are written into its own files, by <see cref="FormatWriter.Picture"/>, instead of beside them.</summary>
    bool PacksPictures => false;

    /// <summary>Where a frame's picture goes below the export's folder.</summary>
    /// <param name="frame">The frame, its <see cref="FormatFrame.File"/> not yet known.</param>
    /// <param name="name">A file's name that no other frame has.</param>
    string PictureFile(FormatFrame frame, string name) => frame.Subset is { } subset ? $"images/{subset}/{name}" : $"images/{name}";

    /// <summary>Writes the labels, going through the frames once; each one's picture is in its place when it comes.</summary>
    void Write(IEnumerable<FormatFrame> frames, FormatWriter writer);

    /// <summary>Whether a folder looks like it, judged by the names of files and a glance at least.</summary>
    bool Recognizes(FormatReader reader);

    /// <summary>How surely <see cref="Recognizes"/> tells it: where several formats claim a folder, the highest is taken.</summary>
    int Likelihood => 1;

    /// <summary>Reads the labels; what is wrong is noted with its place in <see cref="FormatReader.Problems"/>, and reading goes on.</summary>
    IEnumerable<FormatFrame> Read(FormatReader reader);
}
