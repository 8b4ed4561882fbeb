using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Explaining;

namespace DataRig.Learning.Tests.Explaining;

public sealed class ErrorKindsTests
{
    private static readonly string[] Parts = ["3001", "3003", "3004"];

    [Fact]
    public void Errors_by_chance_are_no_kind()
    {
        IReadOnlyList<ErrorKind> kinds = ErrorKinds.Of(Frames((number, draws) => draws.Chance("wrong", 0.1)));

        Assert.All(kinds, k => Assert.Equal(ErrorCause.Pair, k.Cause));
    }

    [Fact]
    public void One_part_that_fails_at_one_side_is_told_with_its_sector_and_its_rates()
    {
        IReadOnlyList<ErrorKind> kinds = ErrorKinds.Of(Frames((number, draws) => Part(number) == "3003" && Azimuth(number) is >= 60 and < 90));

        ErrorKind side = Assert.Single(kinds, k => k.Cause == ErrorCause.Azimuth);
        Assert.Equal("3003 60-90", side.Name);
        Assert.Equal((1, 0), (side.Rate, side.RateElsewhere));
        Assert.All(side.Errors, e => Assert.InRange(e.Frame.AzimuthDegrees!.Value, 60, 90));
        Assert.Contains("of 3003 at 60-90 degrees are wrong (100.0%)", side.What);
        Assert.Contains(kinds, k => k.Cause == ErrorCause.Pair && k.Name == "3003 for 3001");
        Assert.DoesNotContain(kinds, k => k.Cause is ErrorCause.Item or ErrorCause.Dark or ErrorCause.Blurred or ErrorCause.Cut or ErrorCause.Elsewhere);
    }

    [Theory]
    [InlineData(ErrorCause.Item)]
    [InlineData(ErrorCause.Light)]
    [InlineData(ErrorCause.Pose)]
    [InlineData(ErrorCause.Cut)]
    [InlineData(ErrorCause.Dark)]
    [InlineData(ErrorCause.Blurred)]
    [InlineData(ErrorCause.Elsewhere)]
    public void What_makes_frames_fail_is_found(ErrorCause cause)
    {
        IReadOnlyList<ErrorKinds.Seen> frames = Frames((number, draws) => draws.Chance("fails", 0.6) && cause switch
        {
            ErrorCause.Item => Item(number) == "3004-2",
            ErrorCause.Light => Light(number) == "dim",
            ErrorCause.Pose => Part(number) == "3001" && Pose(number) == "on its side",
            ErrorCause.Cut => draws.Chance("cut", 0.2),
            ErrorCause.Dark => draws.Uniform("brightness") < 0.2,
            ErrorCause.Blurred => draws.Uniform("sharpness") < 0.2,
            _ => draws.Chance("elsewhere", 0.2),
        });

        ErrorKind found = Assert.Single(ErrorKinds.Of(frames), k => k.Cause == cause);

        Assert.InRange(found.Rate, 0.3, 0.9);
        Assert.True(found.RateElsewhere < found.Rate / 3, found.What);
        Assert.Equal(found.Errors.OrderByDescending(e => e.Confidence).Select(e => e.Frame.Id), found.Errors.Select(e => e.Frame.Id));
    }

    [Fact]
    public void Two_parts_that_are_taken_for_each_other_are_told_so()
    {
        ErrorKind pair = ErrorKinds.Of(Frames((number, draws) => Part(number) != "3004" && draws.Chance("wrong", 0.3))).First(k => k.Cause == ErrorCause.Pair);

        Assert.Contains("the other way round: the two look alike to the network", pair.What);
    }

    /// <summary>Three parts with four items each, turned by 10 degrees under two lights and in two poses.</summary>
    private static IReadOnlyList<ErrorKinds.Seen> Frames(Func<int, Draws, bool> wrong) =>
    [
        .. Enumerable.Range(0, 3 * 4 * 36 * 2).Select(number =>
        {
            Draws draws = new Seed(9).At(number);
            string part = Part(number), said = wrong(number, draws) ? (part == "3001" ? "3003" : "3001") : part;
            FrameRecord frame = new()
            {
                Id = new FrameId(number), ImagePath = "", ImageHash = "", Width = 1, Height = 1, Source = FrameSource.Captured, Part = new PartId(part), Item = new ItemId(Item(number)),
                AzimuthDegrees = Azimuth(number), Pose = Pose(number), Light = Light(number),
            };
            FramePrediction prediction = new(frame, new PartId(said), draws.Uniform("confidence", 0.5, 1), 0.5) { Probabilities = [] };
            FrameMeasures measures = new(255 * draws.Uniform("brightness"), draws.Uniform("sharpness"), draws.Chance("cut", 0.2));
            return new ErrorKinds.Seen(prediction, measures, draws.Chance("elsewhere", 0.2) ? new HeatShare(0.1, 0.2, 0.2, 0.3) : new HeatShare(0.6, 0.2, 0.7, 0.3));
        }),
    ];

    private static string Part(int number) => Parts[number % 3];

    private static string Item(int number) => $"{Part(number)}-{number / 3 % 4}";

    private static double Azimuth(int number) => 10 * (number / 12 % 36);

    private static string Light(int number) => number / 12 / 36 == 0 ? "full" : "dim";

    private static string Pose(int number) => number / 12 % 2 == 0 ? "studs up" : "on its side";
}
