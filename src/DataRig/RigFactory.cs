using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Jobs;
using DataRig.Rig;
using DataRig.Rig.Cameras;
using DataRig.Rig.Gpio;
using DataRig.Rig.Simulation;
using DataRig.Rig.Transports;
using DataRig.Twin;
using CameraOptions = DataRig.Rig.CameraOptions;

namespace DataRig;

/// <summary>Makes the rig that a configuration describes: the one place that knows every driver.</summary>
internal static class RigFactory
{
    /// <summary>Makes the rig; the caller disposes it, and it disposes its parts.</summary>
    /// <param name="file">The configuration.</param>
    /// <param name="plan">What will be captured; a simulated rig checks that it has all of it.</param>
    /// <param name="seed">What is random in simulated parts comes from here.</param>
    /// <param name="sitting">Who sits at a real rig.</param>
    /// <exception cref="WorkFailedException">The drivers do not work together, or the simulated rig lacks something of the plan.</exception>
    public static CaptureRig Create(RigFile file, CapturePlan plan, Seed seed, Sitting sitting) => (file.Turntable, file.Camera, file.Lights) switch
    {
        (SimulatedTurntableOptions turntable, SimulatedCameraOptions camera, SimulatedLightsOptions) => Simulated(turntable, camera, plan, seed),
        (_, SimulatedCameraOptions, _) => throw new WorkFailedException("A simulated camera sees a simulated table under simulated lights and no other: give \"turntable\" and \"lights\" the driver \"simulated\" too, or \"camera\" another one."),
        (_, _, SimulatedLightsOptions) => throw new WorkFailedException("Simulated lights shine on a simulated rig alone: give \"lights\" the driver \"board\", or \"none\" where DataRig does not switch them."),
        (BoardTurntableOptions turntable, { } camera, { } lights) => OnABoard(turntable, camera, lights, sitting),
        (SimulatedTurntableOptions turntable, { } camera, NoLightsOptions) => WithoutATurntable(turntable, camera, seed, sitting),
        _ => throw new WorkFailedException("Lights with the driver \"board\" hang on the turntable's board, and a simulated turntable has none: give \"lights\" the driver \"none\"."),
    };

    /// <summary>The connection to a turntable's board; nothing is opened yet. The caller disposes it.</summary>
    /// <param name="options">Where the board is.</param>
    /// <param name="log">Records the line's bytes, where there is a line.</param>
    public static BoardConnection Connect(BoardTurntableOptions options, WireLog? log) => options switch
    {
        SerialTurntableOptions serial => new BoardConnection(new BoardFinder(serial.Board, new Ports(TimeProvider.System), TimeProvider.System, log is null ? null : log.Record).FindAsync),
        GpioTurntableOptions gpio => new BoardConnection(cancel => GpioBoard.OpenAsync(gpio, TimeProvider.System, cancel)),
        _ => throw new WorkFailedException($"There is no driver for {options.GetType().Name}."),
    };

    /// <summary>The camera of a real rig; the caller disposes it.</summary>
    public static ICamera Camera(CameraOptions options) => options switch
    {
        RpicamOptions rpicam => new RpicamCamera(rpicam, TimeProvider.System),
        MjpegOptions mjpeg => new MjpegCamera(mjpeg, TimeProvider.System),
        CommandCameraOptions command => new CommandCamera(command, TimeProvider.System),
        FolderCameraOptions folder => new FolderCamera(folder, TimeProvider.System),
        _ => throw new WorkFailedException($"There is no driver for {options.GetType().Name}."),
    };

    private static CaptureRig Simulated(SimulatedTurntableOptions turntableOptions, SimulatedCameraOptions cameraOptions, CapturePlan plan, Seed seed)
    {
        VirtualTime time = new(TimeProvider.System.GetUtcNow());
        Scene scene = Scene.Load(cameraOptions.Scene, bytes => ImageCodec.Decode(bytes), new ImageOptions { Width = cameraOptions.Width, Height = cameraOptions.Height });
        SimulatedTurntable turntable = new(turntableOptions, seed, time);
        SimulatedLights lights = new([.. scene.Lights.Select(l => l.Name)]);
        TwinTable table = new(scene, plan, seed);
        return new CaptureRig
        {
            Turntable = turntable,
            Camera = new TwinCamera(scene, table, turntable, lights, time),
            Lights = lights,
            Operator = table,
            Reader = new PictureReader(),
            Time = time,
            PictureSize = cameraOptions.Size(),
        };
    }

    private static CaptureRig OnABoard(BoardTurntableOptions turntable, CameraOptions camera, LightsOptions lights, Sitting sitting)
    {
        WireLog? log = sitting.WireLog is { } file ? new WireLog(file, TimeProvider.System) : null;
        BoardConnection board = Connect(turntable, log);
        return new CaptureRig
        {
            Turntable = new BoardTurntable(board, turntable, TimeProvider.System),
            Camera = Camera(camera),
            Lights = lights is BoardLightsOptions lamps ? new BoardLights(board, lamps) : new NoLights(),
            Operator = sitting.Person,
            Reader = new PictureReader(),
            Time = TimeProvider.System,
            PictureSize = camera.Size(),
            Beneath = log is null ? [board] : [board, log],
        };
    }

    /// <summary>A real camera without a motor: the table is turned by hand, or not at all.</summary>
    private static CaptureRig WithoutATurntable(SimulatedTurntableOptions turntable, CameraOptions camera, Seed seed, Sitting sitting) => new()
    {
        Turntable = new SimulatedTurntable(turntable, seed, TimeProvider.System),
        Camera = Camera(camera),
        Lights = new NoLights(),
        Operator = sitting.Person,
        Reader = new PictureReader(),
        Time = TimeProvider.System,
        PictureSize = camera.Size(),
    };
}
