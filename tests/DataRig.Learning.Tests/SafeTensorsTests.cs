using System.Buffers.Binary;
using System.Text;
using DataRig.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Tests;

[Collection(TorchCollection.Name)]
public sealed class SafeTensorsTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("datarig-safetensors-").FullName, "model.safetensors");
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);
    }

    [Fact]
    public void What_is_written_is_read_back_to_the_bit()
    {
        Dictionary<string, Tensor> written = new()
        {
            ["weight"] = randn(3, 4, 5),
            ["transposed"] = randn(6, 2).t(),
            ["count"] = tensor(42L),
            ["none"] = empty(0, 7),
            ["bytes"] = tensor(new byte[] { 0, 127, 255 }),
            ["mask"] = tensor(new[] { true, false }),
            ["half"] = randn(3).to(ScalarType.BFloat16),
        };

        SafeTensors.Write(_file, written, new Dictionary<string, string> { ["epoch"] = "3", ["says"] = "\"quoted\"" });
        (Dictionary<string, Tensor> read, Dictionary<string, string> metadata) = SafeTensors.Read(_file);

        Assert.Equal(written.Keys.Order(), read.Keys.Order());
        Assert.All(written, w =>
        {
            Assert.Equal(w.Value.dtype, read[w.Key].dtype);
            Assert.Equal(w.Value.shape, read[w.Key].shape);
            Assert.True(Same(w.Value, read[w.Key]));
        });
        Assert.Equal(("3", "\"quoted\""), (metadata["epoch"], metadata["says"]));
    }

    [Fact]
    public void The_file_has_the_published_form()
    {
        SafeTensors.Write(_file, new Dictionary<string, Tensor> { ["a"] = tensor(new[] { 1f, 2f }, [2, 1]) });

        byte[] bytes = File.ReadAllBytes(_file);
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal("{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}", Encoding.UTF8.GetString(bytes, 8, header).TrimEnd());
        Assert.Equal(0, header % 8);
        Assert.Equal([0, 0, 128, 63, 0, 0, 0, 64], bytes[(8 + header)..]);
    }

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 7, "8 bytes of values are expected, found 7")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 9, "8 bytes of values are expected, found 9")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8, "the tensor a takes 12 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "the values of a start at 4, 0 is expected")]
    [InlineData("{\"a\":{\"dtype\":\"Q4\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "unknown type Q4")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1,-2],\"data_offsets\":[0,8]}}", 8, "impossible shape")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,8],\"data_offsets\":[0,8]}}", 8, "impossible shape")]
    [InlineData("{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "key")]
    [InlineData("{\"a\":", 8, "JSON")]
    [InlineData("[]", 0, "")]
    public void A_damaged_file_is_one_clear_sentence(string header, int dataBytes, string expected)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        File.WriteAllBytes(_file, [.. length, .. text, .. new byte[dataBytes]]);

        WorkFailedException failure = Assert.Throws<WorkFailedException>(() => SafeTensors.Read(_file));
        Assert.StartsWith($"{_file} is not a whole safetensors file: ", failure.Message);
        Assert.Contains(expected, failure.Message);
    }

    [Theory]
    [InlineData(1L << 40)]
    [InlineData(-1)]
    [InlineData(1000)]
    public void A_header_length_that_cannot_be_is_refused(long headerBytes)
    {
        byte[] bytes = new byte[64];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, headerBytes);
        File.WriteAllBytes(_file, bytes);

        Assert.Contains("header", Assert.Throws<WorkFailedException>(() => SafeTensors.Read(_file)).Message);
    }

    [Fact]
    public void A_missing_file_is_one_clear_sentence() =>
        Assert.Contains("cannot be read", Assert.Throws<WorkFailedException>(() => SafeTensors.Read(_file)).Message);

    private static bool Same(Tensor a, Tensor b) => a.eq(b).all().item<bool>();
}
