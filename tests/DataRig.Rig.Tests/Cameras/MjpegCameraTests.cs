using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DataRig.Core;
using DataRig.Rig.Cameras;

namespace DataRig.Rig.Tests.Cameras;

/// <summary>The mjpeg driver against a server of ours that freezes, cuts, repeats and sends something else.</summary>
public sealed class MjpegCameraTests
{
    /// <summary>For what is frozen: the driver finds that out, tries again, and may take good streams for frozen as often as it likes.</summary>
    private const int Soon = 150;

    private const int Never = 60_000;

    [Fact]
    public async Task A_stream_gives_a_picture_that_began_to_arrive_after_it_was_asked_for()
    {
        int sent = 0;
        await using CameraServer server = new(async c =>
        {
            await c.BeginStreamAsync();
            for (; ; await Task.Delay(5, c.Closing))
            {
                await c.SendPictureAsync(TestPictures.Numbered(Interlocked.Increment(ref sent)));
            }
        });
        await using MjpegCamera camera = Camera(server);

        CameraLock held = await camera.LockAsync(null, default);
        int last = 0;
        for (int i = 0; i < 5; i++)
        {
            int before = Volatile.Read(ref sent);
            DateTimeOffset asked = TimeProvider.System.GetUtcNow();
            Shot shot = await camera.CaptureAsync(default, default);

            Assert.InRange(TestPictures.NumberOf(shot.Image.Bytes), before, int.MaxValue);
            Assert.True(shot.TakenAt >= asked);
            Assert.True(TestPictures.NumberOf(shot.Image.Bytes) > last);
            last = TestPictures.NumberOf(shot.Image.Bytes);
        }

        Assert.Equal("mjpeg", held.Driver);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task What_was_on_its_way_when_the_table_came_to_rest_is_not_taken()
    {
        StoppedClock clock = new();
        TaskCompletionSource asked = new();
        await using CameraServer server = new(async c =>
        {
            await c.BeginStreamAsync();
            if (c.Number == 0)
            {
                await c.StreamAsync(0, 3);
                await asked.Task;
                await c.StreamAsync(100, 10);
                return; // whoever comes again has read all that
            }

            clock.Now += TimeSpan.FromMilliseconds(300);
            await c.StreamAsync(1000);
        });
        await using MjpegCamera camera = new(Options(server) with { LatencyMs = 300 }, clock);
        await camera.LockAsync(null, default);

        Task<Shot> shooting = camera.CaptureAsync(default, default);
        asked.SetResult();
        Shot shot = await shooting;

        Assert.InRange(TestPictures.NumberOf(shot.Image.Bytes), 1000, int.MaxValue);
        Assert.Equal(StoppedClock.Start, shot.TakenAt);
    }

    public static TheoryData<string> Faults => ["silent", "ends", "resets", "repeats", "cut", "gutted", "garbage", "page", "busy", "no-headers", "text-part"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Each_fault_of_a_stream_is_mended_by_itself(string fault)
    {
        await using CameraServer server = new(async c =>
        {
            if (c.Number == 0)
            {
                await c.BeginStreamAsync();
                await c.StreamAsync(0, 2);
                await FailAsync(c, fault);
                return;
            }

            if (c.Number == 1 && fault is "page" or "busy" or "no-headers")
            {
                await FailAsync(c, fault);
                return;
            }

            await c.BeginStreamAsync();
            await c.StreamAsync(1000);
        });
        await using MjpegCamera camera = Camera(server, o => o with { FrozenMs = Soon });
        await camera.LockAsync(null, default);

        Shot shot;
        do
        {
            shot = await camera.CaptureAsync(default, default);
        }
        while (TestPictures.NumberOf(shot.Image.Bytes) < 500);

        Assert.Null(JpegFile.Problem(shot.Image.Bytes, out _));
    }

    [Theory]
    [InlineData("silent", "for 100 ms it sent only pictures again")]
    [InlineData("ends", "the stream ended")]
    [InlineData("repeats", "for 100 ms it sent only pictures again")]
    [InlineData("cut", "cut short")]
    [InlineData("gutted", "is damaged near byte")]
    [InlineData("garbage", "data without a whole picture")]
    [InlineData("text-part", "sent text/html")]
    [InlineData("no-headers", "for 100 ms it sent nothing")]
    [InlineData("busy", "503 Busy")]
    public Task A_fault_that_stays_ends_in_one_sentence(string fault, string expected) => Patience.HoldsAsync(async times =>
    {
        await using CameraServer server = new(async c =>
        {
            if (c.Number == 0 || fault is not "busy" and not "no-headers")
            {
                await c.BeginStreamAsync();
            }

            await FailAsync(c, fault, staying: true);
        });
        int deadlineMs = 600 * times;
        await using MjpegCamera camera = Camera(server, o => o with { DeadlineMs = deadlineMs, FrozenMs = fault is "ends" or "busy" or "cut" or "gutted" or "text-part" ? Never : deadlineMs / 6 });
        await camera.LockAsync(null, default);

        // Until the last good picture there is, if any, has been shot.
        WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(async () =>
        {
            while (true)
            {
                await camera.CaptureAsync(default, default);
            }
        });

        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"The camera at {server.Url} gave no good picture within {deadlineMs / 1000.0:0.#} s: "), failure.Message);
        Assert.Contains(expected.Replace("100 ms", $"{deadlineMs / 6} ms", StringComparison.Ordinal), failure.Message);
    });

