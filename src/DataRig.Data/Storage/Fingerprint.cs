using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataRig.Core;

namespace DataRig.Data.Storage;

/// <summary>
/// SHA-256 over what a learner can see of a frame: its picture, source, part, item, pose, angles and annotations
/// (in any order). Where it came from (session, sweep, stop, origin), row numbers and times do not count.
/// </summary>
internal static class Fingerprint
{
    public static string Of(FrameRecord frame, IReadOnlyList<Annotation> annotations) =>
        Of(frame.ImageHash, frame.Source, frame.Part, frame.Item, frame.Pose, frame.AzimuthDegrees, frame.ElevationDegrees, annotations);

    public static string Of(Frame frame, string imageHash) =>
        Of(imageHash, frame.Source, frame.Part, frame.Item, frame.Pose, frame.AzimuthDegrees, frame.ElevationDegrees, frame.Annotations);

    /// <summary>One hash over many, whatever their order.</summary>
    public static string Of(IEnumerable<string> lines) =>
        ImageStore.Hash(Encoding.UTF8.GetBytes(string.Join('\n', lines.Order(StringComparer.Ordinal))));

    // Names hold no control characters (Dataset checks), so a tab separates safely.
    private static string Of(string image, FrameSource source, PartId part, ItemId item, string? pose, double? azimuth, double? elevation, IReadOnlyList<Annotation> annotations) =>
        ImageStore.Hash(Encoding.UTF8.GetBytes(
            string.Join('\t', image, Text.Of(source), part, item, pose, Number(azimuth), Number(elevation)) + "\n" +
            string.Join('\n', annotations.Select(Line).Order(StringComparer.Ordinal))));

    private static string Line(Annotation a) => string.Join(
        '\t',
        a.Part,
        a.Item,
        Number(a.Box.X),
        Number(a.Box.Y),
        Number(a.Box.Width),
        Number(a.Box.Height),
        a.Mask is null ? "" : Convert.ToHexStringLower(SHA256.HashData(MaskStorage.Encode(a.Mask))),
        Number(a.VisibleFraction),
        a.Truncated ? "1" : "0");

    // Adding zero turns -0, which SQLite does not keep, into 0.
    private static string Number(double? value) => value is { } v ? (v + 0.0).ToString("R", CultureInfo.InvariantCulture) : "";
}
