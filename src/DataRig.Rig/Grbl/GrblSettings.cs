using DataRig.Core;

namespace DataRig.Rig.Grbl;

/// <summary>The settings of a grbl board that a turntable depends on.</summary>
/// <param name="Values">By number, as <c>$$</c> lists them.</param>
internal sealed record GrblSettings(IReadOnlyDictionary<int, double> Values)
{
    /// <summary>Reports have three decimals: with more microsteps in a unit two of them would look alike.</summary>
    public const int FinestScale = 500;

    /// <summary>Those that are read here.</summary>
    public static readonly int[] Needed = [1, 13, 20, 30, 32, 100, 101, 102, 110, 111, 112, 120, 121, 122];

    /// <summary>What grbl's speeds of the light's PWM mean full.</summary>
    public double FullSpindle => Values.GetValueOrDefault(30, 1000);

    /// <summary>Whether the motors keep their current between moves.</summary>
    public bool HoldsAlways => Values.GetValueOrDefault(1, 25) == 255;

    /// <summary>Microsteps in one of the board's units.</summary>
    public int Scale(int axis) => (int)Values[100 + axis];

    /// <summary>Microsteps a second.</summary>
    public double TopSpeed(int axis) => Values.GetValueOrDefault(110 + axis, 1) / 60 * Scale(axis);

    /// <summary>Microsteps a second, squared.</summary>
    public double Acceleration(int axis) => Values.GetValueOrDefault(120 + axis, 1) * Scale(axis);

    /// <exception cref="WorkFailedException">A setting makes exact work impossible.</exception>
    /// <param name="board">As messages name it.</param>
    public void ThrowIfUnfit(string board, int axes)
    {
        for (int axis = 0; axis < axes; axis++)
        {
            double scale = Values[100 + axis];
            if (scale != Math.Floor(scale) || scale is < 1 or > FinestScale)
            {
                double better = Math.Clamp(Math.Round(scale), 1, 250);
                throw Unfit(board, $"makes {scale} steps in a unit, which its reports cannot tell exactly", $"${100 + axis}={better}");
            }
        }

        if (Values.GetValueOrDefault(13) != 0)
        {
            throw Unfit(board, "reports in inches", "$13=0");
        }

        if (Values.GetValueOrDefault(20) != 0)
        {
            throw Unfit(board, "has soft limits, and a turntable has no end", "$20=0");
        }

        if (Values.GetValueOrDefault(32) != 0)
        {
            throw Unfit(board, "is in laser mode, which puts the light out between moves", "$32=0");
        }
    }

    public static WorkFailedException Unfit(string board, string what, string command) =>
        new($"The {board} {what}; send it {command} once (any serial terminal does) and try again.");
}
