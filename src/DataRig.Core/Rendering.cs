using System.Globalization;

namespace DataRig.Core;

/// <summary>What a rendered frame was made from; its text is the frame's origin.</summary>
/// <param name="Source">The scene, its content's hash and the seed: equal where frames of one index are equal.</param>
/// <param name="Index">Which of the seed's frames.</param>
public readonly record struct Rendering(string Source, long Index)
{
    private const string Between = ", index ";

    /// <returns>Null where the text is no rendering's.</returns>
    public static Rendering? Parse(string? origin)
    {
        int at = origin?.LastIndexOf(Between, StringComparison.Ordinal) ?? -1;
        return at > 0 && long.TryParse(origin.AsSpan(at + Between.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long index) ? new Rendering(origin![..at], index) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Source}{Between}{Index}");
}

/// <summary>Frames of one source, one after the other.</summary>
/// <param name="Source">See <see cref="Rendering.Source"/>.</param>
/// <param name="First">The first one's index, from 0.</param>
/// <param name="Count">How many.</param>
public sealed record RenderedRange(string Source, long First, int Count)
{
    /// <summary>One beyond the last.</summary>
    public long End => First + Count;
}
