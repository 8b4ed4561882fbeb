using DataRig.Core;

namespace DataRig.Learning.Tests;

public sealed class AugmentationPreviewTests
{
    private static readonly PartId Bar = new("bar");

    private static readonly AugmentationOptions None = AugmentationOptions.None;

    private static readonly Picture Picture = ShapeFrames.Draw("bar", 48, 48, 0.3, (180, 40, 50));

    [Fact]
    public void The_plain_picture_comes_first_and_the_defaults_do_no_harm()
    {
        IReadOnlyList<AugmentedPicture> pictures = Preview(new AugmentationOptions(), 40);

        Assert.Equal(41, pictures.Count);
        Assert.Equal(new Preprocessor(new PreprocessingOptions()).Apply(Picture).Rgb, pictures[0].Picture.Rgb);
        Assert.InRange(pictures.Count(p => p.Problem is not null), 0, 4);
    }

    [Fact]
    public void Parts_that_leave_the_frame_vanish_or_wash_out_are_found()
    {
        Assert.InRange(Share(None with { Shift = 0.5 }, AugmentationProblem.LeavesFrame), 0.2, 1);
        Assert.InRange(Share(None with { Contrast = 1 }, AugmentationProblem.Vanishes), 0.02, 0.6);
        Assert.InRange(Share(None with { Brightness = 1, Contrast = 1 }, AugmentationProblem.WashesOut), 0.02, 1);
        Assert.Equal(0, Share(None, AugmentationProblem.LeavesFrame));

        // What is made smaller has not left the frame, and what leaves it does so whatever else is drawn.
        Assert.Equal(0, Share(None with { Zoom = 0.2, RotationDegrees = 180 }, AugmentationProblem.LeavesFrame));
        Assert.InRange(Share(None with { Shift = 0.5, Zoom = 0.5, Perspective = 0.5 }, AugmentationProblem.LeavesFrame), 0.2, 0.8);

        static double Share(AugmentationOptions options, AugmentationProblem problem) => Preview(options, 100).Count(p => p.Problem == problem) / 100.0;
    }

    private static IReadOnlyList<AugmentedPicture> Preview(AugmentationOptions options, int count) =>
        new AugmentationPreview(new TrainingOptions { Augmentation = options }).Of(Bar, Picture, null, 0, count);
}
