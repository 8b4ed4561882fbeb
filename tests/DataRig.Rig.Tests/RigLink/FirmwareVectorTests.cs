using DataRig.Rig.RigLink;

namespace DataRig.Rig.Tests.RigLink;

/// <summary>The vectors of the specification in the firmware.</summary>
public sealed class FirmwareVectorTests
{
    private readonly CancellationToken _deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5)).Token;

    [Fact]
    public async Task A_freshly_flashed_board_answers_the_session_to_the_byte()
    {
        (SimulatedBoard board, ITransport line, RawLine raw) = await StartedAsync();
        await using SimulatedBoard ownedBoard = board;
        await using ITransport ownedLine = line;
        foreach (Vectors.SessionFile.Step step in Vectors.Session.Steps)
        {
            if (step.Send is { } send)
            {
                await line.WriteAsync(Convert.FromHexString(send.Frame), _deadline);
            }

            foreach (Vectors.SessionFile.Received expected in step.Receive)
            {
                Assert.Equal((step.Name, expected.Frame), (step.Name, Convert.ToHexStringLower((await raw.NextAsync()).ToFrame())));
            }
        }
    }

    [Fact]
    public async Task Malformed_bytes_are_counted_refused_and_never_obeyed()
    {
        (SimulatedBoard board, ITransport line, RawLine raw) = await StartedAsync();
        await using SimulatedBoard ownedBoard = board;
        await using ITransport ownedLine = line;
        ushort epoch = (await raw.NextAsync()).Epoch;
        byte sequence = 0;
        await line.WriteAsync(new Message(0, MessageKind.Request, sequence, 0, Opcode.Hello, Bodies.Hello(1)).ToFrame(), _deadline);
        await raw.NextAsync();

        int expected = 0;
        foreach (Vectors.MalformedFile.Line malformed in Vectors.Malformed.Vectors)
        {
            await line.WriteAsync(Convert.FromHexString(malformed.Bytes), _deadline);
            await line.WriteAsync(new Message(1, MessageKind.Request, ++sequence, epoch, Opcode.Status, default).ToFrame(), _deadline);
            Message answer = await raw.NextAsync();
            while (answer.Kind == MessageKind.Refusal)
            {
                Assert.Equal(new Refused(RefusalCode.Unreadable, 0), Refused.From(answer.Body.Span));
                answer = await raw.NextAsync();
            }

            Assert.Equal((MessageKind.Answer, sequence), (answer.Kind, answer.Sequence));
            Assert.Equal((malformed.Name, expected += malformed.Unreadable), (malformed.Name, BoardStatus.From(answer.Body.Span)!.Unreadable));
        }
    }

    /// <summary>
    /// A board whose first words were heard. Opening a port throws away what was there before; on a busy machine the board may
    /// have spoken by then, and nobody asks it again here, where every byte counts: then another board is started.
    /// </summary>
    private async Task<(SimulatedBoard Board, ITransport Line, RawLine Raw)> StartedAsync()
    {
        while (true)
        {
            SimulatedBoard board = await SimulatedBoard.StartAsync();
            ITransport line = board.Open();
            RawLine raw = new(line, _deadline);
            if (await raw.SpeaksWithinAsync(TimeSpan.FromSeconds(3)))
            {
                return (board, line, raw);
            }

            await line.DisposeAsync();
            await board.DisposeAsync();
            _deadline.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A line's messages, one after the other.</summary>
    private sealed class RawLine(ITransport line, CancellationToken deadline)
    {
        private readonly FrameReader _reader = new();
        private readonly Queue<Message> _waiting = [];
        private readonly byte[] _buffer = new byte[256];

        public async Task<Message> NextAsync()
        {
            await WaitAsync(deadline);
            return _waiting.Dequeue();
        }

        /// <summary>Whether a message comes; it is still the next one then.</summary>
        public async Task<bool> SpeaksWithinAsync(TimeSpan patience)
        {
            using CancellationTokenSource wait = new(patience);
            try
            {
                await WaitAsync(wait.Token);
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        private async Task WaitAsync(CancellationToken cancel)
        {
            while (_waiting.Count == 0)
            {
                int count = await line.ReadAsync(_buffer, cancel);
                foreach (byte value in _buffer[..count])
                {
                    if (_reader.Push(value) is { } message)
                    {
                        _waiting.Enqueue(message);
                    }
                }
            }
        }
    }
}
