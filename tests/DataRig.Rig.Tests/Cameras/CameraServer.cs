using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DataRig.Rig.Tests.Cameras;

/// <summary>A network camera on loopback that does on each connection, counted from 0, what it is told.</summary>
internal sealed class CameraServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _serving;
    private int _connections;

    public CameraServer(Func<Connection, Task> serve)
    {
        _listener.Start();
        _serving = Task.Run(async () =>
        {
            List<Task> open = [];
            try
            {
                while (true)
                {
                    TcpClient client = await _listener.AcceptTcpClientAsync(_closing.Token);
                    open.Add(ServeAsync(client, serve));
                }
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAll(open);
            }
        });
    }

    public int Connections => Volatile.Read(ref _connections);

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/stream";

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _serving;
        _listener.Dispose();
    }

    private async Task ServeAsync(TcpClient client, Func<Connection, Task> serve)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                using StreamReader reader = new(stream, leaveOpen: true);
                string request = await reader.ReadLineAsync(_closing.Token) ?? "";
                List<string> headers = [];
                while (await reader.ReadLineAsync(_closing.Token) is { Length: > 0 } line)
                {
                    headers.Add(line);
                }

                await serve(new Connection(stream, request.Split(' ').ElementAtOrDefault(1) ?? "", headers, Interlocked.Increment(ref _connections) - 1, _closing.Token));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // The camera driver hung up.
            }
        }
    }

    /// <summary>One request and the way back.</summary>
    internal sealed record Connection(Stream Stream, string Path, IReadOnlyList<string> Headers, int Number, CancellationToken Closing)
    {
        public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

        public async Task SendAsync(byte[] bytes) => await Stream.WriteAsync(bytes, Closing);

        public Task BeginStreamAsync(string boundary = "frame") => SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary={boundary}\r\n\r\n");

        public async Task SendPictureAsync(byte[] jpeg, string boundary = "frame")
        {
            await SendAsync($"--{boundary}\r\nContent-Type: image/jpeg\r\nContent-Length: {jpeg.Length}\r\n\r\n");
            await SendAsync(jpeg);
            await SendAsync("\r\n");
        }

        /// <summary>Sends picture after picture, each another one, at a camera's pace.</summary>
        public async Task StreamAsync(int from, int count = int.MaxValue, int everyMs = 10)
        {
            for (int i = 0; i < count; i++)
            {
                await SendPictureAsync(TestPictures.Numbered(from + i));
                await Task.Delay(everyMs, Closing);
            }
        }

        public Task AnswerAsync(string status, string type, byte[] body) =>
            SendAsync([.. Encoding.Latin1.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), .. body]);

        /// <summary>Says nothing more.</summary>
        public Task FreezeAsync() => Task.Delay(Timeout.Infinite, Closing);
    }
}
