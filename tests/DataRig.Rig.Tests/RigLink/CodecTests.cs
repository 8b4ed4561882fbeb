using System.Text.Json;
using DataRig.Rig.RigLink;

namespace DataRig.Rig.Tests.RigLink;

/// <summary>The vectors of the specification in C#.</summary>
public sealed class CodecTests
{
    [Fact]
    public void Cobs_is_encoded_and_decoded_as_the_vectors_say()
    {
        foreach (Vectors.CobsFile.Pair pair in Vectors.Cobs.Good)
        {
            byte[] plain = Convert.FromHexString(pair.Plain), encoded = new byte[plain.Length + 1], decoded = new byte[plain.Length];

            Assert.Equal(encoded.Length, Cobs.Encode(plain, encoded));
            Assert.Equal(pair.Encoded, Convert.ToHexStringLower(encoded));
            Assert.Equal(plain.Length, Cobs.Decode(encoded, decoded));
            Assert.Equal(plain, decoded);
        }

        Assert.All(Vectors.Cobs.Bad, bad => Assert.Null(Cobs.Decode(Convert.FromHexString(bad.Encoded), new byte[300])));
    }

    [Fact]
    public void The_crc_is_that_of_the_vectors() =>
        Assert.All(Vectors.Crc.Vectors, v => Assert.Equal(v.Crc, Crc16.Of(Convert.FromHexString(v.Bytes)).ToString("x4")));

    [Fact]
    public void Requests_are_made_to_the_byte()
    {
        foreach (Vectors.RequestsFile.Request request in Vectors.Requests.Vectors)
        {
            Message expected = request.Message.ToMessage();
            Message made = expected with { Body = Body(request.Name, request.Arguments) };

            Assert.Equal(request.Frame, Convert.ToHexStringLower(made.ToFrame()));
            AssertSame(expected, Read(request.Frame));
        }
    }

    [Fact]
    public void A_session_is_understood_to_the_field()
    {
        foreach (Vectors.SessionFile.Step step in Vectors.Session.Steps)
        {
            if (step.Send is { Message: { } sent })
            {
                Assert.Equal(step.Send.Frame, Convert.ToHexStringLower(sent.ToMessage().ToFrame()));
            }

            foreach (Vectors.SessionFile.Received received in step.Receive)
            {
                Message message = Read(received.Frame)!;
                AssertSame(received.Message.ToMessage(), message);
                Assert.Equal(received.Status, BoardStatus.From(message.Body.Span));
                Assert.Equal(received.Refusal, Refused.From(message.Body.Span));
                if (received.Greeting is { } g)
                {
                    Greeting expected = new(
                        g.Nonce, g.ProtocolMinimum, g.ProtocolMaximum, new Version(g.Major, g.Minor, g.Patch), g.Board, g.ResetCause, g.Capabilities, g.Lights, g.MaximumMessage, g.MaximumSpeed);
                    Assert.Equal(expected, Greeting.From(message.Body.Span));
                }
            }
        }
    }

    [Fact]
    public void The_worked_examples_of_the_page_are_the_sessions()
    {
        string[] examples =
        [
            .. File.ReadLines(Path.Combine(Vectors.Home(), "README.md"))
                .Where(line => line.StartsWith("    > ", StringComparison.Ordinal) || line.StartsWith("    < ", StringComparison.Ordinal))
                .Select(line => line[6..].Replace(" ", string.Empty, StringComparison.Ordinal)),
        ];

        Assert.InRange(examples.Length, 10, 100);
        Assert.Subset(Vectors.Session.Steps.SelectMany(s => s.Receive.Select(r => r.Frame).Append(s.Send?.Frame ?? string.Empty)).ToHashSet(), examples.ToHashSet());
    }

    [Fact]
    public void Malformed_bytes_are_counted_and_dropped()
    {
        foreach (Vectors.MalformedFile.Line line in Vectors.Malformed.Vectors)
        {
            FrameReader reader = new();
            int found = Convert.FromHexString(line.Bytes).Count(b => reader.Push(b) is not null);

            Assert.True((line.Messages, line.Unreadable) == (found, (int)reader.Unreadable), $"{line.Name}: {found} messages, {reader.Unreadable} unreadable");
        }
    }

    private static byte[] Body(string name, Dictionary<string, JsonElement> arguments)
    {
        Axis Axis() => (Axis)arguments["axis"].GetInt32();
        uint U(string key) => arguments[key].GetUInt32();
        int I(string key) => arguments[key].GetInt32();
        return name switch
        {
            "hello" => Bodies.Hello(U("nonce")),
            "move" => Bodies.Move(Axis(), I("target"), U("speed"), U("acceleration")),
            "home" => Bodies.Home(Axis(), arguments["opens"].GetBoolean(), I("travel"), U("backoff"), U("speed"), U("acceleration")),
            "setPosition" => Bodies.SetPosition(Axis(), I("position")),
            "hold" => Bodies.Hold(arguments["hold"].GetBoolean()),
            "light" => Bodies.Light(I("channel"), (byte)U("level"), (ushort)U("fadeMs")),
            "trigger" => Bodies.Trigger((ushort)U("settleMs"), (ushort)U("widthMs")),
            _ => Bodies.None,
        };
    }

    private static Message? Read(string frame)
    {
        FrameReader reader = new();
        return Convert.FromHexString(frame).Select(reader.Push).OfType<Message>().SingleOrDefault();
    }

    private static void AssertSame(Message expected, Message? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected with { Body = default }, actual with { Body = default });
        Assert.Equal(expected.Body.ToArray(), actual.Body.ToArray());
    }
}
