using DataRig.Rig.Tests.Lines;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests.Transports;

public sealed class PortsTests
{
    [Fact]
    public async Task Lasting_names_come_first_and_each_device_once()
    {
        await using Bench bench = new();
        bench.PlugIn("ttyUSB1");
        bench.PlugIn("ttyACM0", id: "usb-Arduino_Uno-if00");

        IReadOnlyList<Port> ports = bench.Ports.List();

        Assert.Equal([bench.ById("usb-Arduino_Uno-if00"), bench.At("ttyUSB1")], ports.Select(p => p.Name));
        Assert.All(ports, p => Assert.StartsWith("/dev/pts/", p.Device));
    }

    [Fact]
    public async Task A_lasting_name_whose_device_is_gone_is_no_port()
    {
        await using Bench bench = new();
        File.CreateSymbolicLink(bench.ById("usb-old"), bench.At("ttyACM9"));

        Assert.Empty(bench.Ports.List());
    }

    [Fact]
    public void A_machine_without_such_folders_has_no_ports() => Assert.Empty(new Ports(TimeProvider.System, "/nowhere").List());

    [Fact]
    public async Task A_port_in_use_is_refused_by_name_of_its_user()
    {
        await using Pty pty = Pty.Open();
        System.Diagnostics.ProcessStartInfo start = new("/bin/sh", ["-c", $"exec 3<>{pty.Port}; echo ready; read line"]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        using System.Diagnostics.Process other = System.Diagnostics.Process.Start(start)!;
        Assert.Equal("ready", await other.StandardOutput.ReadLineAsync());

        PortException held = Assert.Throws<PortException>(() => TermiosTransport.Open(pty.Port, 115200, TimeProvider.System));

        Assert.Equal(PortProblem.Held, held.Problem);
        Assert.Contains($"held by sh (process {other.Id})", held.Message);
        await other.StandardInput.WriteLineAsync();
        await other.WaitForExitAsync();
        await using ITransport free = TermiosTransport.Open(pty.Port, 115200, TimeProvider.System);
    }
}
