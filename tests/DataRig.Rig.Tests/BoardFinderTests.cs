using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Rig.Tests.Grbl;
using DataRig.Rig.Tests.Lines;
using DataRig.Rig.Tests.Marlin;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests;

public sealed class BoardFinderTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    [Theory]
    [InlineData(TransportChoice.Termios)]
    [InlineData(TransportChoice.Portable)]
    public Task Each_dialect_is_found_among_ports_that_answer_nothing(TransportChoice transport) => Patience.HoldsAsync(async times =>
    {
        await using Bench bench = new();
        bench.PlugIn("ttyUSB0");
        ScriptedMarlin marlin = new(bench.PlugIn("ttyUSB1"));
        await using (IBoard board = await Finder(bench, new SerialOptions { Transport = transport, Baud = 115200 }, times).FindAsync(Never))
        {
            Assert.Equal("marlin", board.Identity.Dialect);
            Assert.Equal(160, await board.MoveAsync(new BoardMove(Axis.Table, 160, 4000, 4000), Never));
            Assert.Equal(160, marlin.Steps());
        }

        await marlin.DisposeAsync();
        await using ScriptedGrbl grbl = new(bench.PlugIn("ttyACM0", "usb-uno"));
        await using (IBoard board = await Finder(bench, new SerialOptions { Transport = transport, Baud = 115200 }, times).FindAsync(Never))
        {
            Assert.Equal("grbl", board.Identity.Dialect);
            Assert.Equal(160, await board.MoveAsync(new BoardMove(Axis.Table, 160, 4000, 4000), Never));
            Assert.Equal(160, grbl.Steps());
        }
    });

    [Fact]
    public Task A_cable_pulled_and_put_back_under_another_name_costs_a_lost_link_and_no_more() => Patience.HoldsAsync(async times =>
    {
        await using Bench bench = new();
        ScriptedGrbl before = new(bench.PlugIn("ttyUSB0", "usb-1a86_USB_Serial"));
        BoardFinder finder = Finder(bench, new SerialOptions(), times);
        await using BoardConnection connection = new(async cancel => await finder.FindAsync(cancel));
        Task<long> Move(long to) => connection.WithAsync(b => b.MoveAsync(new BoardMove(Axis.Table, to, 4000, 4000), Never), Never);
        Assert.Equal(50, await Move(50));

        await bench.UnplugAsync("ttyUSB0");
        await before.DisposeAsync();
        await Assert.ThrowsAsync<LinkLostException>(() => Move(60));
        LinkLostException none = await Assert.ThrowsAsync<LinkLostException>(() => Move(60));
        Assert.Contains("No serial port", none.Message);

        bench.PlugIn("ttyUSB3"); // something else, which comes first by name
        await using ScriptedGrbl after = new(bench.PlugIn("ttyUSB7", "usb-1a86_USB_Serial"));
        Assert.Equal(70, await Move(70));
        Assert.Equal(70, after.Steps());
    });

    [Fact]
    public Task A_named_port_that_comes_back_under_another_name_is_found_by_the_boards_answer() => Patience.HoldsAsync(async times =>
    {
        await using Bench bench = new();
        ScriptedMarlin before = new(bench.PlugIn("ttyUSB0"));
        BoardFinder finder = Finder(bench, new SerialOptions { Port = bench.At("ttyUSB0") }, times);
        await using (IBoard board = await finder.FindAsync(Never))
        {
            Assert.Equal("marlin", board.Identity.Dialect);
        }

        await bench.UnplugAsync("ttyUSB0");
        await before.DisposeAsync();
        await using ScriptedMarlin after = new(bench.PlugIn("ttyUSB1"));
        await using IBoard again = await finder.FindAsync(Never);
        Assert.Equal("marlin", again.Identity.Dialect);
    });

    [Fact]
    public async Task No_port_at_all()
    {
        await using Bench bench = new();

        WorkFailedException none = await Assert.ThrowsAsync<WorkFailedException>(() => Finder(bench, new SerialOptions()).FindAsync(Never));
        Assert.Contains("No serial port was found", none.Message);
    }

    [Fact]
    public async Task A_wrong_port_is_named()
    {
        await using Bench bench = new();
        bench.PlugIn("ttyUSB0");

        PortException wrong = await Assert.ThrowsAsync<PortException>(() => Finder(bench, new SerialOptions { Port = bench.At("ttyUSB5") }).FindAsync(Never));
        Assert.Contains("ttyUSB5", wrong.Message);
    }

    [Fact]
    public Task Silence_garbage_and_strangers_are_told_apart() => Patience.HoldsAsync(async times =>
    {
        await using Bench bench = new();
        bench.PlugIn("ttyUSB0");
        ITransport garbage = bench.PlugIn("ttyUSB1"), stranger = bench.PlugIn("ttyUSB2");
        using CancellationTokenSource done = new();
        byte[] noise = [.. Enumerable.Range(0, 90).Select(i => (byte)(0x80 + i))];
        Task talking = Task.WhenAll(Talk(garbage, noise, done.Token), Talk(stranger, "$GPGGA,123519,4807.038,N,01131.000,E\r\n"u8.ToArray(), done.Token));

        WorkFailedException nothing = await Assert.ThrowsAsync<WorkFailedException>(() => Finder(bench, new SerialOptions { Baud = 115200 }, times).FindAsync(Never));

        await done.CancelAsync();
        await talking;
        string[] reasons = nothing.Message.Split("; ");
        Assert.Equal(3, reasons.Length);
        Assert.Contains("Nothing answers", reasons[0]);
        Assert.Contains("ttyUSB0", reasons[0]);
        Assert.Contains("no text", reasons[1]);
        Assert.Contains("ttyUSB1", reasons[1]);
        Assert.Contains("$GPGGA", reasons[2]);
        Assert.Contains("ttyUSB2", reasons[2]);
    });

    [Fact]
    public Task A_board_of_another_dialect_than_the_one_asked_for_is_not_taken() => Patience.HoldsAsync(async times =>
    {
        await using Bench bench = new();
        await using ScriptedGrbl grbl = new(bench.PlugIn("ttyUSB0"));

        WorkFailedException other = await Assert.ThrowsAsync<WorkFailedException>(() => Finder(bench, new SerialOptions { Dialect = Dialect.Marlin, Baud = 115200 }, times).FindAsync(Never));
        Assert.Contains("no Marlin", other.Message);
    });

    [Fact]
    public void Options_are_read_strictly()
    {
        SerialOptions options = StrictJson.Read<SerialOptions>("""{"port": "/dev/ttyACM0", "baud": 250000, "transport": "portable", "dialect": "marlin", "marlin": {"table": "Z", "lights": ["M106 P0"]}}""", "rig.json");
        Assert.Equal(("/dev/ttyACM0", 250_000, TransportChoice.Portable, Dialect.Marlin, "Z"), (options.Port, options.Baud, options.Transport, options.Dialect, options.Marlin.Table));

        foreach ((string json, string part) in new[]
        {
            ("""{"port": ""}""", "a port's name"),
            ("""{"baud": 12}""", "at least 300"),
            ("""{"dialect": "klipper"}""", "\"riglink\", \"marlin\", \"grbl\""),
            ("""{"marlin": {"table": "E"}}""", "axis letter"),
            ("""{"marlin": {"elevation": "X"}}""", "another axis letter"),
            ("""{"marlin": {"lights": ["G28"]}}""", "M106 P0"),
            ("""{"grbl": {"table": "A"}}""", "axis letter"),
            ("""{"speed": 1}""", "unknown key"),
        })
        {
            Assert.Contains(part, Assert.Throws<ConfigurationException>(() => StrictJson.Read<SerialOptions>(json, "rig.json")).Message);
        }
    }

    /// <param name="times">How much longer than a quick machine needs a board may take to answer.</param>
    private static BoardFinder Finder(Bench bench, SerialOptions options, int times = 1) => new(options, bench.Ports, TimeProvider.System)
    {
        Timings = QuickTimings.Value with { Answer = TimeSpan.FromMilliseconds(40 * times), Boot = TimeSpan.FromMilliseconds(200 * times) },
    };

    private static async Task Talk(ITransport line, byte[] bytes, CancellationToken until)
    {
        try
        {
            while (true)
            {
                await line.WriteAsync(bytes, until);
                await Task.Delay(20, until);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or LinkLostException)
        {
        }
    }
}
