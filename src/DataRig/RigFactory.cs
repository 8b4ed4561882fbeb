using DataRig.Core;
using DataRig.Engine;
using DataRig.Jobs;
using DataRig.Rig;
using DataRig.Rig.Simulation;
using DataRig.Twin;

namespace DataRig;

/// <summary>Makes the rig that a configuration describes: the one place that knows every driver.</summary>
internal static class RigFactory
{
    /// <summary>Makes the rig; the caller disposes it, and it disposes its parts.</summary>
    /// <param name="file">The configuration.</param>
    /// <param name="plan">What will be captured; a simulated rig checks that it has all of it.</param>
    /// <param name="seed">What is random in simulated parts comes from here.</param>
    /// <param name="person">Who stands at a real rig.</param>
    public static CaptureRig Create(RigFile file, CapturePlan plan, Seed seed, IOperator person) => (file.Turntable, file.Camera, file.Lights) switch
    {
        (SimulatedTurntableOptions turntable, SimulatedCameraOptions camera, SimulatedLightsOptions) => Simulated(turntable, camera, plan, seed),
        _ => throw new WorkFailedException("A simulated turntable, camera and lights only work with each other; give all three the driver \"simulated\" in the configuration, or none."),
    };

    private static CaptureRig Simulated(SimulatedTurntableOptions turntableOptions, SimulatedCameraOptions cameraOptions, CapturePlan plan, Seed seed)
    {
        VirtualTime time = new(TimeProvider.System.GetUtcNow());
        Scene scene = Scene.Load(cameraOptions.Scene);
        scene = scene with { Image = scene.Image with { Width = cameraOptions.Width, Height = cameraOptions.Height } };
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
}
