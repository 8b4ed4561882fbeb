using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Proving;

namespace DataRig.Learning.Explaining;

/// <summary>
/// Groups errors by what they have in common. Only what the frames prove counts: among the frames that have it more are wrong
/// than chance would put there (the hypergeometric tail, that is Fisher's exact test to one side), at a level that is shared out
/// over all that was looked for (Bonferroni). Frames of one item are not independent, so that this is a pointer, not a figure.
/// </summary>
internal static class ErrorKinds
{
    /// <summary>Fewer errors are no kind.</summary>
    private const int Fewest = 3;

    private const double Level = 0.01;

    /// <summary>A frame and what is known of it.</summary>
    internal sealed record Seen(FramePrediction Prediction, FrameMeasures Measures, HeatShare? Share);

    /// <summary>What is looked for: frames among others.</summary>
    /// <param name="Cause">What they have in common.</param>
    /// <param name="Name">Which of these.</param>
    /// <param name="Words">The same behind "frames".</param>
    /// <param name="With">Frames that have it.</param>
    /// <param name="Among">Those and the others.</param>
    /// <param name="OfPart">The part that all of them are of; null where it is looked for among all.</param>
    private sealed record Suspicion(ErrorCause Cause, string Name, string Words, IReadOnlyList<Seen> With, IReadOnlyList<Seen> Among, PartId? OfPart = null);

