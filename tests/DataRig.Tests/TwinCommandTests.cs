using DataRig.Core;
using DataRig.Data;

namespace DataRig.Tests;

/// <summary>What a user gets who asks for a twin of what has none.</summary>
public sealed class TwinCommandTests
{
    [Theory]
    [InlineData("widget", "photographs of widget only, and a twin takes photographs of parts that the engine can draw: 2456, 3001")]
    [InlineData("3001", "In none of the photographs of ")]
    public async Task Photographs_that_say_nothing_are_answered_with_a_sentence(string part, string said)
    {
        using Cli cli = new();
        Directory.CreateDirectory(cli.At($"photographs/{part}"));
        // A bare table.
        Picture bare = new(96, 96);
        bare.Rgb.AsSpan().Fill(200);
        await File.WriteAllBytesAsync(cli.At($"photographs/{part}/one.jpg"), ImageCodec.EncodeJpeg(bare).Bytes, TestContext.Current.CancellationToken);
        await cli.JsonAsync("dataset", "import", "photographs", "--out", "d");

        (int code, string result, string remarks) = await cli.RunAsync("twin", "fit", "--data", "d", "--out", "twin.json", "--quiet");

        Assert.Contains(said, remarks);
        Assert.Equal(1, code);
        Assert.Empty(result);
        Assert.False(File.Exists(cli.At("twin.json")));
    }
}
