using System.Text;
using DataRig.Rig.Tests.Lines;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests.Transports;

/// <summary>What every transport does, over a pty.</summary>
public abstract class TransportConformanceTests
{
    private readonly CancellationToken _deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5)).Token;

    protected abstract ITransport Open(string port, int baud = 115200);

    [Fact]
    public async Task Bytes_of_every_value_pass_unchanged_both_ways()
    {
        await using Pty pty = Pty.Open();
        await using ITransport host = Open(pty.Port);
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

        await host.WriteAsync(all, _deadline);
        Assert.Equal(all, await Read(pty.Device, all.Length));
        await pty.Device.WriteAsync(all, _deadline);
        Assert.Equal(all, await Read(host, all.Length));
    }

    [Fact]
    public async Task Its_name_is_the_port()
    {
        await using Pty pty = Pty.Open();
        await using ITransport host = Open(pty.Port);

        Assert.Equal(pty.Port, host.Name);
    }

    [Fact]
    public async Task A_read_gives_what_is_there_and_waits_for_no_more()
    {
        await using Pty pty = Pty.Open();
        await using ITransport host = Open(pty.Port);
        await pty.Device.WriteAsync("ok\n"u8.ToArray(), _deadline);
        byte[] buffer = new byte[100];

        int count = await host.ReadAsync(buffer, _deadline);

        Assert.InRange(count, 1, 3);
    }

    [Fact]
    public async Task A_write_larger_than_every_queue_arrives_whole_while_a_read_waits()
    {
        await using Pty pty = Pty.Open();
        await using ITransport host = Open(pty.Port);
        byte[] much = new byte[200_000];
        new Random(1).NextBytes(much);
        ValueTask<int> waiting = host.ReadAsync(new byte[10], _deadline);

        ValueTask writing = host.WriteAsync(much, _deadline);
        byte[] arrived = await Read(pty.Device, much.Length);
        await writing;

        Assert.True(much.AsSpan().SequenceEqual(arrived));
        await pty.Device.WriteAsync("x"u8.ToArray(), _deadline);
        Assert.Equal(1, await waiting);
    }

    [Fact]
    public async Task A_cancelled_read_ends_and_the_next_one_loses_nothing()
    {
        await using Pty pty = Pty.Open();
        await using ITransport host = Open(pty.Port);
        for (int i = 0; i < 20; i++)
        {
            using CancellationTokenSource cancel = new();
            Task<int> read = host.ReadAsync(new byte[10], cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await host.ReadAsync(new byte[10], cancel.Token));
            await pty.Device.WriteAsync(Encoding.ASCII.GetBytes($"line {i:D3}\n"), _deadline);

            Assert.Equal($"line {i:D3}\n", Encoding.ASCII.GetString(await Read(host, 9)));
        }
    }

    [Fact]
    public async Task Disposing_ends_a_waiting_read_as_a_lost_link()
    {
        await using Pty pty = Pty.Open();
        ITransport host = Open(pty.Port);
        Task<int> read = host.ReadAsync(new byte[10], _deadline).AsTask();

        await host.DisposeAsync();
        await host.DisposeAsync();

        LinkLostException lost = await Assert.ThrowsAsync<LinkLostException>(() => read);
        Assert.Contains(pty.Port, lost.Message);
        await Assert.ThrowsAsync<LinkLostException>(async () => await host.ReadAsync(new byte[1], _deadline));
        await Assert.ThrowsAsync<LinkLostException>(async () => await host.WriteAsync(new byte[1], _deadline));
    }

    [Fact]
    public async Task Unplugging_ends_a_waiting_read_as_a_lost_link()
    {
        Pty pty = Pty.Open();
        await using ITransport host = Open(pty.Port);
        Task<int> read = host.ReadAsync(new byte[10], _deadline).AsTask();

        await pty.DisposeAsync();

        LinkLostException lost = await Assert.ThrowsAsync<LinkLostException>(() => read);
        Assert.Contains("no longer there", lost.Message);
        await Assert.ThrowsAsync<LinkLostException>(async () => await host.ReadAsync(new byte[10], _deadline));
        await Assert.ThrowsAsync<LinkLostException>(async () =>
        {
            // What is on its way already may still be taken.
            for (int i = 0; i < 100; i++)
            {
                await host.WriteAsync(new byte[1000], _deadline);
            }
        });
    }

    [Fact]
    public async Task Closing_loses_nothing_that_was_written()
    {
        await using Pty pty = Pty.Open();
        byte[] much = new byte[3000];
        new Random(2).NextBytes(much);
        ITransport host = Open(pty.Port);

        await host.WriteAsync(much, _deadline);
        await host.DisposeAsync();

        Assert.Equal(much, await Read(pty.Device, much.Length));
    }

    [Fact]
    public async Task A_port_can_be_opened_again_after_it_was_closed()
    {
        await using Pty pty = Pty.Open();
        for (int i = 0; i < 5; i++)
        {
            await using ITransport host = Open(pty.Port);
            await host.WriteAsync(new byte[] { (byte)i }, _deadline);
            Assert.Equal([(byte)i], await Read(pty.Device, 1));
        }
    }

    [Fact]
    public void A_port_that_is_not_there_is_said_in_a_sentence()
    {
        PortException missing = Assert.Throws<PortException>(() => Open("/dev/ttyDataRig7"));

        Assert.Equal(PortProblem.Missing, missing.Problem);
        Assert.Contains("/dev/ttyDataRig7", missing.Message);
        Assert.Contains("\"auto\"", missing.Message);
    }

    [Fact]
    public void A_file_that_is_no_port_is_said_in_a_sentence()
    {
        string file = Path.GetTempFileName();
        try
        {
            PortException wrong = Assert.Throws<PortException>(() => Open(file));
            Assert.Equal(PortProblem.NoSerialPort, wrong.Problem);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<byte[]> Read(ITransport line, int count)
    {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count;)
        {
            done += await line.ReadAsync(bytes.AsMemory(done), _deadline);
        }

        return bytes;
    }
}

