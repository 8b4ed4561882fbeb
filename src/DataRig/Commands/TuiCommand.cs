using System.CommandLine;
using DataRig.Core;
using DataRig.Tui;
using DataRig.Tui.Models;
using DataRig.Tui.Views;

namespace DataRig.Commands;

/// <summary><c>datarig tui</c>: a session from capture to trained model in one terminal.</summary>
internal static class TuiCommand
{
    public static Command Create()
    {
        Option<bool> quick = new("--quick") { Description = "Cut plan, renders and training to a one-minute version." };
        Option<string?> theme = new("--theme") { Description = $"Colours: {string.Join(", ", Theme.All.Select(t => t.Name))} (default: what the terminal says).", HelpName = "NAME" };
        theme.AcceptOnlyFromAmong([.. Theme.All.Select(t => t.Name)]);
        Option<bool> finish = new("--keep-working") { Description = "Where the terminal goes away, finish what runs instead of stopping and saving it." };
        Command command = new("tui", "Capture, synthesize, train and review in a terminal user interface.") { Flags.Rig, Flags.Data, Flags.WireLog, quick, theme, finish };
        command.SetAction(async (parsed, cancel) =>
        {
            if (Console.IsInputRedirected || Console.IsOutputRedirected)
            {
                throw new WorkFailedException("'datarig tui' needs a terminal to draw in, and this is none; in a script use 'datarig run'.");
            }

            WorkbenchOptions options = new() { Rig = parsed.GetValue(Flags.Rig), Data = parsed.GetValue(Flags.Data), Quick = parsed.GetValue(quick), WireLog = parsed.GetValue(Flags.WireLog) };
            await TuiApp.RunAsync(options, parsed.GetValue(theme), parsed.GetValue(finish), cancel).ConfigureAwait(false);
            return 0;
        });
        return command;
    }
}
