using System.Diagnostics;
using DataRig.Data;

namespace DataRig.Tests;

/// <summary>
/// A real disk that is full, and one that is read-only, under the real program: a small file system in memory, mounted where
/// nobody else sees it.
/// </summary>
public sealed class DiskFaultTests
{
    private const string Rig = """
        {
          "seed": 5,
          "turntable": { "driver": "simulated" },
          "camera": { "driver": "simulated", "width": 64, "height": 64 },
          "lights": { "driver": "simulated" },
          "plan": { "items": { "3001": ["red"], "3003": ["white"] }, "posesPerItem": 1, "stopsPerSweep": 6 }
        }
        """;

    [Fact]
    public async Task A_full_disk_pauses_the_session_and_resume_goes_on_once_there_is_room()
    {
        using Cli cli = new();

        // Room for the catalog, the plates and some frames.
        string[] said = await RunAsync(cli, $"""
            mount -t tmpfs -o size=560k tmpfs data
            {Datarig} capture --data data --quiet; echo "code $?"
            mount -o remount,size=64m data
            {Datarig} resume --data data --quiet; echo "code $?"
            """);

        Assert.Equal(["code 1", "code 0"], said.Where(l => l.StartsWith("code", StringComparison.Ordinal)));
        string pause = Assert.Single(said, l => l.StartsWith("datarig: ", StringComparison.Ordinal));
        Assert.Contains("the disk is full; free some space", pause, StringComparison.Ordinal);
        Assert.Contains("'datarig resume' goes on with it", pause, StringComparison.Ordinal);
        await AssertWholeAsync(cli);
    }

    [Fact]
    public async Task A_disk_that_became_read_only_is_said_and_resume_goes_on_once_it_can_be_written()
    {
        using Cli cli = new();
        cli.Write("rig.json", Rig);
        string begun = await cli.KilledAsync(folder => Cli.Images(folder) is >= 8 and < 18, folder => ["capture", "--data", folder, "--quiet"]);

        string[] said = await RunAsync(cli, $"""
            mount -t tmpfs -o size=64m tmpfs data
            mount -o remount,ro data
            {Datarig} capture --data data --quiet; echo "code $?"
            mount -o remount,rw data
            cp -a {begun}/. data/
            mount -o remount,ro data
            {Datarig} resume --data data --quiet; echo "code $?"
            mount -o remount,rw data
            {Datarig} resume --data data --quiet; echo "code $?"
            """);

        Assert.Equal(["code 1", "code 1", "code 0"], said.Where(l => l.StartsWith("code", StringComparison.Ordinal)));
        string[] sentences = [.. said.Where(l => l.StartsWith("datarig: ", StringComparison.Ordinal))];
        Assert.Equal(2, sentences.Length);
        Assert.All(sentences, s => Assert.Matches("read-only|cannot be written|cannot be opened", s));
        await AssertWholeAsync(cli);
    }

    private static string Datarig => $"dotnet '{Path.Combine(AppContext.BaseDirectory, "datarig.dll")}'";

    /// <summary>Runs a script in a mount namespace of its own, and takes its data folder out of there in the end.</summary>
    /// <returns>The lines it said, standard error among them.</returns>
    private static async Task<string[]> RunAsync(Cli cli, string script)
    {
        (int code, _) = await ShellAsync(cli, "exec unshare -Urm sh -c 'mkdir -p probe && mount -t tmpfs tmpfs probe'");
        if (code != 0)
        {
            const string Why = "this system lets nobody mount a file system of his own (unshare -Urm)";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Why);
            Assert.Skip(Why);
        }

        cli.Write("rig.json", Rig);
        cli.Write("faults.sh", $"mkdir -p data\n{script}\ncp -a data out\n");
        (code, string[] said) = await ShellAsync(cli, "exec unshare -Urm sh faults.sh 2>&1");
        Assert.True(code == 0, string.Join('\n', said));
        return said;
    }

    private static async Task<(int Code, string[] Said)> ShellAsync(Cli cli, string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = cli.Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> remarks = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await remarks;
        return (process.ExitCode, said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task AssertWholeAsync(Cli cli)
    {
        using Dataset dataset = Dataset.Open(cli.At("out"));
        Assert.Equal(12, dataset.Frames().Select(f => (f.Sweep, f.Stop)).Distinct().Count());
        Assert.Equal(12, dataset.Frames().Count);
        Assert.Empty(dataset.OpenSessions());
        Assert.Empty((await DatasetAudit.RunAsync(dataset)).Findings);
    }
}
