using DataRig.Core;
using DataRig.Data;
using DataRig.Rig.Tests.Cameras;

namespace DataRig.Rig.Tests;

/// <summary>The empty table, photographed first, and what is cut out against it.</summary>
public sealed class PlateTests
{
    private static readonly CapturePlan Plan = FakeRig.Plan;

    [Fact]
    public async Task The_empty_table_is_photographed_once_and_under_the_same_exposure()
    {
        FakeRig rig = new();
        CapturePlan plan = Plan with { Plates = true };

        await rig.RunAsync(plan);

        Assert.Equal([0, 1, 2, 3], rig.PlateStops.Keys.Order());
        Assert.Equal([ChoreKind.ClearTable], rig.Chores.Select(c => c.Kind));
        Assert.Equal(1, rig.Locks);

        FakeRig resumed = new() { TakenBefore = [.. rig.Frames.Take(9).Select(f => (f.Sweep!.Value, f.Stop!.Value))], PlateStops = rig.PlateStops, Kept = rig.Kept };
        await resumed.RunAsync(plan);

        Assert.Empty(resumed.Chores);
        Assert.Equal(rig.Kept!.Lock, resumed.EarlierLock);
    }

    [Fact]
    public async Task Parts_are_cut_out_against_the_plates_of_the_same_sitting()
    {
        FakeRig rig = new();
        for (int stop = 0; stop < 4; stop++)
        {
            byte seed = (byte)(100 + stop);
            rig.Spoil.Enqueue(s => s with { Image = ImageCodec.EncodeJpeg(TestPictures.Table(96, 64, seed, empty: true)) });
        }

        await rig.RunAsync(Plan with { Plates = true });

        Assert.All(rig.Frames, f => Assert.Equal((f.Part, f.Item), (Assert.Single(f.Annotations).Part, f.Annotations[0].Item)));
    }

    [Fact]
    public async Task Only_missing_plates_are_taken_and_none_for_a_plan_that_is_done()
    {
        FakeRig rig = new(), done = new() { TakenBefore = [.. Enumerable.Range(0, 6).SelectMany(sweep => Enumerable.Range(0, 4).Select(stop => (sweep, stop)))] };
        rig.PlateStops.Add(1, ImageCodec.EncodeJpeg(TestPictures.Table(96, 64, 1, empty: true)));

        await rig.RunAsync(Plan with { Plates = true });
        await done.RunAsync(Plan with { Plates = true });

        Assert.Equal(24 + 3, rig.Shots);
        Assert.Equal(0, done.Shots);
        Assert.Empty(done.Chores);
    }
}
