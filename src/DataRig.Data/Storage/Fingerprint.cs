using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataRig.Core;

namespace DataRig.Data.Storage;

/// <summary>
/// SHA-256 over what a learner can see of a frame: its picture, source, part, item, pose, angles, intrinsics and annotations
/// (in any order), and the maps that it has. Where it came from (session, sweep, stop, origin), row numbers and times do not
/// count, and what is not known of a frame's geometry leaves no trace, so that frames of older catalogs keep their hash.
/// </summary>
internal static class Fingerprint
{
    public static string Of(FrameRecord frame, IReadOnlyList<Annotation> annotations) =>
        Of(frame.ImageHash, frame, annotations);

    public static string Of(Frame frame, string imageHash) => Of(imageHash, frame, frame.Annotations);

    /// <summary>A frame's hash together with its maps.</summary>
    public static string WithMaps(string frame, IReadOnlyDictionary<MapKind, MapFile> maps) =>
        maps.Count == 0 ? frame : Of(maps.Select(m => $"{Text.Of(m.Key)}\t{m.Value.Hash}").Prepend(frame));

    /// <summary>One hash over many, whatever their order.</summary>
    public static string Of(IEnumerable<string> lines) =>
        ImageStore.Hash(Encoding.UTF8.GetBytes(string.Join('\n', lines.Order(StringComparer.Ordinal))));

    // Names hold no control characters (Dataset checks), so a tab separates safely.
    private static string Of(string image, FrameLabels frame, IReadOnlyList<Annotation> annotations) =>
        ImageStore.Hash(Encoding.UTF8.GetBytes(
            string.Join('\t', image, Text.Of(frame.Source), frame.Part, frame.Item, frame.Pose, Number(frame.AzimuthDegrees), Number(frame.ElevationDegrees)) + Known(NumberList.Of(frame.Intrinsics)) + "\n" +
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
        a.Truncated ? "1" : "0") + Known(Amodal(a.AmodalBox), Number(a.TruncatedFraction), NumberList.Of(a.PoseInCamera), NumberList.Of(a.PoseOnTable));

    private static string Amodal(Box? box) => box is { } b ? $"{Number(b.X)} {Number(b.Y)} {Number(b.Width)} {Number(b.Height)}" : "";

    private static string Known(params ReadOnlySpan<string?> values)
    {
        string joined = string.Join('\t', values);
        return joined.All(c => c == '\t') ? "" : "\t" + joined;
    }

    // Adding zero turns -0, which SQLite does not keep, into 0.
    private static string Number(double? value) => value is { } v ? (v + 0.0).ToString("R", CultureInfo.InvariantCulture) : "";
}
