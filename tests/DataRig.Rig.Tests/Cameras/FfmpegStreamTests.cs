using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DataRig.Core;
using DataRig.Data;
using DataRig.Rig.Cameras;

namespace DataRig.Rig.Tests.Cameras;

/// <summary>A real source: ffmpeg's mpjpeg output, behind a server that freezes, cuts and repeats.</summary>
public sealed class FfmpegStreamTests
{
    [Theory]
    [InlineData("freeze")]
    [InlineData("cut")]
    [InlineData("repeat")]
    public async Task A_real_stream_behind_a_bad_line_gives_whole_new_pictures(string fault)
    {
        RequireFfmpeg();
        using Process ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg",
        [
            "-v", "error", "-nostdin", "-re", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=25", "-q:v", "4", "-f", "mpjpeg", "pipe:1",
        ]) { RedirectStandardOutput = true })!; // it ends when nobody reads any more
        try
        {
            await using BadLine line = new(ffmpeg.StandardOutput.BaseStream, fault);
            MjpegOptions options = new() { Url = $"http://127.0.0.1:{line.Port}/stream.mjpg", Width = 160, Height = 120, LatencyMs = 0, FrozenMs = fault == "freeze" ? 500 : 60_000, DeadlineMs = 300_000 };
            await using MjpegCamera camera = new(options, TimeProvider.System);
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

    /// <summary>
    /// A server that hands the source on to whoever connects, one at a time and as often as they like. Every 30 kB or so it does
    /// its fault.
    /// </summary>
    private sealed class BadLine : IAsyncDisposable
    {
        private const int EveryBytes = 30_000;

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _closing = new();
        private readonly Task _running;
        private readonly string _fault;

        public BadLine(Stream source, string fault)
        {
            _fault = fault;
            _listener.Start();
            _running = Task.Run(() => RunAsync(source));
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Faults { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await _closing.CancelAsync();
            await _running;
            _listener.Dispose();
        }

        private async Task RunAsync(Stream source)
        {
            try
            {
                while (true)
                {
                    using TcpClient driver = await _listener.AcceptTcpClientAsync(_closing.Token);
                    await ServeAsync(driver.GetStream(), source);
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }

        /// <summary>Serves one connection until the driver leaves it, or the fault ends it.</summary>
        private async Task ServeAsync(NetworkStream driver, Stream source)
        {
            try
            {
                await driver.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=ffmpeg\r\n\r\n"u8.ToArray(), _closing.Token);
                byte[] buffer = new byte[3000];
                List<byte> recent = [];
                for (int since = 0; ;)
                {
                    int count = await source.ReadAsync(buffer, _closing.Token);
                    Assert.True(count > 0, "ffmpeg ended");
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
                            // Until the driver has had enough.
                        }

                        return;
                    }

                    if (_fault == "repeat")
                    {
                        await driver.WriteAsync(recent.ToArray().AsMemory(recent.Count - 20_000), _closing.Token);
                    }
                    else
                    {
                        await source.ReadExactlyAsync(buffer, _closing.Token); // a piece is lost on the way
                    }

                    recent.Clear();
                }
            }
            catch (IOException)
            {
                // The driver hung up.
            }
        }
    }
}
