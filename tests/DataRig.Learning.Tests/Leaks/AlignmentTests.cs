using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Leaks;

namespace DataRig.Learning.Tests.Leaks;

public sealed class AlignmentTests
{
    [Fact]
    public void What_has_turned_from_one_stop_to_the_next_lies_on_itself_once_it_may_turn()
    {
        Bands here = Taken("bar", 0.3), beside = Taken("bar", 0.3 + (8 * Math.PI / 180)), far = Taken("bar", 0.3 + (60 * Math.PI / 180));

        double still = Alignment.Of(here, beside, PictureKey.Windows[0]).Detail, turned = Alignment.Of(here, beside, PictureKey.Windows[0], turns: true).Detail;

        Assert.InRange(still, -1, 0.85);
        Assert.InRange(turned, 0.95, 1);
        Assert.InRange(Alignment.Of(here, far, PictureKey.Windows[0], turns: true).Detail, -1, 0.7);
        Assert.InRange(Alignment.Of(here, Taken("cross", 0.3), PictureKey.Windows[0], turns: true).Detail, -1, 0.9);
    }

    private static Bands Taken(string part, double angle) =>
        new Thumbnail(ImageCodec.Resize(ShapeFrames.Draw(part, 48, 48, angle, (150, 30, 40)), Thumbnail.Side, Thumbnail.Side)).Split();
}
