using CsCheck;
using DataRig.Core;
using DataRig.Data.Storage;

namespace DataRig.Data.Tests;

public sealed class MaskStorageTests
{
    [Fact]
    public void EveryMaskComesBack() => Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40]).SelectMany((width, height) => Gen.Select(Gen.Const((width, height)), Gen.Byte[0, 1].Array[width * height])).Sample((size, pixels) =>
    {
        Mask mask = Mask.FromPixels(size.width, size.height, pixels);
        Assert.Equal(pixels, MaskStorage.Decode(size.width, size.height, MaskStorage.Encode(mask)).ToPixels());
    });

    [Fact]
    public void LongRunsTakeAsManyBytesAsTheyNeed()
    {
        Mask mask = new(10_000, 10_000, [127, 128, 16_383, 16_384, 100_000_000 - 127 - 128 - 16_383 - 16_384]);
        byte[] bytes = MaskStorage.Encode(mask);
        Assert.Equal(1 + 2 + 2 + 3 + 4, bytes.Length);
        Assert.Equal(mask.Counts, MaskStorage.Decode(10_000, 10_000, bytes).Counts);
    }

    [Fact]
    public void DamagedBytesAreRefused() => Gen.Byte.Array[0, 12].Sample(bytes =>
    {
        try
        {
            Assert.Equal(48, MaskStorage.Decode(8, 6, bytes).ToPixels().Length);
        }
        catch (ArgumentException)
        {
            // in words, and never anything else
        }
    });
}
