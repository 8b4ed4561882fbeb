using DataRig.Learning.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Training;

/// <summary>Cross-entropy with smoothed labels, weighed by class where the options say so, over both parts of mixed pictures.</summary>
internal sealed class LossFunction(TrainingOptions options, TrainingSet set) : IDisposable
{
    private readonly Tensor? _weights = options.Balance == BalanceKind.Weights ? tensor(set.ClassWeights()).to(TorchRuntime.Device).DetachFromDisposeScope() : null;

    /// <param name="logits">[N, classes].</param>
    /// <param name="targets">[N], the batch's own labels.</param>
    /// <param name="batch">Says what is laid over them.</param>
    public Tensor Of(Tensor logits, Tensor targets, Batch batch)
    {
        Tensor own = Entropy(logits, targets);
        return batch.Mixed is not { } mixed
            ? own
            : Arithmetic.Add(own.mul(tensor((float)mixed.Share)), Entropy(logits, mixed.Targets()).mul(tensor((float)(1 - mixed.Share))), 1);
    }

    public void Dispose() => _weights?.Dispose();

    private Tensor Entropy(Tensor logits, Tensor targets) => nn.functional.cross_entropy(logits, targets, _weights, label_smoothing: options.LabelSmoothing);
}
