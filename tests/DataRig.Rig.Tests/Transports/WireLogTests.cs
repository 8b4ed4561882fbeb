using CsCheck;
using DataRig.Core;
using DataRig.Rig.Gcode;
using DataRig.Rig.Marlin;
using DataRig.Rig.Tests.Lines;
using DataRig.Rig.Tests.Marlin;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests.Transports;

public sealed class WireLogTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Any_bytes_survive_being_written()
    {
        Gen.Byte.Array[0, 60].Sample(bytes => ReplayTransport.Unescape(WireLog.Escape(bytes))!.AsSpan().SequenceEqual(bytes));
    }

    [Fact]
    public async Task A_recorded_session_replays_as_it_was()
    {
        async Task<long[]> Session(ITransport line)
        {
            await using IBoard board = (await GcodeBoard.TryGreetAsync(new MarlinFirmware(line, new MarlinOptions(), QuickTimings.Value with { Answer = TimeSpan.FromSeconds(5) }, TimeProvider.System), Never))!;
            return
            [
                await board.SetPositionAsync(Axis.Table, 7, Never),
                await board.MoveAsync(new BoardMove(Axis.Table, 1607, 4000, 8000), Never),
                await board.MoveAsync(new BoardMove(Axis.Elevation, -30, 4000, 8000), Never),
            ];
        }

        (ITransport host, ITransport far) = MemoryLine.Pair("/dev/ttyACM0");
        long[] first;
        await using (ScriptedMarlin device = new(far))
        await using (WireLog log = new(_file, TimeProvider.System))
        {
            first = await Session(log.Record(host));
        }

        string[] lines = await File.ReadAllLinesAsync(_file);
        Assert.StartsWith("# /dev/ttyACM0 opened ", lines[0]);
        Assert.Contains(lines, l => l.EndsWith(" > N100 M110 N100*125\\n", StringComparison.Ordinal) || l.Contains("> N100 M110 N100*", StringComparison.Ordinal));
        ReplayTransport replay = Assert.Single(ReplayTransport.ReadFile(_file));
        Assert.Equal("/dev/ttyACM0", replay.Name);
        Assert.Equal(first, await Session(replay));
        Assert.Equal([7, 1607, -30], first);
        Assert.True(replay.IsAtEnd);
    }

    [Fact]
    public async Task A_replay_that_goes_another_way_says_where()
    {
        ReplayTransport replay = ReplayTransport.Read(["# p opened 2026-01-01T00:00:00Z", "    0.100000 > M115\\n", "    0.200000 < ok\\n"], "x.log")[0];
        Task<int> read = replay.ReadAsync(new byte[10], Never).AsTask();
        await replay.WriteAsync("M1"u8.ToArray(), Never);
        Assert.False(read.IsCompleted);

        WorkFailedException other = await Assert.ThrowsAsync<WorkFailedException>(async () => await replay.WriteAsync("14\n"u8.ToArray(), Never));

        Assert.Contains("line 2", other.Message);
        await replay.WriteAsync("15\n"u8.ToArray(), Never);
        Assert.Equal(3, await read);
        await Assert.ThrowsAsync<LinkLostException>(async () => await replay.ReadAsync(new byte[1], Never));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("0.1 < before any opening")]
    [InlineData("# p opened x\n0.1 = ok")]
    [InlineData("# p opened x\n0.1 < \\q")]
    [InlineData("# p opened x\n0.1 < \\x1")]
    public void What_is_no_wire_log_is_said_with_its_line(string text)
    {
        WorkFailedException wrong = Assert.Throws<WorkFailedException>(() => ReplayTransport.Read(text.Split('\n'), "x.log"));
        Assert.Contains($"x.log:{text.Split('\n').Length}:", wrong.Message);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said_in_a_sentence()
    {
        Assert.Contains("/nowhere/wire.log", Assert.Throws<WorkFailedException>(() => new WireLog("/nowhere/wire.log", TimeProvider.System)).Message);
        Assert.Contains("/nowhere/wire.log", Assert.Throws<WorkFailedException>(() => ReplayTransport.ReadFile("/nowhere/wire.log")).Message);
    }
}
