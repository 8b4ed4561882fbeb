using System.Device.Gpio;
using System.Globalization;
using DataRig.Rig;
using DataRig.Rig.Gpio;

namespace DataRig.Benchmarks;

/// <summary>
/// Steps made by the machine's real clock into a driver that only notes when: how late they come, and whether one ever comes
/// sooner after the last than the ramp allows, which must not be.
/// </summary>
internal static class GpioJitter
{
    private const int StepPin = 20;

    /// <summary>The rig that DataRig's defaults describe: 200 x 16 microsteps, 20 turns of the motor on 3 of the table, 90 degrees a second.</summary>
    private static readonly GpioTurntableOptions Rig = new()
    {
        GearRatio = new GearRatio(20, 3),
        Motor = new GpioMotorOptions { StepPin = StepPin, DirectionPin = 21, EnablePin = 16 },
    };

    private static readonly (long Below, string Name)[] Buckets =
    [
        (0, "early"), (1_000, "< 1 us"), (2_000, "< 2 us"), (5_000, "< 5 us"), (10_000, "< 10 us"), (20_000, "< 20 us"), (50_000, "< 50 us"),
        (100_000, "< 100 us"), (200_000, "< 200 us"), (500_000, "< 500 us"), (1_000_000, "< 1 ms"), (10_000_000, "< 10 ms"), (long.MaxValue, "longer"),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        double seconds = args.Select(a => double.TryParse(a, CultureInfo.InvariantCulture, out double s) ? s : 0).FirstOrDefault(s => s > 0, 10);
        using CancellationTokenSource stop = new();
        Task noise = args.Contains("--busy") ? Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(() => Litter(stop.Token)))) : Task.CompletedTask;
        Stepper stepper = Rig.Stepper();
        double speed = Rig.SpeedDegreesPerSecond * stepper.MicrostepsPerDegree, acceleration = Rig.AccelerationDegreesPerSecondSquared * stepper.MicrostepsPerDegree;
        StepRamp ramp = new(speed, acceleration, 0);
        LateClock clock = new();
        EdgeTimes times = new(clock);
        await using GpioBoard board = new(times, "benchmark", Rig, clock);
        await board.HoldAsync(true, default);
        await board.SetPositionAsync(Axis.Table, 0, default);

        long steps = 0, heldUp = 0, early = 0, shortest = long.MaxValue, ideal = 0, actual = 0, wrong = 0;
        long quarter = stepper.StopMicrosteps(1, 4), began = clock.Now;
        for (long target = quarter; clock.Now - began < seconds * 1e9; target += quarter)
        {
            times.Count = 0;
            wrong += await board.MoveAsync(new BoardMove(Axis.Table, target, speed, acceleration), default) == target && times.Count == quarter ? 0 : 1;
            for (int i = 0; i + 1 < times.Count; i++)
            {
                long asked = ramp.Interval(Math.Min(i, times.Count - 2 - i)), took = times[i + 1] - times[i];
                (steps, ideal, actual) = (steps + 1, ideal + asked, actual + took);
                (early, shortest, heldUp) = (early + (took < asked ? 1 : 0), Math.Min(shortest, took), heldUp + (took > GpioMotor.RidesOver(Rig.Microsteps) * asked ? 1 : 0));
            }
        }

        await stop.CancelAsync();
        await noise;
        long[] late = [.. clock.Late.Order()];
        Console.WriteLine($"{steps} intervals at up to {speed:F0} steps/s{(args.Contains("--busy") ? ", every core busy and littering" : "")}, in the {(clock.IsRealTime ? "real-time" : "ordinary")} queue; lateness of the steps:");
        for (int i = 0, from = 0; i < Buckets.Length; i++)
        {
            int below = late.Count(l => l < Buckets[i].Below);
            double share = (double)(below - from) / late.Length;
            Console.WriteLine($"{Buckets[i].Name,10} {below - from,9} {share,9:P3} {new string('#', (int)Math.Ceiling(share * 60))}");
            from = below;
        }

        Console.WriteLine($"median {late[late.Length / 2] / 1e3:F1} us, 99% within {late[late.Length * 99 / 100] / 1e3:F1} us, the latest {late[^1] / 1e3:F1} us");
        Console.WriteLine($"shortest interval {shortest / 1e3:F3} us, the ramp's shortest {ramp.Interval(ramp.Top) / 1e3:F3} us; intervals shorter than the ramp allows: {early}; moves with a wrong step count: {wrong}");
        Console.WriteLine($"intervals of more than {GpioMotor.RidesOver(Rig.Microsteps)} times the ramp's, by a hold-up or starting up again after one: {heldUp}; time between steps {actual / 1e9:F3} s, the ramp's {ideal / 1e9:F3} s, ratio {(double)actual / ideal:F4}");
        return early == 0 && wrong == 0 ? 0 : 1;
    }

    /// <summary>Keeps a core busy and makes garbage as a session does: a picture, its bytes, and some milliseconds of work on them.</summary>
    private static void Litter(CancellationToken stop)
    {
        byte[]? picture = null;
        while (!stop.IsCancellationRequested)
        {
            picture = [.. new byte[500_000], .. picture?.Take(1_000) ?? []];
            for (int i = 0; i < 20; i++)
            {
                picture.AsSpan().Sort();
            }
        }
    }

    /// <summary>The machine's clock, and by how much each wait between two steps was overrun.</summary>
    private sealed class LateClock() : MachineStepClock(TimeProvider.System)
    {
        public List<long> Late { get; } = new(1_000_000);

        public override void WaitUntil(long nanoseconds)
        {
            bool betweenSteps = nanoseconds - Now > 20_000;
            base.WaitUntil(nanoseconds);
            if (betweenSteps)
            {
                Late.Add(Now - nanoseconds);
            }
        }
    }

    /// <summary>Pins that are not there, and the times of the step pin's rising edges.</summary>
    private sealed class EdgeTimes(StepClock clock) : GpioDriver
    {
        private readonly long[] _at = new long[100_000];

        public int Count { get; set; }

        public long this[int step] => _at[step];

        protected override int PinCount => 54;

        protected override void Write(int pinNumber, PinValue value)
        {
            if (pinNumber == StepPin && value == PinValue.High)
            {
                _at[Count++] = clock.Now;
            }
        }

        protected override PinValue Read(int pinNumber) => PinValue.Low;

        protected override void OpenPin(int pinNumber)
        {
        }

        protected override void ClosePin(int pinNumber)
        {
        }

        protected override void SetPinMode(int pinNumber, PinMode mode)
        {
        }

        protected override PinMode GetPinMode(int pinNumber) => PinMode.Output;

        protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

        protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();

        protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => throw new NotSupportedException();

        protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => throw new NotSupportedException();
    }
}
