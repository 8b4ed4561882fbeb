using System.Text;
using DataRig.Core;

namespace DataRig.Learning.Tests;

/// <summary>Read by a reader written from the format's description, which shares nothing with the writer.</summary>
public sealed class TensorBoardTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("datarig-events-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_epoch_is_an_event_with_its_step_time_and_figures()
    {
        EpochRecord first = new(1, 2.25, 0.5, 1.5, 0.625, 0.6, 0.003, 10, 50), second = first with { Epoch = 300, TrainLoss = 0.125, ValidationLoss = null, ValidationAccuracy = null, ValidationMacroF1 = null };
        Run run = Run.Create(Path.Combine(_folder, "run"), Record());
        TensorBoardFile.Write(run, [first]);
        TensorBoardFile.Append(run, [first, second]);

        List<(double Time, long Step, string Version, Dictionary<string, float> Values)> events = Read(run.TensorBoardPath);

        double start = DateTimeOffset.Parse("2026-01-02T03:04:05Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds();
        Assert.Equal([(start, 0, "brain.Event:2"), (start + 10, 1, ""), (start + 20, 300, "")], events.Select(e => (e.Time, e.Step, e.Version)));
        Assert.Equal(
            new Dictionary<string, float> { ["loss/train"] = 2.25f, ["loss/validation"] = 1.5f, ["accuracy/train"] = 0.5f, ["accuracy/validation"] = 0.625f, ["macroF1/validation"] = 0.6f, ["learningRate"] = 0.003f, ["imagesPerSecond"] = 50 },
            events[1].Values);
        Assert.Equal(["loss/train", "accuracy/train", "learningRate", "imagesPerSecond"], events[2].Values.Keys);
    }

    /// <summary>The check value of CRC-32C in the catalogue of checksums is E3069283 for the nine digits.</summary>
    [Fact]
    public void The_checksum_is_the_masked_Castagnoli_one()
    {
        const uint known = 0xE3069283;

        Assert.Equal(unchecked(((known >> 15) | (known << 17)) + 0xa282ead8), TensorBoardFile.Checksum("123456789"u8));
    }

    /// <summary>All events of a file, its checksums proven bit by bit.</summary>
    internal static List<(double Time, long Step, string Version, Dictionary<string, float> Values)> Read(string file)
    {
        List<(double, long, string, Dictionary<string, float>)> events = [];
        using BinaryReader reader = new(File.OpenRead(file));
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            byte[] length = reader.ReadBytes(8);
            Assert.Equal(Masked(length), reader.ReadUInt32());
            byte[] payload = reader.ReadBytes((int)BitConverter.ToInt64(length));
            Assert.Equal(Masked(payload), reader.ReadUInt32());
            double time = 0;
            long step = 0;
            string version = "";
            Dictionary<string, float> values = [];
            foreach ((int field, object value) in Fields(payload))
            {
                switch (field)
                {
                    case 1: time = BitConverter.ToDouble((byte[])value); break;
                    case 2: step = (long)(ulong)value; break;
                    case 3: version = Encoding.UTF8.GetString((byte[])value); break;
                    case 5:
                        foreach ((int _, object scalar) in Fields((byte[])value))
                        {
                            Dictionary<int, object> parts = Fields((byte[])scalar).ToDictionary(f => f.Field, f => f.Value);
                            values.Add(Encoding.UTF8.GetString((byte[])parts[1]), BitConverter.ToSingle((byte[])parts[2]));
                        }

                        break;
                    default: Assert.Fail($"field {field}"); break;
                }
            }

            events.Add((time, step, version, values));
        }

        return events;
    }

    private static IEnumerable<(int Field, object Value)> Fields(byte[] message)
    {
        int at = 0;
        while (at < message.Length)
        {
            ulong key = Varint();
            yield return ((int)(key >> 3), (key & 7) switch { 0 => Varint(), 1 => Bytes(8), 2 => Bytes((int)Varint()), 5 => Bytes(4), _ => throw new InvalidDataException($"wire type {key & 7}") });
        }

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = message[at++];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                {
                    return value;
                }
            }
        }

        byte[] Bytes(int count) => message[at..(at += count)];
    }

    private static uint Masked(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        crc = ~crc;
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8);
    }

    private static RunRecord Record() => new()
    {
        Options = new TrainingOptions(), Classes = ["a", "b"], DatasetHash = "", SplitHash = "", FramesHash = "", TrainingFrames = 0, RenderedFrames = 0, ValidationFrames = 0,
        StartedAt = "2026-01-02T03:04:05Z", Versions = new Dictionary<string, string>(), Machine = new Dictionary<string, string>(),
    };
}
