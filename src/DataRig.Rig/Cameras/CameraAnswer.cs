using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using DataRig.Core;

namespace DataRig.Rig.Cameras;

/// <summary>The network, or the camera's server, failed in a way that may pass: another try may do.</summary>
internal sealed class CameraAwayException(string message, Exception? cause = null) : WorkFailedException(message, cause);

/// <summary>What a camera's address answers: a stream of pictures, or one. Owns the connection.</summary>
internal sealed partial class CameraAnswer : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;
    private readonly HttpResponseMessage _response;
    private readonly Stream _body;
    private readonly ArrivalStream? _socket;
    private readonly TimeProvider _time;

    private CameraAnswer(HttpClient client, HttpResponseMessage response, Stream body, ArrivalStream? socket, TimeProvider time)
    {
        _client = client;
        _response = response;
        _body = body;
        _socket = socket;
        _time = time;
    }

    /// <summary>Whether pictures follow one another; else this is one picture.</summary>
    public bool IsStream => MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);

    /// <summary>What separates the stream's pictures, as it declares that.</summary>
    public string? Boundary => Parameter().Match(ContentType) is { Success: true } found ? found.Groups["boundary"].Value : null;

    /// <summary>The header lines, such as a time stamp.</summary>
    public IEnumerable<KeyValuePair<string, IEnumerable<string>>> Headers => _response.Headers;

    /// <summary>When the bytes of the latest read arrived, at the earliest.</summary>
    public DateTimeOffset ArrivedAt => _socket?.ArrivedAt ?? _time.GetUtcNow();

    private string MediaType => ContentType.Split(';')[0].Trim();

    /// <summary>As it was sent: .NET's own reader refuses boundaries that cameras use.</summary>
    private string ContentType => _response.Content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values) ? values.ToString() : "";

    /// <summary>Asks for an address.</summary>
    /// <exception cref="CameraAwayException">Nobody answers, or the server says it cannot now.</exception>
    /// <exception cref="WorkFailedException">Something else than pictures answers.</exception>
    public static async Task<CameraAnswer> OpenAsync(Uri url, TimeProvider time, CancellationToken cancel)
    {
        CameraAnswer answer = await AskAsync(url, time, cancel).ConfigureAwait(false);
        try
        {
            await answer.RequirePicturesAsync(url, cancel).ConfigureAwait(false);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>Asks for an address whose answer does not matter as long as it is a good one.</summary>
    /// <exception cref="WorkFailedException">Nobody answers, or not well.</exception>
    public static async Task<bool> TellAsync(Uri url, TimeProvider time, CancellationToken cancel)
    {
        using CameraAnswer answer = await AskAsync(url, time, cancel).ConfigureAwait(false);
        return true;
    }

    /// <returns>How many bytes came; 0 at the end.</returns>
    /// <exception cref="CameraAwayException">The connection broke.</exception>
    public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        try
        {
            return await _body.ReadAsync(buffer, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or SocketException)
        {
            throw new CameraAwayException("the connection broke", e);
        }
    }

    /// <summary>The whole body, up to a bound.</summary>
    public async Task<byte[]> ReadAllAsync(int mostBytes, CancellationToken cancel)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[64 * 1024];
        while (all.Length < mostBytes && await ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and int count)
        {
            all.Write(buffer, 0, (int)Math.Min(count, mostBytes - all.Length));
        }

        return all.ToArray();
    }

    public void Dispose()
    {
        _body.Dispose();
        _response.Dispose();
        _client.Dispose();
        _socket?.Dispose();
    }

    /// <summary>The address without its password, for messages.</summary>
    public static string Show(Uri url) => url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);

    private static async Task<CameraAnswer> AskAsync(Uri url, TimeProvider time, CancellationToken cancel)
    {
        ArrivalStream? socket = null;
        SocketsHttpHandler handler = new()
        {
            ConnectTimeout = ConnectTimeout,
            UseProxy = false, // a camera stands in this network
            Credentials = url.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password] ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password)) : null,
            ConnectCallback = async (context, token) =>
            {
                Socket tcp = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await tcp.ConnectAsync(context.DnsEndPoint, token).ConfigureAwait(false);
                    return socket = new ArrivalStream(new NetworkStream(tcp, ownsSocket: true), time);
                }
                catch
                {
                    tcp.Dispose();
                    throw;
                }
            },
        };
        HttpClient client = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
        HttpResponseMessage? response = null;
        try
        {
            response = await client.GetAsync(new Uri(Show(url)), HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
            RequireSuccess(url, response);
            Stream body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
            return new CameraAnswer(client, response, body, socket, time);
        }
        catch (Exception e)
        {
            response?.Dispose();
            client.Dispose();
            if (e is HttpRequestException or IOException or SocketException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                throw new CameraAwayException($"nothing answers there as a web server does ({(e.InnerException ?? e).Message})", e);
            }

            throw;
        }
    }

    private static void RequireSuccess(Uri url, HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        if (status >= 500 || status == 429)
        {
            throw new CameraAwayException($"it answers {status} {response.ReasonPhrase}");
        }

        if (status == 401)
        {
            throw new WorkFailedException($"The camera at {Show(url)} wants a user and a password, or others than it was given; write them into its \"url\" as http://user:password@host/.");
        }

        if (status >= 300)
        {
            throw new WorkFailedException($"The camera at {Show(url)} answers {status} {response.ReasonPhrase}; open the address in a browser, and correct \"url\" in the camera's settings.");
        }
    }

    private async Task RequirePicturesAsync(Uri url, CancellationToken cancel)
    {
        if (IsStream || MediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || MediaType is "" or "application/octet-stream")
        {
            return;
        }

        byte[] beginning = await ReadAllAsync(4096, cancel).ConfigureAwait(false);
        string text = Encoding.UTF8.GetString(beginning);
        string title = Title().Match(text) is { Success: true } found ? Tidy(found.Groups["title"].Value) : Tidy(Tags().Replace(text, " "));
        throw new WorkFailedException($"The camera at {Show(url)} sent {(MediaType.Contains("html", StringComparison.OrdinalIgnoreCase) ? "a web page" : MediaType)}{(title.Length > 0 ? $" (\"{title}\")" : "")} where pictures were expected; \"url\" is the address of the stream itself, often one that ends in /?action=stream, /stream or /video.");
    }

    private static string Tidy(string text)
    {
        string tidy = Spaces().Replace(text, " ").Trim();
        return tidy.Length > 60 ? tidy[..60] + "..." : tidy;
    }

    [GeneratedRegex("""boundary\s*=\s*(?<boundary>"[^"]*"|[^;,\s]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Parameter();

    [GeneratedRegex("<title[^>]*>(?<title>[^<]*)</title", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Title();

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tags();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Spaces();
}
