using System.IO.Hashing;
using System.Threading.Channels;
using DataRig.Core;

namespace DataRig.Rig.Cameras;

/// <summary>
/// Reads a camera's stream all the time, so that no picture waits in a buffer to be taken for a new one, and opens it anew
/// when it ends, breaks, falls silent or repeats itself. Only the latest few pictures are kept.
/// </summary>
internal sealed class PictureFeed : IAsyncDisposable
{
    /// <summary>A picture beyond this is none that came over a network camera's line.</summary>
    public const int MostPictureBytes = 32 * 1024 * 1024;

    /// <summary>How many pictures back a repeated one is known again; a line that stammers repeats more than the last.</summary>
    private const int Remembered = 64;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(2);

    private readonly MjpegOptions _options;
    private readonly Uri _url;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly Channel<(MultipartPart? Part, WorkFailedException? Fault)> _news =
        Channel.CreateBounded<(MultipartPart?, WorkFailedException?)>(new BoundedChannelOptions(4) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true });

    private readonly Task _reading;

    private CameraAnswer? _opened;
    private readonly Queue<ulong> _sent = new();

    /// <param name="opened">The stream that is open already; the feed owns it.</param>
    public PictureFeed(MjpegOptions options, Uri url, TimeProvider time, CameraAnswer opened)
    {
        _options = options;
        _url = url;
        _time = time;
        _opened = opened;
        _reading = Task.Run(ReadForeverAsync);
    }

    /// <summary>Waits for the next part, or the next trouble.</summary>
    public ValueTask<(MultipartPart? Part, WorkFailedException? Fault)> NextAsync(CancellationToken cancel) => _news.Reader.ReadAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _opened?.Dispose();
        _closing.Dispose();
    }

    private async Task ReadForeverAsync()
    {
        TimeSpan pause = FirstPause;
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                bool came = false;
                WorkFailedException fault = await ReadToTroubleAsync(() => came = true).ConfigureAwait(false);
                pause = came ? FirstPause : pause;
                await _news.Writer.WriteAsync((null, fault), _closing.Token).ConfigureAwait(false);
                await Task.Delay(pause, _time, _closing.Token).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Reads one connection until it ends in one way or another.</summary>
    private async Task<WorkFailedException> ReadToTroubleAsync(Action pictureCame)
    {
        using CancellationTokenSource frozen = new(TimeSpan.FromMilliseconds(_options.FrozenMs), _time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, frozen.Token);
        const string Nothing = "it sent nothing";
        string silence = Nothing;
        try
        {
            using CameraAnswer answer = Interlocked.Exchange(ref _opened, null) ?? await CameraAnswer.OpenAsync(_url, _time, stop.Token).ConfigureAwait(false);
            MultipartParser parser = new(answer.Boundary, MostPictureBytes);
            byte[] buffer = new byte[64 * 1024];
            while (await answer.ReadAsync(buffer, stop.Token).ConfigureAwait(false) is > 0 and int count)
            {
                silence = silence == Nothing ? "it sent data without a whole picture in it" : silence;
                foreach (MultipartPart part in parser.Feed(buffer.AsSpan(0, count), answer.ArrivedAt))
                {
                    ulong hash = XxHash64.HashToUInt64(part.Body);
                    if (_sent.Contains(hash))
                    {
                        silence = "it sent only pictures again that it had sent before, so the camera behind it hangs";
                        continue;
                    }

                    Remember(hash);
                    await _news.Writer.WriteAsync((part, null), stop.Token).ConfigureAwait(false);
                    if (MultipartParser.HasEnd(part.Body))
                    {
                        silence = "it sent no further picture";
                        frozen.CancelAfter(TimeSpan.FromMilliseconds(_options.FrozenMs));
                        pictureCame();
                    }
                }
            }

            return new CameraAwayException("the stream ended");
        }
        catch (OperationCanceledException) when (!_closing.IsCancellationRequested)
        {
            return new CameraAwayException($"for {_options.FrozenMs} ms {silence}");
        }
        catch (WorkFailedException e)
        {
            return e;
        }
    }

    private void Remember(ulong hash)
    {
        _sent.Enqueue(hash);
        if (_sent.Count > Remembered)
        {
            _sent.Dequeue();
        }
    }
}
