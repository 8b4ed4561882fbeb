using CsCheck;
using DataRig.Rig.RigLink;

namespace DataRig.Rig.Tests.RigLink;

/// <summary>What holds for every message and for every noise.</summary>
public sealed class FrameReaderTests
{
    private static readonly Gen<Message> AnyMessage =
        from version in Gen.Int[0, 15]
        from kind in Gen.Int[0, 15]
        from sequence in Gen.Byte
        from epoch in Gen.UShort
        from opcode in Gen.Byte
        from body in Gen.Frequency((1, Gen.Byte), (1, Gen.Const((byte)0))).Array[0, Protocol.LongestMessage - Protocol.HeaderBytes]
        select new Message(version, (MessageKind)kind, sequence, epoch, (Opcode)opcode, body);

    /// <summary>Noise as it comes: many zeros, so that pieces end, and few high bytes.</summary>
    private static readonly Gen<byte[]> Noise = Gen.Frequency((3, Gen.Byte), (1, Gen.Const((byte)0)), (2, Gen.Byte[1, 20])).Array[0, 300];

    [Fact]
    public void Every_message_comes_back_out_of_its_frame() => AnyMessage.Sample(message =>
        Pushed(message.ToFrame(), out _) is [var one] && Same(message, one));

    [Fact]
    public void A_frame_has_zeros_at_its_ends_only() => AnyMessage.Sample(message =>
        message.ToFrame() is [0, .. var inside, 0] && !inside.Contains((byte)0) && inside.Length <= Protocol.LongestEncoded);

    [Fact]
    public void A_frame_is_whole_after_any_noise() => Gen.Select(Noise, AnyMessage).Sample((noise, message) =>
        Pushed([.. noise, .. message.ToFrame()], out _) is [.., var last] && Same(message, last));

    [Fact]
    public void No_noise_throws_and_each_piece_is_counted_once() => Noise.Sample(noise =>
    {
        List<Message> found = Pushed([.. noise, 0], out FrameReader reader);
        int pieces = string.Concat(noise.Select(b => b == 0 ? ' ' : 'x')).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        RigLinkBoard.Feed(noise);
        return reader.Messages == found.Count && reader.Messages + reader.Unreadable == pieces;
    });

    [Fact]
    public void One_damaged_byte_never_passes() =>
        Gen.Select(AnyMessage, Gen.Int[0, 52], Gen.Byte[1, 255]).Sample((message, place, damage) =>
        {
            byte[] frame = message.ToFrame();
            frame[1 + (place % (frame.Length - 2))] ^= damage;
            return Pushed(frame, out _) is [];
        });

    private static List<Message> Pushed(byte[] bytes, out FrameReader reader)
    {
        FrameReader pushed = reader = new FrameReader();
        return [.. bytes.Select(pushed.Push).OfType<Message>()];
    }

    private static bool Same(Message a, Message b) =>
        (a with { Body = default }) == (b with { Body = default }) && a.Body.Span.SequenceEqual(b.Body.Span);
}
