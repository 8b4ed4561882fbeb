using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Tests.Native;

[Collection(TorchCollection.Name)]
public sealed class DirtyMemoryTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(40)]
    [InlineData(88)]
    public void A_convolution_takes_nothing_from_memory_that_was_freed(int channels)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor input = ones([5, channels, 16, 16], requires_grad: true), weight = ones([channels, channels, 3, 3], requires_grad: true);

        LeaveNaNs();
        Tensor output = nn.functional.conv2d(input, weight, null, strides: [1, 1], padding: [1, 1]);
        LeaveNaNs();
        output.sum().backward();

        Assert.All(new[] { output, input.grad!, weight.grad! }, t => Assert.True(t.isfinite().all().item<bool>()));
    }

    private static void LeaveNaNs()
    {
        using DisposeScope scope = NewDisposeScope();
        for (int bits = 8; bits < 20; bits++)
        {
            for (int i = 0; i < 6; i++)
            {
                _ = full([(1L << bits) + (i * 7)], float.NaN);
            }
        }
    }
}
