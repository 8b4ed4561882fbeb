using System.Globalization;
using System.Text.Json;
using DataRig.Core;
using DataRig.Learning.Loading;
using DataRig.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Training;

/// <summary>
/// What changes while a network learns: its weights, the optimizer's memory and the history. Every random draw is a pure
/// function of the seed and the epoch, so that nothing else is needed to go on exactly where training stopped.
/// </summary>
internal sealed class TrainingState : IDisposable
{
    private const string NetworkPrefix = "network.", OptimizerPrefix = "optimizer.", AveragePrefix = "average.", HistoryKey = "history";

    private readonly List<EpochRecord> _history = [];

    private readonly TrainingOptions _options;
    private readonly IReadOnlyList<PartId> _classes;

    public TrainingState(TrainingOptions options, IReadOnlyList<PartId> classes)
    {
        (_options, _classes) = (options, classes);
        Network = ModelNames.Build(options.Model, classes.Count, options.Preprocessing, options.SeedValue);
        Average = options.AverageDecay > 0 ? new MovingAverage(ModelNames.Build(options.Model, classes.Count, options.Preprocessing, options.SeedValue), options.AverageDecay) : null;
        Optimizer = new Optimizer(options, Optimizer.Shares(Network, options));
    }

    public Network Network { get; }

    /// <summary>Null where the last weights are the model.</summary>
    public MovingAverage? Average { get; }

    /// <summary>What is validated and kept.</summary>
    public Network Judged => Average?.Network ?? Network;

    public Optimizer Optimizer { get; }

    public IReadOnlyList<EpochRecord> History => _history;

    /// <summary>The best epoch so far, or null before the first.</summary>
    public EpochRecord? Best { get; private set; }

    public int EpochsSinceBest => Best is null ? 0 : _history[^1].Epoch - Best.Epoch;

    /// <summary>Begins with the weights that the options name.</summary>
    /// <exception cref="WorkFailedException">They are damaged or of another network.</exception>
    public void Begin()
    {
        if (_options.Weights is { } weights)
        {
            Pretrained.Load(Network, _classes, weights);
        }

        Average?.Begin(Network);
    }

    /// <summary>Learns from one batch.</summary>
    /// <returns>The mean loss before the step, and how many of the pictures were recognized.</returns>
    public (double Loss, long Right) Step(Batch batch, LossFunction function, double learningRate)
    {
        // One scope a batch: its tensors are gone when it ends.
        using DisposeScope scope = NewDisposeScope();
        Tensor targets = batch.Targets();
        Network.zero_grad();
        Tensor logits = Network.call(batch.Pictures());
        Tensor loss = function.Of(logits, targets, batch);
        loss.backward();
        if (_options.GradientNorm > 0)
        {
            Optimizer.Clip(_options.GradientNorm);
        }

        Optimizer.Step(learningRate);
        return (loss.item<float>(), logits.detach().argmax(1).eq(targets).sum().item<long>());
    }

    /// <summary>Saves after an epoch. <c>last.safetensors</c> comes last: until it stands, the epoch has not happened.</summary>
    public void Add(EpochRecord epoch, Run run)
    {
        using DisposeScope scope = NewDisposeScope();
        _history.Add(epoch);
        bool best = epoch.IsBetterThan(Best);
        Best = best ? epoch : Best;
        MetricsFile.Write(run.MetricsPath, _history);
        if (best)
        {
            SafeTensors.Write(run.BestPath, Weights.Of(Judged), new Dictionary<string, string> { ["epoch"] = epoch.Epoch.ToString(CultureInfo.InvariantCulture), ["model"] = run.Options.Model, [Pretrained.PartsKey] = Pretrained.Parts(_classes) });
        }

        Dictionary<string, Tensor> memory = Optimizer.Save();
        Dictionary<string, Tensor> all = Weights.Of(Network).Select(w => (Name: NetworkPrefix + w.Key, w.Value))
            .Concat(Average is null ? [] : Weights.Of(Average.Network).Select(w => (Name: AveragePrefix + w.Key, w.Value)))
            .Concat(memory.Select(m => (Name: OptimizerPrefix + m.Key, m.Value)))
            .ToDictionary(p => p.Name, p => p.Value);
        SafeTensors.Write(run.LastPath, all, new Dictionary<string, string> { [HistoryKey] = JsonSerializer.Serialize(_history) });
        TensorBoardFile.Append(run, _history);
    }

    /// <summary>Goes on after the last finished epoch of a run; where it has none, begins with the weights that the options name.</summary>
    /// <exception cref="WorkFailedException">The checkpoint or the weights are damaged or of another network.</exception>
    public void BeginOrResume(Run run)
    {
        if (!File.Exists(run.LastPath))
        {
            Begin();
            TensorBoardFile.Write(run, []);
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        (Dictionary<string, Tensor> tensors, Dictionary<string, string> metadata) = SafeTensors.Read(run.LastPath);
        Dictionary<string, Tensor> Part(string prefix) => tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(t => t.Key[prefix.Length..], t => t.Value);
        Weights.Load(Network, Part(NetworkPrefix), run.LastPath);
        Optimizer.Load(Part(OptimizerPrefix));
        if (Average is not null)
        {
            Weights.Load(Average.Network, Part(AveragePrefix), run.LastPath);
        }

        try
        {
            _history.AddRange(JsonSerializer.Deserialize<List<EpochRecord>>(metadata.GetValueOrDefault(HistoryKey, "")) ?? []);
        }
        catch (JsonException e)
        {
            throw new WorkFailedException($"{run.LastPath} does not say which epochs it has behind it: start the training anew.", e);
        }

        foreach (EpochRecord epoch in _history)
        {
            Best = epoch.IsBetterThan(Best) ? epoch : Best;
        }

        // What was written of an epoch that was not finished goes.
        MetricsFile.Write(run.MetricsPath, _history);
        TensorBoardFile.Write(run, _history);
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        Average?.Dispose();
        Network.Dispose();
    }
}
