using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace DataRig.Benchmarks;

/// <summary>Runs the script that counted the figures which the tests compare with.</summary>
internal static class SklearnFigures
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        string folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "DataRig.Learning.Tests", "Proving"));
        using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Path.Combine(folder, "sklearn-figures.py"), "--check", Path.Combine(folder, "sklearn-figures.csv")]))!;
        await python.WaitForExitAsync();
        return python.ExitCode;
    }

    private static string Here([CallerFilePath] string here = "") => here;
}
