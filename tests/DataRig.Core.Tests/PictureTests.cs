namespace DataRig.Core.Tests;

public sealed class PictureTests
{
    [Fact]
    public void PixelsLieRowByRow()
    {
        Picture picture = new(3, 2);
        picture[2, 1] = (7, 8, 9);
        Assert.Equal([7, 8, 9], picture.Rgb[15..]);
        Assert.Equal((7, 8, 9), picture[2, 1]);
        Assert.Equal((0, 0, 0), picture[1, 1]);
    }

    [Fact]
    public void ABufferOfTheWrongLengthIsRefused()
    {
        Assert.Contains("takes 18 bytes, found 17", Assert.Throws<ArgumentException>(() => new Picture(3, 2, new byte[17])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(0, 2, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(3, -2, []));
    }
}
