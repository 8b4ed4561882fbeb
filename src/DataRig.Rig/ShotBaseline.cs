namespace DataRig.Rig;

/// <summary>
/// What a session's pictures are compared with: the measures of its first frames under each light. The session's journal
/// keeps it, so that a resumed session holds to the same.
/// </summary>
/// <param name="FirstFrames">By the light's name, up to as many as the options ask for.</param>
public sealed record ShotBaseline(IReadOnlyDictionary<string, IReadOnlyList<ShotMeasures>> FirstFrames)
{
    public static ShotBaseline Empty { get; } = new(new Dictionary<string, IReadOnlyList<ShotMeasures>>());

    /// <summary>The first frames under a light; none yet gives an empty list.</summary>
    internal IReadOnlyList<ShotMeasures> Under(string light) => FirstFrames.TryGetValue(light, out IReadOnlyList<ShotMeasures>? frames) ? frames : [];

    internal ShotBaseline With(string light, ShotMeasures frame) =>
        new(new Dictionary<string, IReadOnlyList<ShotMeasures>>(FirstFrames) { [light] = [.. Under(light), frame] });
}
