using System.Globalization;
using DataRig.Core;

namespace DataRig.Rig.Cameras;

/// <summary>A camera on the network that serves JPEGs over HTTP, as a stream or one a request; its first answer tells which.</summary>
public sealed class MjpegCamera(MjpegOptions options, TimeProvider time) : ICamera
{
    private const string Driver = "mjpeg";

    /// <summary>Another server's page, or a wrong password, does not mend itself; a server that restarts may show one for a moment.</summary>
    private const int MostRefusals = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Uri _url = new(options.Url);
    private PictureFeed? _feed;
    private bool _isSnapshot;

    public double? ElevationDegrees => options.ElevationDegrees;

    private TimeSpan Latency => TimeSpan.FromMilliseconds(options.LatencyMs);

    public async Task<CameraLock> LockAsync(CameraLock? earlier, CancellationToken cancel)
    {
        CameraLock.RequireSame(earlier, Driver);
        await WithinDeadlineAsync(
            async late =>
            {
                foreach (string url in options.LockUrls)
                {
                    await InTimeAsync(soon => CameraAnswer.TellAsync(new Uri(url), time, soon), late).ConfigureAwait(false);
                }

                await OpenAsync(late).ConfigureAwait(false);
                return true;
            },
            cancel).ConfigureAwait(false);
        return CameraLock.Nothing(Driver);
    }

    public Task<Shot> CaptureAsync(ShotTarget target, CancellationToken cancel)
    {
        DateTimeOffset from = time.GetUtcNow();
        return WithinDeadlineAsync(
            async late =>
            {
                await OpenAsync(late).ConfigureAwait(false);
                return _feed is { } feed ? await NextAsync(feed, from, late).ConfigureAwait(false) : await SnapshotAsync(from, late).ConfigureAwait(false);
            },
            cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_feed is { } feed)
        {
            await feed.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Finds out what the address is, once.</summary>
    private async Task OpenAsync(CancellationToken cancel)
    {
        if (_feed is null && !_isSnapshot)
        {
            CameraAnswer answer = await InTimeAsync(soon => CameraAnswer.OpenAsync(_url, time, soon), cancel).ConfigureAwait(false);
            if (answer.IsStream)
            {
                _feed = new PictureFeed(options, _url, time, answer); // an ESP32-CAM serves one at a time, so this one is read on
                return;
            }

            answer.Dispose();
            _isSnapshot = true;
        }
    }

    /// <summary>The stream's next picture that was exposed late enough. Older and broken ones pass by.</summary>
    private async Task<Shot> NextAsync(PictureFeed feed, DateTimeOffset from, CancellationToken cancel)
    {
        (MultipartPart? part, WorkFailedException? fault) = await feed.NextAsync(cancel).ConfigureAwait(false);
        if (fault is not null)
        {
            throw fault;
        }

        DateTimeOffset takenAt = part!.ArrivedAt - Latency;
        return takenAt < from ? throw new CameraAwayException("its pictures were all exposed before the table was still") : Shot(part.Body, takenAt, part.Headers);
    }

    private async Task<Shot> SnapshotAsync(DateTimeOffset from, CancellationToken cancel)
    {
        // What was exposed before the call has passed the camera's own buffer by then.
        if (from + Latency - time.GetUtcNow() is { } wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancel).ConfigureAwait(false);
        }

        for (int i = 0; i < options.SnapshotsToSkip; i++)
        {
            await AskAsync(cancel).ConfigureAwait(false);
        }

        DateTimeOffset askedAt = time.GetUtcNow();
        (byte[] picture, IReadOnlyDictionary<string, string> headers) = await AskAsync(cancel).ConfigureAwait(false);
        return Shot(picture, askedAt - Latency, headers);
    }

    private Task<(byte[] Picture, IReadOnlyDictionary<string, string> Headers)> AskAsync(CancellationToken cancel) => InTimeAsync<(byte[], IReadOnlyDictionary<string, string>)>(
        async soon =>
        {
            using CameraAnswer answer = await CameraAnswer.OpenAsync(_url, time, soon).ConfigureAwait(false);
            byte[] picture = await answer.ReadAllAsync(PictureFeed.MostPictureBytes, soon).ConfigureAwait(false);
            return (picture, answer.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
        },
        cancel);

    /// <summary>A request that hangs is given up in time for another one.</summary>
    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancel)
    {
        using CancellationTokenSource frozen = new(TimeSpan.FromMilliseconds(options.FrozenMs), time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(frozen.Token, cancel);
        try
        {
            return await request(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new CameraAwayException(string.Create(CultureInfo.InvariantCulture, $"it had not answered after {options.FrozenMs} ms"));
        }
    }

    private static Shot Shot(byte[] picture, DateTimeOffset takenAt, IReadOnlyDictionary<string, string> headers)
    {
        if (headers.GetValueOrDefault("X-UStreamer-Online") is { } online && !online.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            throw new CameraAwayException("its server says that the camera behind it is unplugged (X-UStreamer-Online: false)");
        }

        return JpegFile.Problem(picture, out JpegFile jpeg) is { } wrong
            ? throw new CameraAwayException($"it sent {(headers.GetValueOrDefault("Content-Type") is { } type && !type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? $"{type}, and " : "a picture, and ")}{wrong}")
            : new Shot(new EncodedImage(picture[..jpeg.Length], jpeg.Width, jpeg.Height), takenAt) { Metadata = headers.Where(h => h.Key.StartsWith("X-", StringComparison.OrdinalIgnoreCase)).ToDictionary(h => h.Key, h => h.Value) };
    }

    /// <summary>Tries again what may pass, until the deadline.</summary>
    private async Task<T> WithinDeadlineAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        using CancellationTokenSource late = new(TimeSpan.FromMilliseconds(options.DeadlineMs), time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        string trouble = "it does not answer";
        int refusals = 0;
        while (true)
        {
            try
            {
                return await work(stop.Token).ConfigureAwait(false);
            }
            catch (CameraAwayException e)
            {
                trouble = e.Message;
            }
            catch (WorkFailedException) when (++refusals < MostRefusals)
            {
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new WorkFailedException(string.Create(CultureInfo.InvariantCulture, $"The camera at {CameraAnswer.Show(_url)} gave no good picture within {options.DeadlineMs / 1000.0:0.#} s: {trouble}. Check its power and network, open the address in a browser, and resume."));
            }

            // The feed paces itself; whoever asks anew does so at a camera's pace.
            await Task.WhenAny(Task.Delay(_feed is null ? Pause : TimeSpan.Zero, time, stop.Token)).ConfigureAwait(false);
        }
    }
}
