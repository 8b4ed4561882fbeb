using DataRig.Core;

namespace DataRig.Jobs;

/// <summary>One thing that was checked.</summary>
/// <param name="What">Its name.</param>
/// <param name="Good">Whether it works.</param>
/// <param name="Found">What was found.</param>
/// <param name="Remedy">What to do about it where it does not work, or to have it better.</param>
internal sealed record Finding(string What, bool Good, string Found, string? Remedy = null);

/// <summary>One thing to check.</summary>
/// <param name="What">Its name.</param>
/// <param name="LookAsync">Looks at it; null where there is nothing to say on this rig.</param>
/// <param name="Remedy">What to do where looking failed; without it the failure's own words say that.</param>
internal sealed record Check(string What, Func<CancellationToken, Task<Finding?>> LookAsync, string? Remedy = null)
{
    public Check(string what, Func<Finding?> look, string? remedy = null)
        : this(what, _ => Task.FromResult(look()), remedy)
    {
    }

    public async Task<Finding?> RunAsync(CancellationToken cancel)
    {
        try
        {
            return await LookAsync(cancel).ConfigureAwait(false);
        }
        catch (DataRigException e)
        {
            return new Finding(What, false, e.Message, Remedy);
        }
    }
}

/// <summary>Checks what DataRig needs of a machine and of the rig at it, each by trying it. Nothing moves.</summary>
/// <param name="rigFile">The configuration to check.</param>
/// <param name="folder">Where datasets and runs would be written.</param>
/// <param name="shotFile">Where the test shot is kept, if anywhere.</param>
/// <param name="reach">How board and camera are got at.</param>
internal sealed class Doctor(string rigFile, string folder, string? shotFile, DoctorReach reach)
{
    public async Task<IReadOnlyList<Finding>> ExamineAsync(IProgress<StageProgress> progress, CancellationToken cancel)
    {
        RigFile? file = null;
        List<Finding> findings = [];
        await LookAsync(
            [
                .. DoctorMachine.Checks(folder),
                new Check("configuration", () => Describe(file = RigFile.Read(rigFile)), "mend the file, or leave --rig out for the simulated rig"),
            ]).ConfigureAwait(false);
        if (file is not null)
        {
            await using DoctorRig rig = new(file, folder, shotFile, reach);
            await LookAsync(rig.Checks()).ConfigureAwait(false);
        }

        return findings;

        async Task LookAsync(IReadOnlyList<Check> checks)
        {
            for (int i = 0; i < checks.Count; i++)
            {
                progress.Report(new StageProgress("Examine", findings.Count, findings.Count + checks.Count - i, checks[i].What));
                if (await checks[i].RunAsync(cancel).ConfigureAwait(false) is { } finding)
                {
                    findings.Add(finding);
                }
            }
        }
    }

    private Finding Describe(RigFile file) => new(
        "configuration",
        true,
        $"{Path.GetFullPath(rigFile)}: {file.Plan.Items.Count} parts, {file.Plan.Items.Values.Sum(i => i.Count)} items, {file.Plan.FrameCount()} frames planned");
}
