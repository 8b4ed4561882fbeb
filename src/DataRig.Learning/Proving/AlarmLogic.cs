using System.ComponentModel.DataAnnotations;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;

namespace DataRig.Learning.Proving;

/// <summary>When a sequence of frames raises an alarm: the smoothed probability of the alarm's part stays above a threshold.</summary>
public sealed record AlarmOptions : IValidatedOptions
{
    /// <summary>The part that is the alarm, such as <c>spaghetti</c> of a print that fails.</summary>
    public required string Part { get; init; }

    /// <summary>The weight of the newest frame in the exponential mean; 1 does not smooth.</summary>
    [Range(0.001, 1)]
    public double Smoothing { get; init; } = 0.3;

    /// <summary>The smoothed probability from which it is an alarm.</summary>
    [Range(0, 1)]
    public double Threshold { get; init; } = 0.5;

    /// <summary>For so many frames in a row.</summary>
    [Range(1, 10_000)]
    public int Frames { get; init; } = 3;

    public IEnumerable<(string Key, string Problem)> Validate() => Part.Length == 0 ? [("part", "expected the name of the part that is the alarm")] : [];
}

/// <summary>What became of one sequence.</summary>
/// <param name="Name">Its session, or its item, with the part where it shows one alone.</param>
/// <param name="Frames">Frames in it.</param>
/// <param name="ShownFrom">The first frame of the alarm's part, from 0; null where there is none.</param>
/// <param name="AlarmAt">The first frame at which an alarm stands; null where none does.</param>
/// <param name="Delay">How many frames after the first one of the part an alarm stands, 0 where it did before; null where none does from then on.</param>
/// <param name="Highest">The highest smoothed probability.</param>
public sealed record AlarmSequence(string Name, int Frames, int? ShownFrom, int? AlarmAt, int? Delay, double Highest)
{
    /// <summary>Whether it shows the alarm's part.</summary>
    public bool Real => ShownFrom is not null;

    /// <summary>Whether an alarm stood while there was nothing to raise it.</summary>
    public bool IsFalse => AlarmAt is { } at && !(at >= ShownFrom);

    /// <summary>Whether the part is shown and no alarm stands from then on.</summary>
    public bool IsMissed => Real && Delay is null;
}

/// <summary>How an alarm does over sequences.</summary>
/// <param name="Options">When it is raised.</param>
/// <param name="Sequences">One a sequence.</param>
/// <param name="FalseAlarmsPer100">Of 100 sequences that begin without the alarm's part, in how many one stands while there is nothing to raise it; null without such sequences.</param>
/// <param name="MissesPer100">Of 100 sequences with it, in how many none stands from then on; null without such sequences.</param>
/// <param name="Delay">The middle one of how many frames it takes from the first one of the part to the alarm; null where there was none to raise.</param>
public sealed record AlarmReport(AlarmOptions Options, IReadOnlyList<AlarmSequence> Sequences, double? FalseAlarmsPer100, double? MissesPer100, double? Delay);

/// <summary>Judges sequences of frames instead of single ones: who watches a machine wants few alarms, and none missed.</summary>
public static class AlarmLogic
{
    /// <summary>
    /// The frames of an item in one session, in the order they were taken in, are a sequence; without a session, those of one item in
    /// one video, whatever part they show, or else those of one item.
    /// </summary>
    /// <param name="classes">The parts, in the order of the probabilities.</param>
    /// <param name="predictions">Of frames that the model was not trained on.</param>
    /// <param name="options">When an alarm is raised.</param>
    /// <param name="temperature">What makes the probabilities true, see <see cref="Calibration"/>.</param>
    /// <exception cref="WorkFailedException">The model does not know the part.</exception>
    public static AlarmReport Judge(IReadOnlyList<PartId> classes, IReadOnlyList<FramePrediction> predictions, AlarmOptions options, double temperature = 1)
    {
        ArgumentNullException.ThrowIfNull(options);
        int alarm = classes.ToList().IndexOf(new PartId(options.Part));
        if (alarm < 0)
        {
            throw new WorkFailedException($"the alarm's part \"{options.Part}\" is not one that the model knows; these are {string.Join(", ", classes)}.");
        }

        AlarmSequence[] sequences =
        [
            .. predictions.GroupBy(p => Sequence(p.Frame))
                .Select(s => Judge(Name([.. s]), [.. s.OrderBy(p => p.Frame.Sweep).ThenBy(p => p.Frame.Stop).ThenBy(p => p.Frame.Id.Value)], alarm, options, temperature)),
        ];
        double? Per100(AlarmSequence[] among, Func<AlarmSequence, bool> counts) => among.Length == 0 ? null : 100.0 * among.Count(counts) / among.Length;
        int[] delays = [.. sequences.Select(s => s.Delay).OfType<int>().Order()];
        return new AlarmReport(
            options,
            sequences,
            Per100([.. sequences.Where(s => s.ShownFrom != 0)], s => s.IsFalse),
            Per100([.. sequences.Where(s => s.Real)], s => s.IsMissed),
            delays.Length == 0 ? null : (delays[(delays.Length - 1) / 2] + delays[delays.Length / 2]) / 2.0);
    }

    private static string Sequence(FrameRecord frame) =>
        frame.Session is { } session ? $"{session}\n{frame.Item}" : frame.Film ?? $"{frame.Part}\n{frame.Item}";

    private static string Name(FramePrediction[] frames)
    {
        FrameRecord first = frames[0].Frame;
        string item = frames.All(f => f.Frame.Part == first.Part) ? $"{first.Part} {first.Item}" : first.Item.Value;
        return first.Session is { } session ? $"{item}, {session}" : item;
    }

    private static AlarmSequence Judge(string name, FramePrediction[] frames, int alarm, AlarmOptions options, double temperature)
    {
        double smoothed = 0, highest = 0;
        int above = 0;
        int? shownFrom = null, at = null, delay = null;
        for (int i = 0; i < frames.Length; i++)
        {
            // Nothing is wrong when a sequence begins: the mean begins at 0.
            smoothed += options.Smoothing * (Calibration.Apply(frames[i].Probabilities, temperature)[alarm] - smoothed);
            highest = Math.Max(highest, smoothed);
            above = smoothed >= options.Threshold ? above + 1 : 0;
            shownFrom ??= frames[i].Frame.Part.Value == options.Part ? i : null;
            if (above >= options.Frames)
            {
                at ??= i;
                delay ??= i - shownFrom;
            }
        }

        return new AlarmSequence(name, frames.Length, shownFrom, at, delay, highest);
    }
}
