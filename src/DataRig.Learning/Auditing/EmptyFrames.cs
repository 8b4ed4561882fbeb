using System.Globalization;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Auditing;

/// <summary>
/// Frames of a part that show next to nothing of it, and frames of the empty table on which something stands. A label is believed
/// before the look; what a person has confirmed is not doubted.
/// </summary>
internal static class EmptyFrames
{
    /// <summary>A part that covers less than this share of what it covers in the middle frame of its kind is dust, or all but out of the picture.</summary>
    private const double LeastShare = 0.05;

    /// <summary>Frames of a part that are enough to speak of the middle one.</summary>
    private const int Enough = 8;

    public static IEnumerable<AuditFinding> Of(IReadOnlyList<Sight> sights)
    {
        foreach (IGrouping<PartId, Sight> part in sights.Where(s => s.Frame.Part != PartId.Nothing).GroupBy(s => s.Frame.Part))
        {
            double usual = Middle([.. part.Select(s => s.Share).OfType<double>()]);
            foreach (Sight sight in part.Where(s => s.Frame.Review != ReviewState.Reviewed))
            {
                if (Emptiness(sight, usual) is { } what)
                {
                    yield return new AuditFinding(AuditIssue.NearEmpty, sight.Frame.Id, sight.Frame.ImagePath, $"Frame {sight.Frame.Id} of {sight.Frame.Part} {sight.Frame.Item}: {what} Photograph it again and put it aside ('datarig dataset trash {sight.Frame.Id}'), or confirm it in 'datarig tui' if it is right.");
                }
            }
        }

        foreach (AuditFinding finding in Occupied(sights))
        {
            yield return finding;
        }
    }

    private static string? Emptiness(Sight sight, double usual) =>
        sight.Share is null ? "nothing stands out from the table; did the part fall off, or was it not yet put there?"
        : sight.Share < LeastShare * usual ? string.Create(CultureInfo.InvariantCulture, $"the part covers {100 * sight.Share:F2}% of the picture, where half of the photographs of {sight.Frame.Part} have {100 * usual:F1}% or more; is it still on the table?")
        : null;

    /// <summary>
    /// Something as large as a part, on tables that are mostly found to be empty: where most tables of a rig show something, it is the rig's own
    /// (a screw, a mark), and nothing is said of any.
    /// </summary>
    private static IEnumerable<AuditFinding> Occupied(IReadOnlyList<Sight> sights)
    {
        Sight[] tables = [.. sights.Where(s => s.Frame.Part == PartId.Nothing)];
        double[] parts = [.. sights.Where(s => s.Frame.Part != PartId.Nothing).Select(s => s.FoundShare).OfType<double>().Order()];
        if (parts.Length == 0)
        {
            return [];
        }

        double small = parts[parts.Length / 10] / 2;
        Sight[] occupied = [.. tables.Where(s => s.FoundShare >= small)];
        return 2 * occupied.Length > tables.Length ? [] : occupied.Where(s => s.Frame.Review != ReviewState.Reviewed).Select(s => new AuditFinding(
            AuditIssue.NotEmpty, s.Frame.Id, s.Frame.ImagePath, string.Create(
                CultureInfo.InvariantCulture,
                $"Frame {s.Frame.Id} of the empty table ({s.Frame.Item}): something stands out from the table on {100 * s.FoundShare:F1}% of the picture. If it is a part, put the frame aside ('datarig dataset trash {s.Frame.Id}') or relabel it in 'datarig tui'; if not, clear the table.")));
    }

    private static double Middle(double[] shares) => shares.Length < Enough ? 0 : shares.Order().ElementAt(shares.Length / 2);
}
