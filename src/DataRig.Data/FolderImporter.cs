using DataRig.Core;
using DataRig.Data.Importing;

namespace DataRig.Data;

/// <summary>How a folder is imported.</summary>
public sealed record ImportOptions
{
    /// <summary>Whether what is good is imported although something is bad; otherwise one bad picture keeps all out.</summary>
    public bool SkipBad { get; init; }

    /// <summary>Pictures that are checked at a time.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>What an import did.</summary>
public sealed record ImportResult
{
    /// <summary>Frames that are in the dataset now and were not before.</summary>
    public required int Imported { get; init; }

    /// <summary>Frames that were there already, from an earlier import of the same folder.</summary>
    public required int AlreadyThere { get; init; }

    /// <summary>What was left out and why, each with its file and line.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>What is worth knowing of what was imported, each a sentence.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }
}

/// <summary>
/// Imports somebody's pictures as they are, byte for byte. A folder holds either <c>frames.csv</c> with the header
/// <c>file,part,item</c>, or a folder for each part (<c>part/*.jpg</c>, or <c>part/item/*.jpg</c>), or those below
/// <c>train</c>, <c>val</c> and <c>test</c> as other tools lay them out. JPEG, PNG and WebP; hidden files are skipped.
/// </summary>
public static class FolderImporter
{
    /// <summary>
    /// Checks every picture first, then adds them in batches. What a cancelled import has added stays, and running it again
    /// goes on without adding anything twice. A frame's origin is the folder's name and the path below it.
    /// </summary>
    /// <exception cref="WorkFailedException">The folder has no pictures, or, unless <see cref="ImportOptions.SkipBad"/>, has problems: the message lists them and nothing is imported.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<ImportResult> ImportAsync(Dataset dataset, string folder, ImportOptions options, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        FolderListing listing = FolderListing.Read(folder);
        IReadOnlyList<CheckedFile> files = await PictureCheck.RunAsync(listing, options.Threads, progress, cancellation);

        string[] problems = [.. listing.Problems, .. files.Where(f => f.Problem is not null).Select(f => $"{f.File.Where}: {f.Problem}")];
        CheckedFile[] good = [.. files.Where(f => f.Problem is null)];
        if (problems.Length > 0 && (!options.SkipBad || good.Length == 0))
        {
            throw new WorkFailedException(Refusal(listing.Folder, problems, good.Length));
        }

        if (good.Length == 0)
        {
            throw new WorkFailedException($"The folder {listing.Folder} holds no pictures to import; expected frames.csv with the header file,part,item, or a folder for each part with .jpg, .png or .webp files in it.");
        }

        int before = dataset.Frames(Imported).Count;
        Add(dataset, good, progress, cancellation);
        int added = dataset.Frames(Imported).Count - before;
        return new ImportResult { Imported = added, AlreadyThere = good.Length - added, Problems = problems, Remarks = Remarks(listing, good) };
    }

    private static readonly FrameFilter Imported = new() { Source = FrameSource.Imported };

    private const int BatchSize = 64;

    private const int ProblemsShown = 50;

    private static void Add(Dataset dataset, CheckedFile[] files, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        int done = 0;
        foreach (CheckedFile[] batch in files.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            dataset.AddFrames([.. batch.Select(ToFrame)]);
            done += batch.Length;
            progress?.Report(new StageProgress("Import", done, files.Length, batch[^1].File.Part.Value));
        }
    }

    private static Frame ToFrame(CheckedFile file)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file.File.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"{file.File.Where}: the picture was there a moment ago and can no longer be read ({e.Message}).", e);
        }

        ImageHeader header = ImageCodec.Identify(bytes);
        return new Frame
        {
            Image = new EncodedImage(bytes, header.Width, header.Height),
            Source = FrameSource.Imported,
            Part = file.File.Part,
            Item = file.File.Item,
            Origin = file.File.Origin,
        };
    }

    private static string Refusal(string folder, string[] problems, int good)
    {
        string rest = problems.Length > ProblemsShown ? $"{Environment.NewLine}and {problems.Length - ProblemsShown} more." : "";
        string way = good == 0 ? "mend them" : $"mend them, or skip the bad ones to import the other {good} pictures";
        return $"Nothing was imported from {folder}, for it has {problems.Length} problem{(problems.Length == 1 ? "" : "s")}; {way}:{Environment.NewLine}{string.Join(Environment.NewLine, problems.Take(ProblemsShown))}{rest}";
    }

    private static List<string> Remarks(FolderListing listing, CheckedFile[] good)
    {
        List<string> remarks = [.. listing.Remarks];
        int copies = good.Length - good.DistinctBy(f => f.Hash).Count();
        if (copies > 0)
        {
            remarks.Add($"{copies} of the {good.Length} pictures are byte-identical copies of another one; each picture is kept once, and every frame counts.");
        }

        return remarks;
    }
}
