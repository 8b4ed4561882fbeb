using System.CommandLine;

namespace DataRig.Commands;

/// <summary>All verbs of the command line.</summary>
internal static class Verbs
{
    public static RootCommand Root()
    {
        RootCommand root = new("Photographs parts on a turntable, real or simulated, adds rendered views, trains a classifier, and proves it on parts it has never seen.")
        {
            RunCommand.Create(),
            CaptureCommand.Create(),
            ResumeCommand.Create(),
            SynthCommand.Create(),
            DatasetCommand.Create(),
            TrainCommand.Create(),
            ReproduceCommand.Create(),
            ValidateCommand.Create(),
            PredictCommand.Create(),
            ExplainCommand.Create(),
            ReviewCommand.Create(),
            BenchCommand.Create(),
            TwinCommand.Create(),
            DoctorCommand.Create(),
            TuiCommand.Create(),
            Flags.Json,
            Flags.Quiet,
        };
        return root;
    }

    /// <summary>The words that lead to a command, without the program's own name.</summary>
    public static IEnumerable<string> PathOf(Command command)
    {
        Command? parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? [] : [.. PathOf(parent), command.Name];
    }
}
