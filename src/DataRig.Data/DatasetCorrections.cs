using DataRig.Core;
using DataRig.Data.Correcting;
using DataRig.Data.Formats;
using DataRig.Data.Importing;
using DataRig.Data.Storage;

namespace DataRig.Data;

/// <summary>Takes back the labels that people corrected in another tool, after an export in its format. Pictures are not looked at.</summary>
public static class DatasetCorrections
{
    private const int ConflictsKept = 1000;

    /// <summary>
    /// Changes the labels that differ, and notes frames as reviewed, by whom and when: all of it in one step, so that it is done
    /// or not at all, and every change can be undone. What is in conflict is left as it is here. Running it again changes nothing.
    /// </summary>
    /// <param name="path">The file that the tool exported, or a folder or archive of it.</param>
    /// <exception cref="WorkFailedException">There is nothing of the kind, or it cannot be read.</exception>
    public static CorrectionResult Run(Dataset dataset, string path, CorrectionOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        using Unpacked source = DatasetImport.Guarded(path, () => Unpacked.OfLabels(path, Path.Combine(dataset.Folder, "unpacked"), cancellation));
        ICorrectedFormat format = DatasetImport.Guarded(path, () => Choose(source.Reader, path, options.Format));
        CorrectionReview review = new(dataset, format, options.Theirs);
        DatasetImport.Guarded(path, () =>
        {
            review.Read(source.Reader, cancellation);
            return 0;
        });
        review.Decide(cancellation);
        IReadOnlyList<Edit> edits = dataset.Correct(review.Corrections);
        return new CorrectionResult
        {
            Format = format.Name,
            Changed = edits.Where(e => e.Kind != EditKind.Confirm).DistinctBy(e => e.Frame).Count(),
            Confirmed = edits.Count(e => e.Kind == EditKind.Confirm),
            AsTheyAre = review.AsTheyAre,
            Skipped = review.Skipped,
            Edits = edits,
            Conflicts = [.. review.Conflicts.Take(ConflictsKept)],
            ConflictCount = review.Conflicts.Count,
        };
    }

    private static ICorrectedFormat Choose(FormatReader reader, string path, string? name)
    {
        ICorrectedFormat[] all = [.. DatasetFormats.All.OfType<ICorrectedFormat>()];
        return name is not null
            ? all.FirstOrDefault(f => f.Name == name) ?? throw new WorkFailedException($"Nobody corrects labels in the format \"{name}\"; expected {string.Join(" or ", all.Select(f => f.Name))}.")
            : all.FirstOrDefault(f => f.Recognizes(reader)) ?? throw new WorkFailedException($"{path} holds no corrections; expected what Label Studio exports as JSON (not JSON-MIN), or CVAT as \"CVAT for images 1.1\".");
    }
}
