using CsCheck;

namespace DataRig.Core.Tests;

public sealed class AngleTests
{
    private static readonly Gen<double> Degrees = Gen.Double[-2000, 2000];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(360, 0)]
    [InlineData(-90, 270)]
    [InlineData(725, 5)]
    [InlineData(-720, 0)]
    [InlineData(-1e-20, 0)]
    public void NormalizingTurnsIntoOneTurn(double degrees, double expected) => Assert.Equal(expected, Angle.Normalize(degrees));

    [Theory]
    [InlineData(350, 10, 20)]
    [InlineData(10, 350, -20)]
    [InlineData(0, 180, 180)]
    [InlineData(180, 0, 180)]
    [InlineData(90, 90, 0)]
    public void TheDifferenceIsTheShortestTurn(double from, double to, double expected) => Assert.Equal(expected, Angle.Difference(from, to));

    [Fact]
    public void NormalizedAnglesPointTheSameWay() => Degrees.Sample(degrees =>
    {
        double normal = Angle.Normalize(degrees);
        Assert.True(normal is >= 0 and < 360);
        Assert.Equal(Math.Cos(Angle.ToRadians(degrees)), Math.Cos(Angle.ToRadians(normal)), 1e-9);
        Assert.Equal(Math.Sin(Angle.ToRadians(degrees)), Math.Sin(Angle.ToRadians(normal)), 1e-9);
    });

    [Fact]
    public void TurningByTheDifferenceArrives() => Gen.Select(Degrees, Degrees).Sample((from, to) =>
    {
        double turn = Angle.Difference(from, to);
        Assert.True(turn is > -180 and <= 180);
        Assert.Equal(0, Angle.Difference(from + turn, to), 1e-9);
    });

    [Fact]
    public void RadiansAndBack() => Degrees.Sample(degrees => Assert.Equal(degrees, Angle.ToDegrees(Angle.ToRadians(degrees)), 1e-9));
}
