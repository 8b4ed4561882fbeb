using System.Text.Json;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Tests;

/// <summary>Data of which nothing can be learned, through the verbs as a user has them: each ends in one sentence or in a marked figure.</summary>
public sealed class DegenerateDataTests
{
    private static readonly string[] Quick = ["--epochs", "1", "--set", "preprocessing.inputPixels=32", "batchSize=8", "warmupEpochs=0"];

    [Theory]
    [InlineData(5, 4, "training needs frames of at least two parts, found 12 frames of bar alone")]
    [InlineData(1, 1, "training needs frames of at least two parts, found 1 frames of bar alone")]
    public async Task One_class_or_one_picture_is_refused_by_training(int items, int frames, string expected)
    {
        using Cli cli = new();
        Pictures(cli, ["bar"], items, frames);

        await cli.JsonAsync("dataset", "import", "pictures", "--out", "data");
        await cli.JsonAsync("dataset", "audit", "--data", "data");

        await RefusedAsync(cli, expected, ["train", "--data", "data", "--out", "run", .. Quick]);
        await RefusedAsync(cli, "is not a run", "validate", "--model", "run");
    }

    [Fact]
    public async Task Pictures_that_are_all_alike_are_named_by_the_audit_and_by_the_leak_gate_and_then_by_the_five_image_check()
    {
        using Cli cli = new();
        Pictures(cli, ["bar", "square"], 5, 2, (_, _, _) => new Picture(48, 48, [.. Enumerable.Repeat((byte)128, 48 * 48 * 3)]));

        await cli.JsonAsync("dataset", "import", "pictures", "--out", "data");
        (int audit, string found, _) = await cli.RunAsync("dataset", "audit", "--data", "data");
        await RefusedAsync(cli, "8 of 8 held-out frames are known to training already", ["train", "--data", "data", "--out", "run", .. Quick]);
        await RefusedAsync(cli, "pictures by heart", ["train", "--data", "data", "--out", "run", "--allow-leaks", .. Quick]);
        await RefusedAsync(cli, "has no model yet", "validate", "--model", "run");

        Assert.Equal(1, audit);
        Assert.Contains("one of the labels is wrong", found);
    }

    [Fact]
    public async Task A_class_missing_from_validation_and_from_test_is_said_and_pictures_of_one_pixel_and_of_too_many_end_in_a_sentence()
    {
        using Cli cli = new();
        Pictures(cli, ["bar", "square"], 4, 3);
        Pictures(cli, ["disc"], 1, 3);
        File.WriteAllBytes(cli.At("pictures/bar/bar-0/one.png"), ImageCodec.EncodePng(new Picture(1, 1)).Bytes);
        File.WriteAllBytes(cli.At("pictures/bar/bar-0/nan.tiff"), [1, 2, 3]);
        File.WriteAllBytes(cli.At("large.png"), Png.Claiming(12_000, 9_000));

        (int code, _, string remarks) = await cli.RunAsync("dataset", "import", "pictures", "--out", "data");
        Assert.Equal(0, code);
        Assert.Contains("One picture is of a kind that is not read, and passed over: bar/bar-0/nan.tiff", remarks);
        (code, string trained, remarks) = await cli.RunAsync(["train", "--data", "data", "--out", "run", "--allow-leaks", "--quiet", .. Quick]);
        Assert.Equal(0, code);
        Assert.Contains("Nothing can prove how the model does on another item of disc", remarks);
        Assert.Contains("Validation promises no recall: it has too few items.", trained);
        JsonElement proof = (await cli.JsonAsync("validate", "--model", "run", "--background", "--doubtful", "2", "--random-split", "--report", "page.html")).GetProperty("proof");
        Assert.Equal(JsonValueKind.Null, proof.GetProperty("thresholds").GetProperty("promisedRecall").ValueKind);
        Assert.True(proof.GetProperty("calibration").GetProperty("fewItems").GetBoolean());

        JsonElement said = await cli.JsonAsync("predict", "--model", "run", "pictures/bar/bar-0/one.png");
        Assert.Equal(3, said.GetProperty("predictions")[0].GetProperty("parts").GetArrayLength());
        await cli.JsonAsync("explain", "--model", "run", "--count", "2", "--out", "why");
        await RefusedAsync(cli, "The picture is 12000x9000, and at most 100 megapixels are read", "predict", "--model", "run", "large.png");
        File.Copy(cli.At("large.png"), cli.At("pictures/bar/bar-0/large.png"));
        await RefusedAsync(cli, "The picture is 12000x9000, and at most 100 megapixels are read", "dataset", "import", "pictures", "--out", "other");

        Spoil(cli.At("run/best.safetensors"));
        foreach (string[] verb in new[] { new[] { "validate" }, ["explain", "--out", "why"], ["predict", "pictures/bar/bar-0/0.png"] })
        {
            await RefusedAsync(cli, "hold values that are not numbers, in ", [.. verb, "--model", "run"]);
        }
    }

    private static async Task RefusedAsync(Cli cli, string expected, params string[] arguments)
    {
        (int code, string result, string remarks) = await cli.RunAsync([.. arguments, "--quiet"]);

        Assert.Equal(1, code);
        Assert.Equal("", result);
        Assert.Contains(expected, remarks);
        Assert.DoesNotContain("   at ", remarks);
    }

    /// <summary>Makes one weight no number.</summary>
    private static void Spoil(string file)
    {
        byte[] content = File.ReadAllBytes(file);
        int values = 8 + (int)BitConverter.ToInt64(content);
        BitConverter.TryWriteBytes(content.AsSpan(values), float.NaN);
        File.WriteAllBytes(file, content);
    }

    /// <summary>A folder a part and an item, in <c>pictures</c>.</summary>
    private static void Pictures(Cli cli, string[] parts, int items, int frames, Func<string, int, int, Picture>? draw = null)
    {
        foreach ((string part, int item, int frame) in from part in parts from item in Enumerable.Range(0, items) from frame in Enumerable.Range(0, frames) select (part, item, frame))
        {
            string folder = Directory.CreateDirectory(cli.At($"pictures/{part}/{part}-{item}")).FullName;
            File.WriteAllBytes(Path.Combine(folder, $"{frame}.png"), ImageCodec.EncodePng((draw ?? Shape)(part, item, frame)).Bytes);
        }
    }

    /// <summary>A bar, a square or a disc of the item's colour on a light table, in another place each time.</summary>
    private static Picture Shape(string part, int item, int frame)
    {
        Picture picture = new(48, 48, [.. Enumerable.Repeat((byte)230, 48 * 48 * 3)]);
        (byte, byte, byte) color = ((byte)(40 + (35 * item)), (byte)(190 - (30 * item)), (byte)(60 * (item % 3)));
        for (int y = 0; y < 48; y++)
        {
            for (int x = 0; x < 48; x++)
            {
                int dx = x - 20 - (2 * frame), dy = y - 27 + (2 * frame);
                if (part switch { "bar" => Math.Abs(dx) < 14 && Math.Abs(dy) < 4, "square" => Math.Abs(dx) < 9 && Math.Abs(dy) < 9, _ => (dx * dx) + (dy * dy) < 90 })
                {
                    picture[x, y] = color;
                }
            }
        }

        return picture;
    }
}
