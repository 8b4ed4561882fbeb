using System.Globalization;
using System.IO.Hashing;
using DataRig.Core;
using DataRig.Rig.Cameras;

namespace DataRig.Rig;

/// <summary>
/// What every picture passes before it becomes a frame. It remembers the session's first frames, and the latest ones to
/// tell an old picture from a new one. One call at a time.
/// </summary>
/// <param name="options">The session's bounds.</param>
/// <param name="size">The size that every picture must have; null where the first frame decides.</param>
/// <param name="reader">Makes pixels of the file.</param>
/// <param name="baseline">The first frames of a session that is resumed.</param>
public sealed class ShotGate(ShotGateOptions options, (int Width, int Height)? size, IPictureReader reader, ShotBaseline? baseline = null)
{
    /// <summary>How many pictures back an old one is known again; drivers keep a handful of buffers.</summary>
    private const int Remembered = 8;

    /// <summary>Two pictures whose tiles differ by less than this many of 255 levels (root mean square) show the same.</summary>
    private const double SameLevels = 0.5;

    /// <summary>A smaller turn may well leave a picture as it was.</summary>
    private const double LeastTurnDegrees = 2;

    private readonly Queue<(ulong Hash, ShotTarget Target)> _recent = new();
    private readonly Dictionary<string, (ShotTarget Target, double AzimuthDegrees, float[] Levels)> _last = [];

    /// <summary>The first frames until now. It becomes another object when it grows: then the session's journal keeps the new one.</summary>
    public ShotBaseline Baseline { get; private set; } = baseline ?? ShotBaseline.Empty;

    /// <summary>Looks at a shot, and remembers it unless it is refused.</summary>
    /// <param name="shot">What the camera gave.</param>
    /// <param name="target">What it is to show; the same target again is a retake.</param>
    /// <param name="position">Where the table stood, and since when.</param>
    public ShotVerdict Judge(Shot shot, ShotTarget target, TablePosition position)
    {
        ArgumentNullException.ThrowIfNull(shot);
        ulong hash = XxHash64.HashToUInt64(shot.Image.Bytes);
        if (WrongFile(shot, position) is { } wrongFile)
        {
            return ShotVerdict.Refused(wrongFile);
        }

        if (_recent.Any(r => r.Hash == hash && r.Target != target))
        {
            return ShotVerdict.Refused("it is an earlier picture again, byte for byte: the camera hangs or repeats itself");
        }

        if (reader.TryRead(shot.Image) is not { } picture)
        {
            return ShotVerdict.Refused("it cannot be decoded to its end");
        }

        (ShotMeasures measures, float[] levels) = PictureMeter.Measure(picture);
        IReadOnlyList<ShotMeasures> first = target.Sweep is null ? [] : Baseline.Under(target.Light);
        if (WrongPicture(measures, first) is { } wrongPicture)
        {
            return ShotVerdict.Refused(wrongPicture, measures);
        }

        string[] marks = [.. Marks(measures, first), .. SameAgain(target, position, levels)];
        Remember(hash, target, position, measures, levels);
        return new ShotVerdict(marks.Length == 0 ? ShotOutcome.Accepted : ShotOutcome.Marked, marks, measures);
    }

    private string? WrongFile(Shot shot, TablePosition position)
    {
        if (shot.TakenAt < position.SettledAt)
        {
            return Text($"it was exposed {(position.SettledAt - shot.TakenAt).TotalMilliseconds:F0} ms before the table was still");
        }

        if (JpegFile.Problem(shot.Image.Bytes, out JpegFile jpeg) is { } broken)
        {
            return broken;
        }

        (int width, int height) = size ?? (Baseline.FirstFrames.Values.SelectMany(f => f).FirstOrDefault() is { } first ? (first.Width, first.Height) : (jpeg.Width, jpeg.Height));
        return (jpeg.Width, jpeg.Height) != (width, height)
            ? Text($"it is {jpeg.Width}x{jpeg.Height} and not {width}x{height}{(size is null ? " as the session's first" : ", as the camera's settings say")}")
            : null;
    }

    private string? WrongPicture(ShotMeasures shot, IReadOnlyList<ShotMeasures> first)
    {
        if (ShotComparison.IsBlack(shot))
        {
            return "it is black: is the lens covered, or the light off?";
        }

        double? sharpness = ShotComparison.RelativeSharpness(shot, first);
        return sharpness < options.BlurredBelow
            ? Text($"it is blurred: {sharpness:P0} as sharp as the first frames, and {options.BlurredBelow:P0} is the least; is the table still, the lens clean and the focus held?")
            : null;
    }

    private IEnumerable<string> Marks(ShotMeasures shot, IReadOnlyList<ShotMeasures> first)
    {
        if (first.Count == 0)
        {
            yield break;
        }

        (double green, double red, double blue) = ShotComparison.DriftStops(shot, first);
        if (Math.Abs(green) > options.MaxDriftStops)
        {
            yield return Text($"the exposure drifted: {Math.Abs(green):F2} stops {(green > 0 ? "brighter" : "darker")} than the first frames, and {options.MaxDriftStops:F2} is the most; did the light or the camera change?");
        }

        foreach ((string color, double stops) in new[] { ("red", red - green), ("blue", blue - green) })
        {
            if (Math.Abs(stops) > options.MaxColorDriftStops)
            {
                yield return Text($"the white balance drifted: {Math.Abs(stops):F2} stops {(stops > 0 ? "more" : "less")} {color} than in the first frames, and {options.MaxColorDriftStops:F2} is the most");
            }
        }

        double burnt = shot.ClippedShare - first.Average(f => f.ClippedShare);
        if (burnt > options.MaxClippedShare)
        {
            yield return Text($"{shot.ClippedShare:P0} of it is burnt out, {burnt:P0} more than in the first frames, and {options.MaxClippedShare:P0} more is the most");
        }

        double? sharpness = ShotComparison.RelativeSharpness(shot, first);
        if (sharpness < options.SoftBelow)
        {
            yield return Text($"it is soft: {sharpness:P0} as sharp as the first frames, and {options.SoftBelow:P0} is the least");
        }
    }

    private IEnumerable<string> SameAgain(ShotTarget target, TablePosition position, float[] levels)
    {
        if (target.Sweep is not null
            && _last.TryGetValue(target.Light, out (ShotTarget Target, double AzimuthDegrees, float[] Levels) last)
            && last.Target != target
            && ShotComparison.LevelDifference(levels, last.Levels) < SameLevels)
        {
            double turned = Math.Abs(Angle.Difference(position.AzimuthDegrees, last.AzimuthDegrees));
            if (last.Target.Sweep != target.Sweep)
            {
                yield return "it looks like the last picture of the sweep before: was the part changed?";
            }
            else if (turned >= LeastTurnDegrees)
            {
                yield return Text($"it looks like the stop before, {turned:F0} degrees away: does the table turn, and the part with it?");
            }
        }
    }

    private void Remember(ulong hash, ShotTarget target, TablePosition position, ShotMeasures measures, float[] levels)
    {
        _recent.Enqueue((hash, target));
        if (_recent.Count > Remembered)
        {
            _recent.Dequeue();
        }

        if (target.Sweep is not null)
        {
            _last[target.Light] = (target, position.AzimuthDegrees, levels);
        }

        // An empty table has no edges: it says nothing of how sharp a part's picture is.
        if (target.Sweep is not null && Baseline.Under(target.Light).Count < options.FirstFrames)
        {
            Baseline = Baseline.With(target.Light, measures);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
