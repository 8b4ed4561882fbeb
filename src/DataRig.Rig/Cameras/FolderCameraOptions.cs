using System.Text.RegularExpressions;

namespace DataRig.Rig.Cameras;

/// <summary>A replay: the pictures of a folder, as if they were taken now.</summary>
public sealed partial record FolderCameraOptions : RealCameraOptions
{
    /// <summary>The folder, relative to the configuration file.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// The name of each stop's picture within the folder, with <c>{sweep}</c>, <c>{stop}</c> and <c>{light}</c> in it, numbers
    /// padded by zeros as in <c>{stop:000}</c>. Without it the pictures come in the order of their names.
    /// </summary>
    public string? Name { get; init; }

    public override IEnumerable<(string Key, string Problem)> Validate() =>
    [
        .. base.Validate(),
        .. string.IsNullOrWhiteSpace(Folder) ? [("folder", "expected a folder's name")] : Array.Empty<(string, string)>(),
        .. Name is not null && !WellFormed().IsMatch(Name)
            ? [("name", "expected a file's name in which {sweep}, {stop} and {light} stand for the stop, such as \"{sweep:00}/{stop:000}.jpg\"")]
            : Array.Empty<(string, string)>(),
    ];

    /// <summary>The name of one stop's picture.</summary>
    internal static string NameOf(string pattern, ShotTarget target) => Placeholder().Replace(pattern, found => found.Groups["what"].Value switch
    {
        "sweep" => target.Sweep is { } sweep ? Padded(sweep, found) : "plate",
        "stop" => Padded(target.Stop, found),
        _ => target.Light,
    });

    private static string Padded(int number, Match found) => number.ToString("D" + Math.Max(1, found.Groups["zeros"].Length), System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(?<what>sweep|stop|light)(:(?<zeros>0{1,9}))?\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^([^{}]|\{(sweep|stop)(:0{1,9})?\}|\{light\})+$")]
    private static partial Regex WellFormed();
}
