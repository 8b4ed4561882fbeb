using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;

namespace DataRig.Jobs;

/// <summary>All that can be said of a dataset without a model: files and labels, then what the pictures show.</summary>
internal static class AuditJob
{
    /// <summary>Pictures that cannot be looked into, and frames of which it is told already that they show nothing.</summary>
    private static readonly AuditIssue[] Told = [AuditIssue.MissingImage, AuditIssue.ChangedImage, AuditIssue.UndecodableImage, AuditIssue.WrongSize, AuditIssue.EmptyMask, AuditIssue.NearEmpty, AuditIssue.NotEmpty];

    /// <param name="dataset">The dataset.</param>
    /// <param name="filesOnly">Look at files and labels alone, which takes a quarter of the time.</param>
    /// <param name="progress">Told of every picture.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<AuditReport> RunAsync(Dataset dataset, bool filesOnly, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        AuditReport report = await DatasetAudit.RunAsync(dataset, dataset.LoadSplit(), progress, cancel).ConfigureAwait(false);
        if (filesOnly)
        {
            return report.With([], ["The pictures were not looked into (--files-only): near-empty frames, wrong labels and tints are not found."]);
        }

        HashSet<FrameId?> told = [.. report.Findings.Where(f => Told.Contains(f.Issue)).Select(f => f.Frame)];
        PictureFindings looked = await Task.Run(() => PictureAudit.Run(dataset, [.. dataset.Frames().Where(f => !told.Contains(f.Id))], progress, cancel), CancellationToken.None).ConfigureAwait(false);
        return report.With(looked.Findings, looked.Skipped);
    }
}
