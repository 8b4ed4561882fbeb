using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using DataRig.Core;

namespace DataRig.Learning;

/// <summary>
/// A run's curves in the form that TensorBoard reads: records of an 8-byte length, its checksum, an event and its checksum, all
/// little-endian (tensorflow/core/lib/io/record_writer.h); events are protocol buffers (tensorflow/core/util/event.proto). It grows by
/// an epoch at a time, as TensorBoard follows files.
/// </summary>
internal static class TensorBoardFile
{
    private const string Version = "brain.Event:2";

    /// <summary>Writes the file anew, with the epochs that are finished.</summary>
    /// <exception cref="WorkFailedException">It cannot be written.</exception>
    public static void Write(Run run, IReadOnlyList<EpochRecord> history)
    {
        using MemoryStream content = new();
        AddRecord(content, VersionEvent(Seconds(run, [])));
        for (int epochs = 1; epochs <= history.Count; epochs++)
        {
            AddRecord(content, ScalarEvent(Seconds(run, history.Take(epochs)), history[epochs - 1]));
        }

        Save(run, () => AtomicFile.Write(run.TensorBoardPath, content.ToArray()));
    }

    /// <summary>Adds the newest epoch.</summary>
    /// <exception cref="WorkFailedException">It cannot be written.</exception>
    public static void Append(Run run, IReadOnlyList<EpochRecord> history)
    {
        using MemoryStream content = new();
        AddRecord(content, ScalarEvent(Seconds(run, history), history[^1]));
        Save(run, () => File.AppendAllBytes(run.TensorBoardPath, content.ToArray()));
    }

    /// <summary>CRC32C (Castagnoli), turned and moved as the format wants it.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte value in bytes)
        {
            crc = System.Numerics.BitOperations.Crc32C(crc, value);
        }

        crc = ~crc;
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
    }

    private static void Save(Run run, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"{run.TensorBoardPath} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>When these epochs were over, in seconds since 1970: the run's beginning and what they took.</summary>
    private static double Seconds(Run run, IEnumerable<EpochRecord> history) =>
        DateTimeOffset.Parse(run.Record.StartedAt, CultureInfo.InvariantCulture).ToUnixTimeSeconds() + history.Sum(e => e.Seconds);

    private static void AddRecord(MemoryStream content, byte[] payload)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, payload.Length);
        content.Write(number);
        AddChecksum(content, number);
        content.Write(payload);
        AddChecksum(content, payload);
    }

    private static void AddChecksum(MemoryStream content, ReadOnlySpan<byte> bytes)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(number, Checksum(bytes));
        content.Write(number);
    }

    private static byte[] VersionEvent(double seconds)
    {
        using MemoryStream message = new();
        AddDouble(message, 1, seconds);
        AddBytes(message, 3, Encoding.UTF8.GetBytes(Version));
        return message.ToArray();
    }

    private static byte[] ScalarEvent(double seconds, EpochRecord epoch)
    {
        using MemoryStream message = new(), summary = new();
        (string Tag, double? Value)[] scalars =
        [
            ("loss/train", epoch.TrainLoss), ("loss/validation", epoch.ValidationLoss), ("accuracy/train", epoch.TrainAccuracy), ("accuracy/validation", epoch.ValidationAccuracy),
            ("macroF1/validation", epoch.ValidationMacroF1), ("learningRate", epoch.LearningRate), ("imagesPerSecond", epoch.ImagesPerSecond),
        ];
        foreach ((string tag, double? value) in scalars.Where(s => s.Value is not null))
        {
            using MemoryStream scalar = new();
            AddBytes(scalar, 1, Encoding.UTF8.GetBytes(tag));
            AddKey(scalar, 2, wire: 5);
            scalar.Write(BitConverter.GetBytes((float)value!.Value));
            AddBytes(summary, 1, scalar.ToArray());
        }

        AddDouble(message, 1, seconds);
        AddKey(message, 2, wire: 0);
        AddVarint(message, (ulong)epoch.Epoch);
        AddBytes(message, 5, summary.ToArray());
        return message.ToArray();
    }

    private static void AddDouble(MemoryStream message, int field, double value)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(number, value);
        AddKey(message, field, wire: 1);
        message.Write(number);
    }

    private static void AddBytes(MemoryStream message, int field, byte[] bytes)
    {
        AddKey(message, field, wire: 2);
        AddVarint(message, (ulong)bytes.Length);
        message.Write(bytes);
    }

    private static void AddKey(MemoryStream message, int field, int wire) => AddVarint(message, (ulong)((field << 3) | wire));

    private static void AddVarint(MemoryStream message, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            message.WriteByte((byte)(value | 0x80));
        }

        message.WriteByte((byte)value);
    }
}
