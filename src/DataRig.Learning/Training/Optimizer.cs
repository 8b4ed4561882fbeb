using DataRig.Core;
using DataRig.Learning.Models;
using TorchSharp;
using TorchSharp.Modules;
using static DataRig.Learning.Training.Arithmetic;
using static TorchSharp.torch;

namespace DataRig.Learning.Training;

/// <summary>
/// Adam (Kingma and Ba, 2015), AdamW (Loshchilov and Hutter, 2019), SGD with momentum, Adadelta (Zeiler, 2012), Adagrad
/// (Duchi et al., 2011) and RMSprop (Hinton, 2012), with the formulas and constants that PyTorch has. TorchSharp 0.107's own are not used: they hand temporary scalars to native
/// code, which the garbage collector may free during the call, so that now and then a step fails or takes a wrong number.
/// Here every scalar is held until its call is over.
/// </summary>
internal sealed class Optimizer : IDisposable
{
    private const string First = "exp_avg", Second = "exp_avg_sq", Momentum = "momentum_buffer", SquareAverage = "square_avg", DeltaAverage = "acc_delta", Sum = "sum", StepKey = "step";
    private const double Beta1 = 0.9, Beta2 = 0.999, SgdMomentum = 0.9, Rho = 0.9, RmsShare = 0.99;

    private readonly OptimizerKind _kind;
    private readonly double _weightDecay;
    private readonly Parameter[] _parameters;
    private readonly double[] _shares;
    private readonly Dictionary<string, Tensor>[] _memory;

    /// <summary>Of each parameter on its own: one that was frozen at first has had fewer.</summary>
    private readonly long[] _steps;

    /// <param name="options">Kind and weight decay.</param>
    /// <param name="parameters">What it moves, each with its share of the learning rate.</param>
    public Optimizer(TrainingOptions options, IEnumerable<(Parameter Parameter, double Share)> parameters)
    {
        (Parameter Parameter, double Share)[] all = [.. parameters];
        _kind = options.Optimizer;
        _weightDecay = options.WeightDecay;
        _parameters = [.. all.Select(p => p.Parameter)];
        _shares = [.. all.Select(p => p.Share)];
        _steps = new long[all.Length];
        string[] names = _kind switch
        {
            OptimizerKind.Adam or OptimizerKind.AdamW => [First, Second],
            OptimizerKind.Sgd => [Momentum],
            OptimizerKind.Adadelta => [SquareAverage, DeltaAverage],
            OptimizerKind.Adagrad => [Sum],
            OptimizerKind.RmsProp => [SquareAverage],
            _ => throw new ArgumentOutOfRangeException(nameof(options), _kind, "there is no such optimizer"),
        };
        _memory = [.. _parameters.Select(p => names.ToDictionary(n => n, _ => zeros_like(p, requires_grad: false).DetachFromDisposeScope()))];
    }

    /// <summary>A network's parameters: the last layer learns at the whole rate, all others at the backbone's share of it.</summary>
    public static IEnumerable<(Parameter Parameter, double Share)> Shares(Network network, TrainingOptions options) =>
        network.named_parameters().Select(p => (p.parameter, network.IsLastLayer(p.name) ? 1 : options.BackboneRate));

    /// <summary>Shortens the gradient of all parameters together to a norm, where it is longer.</summary>
    public void Clip(double norm)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Tensor[] gradients = [.. _parameters.Select(p => p.grad).OfType<Tensor>()];
        double length = Math.Sqrt(gradients.Sum(g => (double)g.square().sum().item<float>()));
        if (length > norm)
        {
            foreach (Tensor gradient in gradients)
            {
                Scale(gradient, norm / length);
            }
        }
    }

    /// <summary>Moves the parameters along their gradients; those without one, since they are frozen, stay.</summary>
    public void Step(double learningRate)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        for (int i = 0; i < _parameters.Length; i++)
        {
            if (_parameters[i].grad is { } gradient)
            {
                _steps[i]++;
                Move(_parameters[i], gradient, _memory[i], _steps[i], learningRate * _shares[i]);
            }
        }
    }

    /// <summary>The memory, by <c>number of the parameter.name</c>, not copied; and the counts of steps, owned by the caller's scope.</summary>
    public Dictionary<string, Tensor> Save()
    {
        Dictionary<string, Tensor> tensors = new() { [StepKey] = tensor(_steps) };
        for (int i = 0; i < _memory.Length; i++)
        {
            foreach ((string name, Tensor value) in _memory[i])
            {
                tensors[FormattableString.Invariant($"{i}.{name}")] = value;
            }
        }

        return tensors;
    }

    /// <summary>Takes over what an optimizer of the same kind over the same parameters has saved.</summary>
    /// <exception cref="WorkFailedException">A tensor is missing or has another shape.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> tensors)
    {
        using IDisposable frozen = no_grad();
        foreach ((string name, Tensor own) in Save())
        {
            if (!tensors.TryGetValue(name, out Tensor? saved) || !saved.shape.SequenceEqual(own.shape))
            {
                throw new WorkFailedException($"the checkpoint does not fit the optimizer: its tensor {name} is missing or has another shape. Start the training anew.");
            }

            own.copy_(saved);
        }

        tensors[StepKey].data<long>().CopyTo(_steps);
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _memory.SelectMany(m => m.Values))
        {
            tensor.Dispose();
        }
    }

    private void Move(Parameter parameter, Tensor gradient, Dictionary<string, Tensor> memory, long steps, double learningRate)
    {
        if (_weightDecay > 0 && _kind == OptimizerKind.AdamW)
        {
            Scale(parameter, 1 - (learningRate * _weightDecay));
        }
        else if (_weightDecay > 0)
        {
            gradient = Add(gradient.clone(), parameter, _weightDecay);
        }

        switch (_kind)
        {
            case OptimizerKind.Adam or OptimizerKind.AdamW:
                Tensor first = memory[First], second = memory[Second];
                Add(Scale(first, Beta1), gradient, 1 - Beta1);
                AddSquare(Scale(second, Beta2), gradient, 1 - Beta2);
                Tensor deviation = AddNumber(Scale(second.sqrt(), 1 / Math.Sqrt(1 - Math.Pow(Beta2, steps))), 1e-8);
                Add(parameter, first.div(deviation), -learningRate / (1 - Math.Pow(Beta1, steps)));
                break;
            case OptimizerKind.Sgd:
                Add(parameter, Add(Scale(memory[Momentum], SgdMomentum), gradient, 1), -learningRate);
                break;
            case OptimizerKind.Adagrad:
                AddSquare(memory[Sum], gradient, 1);
                Add(parameter, gradient.div(AddNumber(memory[Sum].sqrt(), 1e-10)), -learningRate);
                break;
            case OptimizerKind.RmsProp:
                AddSquare(Scale(memory[SquareAverage], RmsShare), gradient, 1 - RmsShare);
                Add(parameter, gradient.div(AddNumber(memory[SquareAverage].sqrt(), 1e-8)), -learningRate);
                break;
            default:
                Tensor squares = memory[SquareAverage], deltas = memory[DeltaAverage];
                AddSquare(Scale(squares, Rho), gradient, 1 - Rho);
                Tensor delta = AddNumber(deltas.clone(), 1e-6).sqrt_().div_(AddNumber(squares.clone(), 1e-6).sqrt_()).mul_(gradient);
                AddSquare(Scale(deltas, Rho), delta, 1 - Rho);
                Add(parameter, delta, -learningRate);
                break;
        }
    }
}
