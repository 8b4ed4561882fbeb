using DataRig.Core;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DataRig.Learning.Training;

/// <summary>Makes optimizers, and takes their memory apart into named tensors for a checkpoint.</summary>
internal static class OptimizerTensors
{
    private const double SgdMomentum = 0.9;

    public static OptimizerHelper Create(TrainingOptions options, IEnumerable<Parameter> parameters) => options.Optimizer switch
    {
        OptimizerKind.Adam => optim.Adam(parameters, options.LearningRate, weight_decay: options.WeightDecay),
        OptimizerKind.AdamW => optim.AdamW(parameters, options.LearningRate, weight_decay: options.WeightDecay),
        OptimizerKind.Sgd => optim.SGD(parameters, options.LearningRate, momentum: SgdMomentum, weight_decay: options.WeightDecay),
        OptimizerKind.Adadelta => optim.Adadelta(parameters, options.LearningRate, weight_decay: options.WeightDecay),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Optimizer, "there is no such optimizer"),
    };

    /// <summary>The optimizer's memory, by <c>number of the parameter.name</c>. New tensors, owned by the caller's dispose scope.</summary>
    public static Dictionary<string, Tensor> Save(OptimizerHelper optimizer)
    {
        Dictionary<string, Tensor> tensors = [];
        foreach ((string prefix, OptimizerState state) in States(optimizer))
        {
            foreach ((string name, Tensor? value) in Values(state))
            {
                if (value is not null)
                {
                    tensors[$"{prefix}.{name}"] = value.detach().clone();
                }
            }

            if (Steps(state) is { } steps)
            {
                tensors[$"{prefix}.step"] = tensor(steps);
            }
        }

        return tensors;
    }

    /// <summary>Gives a new optimizer of the same kind over the same parameters the memory of another.</summary>
    /// <exception cref="WorkFailedException">A tensor is missing or has another shape.</exception>
    public static void Load(OptimizerHelper optimizer, IReadOnlyDictionary<string, Tensor> tensors)
    {
        foreach ((string prefix, OptimizerState state) in States(optimizer))
        {
            Tensor Get(string name, Tensor like) => tensors.TryGetValue($"{prefix}.{name}", out Tensor? saved) && saved.shape.SequenceEqual(like.shape)
                ? saved
                : throw new WorkFailedException($"the checkpoint does not fit the optimizer: its tensor {prefix}.{name} is missing or has another shape. Start the training anew.");
            foreach ((string name, Tensor? value) in Values(state))
            {
                value?.copy_(Get(name, value));
            }

            switch (state)
            {
                case Adam.State adam:
                    adam.step = Step();
                    break;
                case AdamW.State adamW:
                    adamW.step = Step();
                    break;
                case Adadelta.State adadelta:
                    adadelta.step = Step();
                    break;
                case SGD.State sgd when tensors.TryGetValue($"{prefix}.momentum_buffer", out Tensor? momentum):
                    sgd.momentum_buffer = momentum.to(TorchRuntime.Device).clone().DetachFromDisposeScope();
                    break;
            }

            long Step() => tensors.TryGetValue($"{prefix}.step", out Tensor? steps) ? steps.item<long>() : 0;
        }
    }

    private static IEnumerable<(string Prefix, OptimizerState State)> States(OptimizerHelper optimizer) =>
        optimizer.state_dict().State.Select((state, i) => (FormattableString.Invariant($"{i}"), state));

    private static (string Name, Tensor? Value)[] Values(OptimizerState state) => state switch
    {
        Adam.State s => [("exp_avg", s.exp_avg), ("exp_avg_sq", s.exp_avg_sq)],
        AdamW.State s => [("exp_avg", s.exp_avg), ("exp_avg_sq", s.exp_avg_sq)],
        Adadelta.State s => [("square_avg", s.square_avg), ("acc_delta", s.acc_delta)],
        SGD.State s => [("momentum_buffer", s.momentum_buffer)],
        _ => throw new ArgumentOutOfRangeException(nameof(state), state.GetType().Name, "there is no such optimizer"),
    };

    private static long? Steps(OptimizerState state) => state switch
    {
        Adam.State s => s.step,
        AdamW.State s => s.step,
        Adadelta.State s => s.step,
        _ => null,
    };
}
