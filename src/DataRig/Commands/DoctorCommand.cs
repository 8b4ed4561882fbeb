using System.CommandLine;
using DataRig.Jobs;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig doctor</c>: what of this machine works, and what to do about the rest.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Command command = new("doctor", "Check the machine, the rig and the configuration, and say what to mend.") { Flags.Rig };
        command.SetAction(parsed =>
        {
            IReadOnlyList<Finding> findings = Doctor.Examine(RigFile.Find(parsed.GetValue(Flags.Rig)), Environment.CurrentDirectory);
            bool healthy = findings.All(f => f.Good);
            Flags.Output(parsed).Result(new { healthy, findings }, console =>
            {
                foreach (Finding finding in findings)
                {
                    console.MarkupLine($"{(finding.Good ? "[green]ok  [/]" : "[red]bad [/]")} {Markup.Escape(finding.What),-14} {Markup.Escape(finding.Found)}");
                    if (finding.Remedy is not null)
                    {
                        console.MarkupLineInterpolated($"                    [yellow]{finding.Remedy}[/]");
                    }
                }
            });
            return healthy ? 0 : 1;
        });
        return command;
    }
}
