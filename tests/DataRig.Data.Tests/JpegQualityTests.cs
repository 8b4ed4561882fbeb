namespace DataRig.Data.Tests;

public sealed class JpegQualityTests
{
    [Theory]
    [InlineData(30)]
    [InlineData(75)]
    [InlineData(90)]
    [InlineData(95)]
    public void Is_read_from_the_file(int quality) => Assert.Equal(quality, JpegQuality.Of(ImageCodec.EncodeJpeg(TestPictures.Make(1), quality).Bytes));

    [Fact]
    public void What_is_no_jpeg_has_none()
    {
        byte[] jpeg = ImageCodec.EncodeJpeg(TestPictures.Make(1), 90).Bytes;

        Assert.Null(JpegQuality.Of(ImageCodec.EncodePng(TestPictures.Make(1)).Bytes));
        Assert.Null(JpegQuality.Of([]));
        for (int length = 0; length < 60; length++)
        {
            Assert.Null(JpegQuality.Of(jpeg.AsSpan(0, length))); // ends before the table does
        }
    }
}
