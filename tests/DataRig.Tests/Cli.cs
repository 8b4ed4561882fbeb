using System.Diagnostics;
using System.Text.Json;

namespace DataRig.Tests;

/// <summary>The program as a user starts it: a process of its own, in a folder of its own.</summary>
internal sealed class Cli : IDisposable
{
    /// <summary>Two parts, a handful of frames: the whole way in seconds.</summary>
    public static readonly string SmallRig = RigThatTrains("""{ "epochs": 4, "batchSize": 16 }""");

    /// <summary>The small rig with other settings of its training, in JSON.</summary>
    public static string RigThatTrains(string training) => $$"""
        {
          "seed": 3,
          "turntable": { "driver": "simulated" },
          "camera": { "driver": "simulated", "width": 96, "height": 96 },
          "lights": { "driver": "simulated" },
          "plan": {
            "items": { "3001": ["red", "blue", "yellow", "white"], "3003": ["red", "blue", "yellow", "black"] },
            "posesPerItem": 1,
            "stopsPerSweep": 6
          },
          "synthesis": { "count": 24 },
          "training": {{training}}
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("datarig-cli-").FullName;

    public Cli() => Write("rig.json", SmallRig);

    public string Folder => _folder;

    public string At(string name) => Path.Combine(_folder, name);

    public void Write(string name, string text)
    {
        // A configuration's scenes are named relative to it.
        File.WriteAllText(At(name), text);
        string scenes = At("scenes");
        if (!Directory.Exists(scenes))
        {
            Directory.CreateSymbolicLink(scenes, Path.Combine(AppContext.BaseDirectory, "scenes"));
        }
    }

    public async Task<(int ExitCode, string Result, string Remarks)> RunAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> result = process.StandardOutput.ReadToEndAsync(), remarks = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await result, await remarks);
    }

    /// <summary>Runs a verb that must succeed and gives its JSON document.</summary>
    public async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        (int code, string result, string remarks) = await RunAsync([.. arguments, "--json", "--quiet"]);
        Assert.True(code == 0, $"datarig {string.Join(' ', arguments)} ended with {code}: {remarks}");
        return JsonDocument.Parse(result).RootElement;
    }

    /// <summary>
    /// Starts a verb and kills it (SIGKILL) while a condition holds. Where this process was too busy to see that in time, the
    /// next folder is tried.
    /// </summary>
    /// <param name="due">Whether to strike, by the folder; it still holds when the verb is dead.</param>
    /// <param name="arguments">The verb, by the folder.</param>
    /// <returns>The folder in which it was killed.</returns>
    public async Task<string> KilledAsync(Func<string, bool> due, Func<string, string[]> arguments)
    {
        for (int attempt = 0; attempt < 20; attempt++)
        {
            string folder = $"killed{attempt}";
            using Process process = Start(arguments(folder));
            Task<string> result = process.StandardOutput.ReadToEndAsync(), remarks = process.StandardError.ReadToEndAsync();
            await Patience.UntilAsync(() => process.HasExited || due(At(folder)));
            process.Kill();
            await process.WaitForExitAsync();
            bool killed = process.ExitCode == 128 + 9;
            if (killed && due(At(folder)))
            {
                return folder;
            }

            Assert.True(killed || process.ExitCode == 0, $"it ended with {process.ExitCode}: {await remarks}{await result}");
        }

        throw new InvalidOperationException("twenty times it came too far before it was killed");
    }

    /// <summary>Picture files that have their names, in a dataset's folder; the folders may come and go meanwhile.</summary>
    public static int Images(string folder) =>
        Directory.Exists(Path.Combine(folder, "images")) ? Directory.EnumerateFiles(Path.Combine(folder, "images"), "*.jpg", SearchOption.AllDirectories).Count() : 0;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Starts a verb; the caller disposes the process.</summary>
    public Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in arguments.Prepend(Path.Combine(AppContext.BaseDirectory, "datarig.dll")))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
