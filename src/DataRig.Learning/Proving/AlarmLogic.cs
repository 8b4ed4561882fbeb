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
/// <param name="Real">Whether it has a frame of the alarm's part.</param>
/// <param name="AlarmAt">The frame at which the alarm was raised, from 0; null where none was.</param>
/// <param name="Highest">The highest smoothed probability.</param>
public sealed record AlarmSequence(string Name, int Frames, bool Real, int? AlarmAt, double Highest);

/// <summary>How an alarm does over sequences.</summary>
/// <param name="Options">When it is raised.</param>
/// <param name="Sequences">One a sequence.</param>
/// <param name="FalseAlarmsPer100">Of 100 sequences without the alarm's part, in how many it is raised; null without such sequences.</param>
/// <param name="MissesPer100">Of 100 sequences with it, in how many it is not raised; null without such sequences.</param>
public sealed record AlarmReport(AlarmOptions Options, IReadOnlyList<AlarmSequence> Sequences, double? FalseAlarmsPer100, double? MissesPer100);

/// <summary>Judges sequences of frames instead of single ones: who watches a machine wants few alarms, and none missed.</summary>
public static class AlarmLogic
{
    /// <summary>
    /// The frames of one session in the order they were taken in are a sequence; without a session, those of one item from one folder,
    /// such as the frames of a video, whatever part they show.
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
        double? Per100(bool real, Func<AlarmSequence, bool> counts) =>
            sequences.Any(s => s.Real == real) ? 100.0 * sequences.Count(s => s.Real == real && counts(s)) / sequences.Count(s => s.Real == real) : null;
        return new AlarmReport(options, sequences, Per100(false, s => s.AlarmAt is not null), Per100(true, s => s.AlarmAt is null));
    }

    private static string Sequence(FrameRecord frame) =>
        frame.Session?.Value ?? frame.Film ?? $"{frame.Part}\n{frame.Item}";

    private static string Name(FramePrediction[] frames) =>
        frames[0].Frame.Session?.Value ?? (frames.Select(f => f.Frame.Part).Distinct().Count() == 1 ? $"{frames[0].Frame.Part} {frames[0].Frame.Item}" : frames[0].Frame.Item.Value);

    private static AlarmSequence Judge(string name, FramePrediction[] frames, int alarm, AlarmOptions options, double temperature)
    {
        double smoothed = 0, highest = 0;
        int above = 0;
        int? at = null;
        for (int i = 0; i < frames.Length; i++)
        {
            // Nothing is wrong when a sequence begins: the mean begins at 0.
            smoothed += options.Smoothing * (Calibration.Apply(frames[i].Probabilities, temperature)[alarm] - smoothed);
            highest = Math.Max(highest, smoothed);
            above = smoothed >= options.Threshold ? above + 1 : 0;
            at ??= above >= options.Frames ? i : null;
        }

        return new AlarmSequence(name, frames.Length, frames.Any(f => f.Frame.Part.Value == options.Part), at, highest);
    }
}