    [Theory]
    [InlineData("200 OK", "text/html", "<html><head><title>ESP32\n Camera</title></head></html>", "sent a web page (\"ESP32 Camera\")")]
    [InlineData("200 OK", "application/json", "{\"error\": \"no stream\"}", "sent application/json (\"{\"error\": \"no stream\"}\")")]
    [InlineData("401 Unauthorized", "text/html", "", "wants a user and a password")]
    [InlineData("404 Not Found", "text/html", "nothing here", "answers 404 Not Found")]
    public async Task Something_else_than_pictures_is_named(string status, string type, string body, string expected)
    {
        await using CameraServer server = new(c => c.AnswerAsync(status, type, Encoding.UTF8.GetBytes(body)));
        await using MjpegCamera camera = Camera(server);

        WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(() => camera.LockAsync(null, default));

        Assert.Contains(server.Url, failure.Message);
        Assert.Contains(expected, failure.Message);
    }

    [Fact]
    public Task Nobody_there_is_said_so() => Patience.HoldsAsync(async times =>
    {
        using Socket deaf = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // nobody else can take the port, and nobody listens at it
        await using MjpegCamera camera = new(new MjpegOptions { Url = $"http://{deaf.LocalEndPoint}", DeadlineMs = 500 * times }, TimeProvider.System);

        WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(() => camera.LockAsync(null, default));

        Assert.Contains("nothing answers there", failure.Message);
    });

    [Fact]
    public async Task A_snapshot_camera_is_asked_anew_and_its_stale_picture_thrown_away()
    {
        int taken = 0;
        byte[] kept = TestPictures.Numbered(0);
        await using CameraServer server = new(async c =>
        {
            byte[] answer = kept; // as an ESP32-CAM: the picture it took when it was asked the last time
            kept = TestPictures.Numbered(++taken);
            await c.AnswerAsync("200 OK", "image/jpeg", answer);
        });
        await using MjpegCamera camera = Camera(server);
        await camera.LockAsync(null, default);

        Shot first = await camera.CaptureAsync(default, default);
        Shot second = await camera.CaptureAsync(default, default);

        Assert.Equal((2, 4), (TestPictures.NumberOf(first.Image.Bytes), TestPictures.NumberOf(second.Image.Bytes)));
    }

    [Theory]
    [InlineData(0)] // cut
    [InlineData(1)] // hangs
    [InlineData(2)] // busy
    public async Task A_snapshots_fault_is_mended_by_asking_again(int fault)
    {
        await using CameraServer server = new(async c =>
        {
            byte[] picture = TestPictures.Numbered(c.Number);
            await (c.Number != 2 ? c.AnswerAsync("200 OK", "image/jpeg", picture)
                : fault == 0 ? c.SendAsync([.. "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 9999\r\n\r\n"u8, .. picture[..500]])
                : fault == 1 ? c.FreezeAsync()
                : c.AnswerAsync("503 Busy", "text/plain", []));
        });
        await using MjpegCamera camera = Camera(server, o => o with { FrozenMs = fault == 1 ? Soon : Never });
        await camera.LockAsync(null, default);

        Shot shot = await camera.CaptureAsync(default, default);

        Assert.InRange(TestPictures.NumberOf(shot.Image.Bytes), 3, int.MaxValue);
    }

