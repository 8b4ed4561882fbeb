using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Rig;
using DataRig.Terminal;

namespace DataRig.Tests;

public sealed class RigFileTests
{
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "rig.json");

    [Fact]
    public async Task The_rig_that_datarig_comes_with_can_be_captured_and_proven()
    {
        RigFile rig = RigFile.Read(Shipped);

        await using CaptureRig ready = RigFactory.Create(rig, rig.Plan, new Core.Seed(1), new Sitting(new Nobody())); // checks parts and colours

        Assert.Equal(10, rig.Plan.Items.Count);
        Assert.All(rig.Plan.Items.Values, items => Assert.True(items.Count >= 4, "four items of a part give one to choose the epoch and one to prove the model"));
        Assert.Equal(rig.Plan.FrameCount(), rig.Plan.Sweeps().Count * rig.Plan.StopsPerSweep);
    }

    [Fact]
    public void The_quick_version_still_proves_every_part()
    {
        RigFile quick = RigFile.Read(Shipped).Quick();

        Assert.True(quick.Plan.FrameCount() <= 400);
        Split split = GroupSplit.Assign(quick.Plan.Sweeps().Select(s => new ItemFrames(new GroupKey(s.Placement.Part, s.Placement.Item), 1, 0, 0)), new Core.Seed(1));
        Assert.Empty(SplitSummary.Of(split).Remarks);
    }

    [Fact]
    public void A_run_reads_back_the_configuration_that_it_wrote_down()
    {
        RigFile rig = RigFile.Read(Shipped);

        RigFile again = StrictJson.Read<RigFile>(StrictJson.Write(rig), "job.json");

        Assert.Equal(StrictJson.Write(rig), StrictJson.Write(again));
        Assert.Equal(rig.Turntable, again.Turntable);
        Assert.Equal(rig.Camera, again.Camera);
        Assert.IsType<SimulatedTurntableOptions>(again.Turntable);
    }

    [Fact]
    public void Every_scene_that_datarig_comes_with_loads()
    {
        string[] scenes = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "scenes"), "*.json");

        Assert.NotEmpty(scenes);
        Assert.All(scenes, s => Scene.Load(s));
    }
}
