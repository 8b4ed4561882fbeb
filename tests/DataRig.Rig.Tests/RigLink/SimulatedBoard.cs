using System.Diagnostics;
using System.Text.Json;
using DataRig.Rig.RigLink;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests.RigLink;

/// <summary>The real firmware in simavr, its serial line a pseudo-terminal (<c>firmware-protocol/sim</c>).</summary>
internal sealed class SimulatedBoard : IAsyncDisposable
{
    private static readonly Lazy<Task<string?>> Built = new(BuildAsync);
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
    private readonly Process _process;

    private SimulatedBoard(Process process, string port)
    {
        _process = process;
        Port = port;
    }

    public string Port { get; }

    /// <param name="name"><c>uno</c> or <c>ramps</c>.</param>
    public static async Task<SimulatedBoard> StartAsync(string name = "uno")
    {
        if (await Built.Value is { } missing)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", missing);
            Assert.Fail(missing);
        }

        string home = Vectors.Home(), mcu = name == "uno" ? "atmega328p" : "atmega2560";
        ProcessStartInfo start = new(Path.Combine(home, "sim", "build", "riglink-sim"), [Elf(name), mcu])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string port = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the simulator said nothing");
        return new SimulatedBoard(process, port);
    }

    public static string Elf(string name) => Path.Combine(Vectors.Home(), "avr", "build", $"{name}.elf");

    public ITransport Open() => TermiosTransport.Open(Port, 115200, TimeProvider.System);

    /// <summary>The board behind its line, greeted.</summary>
    public async Task<RigLinkBoard> GreetAsync(ITransport? line = null, RigLinkOptions? options = null) =>
        await RigLinkBoard.TryGreetAsync(line ?? Open(), options ?? new RigLinkOptions(), TimeSpan.FromMinutes(1), TimeProvider.System, default)
        ?? throw new InvalidOperationException("the simulated board does not answer");

    public async Task<State> StateAsync() => JsonSerializer.Deserialize<State>(await SayAsync("state"), Options)!;

    /// <summary>Gives the simulator a command; see riglink-sim.c.</summary>
    public async Task<string> SayAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        string answer = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the simulator is gone");
        Assert.DoesNotContain("error", answer, StringComparison.Ordinal);
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(5)).Token);
        _process.Dispose();
    }

    /// <summary>Builds both programs once.</summary>
    /// <returns>What is missing for that, or null.</returns>
    private static async Task<string?> BuildAsync()
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        string[] missing =
        [
            .. new[] { "make", "cc", "avr-gcc" }.Where(tool => !path.Any(p => File.Exists(Path.Combine(p, tool)))),
            .. new[] { "/usr/include/simavr/sim_avr.h", "/usr/include/libelf.h", "/usr/lib/avr/include/avr/io.h" }.Where(f => !File.Exists(f)),
        ];
        if (missing.Length > 0)
        {
            return $"the firmware is not simulated: {string.Join(", ", missing)} missing; apt-get install make gcc libc6-dev gcc-avr avr-libc libsimavr-dev libelf-dev";
        }

        foreach (string folder in new[] { "avr", "sim" })
        {
            using Process make = Process.Start(new ProcessStartInfo("make", ["-s", "-C", Path.Combine(Vectors.Home(), folder)]) { RedirectStandardError = true })!;
            string errors = await make.StandardError.ReadToEndAsync();
            await make.WaitForExitAsync();
            if (make.ExitCode != 0)
            {
                throw new InvalidOperationException($"building firmware-protocol/{folder} failed: {errors}");
            }
        }

        return null;
    }

    /// <summary>What the pins did; the shortest times are those since the last look, -1 for none.</summary>
    internal sealed record State(double Seconds, double Asleep, int Resets, int Triggers, double TriggerMs, int[] Lights, Motor[] Axes);

    /// <param name="Steps">Where the shaft stands.</param>
    /// <param name="Pulses">Steps made, whichever way.</param>
    internal sealed record Motor(long Steps, long Pulses, bool Holds, double ShortestWaitUs, double ShortestHighUs, double ShortestLowUs, double ShortestDirectionUs);
}
