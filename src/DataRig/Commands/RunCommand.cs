using System.CommandLine;
using System.Globalization;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Rig;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig run</c>: the main job, from capture to a trained and proven model.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Option<bool> resume = new("--resume") { Description = "Go on with a run that was stopped: the one in --out, else the newest." };
        Option<bool> quick = new("--quick") { Description = "Do a one-minute version of all of it." };
        Command command = new("run", "Capture, synthesize, train and prove: from the turntable to a report.") { Flags.Rig, Flags.Out, Flags.Seed, Flags.WireLog, quick, resume };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            TimeProvider clock = TimeProvider.System;
            bool goOn = parsed.GetValue(resume);
            string folder = parsed.GetValue(Flags.Out) ?? (goOn ? Runs.NewestUnfinished() : Runs.NewFolder(clock));
            RigFile file = goOn ? JobRecord.Read(folder).Rig : Configuration(parsed.GetValue(Flags.Rig), parsed.GetValue(Flags.Seed));
            if (file.Synthesis.Count > 0 && (file.Camera as SimulatedCameraOptions)?.Scene != file.Synthesis.Scene)
            {
                output.WarnOfMeshes(file.Synthesis.Scene);
            }

            (RunResult result, ValidationReport validation) = await output.AtTheRigAsync(file, parsed, (progress, sitting) =>
            {
                RunJob job = new(folder, clock, sitting);
                return goOn ? job.ResumeAsync(progress, cancel) : job.BeginAsync(file, parsed.GetValue(quick), progress, cancel);
            }).ConfigureAwait(false);
            output.Result(result, console =>
            {
                MetricsTable.Draw(console, validation.Metrics);
                console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{100 * result.Accuracy:F1}%[/] right on {validation.Predictions.Count} frames of items it has never seen; {result.FramesCaptured} captured and {result.FramesSynthesized} rendered frames; {result.Seconds.Values.Sum():F0} s");
                console.MarkupLineInterpolated($"report   {result.Report}");
                console.MarkupLineInterpolated($"dataset  {result.Dataset}");
                console.MarkupLineInterpolated($"model    {result.Run}");
            });
            return 0;
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(resume) && (result.GetValue(quick) || result.GetValue(Flags.Rig) is not null || result.GetValue(Flags.Seed) is not null))
            {
                result.AddError("--resume goes on with the configuration that the run began with; leave --quick, --rig and --seed out.");
            }
        });
        return command;
    }

    private static RigFile Configuration(string? named, ulong? seed)
    {
        RigFile file = RigFile.Read(RigFile.Find(named));
        return file with { Seed = seed ?? file.Seed };
    }
}
