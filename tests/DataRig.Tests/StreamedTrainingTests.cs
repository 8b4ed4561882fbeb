using System.Text.Json;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Learning;

namespace DataRig.Tests;

/// <summary>Renders that go straight into training.</summary>
public sealed class StreamedTrainingTests
{
    [Fact]
    public async Task A_streamed_render_is_the_one_that_synth_writes()
    {
        using Cli cli = new();
        SynthesisRequest request = SynthesisRequest.Of(Path.Combine(AppContext.BaseDirectory, "scenes", "turntable.json"), new Seed(8), 0, 6, ["3001", "3003"]);
        using Dataset dataset = Dataset.Create(cli.At("d"));
        await SynthesisJob.RunAsync(request, dataset, new Progress<StageProgress>(), default);
        Dictionary<string, FrameRecord> written = dataset.Frames().ToDictionary(f => f.Origin!);
        using SceneStream stream = new(request with { Count = 3 }, 1);
        Preprocessor preprocessor = new(new PreprocessingOptions());

        Frame[] streamed = [.. stream.Frames(0, 3, default), .. stream.Frames(3, 3, default)];

        Assert.Equal(6, streamed.Length);
        Assert.All(streamed, f =>
        {
            FrameRecord same = written[f.Origin!];
            Assert.Equal((same.Part, same.Item, same.Pose, same.AzimuthDegrees), (f.Part, f.Item, f.Pose, f.AzimuthDegrees));
            Assert.Equal(dataset.ReadImageFile(same), f.Image.Bytes);
            Assert.Equal(preprocessor.Apply(dataset.ReadImage(same)).Rgb, preprocessor.Apply(ImageCodec.Decode(f.Image.Bytes)).Rgb);
        });
    }

    [Fact]
    public async Task A_model_is_trained_on_renders_without_a_dataset_and_resumed()
    {
        using Cli cli = new();
        cli.Write("scene.json", """{ "name": "two", "image": { "width": 64, "height": 64 }, "parts": ["3001", "3003"] }""");

        JsonElement trained = await cli.JsonAsync("train", "--synth", "scene.json", "--count", "48", "--epochs", "1", "--seed", "4", "--out", "run");
        string first = await File.ReadAllTextAsync(cli.At("run/metrics.csv"), TestContext.Current.CancellationToken);
        JsonElement again = await cli.JsonAsync("train", "--resume", "--out", "run");

        Assert.Equal(JsonValueKind.Null, trained.GetProperty("dataset").ValueKind);
        Assert.Equal((48, 1.0), (trained.GetProperty("stream").GetProperty("framesAnEpoch").GetInt32(), trained.GetProperty("stream").GetProperty("share").GetDouble()));
        Assert.Matches(@"^scene two \([0-9a-f]{16}\), seed \d+$", trained.GetProperty("stream").GetProperty("origin").GetString());
        Assert.Equal(trained.GetProperty("epochs").GetInt32(), again.GetProperty("epochs").GetInt32());
        Assert.Equal(first, await File.ReadAllTextAsync(cli.At("run/metrics.csv"), TestContext.Current.CancellationToken));

        // Another scene under the same name is not what the run began with.
        cli.Write("scene.json", """{ "name": "two", "image": { "width": 96, "height": 64 }, "parts": ["3001", "3003"] }""");
        (int code, _, string remarks) = await cli.RunAsync("train", "--resume", "--out", "run");
        Assert.Equal(1, code);
        Assert.Contains("what is rendered into the batches changed", remarks);
    }
}
