using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Tests;

/// <summary>
/// Runs read and written by Python: TensorBoard's events through Google's protobuf, safetensors through numpy, both from the published
/// formats, with no line of the program's own in between.
/// </summary>
[Collection(TorchCollection.Name)]
public sealed class IndependentReadersTests : IDisposable
{
    private const string Python = "/usr/bin/python3", Packages = "/usr/lib/python3/dist-packages";

    private readonly string _folder = Directory.CreateTempSubdirectory("datarig-readers-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Protobuf_reads_the_events_and_their_checksums()
    {
        Require("google/protobuf", "python3-protobuf");
        EpochRecord first = new(1, 2.25, 0.5, 1.5, 0.625, 0.6, 0.003, 10, 50);
        Run run = Run.Create(Path.Combine(_folder, "run"), new RunRecord
        {
            Options = new TrainingOptions(), Classes = ["a", "b"], DatasetHash = "", SplitHash = "", FramesHash = "", TrainingFrames = 0, RenderedFrames = 0, ValidationFrames = 0,
            StartedAt = "2026-01-02T03:04:05Z", Versions = new Dictionary<string, string>(), Machine = new Dictionary<string, string>(),
        });
        TensorBoardFile.Write(run, [first]);
        TensorBoardFile.Append(run, [first, first with { Epoch = 2, TrainLoss = 0.125 }]);

        string read = await RunAsync("events", run.TensorBoardPath);

        Assert.Equal(
            """
            0 brain.Event:2
            1 accuracy/train=0.5 accuracy/validation=0.625 imagesPerSecond=50 learningRate=0.003 loss/train=2.25 loss/validation=1.5 macroF1/validation=0.6
            2 accuracy/train=0.5 accuracy/validation=0.625 imagesPerSecond=50 learningRate=0.003 loss/train=0.125 loss/validation=1.5 macroF1/validation=0.6
            """,
            read.TrimEnd());
    }

    [Fact]
    public async Task Numpy_reads_the_weights_that_are_written_here()
    {
        Require("numpy", "python3-numpy");
        string file = Path.Combine(_folder, "written.safetensors");
        SafeTensors.Write(
            file,
            new Dictionary<string, Tensor> { ["weight"] = arange(6, ScalarType.Float32).reshape(2, 3).t(), ["count"] = tensor(42L), ["none"] = empty(0, 7), ["half"] = tensor(new[] { 0.5f, -2f }).to(ScalarType.Float16), ["mask"] = tensor(new[] { true, false }) },
            new Dictionary<string, string> { ["epoch"] = "3" });

        string read = await RunAsync("read", file);

        Assert.Equal(
            """
            __metadata__ {"epoch": "3"}
            count int64 [] 42
            half float16 [2] 0.5 -2
            mask bool [2] 1 0
            none float32 [0, 7]
            weight float32 [3, 2] 0 3 1 4 2 5
            """,
            read.TrimEnd());
    }

    [Fact]
    public async Task Weights_that_numpy_wrote_are_read_here()
    {
        Require("numpy", "python3-numpy");
        string file = Path.Combine(_folder, "theirs.safetensors");
        await RunAsync("write", file);

        (Dictionary<string, Tensor> tensors, Dictionary<string, string> metadata) = SafeTensors.Read(file);

        Assert.Equal("numpy", metadata["by"]);
        Assert.Equal(["bias", "weight"], tensors.Keys.Order());
        Assert.Equal([2, 3], tensors["weight"].shape);
        Assert.Equal([0f, 1.5f, 3f, 4.5f, 6f, 7.5f], tensors["weight"].data<float>().ToArray());
        Assert.Equal([-1L, 1L << 40], tensors["bias"].data<long>().ToArray());
    }

    private static void Require(string module, string package)
    {
        bool found = File.Exists(Python) && Directory.Exists(Path.Combine(Packages, module));
        if (!found)
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", $"{package} is missing; on Debian: apt-get install {package}");
            Assert.Fail($"{package} is missing");
        }
    }

    private static async Task<string> RunAsync(string what, string file)
    {
        using Process python = Process.Start(new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "independent-readers.py"), what, file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = python.StandardOutput.ReadToEndAsync(), errors = python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await errors);
        return (await output).ReplaceLineEndings("\n");
    }
}
