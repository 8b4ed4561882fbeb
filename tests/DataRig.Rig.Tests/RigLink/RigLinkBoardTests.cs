using System.Text;
using DataRig.Core;
using DataRig.Rig.RigLink;
using DataRig.Rig.Tests.Lines;

namespace DataRig.Rig.Tests.RigLink;

/// <summary>The host's side against a scripted board: what the firmware would not do.</summary>
public sealed class RigLinkBoardTests
{
    private static readonly RigLinkOptions Wiring = new();
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task A_line_without_an_answer_is_no_board_and_stays_open()
    {
        (ITransport host, ITransport device) = MemoryLine.Pair();

        Assert.Null(await RigLinkBoard.TryGreetAsync(host, Wiring, Short, TimeProvider.System, default));

        await device.WriteAsync("ok\n"u8.ToArray(), default);
        Assert.Equal(3, await host.ReadAsync(new byte[10], default));
    }

    [Theory]
    [InlineData("\r\nGrbl 1.1h ['$' for help]\r\n")]
    [InlineData("start\necho:Marlin 2.1.2\nok\n")]
    public async Task A_board_of_another_kind_is_no_board(string says)
    {
        (ITransport host, ITransport device) = MemoryLine.Pair();
        await using ScriptedBoard other = new(device, (_, _) => null);
        await device.WriteAsync(Encoding.ASCII.GetBytes(says), default);

        Assert.Null(await RigLinkBoard.TryGreetAsync(host, Wiring, Short, TimeProvider.System, default));
    }

    [Fact]
    public async Task A_line_that_echoes_is_no_board()
    {
        (ITransport host, ITransport device) = MemoryLine.Pair();
        await using ScriptedBoard echo = new(device, (_, request) => request);

        Assert.Null(await RigLinkBoard.TryGreetAsync(host, Wiring, Short, TimeProvider.System, default));
    }

