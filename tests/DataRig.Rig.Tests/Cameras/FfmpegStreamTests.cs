using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DataRig.Core;
using DataRig.Data;
using DataRig.Rig.Cameras;

namespace DataRig.Rig.Tests.Cameras;

/// <summary>A real source: ffmpeg's mpjpeg output over HTTP, behind a proxy that freezes, cuts and repeats.</summary>
public sealed class FfmpegStreamTests
{
    [Theory]
    [InlineData("freeze")]
    [InlineData("cut")]
    [InlineData("repeat")]
    public async Task A_real_stream_behind_a_bad_line_gives_whole_new_pictures(string fault)
    {
        RequireFfmpeg();
        int port = FreePort();
        using Process ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg",
        [
            "-v", "error", "-nostdin", "-re", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=25", "-q:v", "4",
            "-f", "mpjpeg", "-content_type", "multipart/x-mixed-replace;boundary=ffmpeg", "-listen", "1", $"http://127.0.0.1:{port}/stream.mjpg",
        ]))!;
        try
        {
            await using BadLine line = new(port, fault);
            await using MjpegCamera camera = new(new MjpegOptions { Url = $"http://127.0.0.1:{line.Port}/stream.mjpg", Width = 160, Height = 120, LatencyMs = 0, FrozenMs = 300 }, TimeProvider.System);
            await camera.LockAsync(null, default);
            HashSet<string> seen = [];
            for (int i = 0; i < 8 || line.Faults < 3; i++)
            {
                DateTimeOffset asked = TimeProvider.System.GetUtcNow();
                Shot shot = await camera.CaptureAsync(new ShotTarget(0, i), default);

                Assert.True(shot.TakenAt >= asked);
                Assert.Equal((160, 120), (shot.Image.Width, shot.Image.Height));
                Assert.Equal(160, ImageCodec.Decode(shot.Image.Bytes).Width);
                Assert.True(seen.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(shot.Image.Bytes))), "a picture came twice");
            }
        }
        finally
        {
            ffmpeg.Kill();
        }
    }

    private static void RequireFfmpeg()
    {
        bool found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, "ffmpeg")));
        Assert.True(found || Environment.GetEnvironmentVariable("CI") != "true", "ffmpeg is missing; on Debian: apt-get install ffmpeg");
        Assert.SkipUnless(found, "ffmpeg is missing; on Debian: apt-get install ffmpeg");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>
    /// A proxy that holds one connection to the source, which serves only one client in its life, and lets the driver connect
    /// as often as it likes. Every 60 kB or so it does its fault.
    /// </summary>
    private sealed class BadLine : IAsyncDisposable
    {
        private const int EveryBytes = 60_000;

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _closing = new();
        private readonly Task _running;
        private readonly string _fault;

        public BadLine(int sourcePort, string fault)
        {
            _fault = fault;
            _listener.Start();
            _running = Task.Run(() => RunAsync(sourcePort));
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Faults { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await _closing.CancelAsync();
            await _running;
            _listener.Dispose();
        }

        private async Task RunAsync(int sourcePort)
        {
            try
            {
                using TcpClient source = await ConnectAsync(sourcePort);
                NetworkStream stream = source.GetStream();
                await stream.WriteAsync("GET /stream.mjpg HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), _closing.Token);
                Stream body = await BodyAsync(stream);
                while (true)
                {
                    using TcpClient driver = await _listener.AcceptTcpClientAsync(_closing.Token);
                    await ServeAsync(driver.GetStream(), body);
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }

        /// <summary>Serves one connection until the driver leaves it, or the fault ends it.</summary>
        private async Task ServeAsync(NetworkStream driver, Stream body)
        {
            try
            {
                await driver.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=ffmpeg\r\n\r\n"u8.ToArray(), _closing.Token);
                byte[] buffer = new byte[3000];
                List<byte> recent = [];
                for (int since = 0; ;)
                {
                    int count = await body.ReadAsync(buffer, _closing.Token);
                    await driver.WriteAsync(buffer.AsMemory(0, count), _closing.Token);
                    recent.AddRange(buffer.AsSpan(0, count));
                    since += count;
                    if (since < EveryBytes)
                    {
                        continue;
                    }

                    Faults++;
                    since = 0;
                    if (_fault == "freeze")
                    {
                        while (await driver.ReadAsync(buffer, _closing.Token) > 0)
                        {
                            // Until the driver has had enough; the source goes on meanwhile.
                        }

                        return;
                    }

                    if (_fault == "repeat")
                    {
                        await driver.WriteAsync(recent.ToArray().AsMemory(recent.Count - 20_000), _closing.Token);
                    }
                    else
                    {
                        await body.ReadExactlyAsync(buffer, _closing.Token); // a piece is lost on the way
                    }

                    recent.Clear();
                }
            }
            catch (IOException)
            {
                // The driver hung up.
            }
        }

        private async Task<TcpClient> ConnectAsync(int port)
        {
            while (true)
            {
                TcpClient client = new();
                try
                {
                    await client.ConnectAsync(IPAddress.Loopback, port, _closing.Token);
                    return client;
                }
                catch (SocketException)
                {
                    client.Dispose(); // ffmpeg is still starting
                    await Task.Delay(20, _closing.Token);
                }
            }
        }

        /// <summary>Reads past the answer's head; ffmpeg sends its stream in chunks (RFC 9112, 7.1).</summary>
        private async Task<Stream> BodyAsync(NetworkStream stream)
        {
            List<byte> head = [];
            byte[] one = new byte[1];
            while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
            {
                await stream.ReadExactlyAsync(one, _closing.Token);
                head.Add(one[0]);
            }

            return System.Text.Encoding.ASCII.GetString([.. head]).Contains("chunked", StringComparison.OrdinalIgnoreCase) ? new Chunks(stream) : stream;
        }
    }

    /// <summary>What is in the chunks of a chunked body.</summary>
    private sealed class Chunks(Stream inner) : Stream
    {
        private int _left;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (_left == 0)
            {
                string line = "";
                byte[] one = new byte[1];
                while (!line.EndsWith('\n') || line.Trim().Length == 0)
                {
                    await inner.ReadExactlyAsync(one, cancellationToken);
                    line += (char)one[0];
                }

                _left = Convert.ToInt32(line.Trim(), 16);
            }

            int count = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
