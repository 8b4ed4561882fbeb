using DataRig.Core;
using DataRig.Data.Formats;
using DataRig.Data.Storage;

namespace DataRig.Data.Importing;

/// <summary>A frame whose picture was decoded from end to end and fits its labels.</summary>
/// <param name="Frame">With the picture's real size.</param>
/// <param name="Path">The picture's full path.</param>
/// <param name="Hash">Of the picture's bytes.</param>
internal sealed record CheckedFrame(FormatFrame Frame, string Path, string Hash);

/// <summary>Decodes every picture once, several at a time, and holds labels against it, so that what is broken is found before anything is imported.</summary>
internal static class PictureCheck
{
    /// <summary>How far a box may reach beyond the picture by rounding, in pixels; it is cut to it then.</summary>
    private const double Slack = 0.5;

    /// <returns>The good frames, in the order listed; problems are noted in that order too.</returns>
    public static async Task<IReadOnlyList<CheckedFrame>> RunAsync(Listing listing, int threads, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        (CheckedFrame? Good, string? Problem)[] found = new (CheckedFrame?, string?)[listing.Frames.Count];
        int done = 0;
        ParallelOptions options = new() { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellation };
        await Parallel.ForAsync(0, found.Length, options, (i, _) =>
        {
            found[i] = Check(listing.Frames[i].Frame, listing.Frames[i].Path);
            int now = Interlocked.Increment(ref done);
            if (now % 16 == 0 || now == found.Length)
            {
                progress?.Report(new StageProgress("Check", now, found.Length));
            }

            return ValueTask.CompletedTask;
        });

        List<CheckedFrame> good = [];
        Dictionary<string, string> places = [];
        for (int i = 0; i < found.Length; i++)
        {
            (CheckedFrame? frame, string? problem) = found[i];
            string where = listing.Frames[i].Frame.Where;
            if (frame is not null && !places.TryAdd(Identity(frame), where))
            {
                problem = $"it is the same frame as the one at {places[Identity(frame)]}; keep one of them";
            }

            if (problem is null)
            {
                good.Add(frame!);
            }
            else
            {
                listing.Reader.Problems.Add(where, problem);
            }
        }

        return good;
    }

    /// <summary>What a dataset knows a frame by.</summary>
    private static string Identity(CheckedFrame f) => f.Frame.Source switch
    {
        FrameSource.Captured => $"captured\t{f.Frame.Session}\t{f.Frame.Sweep}\t{f.Frame.Stop}",
        FrameSource.Rendered => $"rendered\t{f.Frame.Origin}",
        _ => $"imported\t{f.Frame.Origin}\t{f.Hash}",
    };

    private static (CheckedFrame? Good, string? Problem) Check(FormatFrame frame, string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            Picture picture = ImageCodec.Decode(bytes);
            if (frame.Width > 0 && (frame.Width, frame.Height) != (picture.Width, picture.Height))
            {
                return (null, $"the label says {frame.Width}x{frame.Height}, and the picture is {picture.Width}x{picture.Height}");
            }

            frame = frame with { Width = picture.Width, Height = picture.Height };
            if (frame.Annotations.Select(a => Problem(a, frame.Width, frame.Height)).OfType<string>().FirstOrDefault() is { } problem)
            {
                return (null, problem);
            }

            frame = frame with { Annotations = [.. frame.Annotations.Select(a => a with { Box = Cut(a.Box, frame.Width, frame.Height) })] };
            return (new CheckedFrame(frame, path, ImageStore.Hash(bytes)), null);
        }
        catch (WorkFailedException e)
        {
            return (null, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"the file cannot be read ({e.Message})");
        }
    }

    /// <summary>Why an annotation cannot be of a picture of this size, in words; null where it can.</summary>
    public static string? Problem(Annotation annotation, int width, int height)
    {
        Box box = annotation.Box;
        string at = FormattableString.Invariant($"the box of {annotation.Part} at ({box.X:0.###}, {box.Y:0.###}), {box.Width:0.###} by {box.Height:0.###},");
        return !double.IsFinite(box.X + box.Y + box.Width + box.Height) ? $"a box of {annotation.Part} is not finite"
            : box.Width <= 0 || box.Height <= 0 ? $"{at} has no area; width and height are above 0"
            : box.X < -Slack || box.Y < -Slack || box.Right > width + Slack || box.Bottom > height + Slack ? $"{at} reaches beyond the {width}x{height} picture; boxes are counted in pixels from its top left"
            : box.Right <= 1 && box.Bottom <= 1 && Math.Min(width, height) > 8 ? $"{at} lies within one pixel; are these shares of the picture where pixels belong?"
            : annotation.VisibleFraction is < 0 or > 1 || annotation.TruncatedFraction is < 0 or > 1 ? $"what is visible or cut off of {annotation.Part} is a share from 0 to 1"
            : annotation.Mask is { } mask && (mask.Width, mask.Height) != (width, height) ? $"the mask of {annotation.Part} is {mask.Width}x{mask.Height}, and the picture is {width}x{height}"
            : null;
    }

    /// <summary>A box that reaches beyond its picture by rounding, cut to it.</summary>
    public static Box Cut(Box box, int width, int height)
    {
        if (box.X >= 0 && box.Y >= 0 && box.Right <= width && box.Bottom <= height)
        {
            return box;
        }

        double left = Math.Max(0, box.X), top = Math.Max(0, box.Y);
        return new Box(left, top, Math.Min(width, box.Right) - left, Math.Min(height, box.Bottom) - top);
    }
}
