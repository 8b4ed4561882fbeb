using DataRig.Core;

namespace DataRig.Data.Tests;

public sealed class PerceptualHashTests
{
    [Fact]
    public void TheSamePictureLooksAlikeHoweverItIsKept()
    {
        for (ulong seed = 0; seed < 8; seed++)
        {
            Picture picture = TestPictures.Make(seed, 160, 120);
            PerceptualHash hash = PerceptualHash.Of(picture);
            Assert.Equal(hash, PerceptualHash.Of(picture));
            Assert.InRange(hash.Distance(PerceptualHash.Of(ImageCodec.Decode(ImageCodec.EncodeJpeg(picture, 60).Bytes))), 0, PerceptualHash.Near);
            Assert.InRange(hash.Distance(PerceptualHash.Of(ImageCodec.Resize(picture, 80, 60))), 0, PerceptualHash.Near);
            Assert.InRange(hash.Distance(PerceptualHash.Of(new Picture(160, 120, [.. picture.Rgb.Select(v => (byte)(v * 0.9))]))), 0, PerceptualHash.Near);
            Assert.True(hash.Distance(PerceptualHash.Of(TestPictures.Make(seed + 100, 160, 120))) > PerceptualHash.Near);
        }
    }

    [Fact]
    public void EveryNearPairIsFoundAndNoOther()
    {
        ulong state = 5;
        PerceptualHash[] hashes = [.. Enumerable.Range(0, 200).Select(_ => new PerceptualHash(Draws.SplitMix(ref state) & 0xFF, Draws.SplitMix(ref state) & 0xF, 7, ulong.MaxValue))];
        NearPair[] expected = [.. from i in Enumerable.Range(0, 200) from j in Enumerable.Range(0, 200) where i < j && hashes[i].Distance(hashes[j]) <= 3 select new NearPair(i, j, hashes[i].Distance(hashes[j]))];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, PerceptualHash.Pairs(hashes, 3));
        Assert.Equal(expected.Where(p => (p.First + p.Second) % 2 == 1), PerceptualHash.Pairs(hashes, 3, (i, j) => (i + j) % 2 == 1));
    }
}