public sealed class TermiosTransportTests : TransportConformanceTests
{
    protected override ITransport Open(string port, int baud = 115200) => TermiosTransport.Open(port, baud, TimeProvider.System);

    [Theory]
    [InlineData(250_000)]
    [InlineData(57_600)]
    [InlineData(1_234_567)]
    public async Task Any_baud_rate_is_set_and_closing_does_not_hang_up(int baud)
    {
        await using Pty pty = Pty.Open();
        await using ITransport host = Open(pty.Port, baud);

        using DescriptorHandle look = Native.Open(pty.Port, Native.ReadWrite | Native.NoControllingTerminal);
        Native.Termios2 settings = default;
        Assert.Equal(0, Native.Control(look, Native.GetTermios2, ref settings));
        Assert.Equal((uint)baud, settings.OutputSpeed);
        Assert.Equal(0u, settings.ControlFlags & Native.Termios2.HangUpOnClose);
    }

    [Fact]
    public async Task A_second_read_at_a_time_is_a_mistake_of_the_caller()
    {
        await using Pty pty = Pty.Open();
        await using ITransport host = Open(pty.Port);
        using CancellationTokenSource cancel = new();
        Task<int> first = host.ReadAsync(new byte[1], cancel.Token).AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await host.ReadAsync(new byte[1], cancel.Token));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }
}

public sealed class SerialPortTransportTests : TransportConformanceTests
{
    protected override ITransport Open(string port, int baud = 115200) => SerialPortTransport.Open(port, baud, TimeProvider.System);

    [Fact]
    public async Task A_baud_rate_out_of_the_usual_is_set_or_refused_in_a_sentence()
    {
        await using Pty pty = Pty.Open();
        try
        {
            await using ITransport host = Open(pty.Port, 250_000);
            using DescriptorHandle look = Native.Open(pty.Port, Native.ReadWrite | Native.NoControllingTerminal);
            Native.Termios2 settings = default;
            Assert.Equal(0, Native.Control(look, Native.GetTermios2, ref settings));
            Assert.Equal(250_000u, settings.OutputSpeed);
        }
        catch (PortException refused)
        {
            Assert.Equal(PortProblem.Baud, refused.Problem);
            Assert.Contains("250000", refused.Message);
        }
    }
}
