using DataRig.Core;
using DataRig.Data.Formats;
using DataRig.Data.Importing;

namespace DataRig.Data;

/// <summary>How something is imported.</summary>
public sealed record ImportOptions
{
    /// <summary>Whether what is good is imported although something is bad; otherwise one bad picture or label keeps all out.</summary>
    public bool SkipBad { get; init; }

    /// <summary>The format; found out if null.</summary>
    public IDatasetFormat? Format { get; init; }

    /// <summary>Pictures that are checked at a time.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>What an import did.</summary>
public sealed record ImportResult
{
    /// <summary>The format that it was read as.</summary>
    public required string Format { get; init; }

    /// <summary>Frames that are in the dataset now and were not before.</summary>
    public required int Imported { get; init; }

    /// <summary>Frames that were there already, from an earlier import of the same.</summary>
    public required int AlreadyThere { get; init; }

    /// <summary>What was left out and why, each with its file and line; the first thousand of them.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>How many problems there were in all.</summary>
    public required long ProblemCount { get; init; }

    /// <summary>What is worth knowing of what was imported, each a sentence.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }
}

/// <summary>
/// Imports somebody's pictures as they are, byte for byte, with what a format tells of them, from a folder or from a zip or tar
/// archive of one. Neither is altered, and nothing is read or written outside of it and the dataset. Hidden files are skipped.
/// </summary>
public static class DatasetImport
{
    private const int BatchSize = 64;

    private const int ProblemsShown = 50;

    /// <summary>
    /// Checks every picture and label first, then adds the frames in batches. What a cancelled or killed import has added stays, and
    /// running it again goes on without adding anything twice. A frame's origin is the name of what is imported and the path below it,
    /// unless the format tells another.
    /// </summary>
    /// <exception cref="WorkFailedException">There is nothing to import, or, unless <see cref="ImportOptions.SkipBad"/>, there are problems: the message lists them and nothing is imported.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<ImportResult> RunAsync(Dataset dataset, string path, ImportOptions options, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        using Unpacked source = Guarded(path, () => Unpacked.Of(path, Path.Combine(dataset.Folder, "unpacked"), progress, cancellation));
        FormatReader reader = source.Reader;
        IDatasetFormat? format = options.Format ?? Guarded(path, () => Recognize(reader));
        Listing listing = new(reader, source.Name);
        if (format is not null)
        {
            Guarded(path, () =>
            {
                listing.Read(format, cancellation);
                return 0;
            });
        }

        IReadOnlyList<CheckedFrame> good = await PictureCheck.RunAsync(listing, options.Threads, progress, cancellation);
        if (reader.Problems.Count > 0 && (!options.SkipBad || good.Count == 0))
        {
            throw new WorkFailedException(Refusal(path, reader.Problems, good.Count));
        }

        if (good.Count == 0)
        {
            throw new WorkFailedException($"{path} holds no pictures to import; expected frames.csv with the header file,part,item, a folder for each part with .jpg, .png or .webp files in it, or another of the formats {string.Join(", ", DatasetFormats.All.Select(f => f.Name))}.");
        }

        int before = dataset.CountAll();
        Add(dataset, good, source.Name, progress, cancellation);
        int added = dataset.CountAll() - before;
        List<string> remarks = [.. reader.Remarks, .. ImportedSplit.Keep(dataset, good), .. Remarks(good)];
        return new ImportResult { Format = format!.Name, Imported = added, AlreadyThere = good.Count - added, Problems = reader.Problems.Listed, ProblemCount = reader.Problems.Count, Remarks = remarks };
    }

    /// <summary>The format that a folder is in; null where it looks like none.</summary>
    private static IDatasetFormat? Recognize(FormatReader reader)
    {
        IDatasetFormat[] alike = [.. DatasetFormats.All.Where(f => f.Recognizes(reader))];
        IDatasetFormat[] likely = [.. alike.Where(f => f.Likelihood == alike.Max(a => a.Likelihood))];
        return likely.Length <= 1 ? likely.FirstOrDefault()
            : throw new WorkFailedException($"{reader.Folder} looks like {string.Join(" and like ", likely.Select(f => f.Name))}; say with --format which it is.");
    }

    private static void Add(Dataset dataset, IReadOnlyList<CheckedFrame> frames, string name, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        int done = 0;
        foreach (CheckedFrame[] batch in frames.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            dataset.AddImported([.. batch.Select(ToFrame)], name);
            done += batch.Length;
            progress?.Report(new StageProgress("Import", done, frames.Count, batch[^1].Frame.Part.Value));
        }
    }

    private static Frame ToFrame(CheckedFrame file)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"{file.Frame.Where}: the picture was there a moment ago and can no longer be read ({e.Message}).", e);
        }

        return new Frame(file.Frame, new EncodedImage(bytes, file.Frame.Width, file.Frame.Height)) { Annotations = file.Frame.Annotations };
    }

    private static string Refusal(string path, Problems problems, int good)
    {
        string rest = problems.Count > ProblemsShown ? $"{Environment.NewLine}and {problems.Count - ProblemsShown} more." : "";
        string way = good == 0 ? "mend them" : $"mend them, or skip the bad ones to import the other {good} pictures";
        return $"Nothing was imported from {path}, for it has {problems.Count} problem{(problems.Count == 1 ? "" : "s")}; {way}:{Environment.NewLine}{string.Join(Environment.NewLine, problems.Listed.Take(ProblemsShown))}{rest}";
    }

    private static IEnumerable<string> Remarks(IReadOnlyList<CheckedFrame> good)
    {
        int copies = good.Count - good.DistinctBy(f => f.Hash).Count();
        if (copies > 0)
        {
            yield return $"{copies} of the {good.Count} pictures are byte-identical copies of another one; each picture is kept once, and every frame counts.";
        }

        Annotation[] marked = [.. good.SelectMany(f => f.Frame.Annotations)];
        if (marked.Length >= 10 && good.All(f => Math.Min(f.Frame.Width, f.Frame.Height) >= 200) && marked.All(a => a.Box.Right <= 100 && a.Box.Bottom <= 100))
        {
            yield return "No box reaches beyond 100 pixels, in pictures of 200 and more: are these percent? Boxes are counted in pixels.";
        }
    }

    internal static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new WorkFailedException($"{path} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
