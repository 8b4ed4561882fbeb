using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Models;
using DataRig.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Tests.Training;

[Collection(TorchCollection.Name)]
public sealed class PretrainedTests : IDisposable
{
    private static readonly PartId[] Three = [new("a"), new("b"), new("c")], Two = [new("a"), new("b")];

    private static readonly TrainingOptions Small = new()
    {
        Preprocessing = new PreprocessingOptions { InputPixels = 32 }, BatchSize = 8, Epochs = 2, WarmupEpochs = 0, CheckFiveImages = false, Seed = 3,
    };

    private readonly ShapeFrames _frames = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _frames.Dispose();
    }

    /// <summary>A file as it is published: ImageNet's classes, and PyTorch's count of batches.</summary>
    [Fact]
    public void A_published_file_gives_all_but_the_last_layer()
    {
        using Network published = ModelNames.Build("mobilenet-v3-small", 1000, Small.Preprocessing, new Seed(1)), fresh = ModelNames.Build("mobilenet-v3-small", 3, Small.Preprocessing, new Seed(2)), network = ModelNames.Build("mobilenet-v3-small", 3, Small.Preprocessing, new Seed(2));
        string file = Write(published, t => t["features.0.1.num_batches_tracked"] = tensor(17L));

        Pretrained.Load(network, Three, file);

        Dictionary<string, Tensor> given = Weights.Of(published), untouched = Weights.Of(fresh);
        Assert.All(Weights.Of(network), w => Assert.True(w.Value.equal((network.IsLastLayer(w.Key) ? untouched : given)[w.Key]).all().item<bool>(), w.Key));
    }

    [Fact]
    public void The_last_layer_is_taken_from_a_run_of_the_same_parts_alone()
    {
        using Network given = ModelNames.Build("residual", 3, Small.Preprocessing, new Seed(1)), same = ModelNames.Build("residual", 3, Small.Preprocessing, new Seed(2)), other = ModelNames.Build("residual", 3, Small.Preprocessing, new Seed(2));
        string file = Write(given, _ => { }, new() { [Pretrained.PartsKey] = Pretrained.Parts(Three) });

        Pretrained.Load(same, Three, file);
        Pretrained.Load(other, [.. Three.Reverse()], file);

        Assert.True(same.state_dict()["output.weight"].equal(given.state_dict()["output.weight"]).all().item<bool>());
        Assert.False(other.state_dict()["output.weight"].equal(given.state_dict()["output.weight"]).all().item<bool>());
        Assert.True(other.state_dict()["stem.conv.weight"].equal(given.state_dict()["stem.conv.weight"]).all().item<bool>());
    }

    [Fact]
    public void Everything_that_does_not_fit_is_listed_at_once()
    {
        using Network given = ModelNames.Build("residual", 3, Small.Preprocessing, new Seed(1)), network = ModelNames.Build("residual", 2, Small.Preprocessing, new Seed(2));
        string file = Write(given, t =>
        {
            t.Remove("stem.norm.bias");
            t["stem.conv.weight"] = zeros(2, 2);
            t["layer9.weight"] = zeros(4);
        });

        string message = Assert.Throws<WorkFailedException>(() => Pretrained.Load(network, Two, file)).Message;

        Assert.StartsWith($"the weights {file} do not fit this network: stem.norm.bias [16] is missing; stem.conv.weight is [2, 2], expected [16, 3, 5, 5]; layer9.weight [4] has no place.", message);
    }

    [Fact]
    public void A_frozen_backbone_stays_to_the_bit_while_the_last_layer_learns()
    {
        List<LabelledFrame> frames = _frames.Make(8, SplitRole.Train);
        Run first = Train(frames, "first", Small);
        Run second = Train(frames, "second", Small with { Weights = first.BestPath, FrozenEpochs = 2 });
        Run third = Train(frames, "third", Small with { Weights = first.BestPath, FrozenEpochs = 1, BackboneRate = 0.1 });

        Dictionary<string, Tensor> given = Of(first), frozen = Of(second), thawed = Of(third);
        Assert.All(given, w => Assert.Equal(!w.Key.StartsWith("output.", StringComparison.Ordinal), w.Value.equal(frozen[w.Key]).all().item<bool>()));
        Assert.All(given.Where(w => w.Key.EndsWith("weight", StringComparison.Ordinal)), w => Assert.False(w.Value.equal(thawed[w.Key]).all().item<bool>(), w.Key));
        Assert.Equal(Pretrained.Hash(first.BestPath), second.Record.WeightsHash);

        static Dictionary<string, Tensor> Of(Run run) => SafeTensors.Read(run.BestPath).Tensors;
    }

    /// <summary>Two layers with the same gradient move as far as their rates say, from the first step that each one takes.</summary>
    [Fact]
    public void The_backbone_learns_at_its_share_of_the_rate()
    {
        TrainingOptions options = Small with { Model = "article", Optimizer = OptimizerKind.Sgd, WeightDecay = 0, BackboneRate = 0.25 };
        using Network network = ModelNames.Build("article", 3, Small.Preprocessing, new Seed(1));
        using Optimizer optimizer = new(options, Optimizer.Shares(network, options));
        Dictionary<string, Tensor> before = Weights.Of(network).ToDictionary(w => w.Key, w => w.Value.detach().clone());
        network.parameters().Select(p => p.sum()).Aggregate((a, b) => a + b).backward();

        optimizer.Step(0.1);

        Assert.All(Weights.Of(network), w => Assert.Equal(network.IsLastLayer(w.Key) ? 0.1 : 0.025, (before[w.Key] - w.Value).max().item<float>(), 1e-6));
    }

    private Run Train(IReadOnlyList<LabelledFrame> frames, string name, TrainingOptions options) =>
        new Trainer(TimeProvider.System).Train(new TrainingRequest { Frames = frames, RunFolder = Path.Combine(_frames.Folder, name), Options = options }).Run;

    private string Write(Network network, Action<Dictionary<string, Tensor>> change, Dictionary<string, string>? metadata = null)
    {
        string file = Path.Combine(_frames.Folder, "weights.safetensors");
        Dictionary<string, Tensor> tensors = Weights.Of(network);
        change(tensors);
        SafeTensors.Write(file, tensors, metadata);
        return file;
    }
}
