using System.CommandLine;
using System.Globalization;
using DataRig.Terminal;

namespace DataRig.Commands;

/// <summary>The flags that mean the same in every verb.</summary>
internal static class Flags
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Give the result as one JSON document on stdout.", Recursive = true };

    public static Option<bool> Quiet { get; } = new("--quiet") { Description = "Show no progress and no remarks.", Recursive = true };

    public static Option<string?> Rig { get; } = new("--rig") { Description = "The rig's configuration (default: rig.json here, else the simulated rig).", HelpName = "FILE" };

    public static Option<string?> Out { get; } = new("--out") { Description = "The folder to write to.", HelpName = "FOLDER" };

    public static Option<string?> Data { get; } = new("--data") { Description = "The dataset's folder.", HelpName = "DATASET" };

    public static Option<string?> Snapshot { get; } = new("--snapshot") { Description = "Take the dataset as it was when this snapshot was taken.", HelpName = "NAME" };

    public static Option<string?> Model { get; } = new("--model") { Description = "A run's folder (default: the newest under runs/).", HelpName = "RUN" };

    public static Option<string?> Scene { get; } = new("--scene") { Description = "The scene file (default: the one that rig.json names).", HelpName = "FILE" };

    public static Option<ulong?> Seed { get; } = new("--seed") { Description = "Draw everything at random from this number instead of the configuration's.", HelpName = "N" };

    public static Option<string?> WireLog { get; } = new("--wire-log") { Description = "Record every byte to and from the board, with its time.", HelpName = "FILE" };

    /// <summary>An option whose number, where one is given, must not be lower.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, long lowest)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ } token] && long.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number < lowest)
            {
                result.AddError($"{option.Name} is at least {lowest}, found {number}.");
            }
        });
        return option;
    }

    public static Output Output(ParseResult parsed) => new(parsed.GetValue(Json), parsed.GetValue(Quiet));
}