    [Fact]
    public async Task A_board_of_another_version_is_named_in_one_sentence()
    {
        (ITransport host, ITransport device) = MemoryLine.Pair();
        await using ScriptedBoard newer = new(device, (_, request) => ScriptedBoard.Hello(request, minimum: 2, maximum: 3));

        WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(() => RigLinkBoard.TryGreetAsync(host, Wiring, TimeSpan.FromMinutes(1), TimeProvider.System, default));

        Assert.Contains("speaks RigLink 2 to 3 and this program speaks 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_greeting_of_an_earlier_host_is_not_taken_for_ones_own()
    {
        (ITransport host, ITransport device) = MemoryLine.Pair();
        Message stale = ScriptedBoard.Hello(new Message(0, MessageKind.Request, 0, 0, Opcode.Hello, Bodies.Hello(77)));
        await using ScriptedBoard other = new(device, (_, _) => stale);

        Assert.Null(await RigLinkBoard.TryGreetAsync(host, Wiring, Short, TimeProvider.System, default));
    }

    [Fact]
    public async Task A_request_is_repeated_unchanged_until_its_answer_comes()
    {
        (ITransport host, ITransport device) = MemoryLine.Pair();
        List<string> lights = [];
        await using ScriptedBoard deaf = new(device, (_, request) =>
        {
            if (request.Opcode == Opcode.Light)
            {
                lights.Add(Convert.ToHexString(request.ToFrame()));
                return lights.Count < 4 ? null : ScriptedBoard.Status(request);
            }

            return ScriptedBoard.Usual(request);
        });
        await using RigLinkBoard board = await Greet(host);

        await board.SetLightAsync(0, 0.5, default);

        Assert.InRange(lights.Count, 4, int.MaxValue); // more where the board was slow to answer
        Assert.Single(lights.Distinct());
        Assert.InRange(board.Resent, 3, int.MaxValue);
    }

    [Fact]
    public async Task An_unreadable_refusal_asks_for_the_request_at_once()
    {
        (ITransport host, ITransport device) = MemoryLine.Pair();
        int lights = 0;
        await using ScriptedBoard noisy = new(device, (_, request) => request.Opcode != Opcode.Light ? ScriptedBoard.Usual(request)
            : ++lights < 3 ? ScriptedBoard.Refusal(request with { Sequence = 0, Opcode = Opcode.None }, RefusalCode.Unreadable, 0)
            : ScriptedBoard.Status(request));
        await using RigLinkBoard board = await Greet(host);

        await board.SetLightAsync(0, 0.5, default);

        Assert.InRange(board.Resent, 2, int.MaxValue);
    }

    [Fact]
    public async Task A_board_that_falls_silent_is_a_lost_link_for_good()
    {
        (ITransport host, ITransport device) = MemoryLine.Pair();
        bool silent = false;
        await using ScriptedBoard dying = new(device, (_, request) => silent ? null : ScriptedBoard.Usual(request));
        await using RigLinkBoard board = await Greet(host);
        silent = true;

        LinkLostException lost = await Assert.ThrowsAsync<LinkLostException>(() => board.SetLightAsync(0, 1, default));

        Assert.Contains("stopped answering", lost.Message, StringComparison.Ordinal);
        silent = false;
        await Assert.ThrowsAsync<LinkLostException>(() => board.HoldAsync(true, default));
    }

    [Fact]
    public async Task A_board_that_stops_elsewhere_is_not_believed()
    {
        (ITransport host, ITransport device) = MemoryLine.Pair();
        await using ScriptedBoard lying = new(device, (_, request) => request.Opcode == Opcode.Move
            ? ScriptedBoard.Status(request, new BoardStatus(BoardState.Idle, default, default, request.Sequence, WorkResult.Done, 99, 0, 0))
            : ScriptedBoard.Usual(request));
        await using RigLinkBoard board = await Greet(host);

        PositionLostException lost = await Assert.ThrowsAsync<PositionLostException>(() => board.MoveAsync(new BoardMove(Axis.Table, 100, 1000, 1000), default));

        Assert.Contains("stopped at 99 instead of 100", lost.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RefusalCode.NotHomed, 0, typeof(PositionLostException), "home it first")]
    [InlineData(RefusalCode.Fault, 1, typeof(PositionLostException), "emergency stop")]
    [InlineData(RefusalCode.Sequence, 9, typeof(LinkLostException), "Another program")]
    [InlineData(RefusalCode.Range, 3, typeof(WorkFailedException), "value number 3")]
    [InlineData(RefusalCode.Busy, 1, typeof(WorkFailedException), "it is moving")]
    [InlineData(RefusalCode.Unsupported, 0, typeof(WorkFailedException), "no means for a move")]
    [InlineData((RefusalCode)200, 5, typeof(WorkFailedException), "code 200, detail 5")]
    public async Task A_refusal_is_one_sentence(object code, int detail, Type kind, string sentence)
    {
        (ITransport host, ITransport device) = MemoryLine.Pair();
        await using ScriptedBoard refusing = new(device, (_, request) => request.Opcode == Opcode.Move
            ? ScriptedBoard.Refusal(request, (RefusalCode)code, (ushort)detail)
            : ScriptedBoard.Usual(request));
        await using RigLinkBoard board = await Greet(host);

        Exception failure = await Assert.ThrowsAsync(kind, () => board.MoveAsync(new BoardMove(Axis.Table, 100, 1000, 1000), default));

        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_boards_count_wraps_and_the_hosts_does_not()
    {
        (ITransport host, ITransport device) = MemoryLine.Pair();
        int at = 0;
        await using ScriptedBoard wrapping = new(device, (_, request) =>
        {
            at = request.Opcode is Opcode.Move or Opcode.SetPosition ? BitConverter.ToInt32(request.Body.Span[1..]) : at;
            return ScriptedBoard.Usual(request, new BoardStatus(BoardState.Idle, default, default, request.Sequence, WorkResult.Done, at, 0, 0));
        });
        await using RigLinkBoard board = await Greet(host);
        await board.SetPositionAsync(Axis.Table, int.MaxValue - 10L, default);

        Assert.Equal(int.MaxValue + 90L, await board.MoveAsync(new BoardMove(Axis.Table, int.MaxValue + 90L, 1000, 1000), default));
        Assert.True(at < 0);
        Assert.Equal(int.MaxValue - 90L, await board.MoveAsync(new BoardMove(Axis.Table, int.MaxValue - 90L, 1000, 1000), default));
    }

    private static async Task<RigLinkBoard> Greet(ITransport host) =>
        await RigLinkBoard.TryGreetAsync(host, Wiring, TimeSpan.FromMinutes(1), TimeProvider.System, default) ?? throw new InvalidOperationException("no answer");
}
