using System.Runtime.InteropServices;
using DataRig.Benchmarks;

// What is measured and never asserted in a test: dotnet run -c Release --project tests/DataRig.Benchmarks -- NAME
Dictionary<string, (string What, Func<string[], Task> Run)> benchmarks = new()
{
    ["gpio-jitter"] = ("how late the steps of the GPIO driver come, and that none comes early [seconds, 10] [--busy]", GpioJitter.RunAsync),
};

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out (string What, Func<string[], Task> Run) chosen))
{
    Console.Error.WriteLine("Name one benchmark:");
    foreach ((string name, (string what, _)) in benchmarks)
    {
        Console.Error.WriteLine($"  {name}  {what}");
    }

    return 2;
}

Console.WriteLine($"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}");
await chosen.Run(args[1..]);
return 0;
