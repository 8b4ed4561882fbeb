using System.Text.Json;
using System.Text.Json.Nodes;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Tests;

/// <summary>A dataset's way through the command line: in, looked at, out to people who correct it, and back.</summary>
public sealed class DatasetVerbsTests
{
    [Fact]
    public async Task Pictures_come_in_are_corrected_in_Label_Studio_and_come_back_with_who_and_when()
    {
        using Cli cli = new();
        foreach ((string part, byte red) in new[] { ("3001", (byte)200), ("3003", (byte)40) })
        {
            Directory.CreateDirectory(cli.At($"pictures/{part}"));
            for (int i = 0; i < 3; i++)
            {
                await File.WriteAllBytesAsync(cli.At($"pictures/{part}/{i}.jpg"), ImageCodec.EncodeJpeg(Picture(red, i), 90).Bytes, TestContext.Current.CancellationToken);
            }
        }

        await cli.JsonAsync("dataset", "import", cli.At("pictures"), "--out", "d");
        JsonElement info = await cli.JsonAsync("dataset", "info", "--data", "d");
        Assert.Equal((6, 1.0, 2), (info.GetProperty("frames").GetInt32(), info.GetProperty("imbalance").GetDouble(), info.GetProperty("parts").GetArrayLength()));
        Assert.True(info.GetProperty("pictureBytes").GetInt64() > 1000);
        (int code, string drawn, _) = await cli.RunAsync("dataset", "info", "--data", "d");
        Assert.Equal(0, code);
        Assert.Contains("6 frames (0 captured, 0 rendered, 6 imported) of 2 items", drawn);

        await cli.JsonAsync("dataset", "export", "--data", "d", "--format", "labelstudio", "--out", "sent");
        JsonArray tasks = JsonNode.Parse(await File.ReadAllTextAsync(cli.At("sent/tasks.json"), TestContext.Current.CancellationToken))!.AsArray();
        tasks[0]!["annotations"] = new JsonArray(new JsonObject
        {
            ["completed_by"] = new JsonObject { ["email"] = "ann@example.org" }, ["updated_at"] = "2026-11-20T10:00:00Z", ["result"] = new JsonArray(Choice("3003")),
        });
        tasks[1]!["annotations"] = new JsonArray(new JsonObject { ["completed_by"] = 4, ["updated_at"] = "2026-11-20T11:00:00Z", ["result"] = new JsonArray(Choice("none such")) });
        cli.Write("back.json", tasks.ToJsonString());

        (code, string result, string remarks) = await cli.RunAsync("dataset", "corrections", cli.At("back.json"), "--data", "d", "--json");
        JsonElement corrected = JsonDocument.Parse(result).RootElement;
        Assert.Equal(1, code); // a conflict is a check that says no
        Assert.Equal((1, 1), (corrected.GetProperty("changed").GetInt32(), corrected.GetProperty("conflictCount").GetInt32()));
        Assert.Contains("there is no part \"none such\" in this dataset", remarks);
        JsonElement edit = (await cli.JsonAsync("dataset", "edits", "--data", "d")).GetProperty("edits").EnumerateArray().Single();
        Assert.Equal(("relabel", "ann@example.org", "label-studio"), (edit.GetProperty("kind").GetString(), edit.GetProperty("who").GetString(), edit.GetProperty("source").GetString()));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero), edit.GetProperty("at").GetDateTimeOffset());

        await cli.JsonAsync("dataset", "undo", "--data", "d");
        Assert.Equal(info.GetProperty("hash").GetString(), (await cli.JsonAsync("dataset", "info", "--data", "d")).GetProperty("hash").GetString());
    }

    private static JsonObject Choice(string part) => new()
    {
        ["id"] = "c", ["type"] = "choices", ["from_name"] = "part", ["to_name"] = "image", ["value"] = new JsonObject { ["choices"] = new JsonArray(part) },
    };

    private static Picture Picture(byte red, int number)
    {
        Picture picture = new(64, 48);
        for (int i = 0; i < 64 * 48; i++)
        {
            picture[i % 64, i / 64] = (red, (byte)((i * (number + 3)) & 255), (byte)(i / 64));
        }

        return picture;
    }
}