    /// <returns>The kinds, that of most errors first; an error may be of several, or of none.</returns>
    public static IReadOnlyList<ErrorKind> Of(IReadOnlyList<Seen> frames)
    {
        Suspicion[] suspicions = [.. Suspicions(frames).Where(s => s.With.Count < s.Among.Count)];
        bool Proven(Suspicion s) => Wrong(s.With) >= Fewest && s.With.Count < s.Among.Count && Chance(s) < Level / suspicions.Length;
        Suspicion[] proven = [.. suspicions.Where(Proven).Where(s => s.OfPart is not null || Proven(WithoutWorstPart(s)))];
        // What holds of all parts is not said of each again.
        return
        [
            .. Pairs(frames).Concat(proven.Where(s => s.OfPart is not { } part || !proven.Any(p => p.OfPart is null && p.Cause == s.Cause && s.Name == $"{part} {p.Name}")).Select(Kind))
                .OrderByDescending(k => k.Errors.Count).ThenBy(k => k.Cause).ThenBy(k => k.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The same without the part that most of the errors are of: what one part alone has to answer for is not of all.</summary>
    private static Suspicion WithoutWorstPart(Suspicion suspicion)
    {
        PartId worst = suspicion.With.Where(f => !f.Prediction.IsRight).GroupBy(f => f.Prediction.Frame.Part).MaxBy(g => g.Count())!.Key;
        return suspicion with { With = [.. suspicion.With.Where(f => f.Prediction.Frame.Part != worst)], Among = [.. suspicion.Among.Where(f => f.Prediction.Frame.Part != worst)] };
    }

    private static IEnumerable<ErrorKind> Pairs(IReadOnlyList<Seen> frames)
    {
        foreach (IGrouping<(PartId Is, PartId Said), Seen> pair in frames.Where(f => !f.Prediction.IsRight).GroupBy(f => (f.Prediction.Frame.Part, f.Prediction.Said)).Where(g => g.Count() >= Fewest))
        {
            Seen[] part = [.. frames.Where(f => f.Prediction.Frame.Part == pair.Key.Is)];
            int back = frames.Count(f => f.Prediction.Frame.Part == pair.Key.Said && f.Prediction.Said == pair.Key.Is), other = frames.Count(f => f.Prediction.Frame.Part == pair.Key.Said);
            string both = back >= Fewest ? Text($", and {back} of {other} the other way round: the two look alike to the network") : "";
            double rate = (double)pair.Count() / part.Length;
            yield return new ErrorKind(
                ErrorCause.Pair, $"{pair.Key.Is} for {pair.Key.Said}", Text($"{pair.Count()} of {part.Length} frames of {pair.Key.Is} are taken for {pair.Key.Said}{both}."), Sorted(pair), part.Length, rate, other == 0 ? 0 : (double)back / other);
        }
    }

    private static IEnumerable<Suspicion> Suspicions(IReadOnlyList<Seen> frames)
    {
        foreach (IGrouping<PartId, Seen> part in frames.GroupBy(f => f.Prediction.Frame.Part))
        {
            Seen[] all = [.. part];
            foreach (Suspicion suspicion in By(ErrorCause.Item, all, f => f.Item.Value, name => $"of the item {name}", part.Key)
                .Concat(By(ErrorCause.Azimuth, all, f => f.AzimuthDegrees is { } azimuth ? Breakdown.Sector(azimuth) : null, name => $"of {part.Key} at {name} degrees", part.Key))
                .Concat(By(ErrorCause.Pose, all, f => f.Pose, name => $"of {part.Key} in the pose {name}", part.Key))
                .Concat(By(ErrorCause.Light, all, f => f.Light, name => $"of {part.Key} in the light {name}", part.Key)))
            {
                yield return suspicion;
            }
        }

        foreach (Suspicion suspicion in By(ErrorCause.Azimuth, frames, f => f.AzimuthDegrees is { } azimuth ? Breakdown.Sector(azimuth) : null, name => $"at {name} degrees")
            .Concat(By(ErrorCause.Light, frames, f => f.Light, name => $"in the light {name}")))
        {
            yield return suspicion;
        }

        double dark = Quarter(frames, f => f.Measures.Brightness);
        Dictionary<PartId, double> blurred = frames.GroupBy(f => f.Prediction.Frame.Part).ToDictionary(g => g.Key, g => Quarter([.. g], f => f.Measures.Sharpness));
        yield return new Suspicion(ErrorCause.Cut, "", "where the part is cut off by the picture's edge or the window", [.. frames.Where(f => f.Measures.IsCut)], frames);
        yield return new Suspicion(ErrorCause.Dark, "", Text($"of the darkest quarter (the part's brightness is below {dark:F0} of 255)"), [.. frames.Where(f => f.Measures.Brightness < dark)], frames);
        yield return new Suspicion(ErrorCause.Blurred, "", "of the least sharp quarter of each part", [.. frames.Where(f => f.Measures.Sharpness < blurred[f.Prediction.Frame.Part])], frames);
        Seen[] heated = [.. frames.Where(f => f.Share is not null)];
        yield return new Suspicion(ErrorCause.Elsewhere, "", "where the network looks elsewhere than at the part", [.. heated.Where(f => f.Share!.IsElsewhere)], heated);
    }

    private static IEnumerable<Suspicion> By(ErrorCause cause, IReadOnlyList<Seen> among, Func<FrameRecord, string?> key, Func<string, string> words, PartId? part = null) =>
        from frame in among
        let name = key(frame.Prediction.Frame)
        where name is not null
        group frame by name into with
        select new Suspicion(cause, part is null || cause == ErrorCause.Item ? with.Key : $"{part} {with.Key}", words(with.Key), [.. with], among, part);

    private static ErrorKind Kind(Suspicion suspicion)
    {
        int with = suspicion.With.Count, others = suspicion.Among.Count - with, wrong = Wrong(suspicion.With), elsewhere = Wrong(suspicion.Among) - wrong;
        double rate = (double)wrong / with, rateElsewhere = (double)elsewhere / others;
        return new ErrorKind(
            suspicion.Cause,
            suspicion.Name,
            Text($"{wrong} of {with} frames {suspicion.Words} are wrong ({100 * rate:F1}%), {elsewhere} of the other {others} ({100 * rateElsewhere:F1}%)."),
            Sorted(suspicion.With.Where(f => !f.Prediction.IsRight)),
            with,
            rate,
            rateElsewhere);
    }

    /// <summary>How likely chance alone puts as many errors or more among these frames.</summary>
    private static double Chance(Suspicion suspicion)
    {
        int all = suspicion.Among.Count, with = suspicion.With.Count, errors = Wrong(suspicion.Among), wrong = Wrong(suspicion.With);
        double[] logFactorial = new double[all + 1];
        for (int i = 1; i <= all; i++)
        {
            logFactorial[i] = logFactorial[i - 1] + Math.Log(i);
        }

        double Choose(int n, int k) => logFactorial[n] - logFactorial[k] - logFactorial[n - k];
        double sum = 0;
        for (int k = wrong; k <= Math.Min(with, errors); k++)
        {
            sum += errors - k > all - with ? 0 : Math.Exp(Choose(with, k) + Choose(all - with, errors - k) - Choose(all, errors));
        }

        return sum;
    }

    private static double Quarter(IReadOnlyList<Seen> frames, Func<Seen, double> measure) => frames.Select(measure).Order().ElementAtOrDefault(frames.Count / 4);

    private static int Wrong(IReadOnlyList<Seen> frames) => frames.Count(f => !f.Prediction.IsRight);

    private static FramePrediction[] Sorted(IEnumerable<Seen> errors) => [.. errors.Select(e => e.Prediction).OrderByDescending(p => p.Confidence).ThenBy(p => p.Frame.Id.Value)];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
