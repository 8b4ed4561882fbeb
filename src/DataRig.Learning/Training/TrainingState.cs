using System.Globalization;
using System.Text.Json;
using DataRig.Core;
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
    private const string NetworkPrefix = "network.", OptimizerPrefix = "optimizer.", HistoryKey = "history";

    private readonly List<EpochRecord> _history = [];

    private readonly TrainingOptions _options;
    private readonly IReadOnlyList<PartId> _classes;

    public TrainingState(TrainingOptions options, IReadOnlyList<PartId> classes)
    {
        (_options, _classes) = (options, classes);
        Network = ModelNames.Build(options.Model, classes.Count, options.Preprocessing.InputPixels, options.SeedValue);
        Optimizer = new Optimizer(options, Optimizer.Shares(Network, options));
    }

    public Network Network { get; }

    public Optimizer Optimizer { get; }

    public IReadOnlyList<EpochRecord> History => _history;

    /// <summary>The best epoch so far, or null before the first.</summary>
    public EpochRecord? Best { get; private set; }

    public int EpochsSinceBest => Best is null ? 0 : _history[^1].Epoch - Best.Epoch;

    /// <summary>Saves after an epoch. <c>last.safetensors</c> comes last: until it stands, the epoch has not happened.</summary>
    public void Add(EpochRecord epoch, Run run)
    {
        using DisposeScope scope = NewDisposeScope();
        _history.Add(epoch);
        bool best = epoch.IsBetterThan(Best);
        Best = best ? epoch : Best;
        MetricsFile.Write(run.MetricsPath, _history);
        Dictionary<string, Tensor> weights = Weights.Of(Network);
        if (best)
        {
            SafeTensors.Write(run.BestPath, weights, new Dictionary<string, string> { ["epoch"] = epoch.Epoch.ToString(CultureInfo.InvariantCulture), ["model"] = run.Options.Model, [Pretrained.PartsKey] = Pretrained.Parts(_classes) });
        }

        Dictionary<string, Tensor> memory = Optimizer.Save();
        Dictionary<string, Tensor> all = weights.Select(w => (Name: NetworkPrefix + w.Key, w.Value))
            .Concat(memory.Select(m => (Name: OptimizerPrefix + m.Key, m.Value)))
            .ToDictionary(p => p.Name, p => p.Value);
        SafeTensors.Write(run.LastPath, all, new Dictionary<string, string> { [HistoryKey] = JsonSerializer.Serialize(_history) });
    }

    /// <summary>Goes on after the last finished epoch of a run; where it has none, begins with the weights that the options name.</summary>
    /// <exception cref="WorkFailedException">The checkpoint or the weights are damaged or of another network.</exception>
    public void Resume(Run run)
    {
        if (!File.Exists(run.LastPath))
        {
            if (_options.Weights is { } weights)
            {
                Pretrained.Load(Network, _classes, weights);
            }

            return;
        }

        using DisposeScope scope = NewDisposeScope();
        (Dictionary<string, Tensor> tensors, Dictionary<string, string> metadata) = SafeTensors.Read(run.LastPath);
        Dictionary<string, Tensor> Part(string prefix) => tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(t => t.Key[prefix.Length..], t => t.Value);
        Weights.Load(Network, Part(NetworkPrefix), run.LastPath);
        Optimizer.Load(Part(OptimizerPrefix));
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
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        Network.Dispose();
    }
}
