using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Training;

/// <summary>Sums and products in place with a number, which is held until the call is over: a temporary one may be freed during it.</summary>
internal static class Arithmetic
{
    public static Tensor Scale(Tensor tensor, double factor)
    {
        using Scalar scalar = factor;
        return tensor.mul_(scalar);
    }

    public static Tensor Add(Tensor tensor, Tensor other, double factor)
    {
        using Scalar scalar = factor;
        return tensor.add_(other, scalar);
    }

    public static Tensor AddSquare(Tensor tensor, Tensor other, double factor)
    {
        using Scalar scalar = factor;
        return tensor.addcmul_(other, other, scalar);
    }

    public static Tensor AddNumber(Tensor tensor, double number)
    {
        using Scalar scalar = number, one = 1.0;
        return tensor.add_(scalar, one);
    }
}
