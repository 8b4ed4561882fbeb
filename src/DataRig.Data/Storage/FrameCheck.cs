using DataRig.Core;

namespace DataRig.Data.Storage;

/// <summary>What a frame must be before it may enter the catalog.</summary>
internal static class FrameCheck
{
    /// <returns>The format of the frame's picture.</returns>
    /// <exception cref="WorkFailedException">A name cannot be used, or the picture is none.</exception>
    /// <exception cref="ArgumentException">The frame contradicts itself.</exception>
    public static ImageFormat Check(Frame frame)
    {
        CheckNames(frame.Annotations.SelectMany(a => new[] { a.Part.Value, a.Item.Value }).Append(frame.Part.Value).Append(frame.Item.Value));

        string what = Name(frame);
        bool known = frame.Source == FrameSource.Captured
            ? frame is { Session: not null, Sweep: >= 0, Stop: >= 0 }
            : frame is { Session: null, Sweep: null, Stop: null } && !string.IsNullOrWhiteSpace(frame.Origin);
        Require(known, frame.Source == FrameSource.Captured ? "a captured frame has a session, a sweep and a stop" : $"a {Text.Of(frame.Source)} frame has an origin, and no session, sweep or stop", what);
        Require(!(frame.Pose ?? "").Any(char.IsControl), "its pose's name holds control characters", what);
        Require(!(frame.Light ?? "").Any(char.IsControl) && !frame.Marks.Any(m => m.Any(char.IsControl)), "its light's name and its marks hold no control characters", what);
        Require(double.IsFinite(frame.AzimuthDegrees ?? 0) && double.IsFinite(frame.ElevationDegrees ?? 0), "its angles are finite", what);
        Require(frame.Annotations, frame.Image.Width, frame.Image.Height, what);
        Require(frame.Source == FrameSource.Rendered || frame.Maps.Count == 0, "only a rendered frame has maps", what);
        foreach ((MapKind kind, EncodedImage map) in frame.Maps)
        {
            Require(ImageCodec.Identify(map.Bytes) == new ImageHeader(ImageFormat.Png, frame.Image.Width, frame.Image.Height), $"its {Text.Of(kind)} are a PNG file of the picture's size", what);
        }

        ImageHeader header = ImageCodec.Identify(frame.Image.Bytes);
        Require((header.Width, header.Height) == (frame.Image.Width, frame.Image.Height), $"its file is {header.Width}x{header.Height} and it says {frame.Image.Width}x{frame.Image.Height}", what);
        return header.Format;
    }

    /// <summary>Why a name cannot be a part's or an item's, or null if it can. Names become folder and file names in exports.</summary>
    public static string? NameProblem(string? name) =>
        string.IsNullOrWhiteSpace(name) ? "it is empty"
        : name != name.Trim() ? "it begins or ends with a space"
        : name is "." or ".." || name.IndexOfAny(['/', '\\']) >= 0 ? "it would not do as a folder's name"
        : name.Any(char.IsControl) ? "it holds control characters"
        : name.Length > 100 ? "it is longer than 100 characters"
        : null;

    /// <summary>The frame in words.</summary>
    public static string Name(Frame frame) => frame.Source == FrameSource.Captured
        ? $"stop {frame.Stop} of sweep {frame.Sweep} of {frame.Session}"
        : $"the {Text.Of(frame.Source)} frame {frame.Origin}";

    /// <summary>What annotations must be before a frame may get them in place of its own.</summary>
    /// <exception cref="WorkFailedException">One does not fit: the message says how.</exception>
    public static void CheckAnnotations(FrameId frame, int width, int height, IReadOnlyList<Annotation> annotations)
    {
        CheckNames(annotations.SelectMany(a => new[] { a.Part.Value, a.Item.Value }));
        try
        {
            Require(annotations, width, height, $"the new annotations of frame {frame}");
        }
        catch (ArgumentException e)
        {
            throw new WorkFailedException($"{char.ToUpperInvariant(e.Message[0])}{e.Message[1..]}.", e);
        }
    }

    private static void CheckNames(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            if (NameProblem(name) is { } problem)
            {
                throw new WorkFailedException($"The name \"{name}\" cannot be a part's or an item's: {problem}.");
            }
        }
    }

    private static void Require(IReadOnlyList<Annotation> annotations, int width, int height, string what)
    {
        foreach (Annotation annotation in annotations)
        {
            Box box = annotation.Box;
            Require(double.IsFinite(box.X) && double.IsFinite(box.Y) && double.IsFinite(box.Width) && double.IsFinite(box.Height), "its boxes are finite", what);
            Require(annotation.VisibleFraction is >= 0 and <= 1 && (annotation.TruncatedFraction ?? 0) is >= 0 and <= 1, "its visible and truncated fractions lie in [0, 1]", what);
            Require(annotation.AmodalBox is not { } a || double.IsFinite(a.X + a.Y + a.Width + a.Height), "its boxes are finite", what);
            Require(IsFinite(annotation.PoseInCamera) && IsFinite(annotation.PoseOnTable), "its poses are finite", what);
            Require(annotation.Mask is not { } mask || (mask.Width == width && mask.Height == height), "its masks are as large as its picture", what);
        }
    }

    private static bool IsFinite(RigidPose? pose) =>
        pose is not { } p || float.IsFinite(p.Rotation.LengthSquared() + p.TranslationMm.LengthSquared());

    private static void Require(bool holds, string rule, string name)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name} cannot be kept: {rule}");
        }
    }
}
