using System.IO.Pipelines;
using DataRig.Rig.Cameras;

namespace DataRig.Rig.Tests.Cameras;

public sealed class ArrivalStreamTests
{
    private readonly StoppedClock _clock = new();
    private readonly Pipe _socket = new();
    private readonly byte[] _buffer = new byte[100];

    [Fact]
    public async Task What_a_read_waited_for_arrived_after_it_began_however_late_its_thread_hears_of_it()
    {
        using ArrivalStream stream = new(_socket.Reader.AsStream(), _clock);
        DateTimeOffset asked = Pass();
        ValueTask<int> read = stream.ReadAsync(_buffer);
        Pass();
        await SendAsync(10);
        Pass();

        Assert.Equal(10, await read);
        Assert.Equal(asked, stream.ArrivedAt);
    }

    [Fact]
    public async Task What_lay_there_arrived_after_the_buffer_was_last_seen_empty()
    {
        using ArrivalStream stream = new(_socket.Reader.AsStream(), _clock);
        await SendAsync(250);
        Pass();

        for (int left = 250; left > 0; left -= 100)
        {
            DateTimeOffset asked = Pass();
            Assert.Equal(Math.Min(100, left), await stream.ReadAsync(_buffer));
            Assert.Equal(StoppedClock.Start, stream.ArrivedAt);
            if (left < 100)
            {
                Pass();
                await SendAsync(1);
                await stream.ReadExactlyAsync(_buffer.AsMemory(0, 1));
                Assert.Equal(asked, stream.ArrivedAt); // the third read had emptied it
            }
        }
    }

    private DateTimeOffset Pass() => _clock.Now += TimeSpan.FromSeconds(1);

    private async Task SendAsync(int bytes) => await _socket.Writer.WriteAsync(new byte[bytes]);
}
