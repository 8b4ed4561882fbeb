using DataRig.Rig.RigLink;

namespace DataRig.Rig.Tests.RigLink;

/// <summary>A board that says what a test makes it say to each request; null is silence.</summary>
internal sealed class ScriptedBoard : IAsyncDisposable
{
    private readonly ITransport _line;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _answering;

    /// <param name="answer">From the request's number, counted from 0, and the request.</param>
    public ScriptedBoard(ITransport line, Func<int, Message, Message?> answer)
    {
        _line = line;
        _answering = Task.Run(() => AnswerAsync(answer));
    }

    /// <summary>A greeting or a status.</summary>
    public static Message Usual(Message request, BoardStatus? status = null) => request.Opcode == Opcode.Hello ? Hello(request) : Status(request, status);

    public static Message Hello(Message request, byte minimum = 1, byte maximum = 1) => request with
    {
        Kind = MessageKind.Answer,
        Epoch = 1,
        Body = (byte[])[.. "RLNK"u8, .. request.Body.Span, minimum, maximum, 9, 8, 7, 0, 0, 63, 0, 1, 48, 0x10, 0x27, 0, 0],
    };

    public static Message Status(Message request, BoardStatus? status = null)
    {
        BoardStatus s = status ?? new BoardStatus(BoardState.Idle, default, default, 0, WorkResult.None, 0, 0, 0);
        byte[] body =
        [
            (byte)s.State, (byte)s.Flags, (byte)s.Fault, s.Work, (byte)s.Result,
            .. BitConverter.GetBytes(s.Table), .. BitConverter.GetBytes(s.Elevation), .. BitConverter.GetBytes(s.Unreadable),
        ];
        return request with { Kind = MessageKind.Answer, Epoch = 1, Body = body };
    }

    public static Message Refusal(Message request, RefusalCode code, ushort detail) =>
        request with { Kind = MessageKind.Refusal, Epoch = 1, Body = (byte[])[(byte)code, .. BitConverter.GetBytes(detail)] };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _answering;
        await _line.DisposeAsync();
    }

    private async Task AnswerAsync(Func<int, Message, Message?> answer)
    {
        FrameReader reader = new();
        byte[] buffer = new byte[256];
        int number = 0;
        try
        {
            while (true)
            {
                int count = await _line.ReadAsync(buffer, _stop.Token);
                foreach (byte value in buffer[..count])
                {
                    if (reader.Push(value) is { } request && answer(number++, request) is { } said)
                    {
                        await _line.WriteAsync(said.ToFrame(), _stop.Token);
                    }
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or LinkLostException)
        {
        }
    }
}
