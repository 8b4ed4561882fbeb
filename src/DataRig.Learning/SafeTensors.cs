using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataRig.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning;

/// <summary>
/// Tensors in a safetensors file: the header's length (8 bytes, little-endian), a JSON header of each tensor's type,
/// shape and place, then the values, row-major and without holes (github.com/huggingface/safetensors, "Format").
/// </summary>
public static class SafeTensors
{
    private const long MaxHeaderBytes = 100_000_000;
    private const string MetadataKey = "__metadata__";

    private static readonly (string Name, ScalarType Type, int Bytes)[] Types =
    [
        ("F32", ScalarType.Float32, 4), ("F64", ScalarType.Float64, 8), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="WorkFailedException">It cannot be written.</exception>
    public static void Write(string file, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        JsonObject header = [];
        if (metadata is { Count: > 0 })
        {
            header[MetadataKey] = new JsonObject(metadata.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value)));
        }

        long offset = 0;
        foreach ((string name, Tensor tensor) in tensors)
        {
            (string type, _, int bytes) = Array.Find(Types, t => t.Type == tensor.dtype) is { Name: not null } known
                ? known
                : throw new ArgumentException($"the tensor {name} is of type {tensor.dtype}, which a safetensors file has no name for", nameof(tensors));
            long end = offset + (tensor.numel() * bytes);
            header[name] = new JsonObject
            {
                ["dtype"] = type,
                ["shape"] = new JsonArray([.. tensor.shape.Select(s => (JsonNode)s)]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            offset = end;
        }

        // Spaces up to a multiple of eight keep the values aligned.
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(header);
        int padded = (text.Length + 7) / 8 * 8;
        byte[] content = new byte[8 + padded + offset];
        BinaryPrimitives.WriteInt64LittleEndian(content, padded);
        content.AsSpan(8, padded).Fill((byte)' ');
        text.CopyTo(content, 8);
        int at = 8 + padded;
        foreach (Tensor tensor in tensors.Values)
        {
            at += CopyValues(tensor, content.AsSpan(at));
        }

        try
        {
            AtomicFile.Write(file, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"{file} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Reads a file. The caller disposes the tensors, which lie on the CPU.</summary>
    /// <exception cref="WorkFailedException">There is no such file, or it is not a whole safetensors file; the message says in what.</exception>
    public static (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Metadata) Read(string file)
    {
        TorchRuntime.Initialize();
        byte[] content;
        try
        {
            content = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"the model file {file} cannot be read: {e.Message}", e);
        }

        try
        {
            return Parse(content);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new WorkFailedException($"{file} is not a whole safetensors file: {e.Message.TrimEnd('.')}. Train again, or take another copy of the file.", e);
        }
    }

    private static (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Metadata) Parse(byte[] content)
    {
        long headerBytes = content.Length >= 8 ? BinaryPrimitives.ReadInt64LittleEndian(content) : throw new InvalidDataException($"it has {content.Length} bytes");
        if (headerBytes is < 2 or > MaxHeaderBytes || headerBytes > content.Length - 8)
        {
            throw new InvalidDataException($"its header is said to have {headerBytes} bytes, the file has {content.Length}");
        }

        using JsonDocument header = JsonDocument.Parse(content.AsMemory(8, (int)headerBytes));
        Dictionary<string, string> metadata = [];
        List<(string Name, ScalarType Type, long[] Shape, long From, long To)> entries = [];
        foreach (JsonProperty property in header.RootElement.EnumerateObject())
        {
            if (property.Name == MetadataKey)
            {
                foreach (JsonProperty value in property.Value.EnumerateObject())
                {
                    metadata[value.Name] = value.Value.GetString() ?? throw new InvalidDataException($"its metadata {value.Name} is not a string");
                }
            }
            else
            {
                entries.Add(Entry(property));
            }
        }

        RefuseHoles(entries, content.Length - 8 - headerBytes);
        Dictionary<string, Tensor> tensors = [];
        foreach ((string name, ScalarType type, long[] shape, long from, long to) in entries)
        {
            Tensor tensor = empty(shape, type);
            content.AsSpan((int)(8 + headerBytes + from), (int)(to - from)).CopyTo(MemoryMarshal.AsBytes(tensor.bytes));
            if (!tensors.TryAdd(name, tensor))
            {
                throw new InvalidDataException($"the tensor {name} stands there twice");
            }
        }

        return (tensors, metadata);
    }

    private static (string Name, ScalarType Type, long[] Shape, long From, long To) Entry(JsonProperty property)
    {
        string typeName = property.Value.GetProperty("dtype").GetString() ?? "";
        (string Name, ScalarType Type, int Bytes) type = Array.Find(Types, t => t.Name == typeName);
        if (type.Name is null)
        {
            throw new InvalidDataException($"the tensor {property.Name} has the unknown type {typeName}");
        }

        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64())];
        long bytes = type.Bytes;
        foreach (long size in shape)
        {
            bytes = size >= 0 && (size == 0 || bytes <= long.MaxValue / size) ? bytes * size : throw new InvalidDataException($"the tensor {property.Name} has an impossible shape");
        }

        if (offsets.Length != 2 || offsets[1] - offsets[0] != bytes)
        {
            throw new InvalidDataException($"the tensor {property.Name} takes {bytes} bytes, its place in the file has another size");
        }

        return (property.Name, type.Type, shape, offsets[0], offsets[1]);
    }

    private static void RefuseHoles(List<(string Name, ScalarType Type, long[] Shape, long From, long To)> entries, long dataBytes)
    {
        long end = 0;
        foreach ((string name, _, _, long from, long to) in entries.OrderBy(e => e.From).ThenBy(e => e.To))
        {
            if (from != end)
            {
                throw new InvalidDataException($"the values of {name} start at {from}, {end} is expected");
            }

            end = to;
        }

        if (end != dataBytes)
        {
            throw new InvalidDataException($"{end} bytes of values are expected, found {dataBytes}; it was cut short or has grown");
        }
    }

    private static int CopyValues(Tensor tensor, Span<byte> to)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor plain = tensor.detach().cpu().contiguous();
        ReadOnlySpan<byte> values = MemoryMarshal.AsBytes(plain.bytes);
        values.CopyTo(to);
        return values.Length;
    }
}