    [Fact]
    public async Task Locking_asks_for_the_lock_addresses_in_order_with_the_password_that_messages_do_not_show()
    {
        List<string> asked = [];
        await using CameraServer server = new(async c =>
        {
            if (!c.Headers.Any(h => h.StartsWith("Authorization: Basic", StringComparison.OrdinalIgnoreCase)))
            {
                await c.SendAsync("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"cam\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                return;
            }

            asked.Add(c.Path);
            await (c.Path == "/stream" ? c.AnswerAsync("404 Not Found", "text/plain", []) : c.AnswerAsync("200 OK", "text/plain", []));
        });
        string url = server.Url.Replace("//", "//maker:s3cret@");
        await using MjpegCamera camera = Camera(server, o => o with { Url = url, LockUrls = [url.Replace("/stream", "/control?var=aec"), url.Replace("/stream", "/control?var=awb")] });

        WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(() => camera.LockAsync(null, default));

        Assert.Equal(["/control?var=aec", "/control?var=awb", "/stream"], asked.Take(3));
        Assert.DoesNotContain("s3cret", failure.ToString());
    }

    [Fact]
    public Task An_unplugged_camera_behind_its_server_is_named() => Patience.HoldsAsync(async times =>
    {
        await using CameraServer server = new(async c =>
        {
            await c.BeginStreamAsync();
            for (int i = 0; ; i++)
            {
                byte[] picture = TestPictures.Numbered(i);
                await c.SendAsync($"--frame\r\nContent-Length: {picture.Length}\r\nX-UStreamer-Online: false\r\n\r\n");
                await c.SendAsync(picture);
                await Task.Delay(10, c.Closing);
            }
        });
        await using MjpegCamera camera = Camera(server, o => o with { DeadlineMs = 300 * times });

        WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(() => camera.CaptureAsync(default, default));

        Assert.Contains("unplugged", failure.Message);
    });

    private static MjpegCamera Camera(CameraServer server, Func<MjpegOptions, MjpegOptions>? with = null) => new((with ?? (o => o))(Options(server)), TimeProvider.System);

    /// <summary>Time-outs that no machine is slow enough to run into.</summary>
    private static MjpegOptions Options(CameraServer server) => new() { Url = server.Url, LatencyMs = 0, FrozenMs = Never, DeadlineMs = 10 * Never };

    /// <summary>Each way for a stream to go wrong that was reported of real ones.</summary>
    private static async Task FailAsync(CameraServer.Connection c, string fault, bool staying = false)
    {
        byte[] picture = TestPictures.Numbered(77);
        switch (fault)
        {
            case "silent":
                await c.SendPictureAsync(picture);
                await c.SendAsync("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 9000\r\n\r\n");
                await c.SendAsync(picture[..300]);
                await c.FreezeAsync();
                break;
            case "ends":
                await c.SendPictureAsync(picture);
                break;
            case "resets":
                ((NetworkStream)c.Stream).Socket.LingerState = new LingerOption(true, 0);
                break;
            case "page":
                await c.AnswerAsync("200 OK", "text/html", "<title>Camera is starting</title>"u8.ToArray());
                break;
            case "busy":
                await c.AnswerAsync("503 Busy", "text/plain", []);
                break;
            case "no-headers":
                await c.FreezeAsync();
                break;
            default:
                for (int i = 0; fault != "gutted" || staying || i < 30; i = (i + 1) % 100)
                {
                    byte[] other = TestPictures.Numbered(100 + i);
                    await (fault switch
                    {
                        "repeats" => c.SendPictureAsync(picture),
                        "cut" => c.SendPictureAsync(other[..^(200 + i)]),
                        "gutted" => c.SendPictureAsync([.. other[..^(350 + i)], .. other[^200..]]),
                        "text-part" => c.SendAsync($"--frame\r\nContent-Type: text/html\r\n\r\n<p>error {i}</p>\r\n"),
                        _ => c.SendAsync(new string((char)(i + 128), 3000)),
                    });
                    await Task.Delay(10, c.Closing);
                }

                break;
        }
    }
}
