using System.Globalization;
using DataRig.Core;

namespace DataRig.Learning.Proving;

/// <summary>What frames are told apart by to see where a model is weak.</summary>
public enum SliceKind
{
    /// <summary>Sectors of the turn, 30 degrees each.</summary>
    Azimuth,

    Pose,

    Light,

    Item,
}

/// <summary>The accuracy on frames that have something in common.</summary>
/// <param name="Kind">By what.</param>
/// <param name="Name">Which of these: a pose, a light, an item with its part, or a sector such as <c>30-60</c>.</param>
/// <param name="Frames">Frames shown.</param>
/// <param name="Items">Items they are of.</param>
/// <param name="Accuracy">The share that is recognized.</param>
public sealed record Slice(SliceKind Kind, string Name, int Frames, int Items, Figure Accuracy);

/// <summary>Accuracy by azimuth, pose, light and item.</summary>
public static class Breakdown
{
    /// <summary>Degrees in a sector.</summary>
    public const int SectorDegrees = 30;

    /// <summary>Every slice of each kind that the frames tell something of, in order.</summary>
    public static IReadOnlyList<Slice> Of(IReadOnlyList<FramePrediction> predictions, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        return
        [
            .. By(SliceKind.Azimuth, f => f.AzimuthDegrees is { } azimuth ? Sector(azimuth) : null),
            .. By(SliceKind.Pose, f => f.Pose),
            .. By(SliceKind.Light, f => f.Light),
            .. By(SliceKind.Item, f => $"{f.Part} {f.Item}"),
        ];

        IEnumerable<Slice> By(SliceKind kind, Func<FrameLabels, string?> key) =>
            from prediction in predictions
            let name = key(prediction.Frame)
            where name is not null
            group prediction by name into slice
            orderby kind == SliceKind.Azimuth ? int.Parse(slice.Key.Split('-')[0], CultureInfo.InvariantCulture) : 0, slice.Key
            select One(kind, slice.Key, [.. slice], seed);
    }

    /// <summary>The sector that an azimuth lies in, such as <c>30-60</c>.</summary>
    public static string Sector(double azimuthDegrees)
    {
        int from = (int)(azimuthDegrees / SectorDegrees) * SectorDegrees;
        return string.Create(CultureInfo.InvariantCulture, $"{from}-{from + SectorDegrees}");
    }

    private static Slice One(SliceKind kind, string name, FramePrediction[] predictions, Seed seed)
    {
        (int Frames, int Right)[] items = [.. predictions.GroupBy(p => (p.Frame.Part, p.Frame.Item)).Select(i => (i.Count(), i.Count(p => p.IsRight)))];
        Figure accuracy = Bootstrap.Of(items.Length, seed.For($"{kind} {name}"), weights =>
        {
            long frames = 0, right = 0;
            for (int i = 0; i < items.Length; i++)
            {
                frames += weights[i] * items[i].Frames;
                right += weights[i] * items[i].Right;
            }

            return [frames == 0 ? double.NaN : (double)right / frames];
        })[0];
        return new Slice(kind, name, predictions.Length, items.Length, accuracy);
    }
}
