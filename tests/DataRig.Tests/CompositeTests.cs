using System.Text.Json;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Tests;

/// <summary><c>synth --cutouts</c>: parts of captured frames and of renders on empty tables.</summary>
public sealed class CompositeTests
{
    [Fact]
    public async Task Captured_parts_are_set_into_plates_in_every_way_of_blending()
    {
        using Cli cli = new();
        await cli.JsonAsync("capture", "--data", "photos");
        await cli.JsonAsync("synth", "--cutouts", "photos", "--count", "12", "--out", "composed");
        await cli.JsonAsync("synth", "--cutouts", "photos", "--first", "7", "--count", "1", "--out", "alone");

        using Dataset photos = Dataset.Open(cli.At("photos")), composed = Dataset.Open(cli.At("composed")), alone = Dataset.Open(cli.At("alone"));
        FrameRecord[] frames = [.. composed.Frames().OrderBy(f => Rendering.Parse(f.Origin)!.Value.Index)];
        Assert.Equal(12, frames.Length);
        Assert.Equal(Assert.Single(alone.Frames()).ImageHash, frames[7].ImageHash);
        HashSet<GroupKey> real = [.. photos.Frames().Select(f => GroupKey.Of(f))];
        foreach (FrameRecord[] placement in frames.Chunk(3))
        {
            Assert.Equal(["pasted", "feathered", "shadowed"], placement.Select(f => f.Metadata["blend"]));
            Annotation[] labels = [.. placement.Select(f => Assert.Single(composed.Annotations(f.Id)))];
            Assert.Single(labels.Select(l => l.Box).Distinct());
            Assert.Contains(new GroupKey(placement[0].Part, placement[0].Item), real);
            FrameRecord from = photos.Frames().First(f => f.ImageHash == placement[0].Metadata["cutOut"]);
            Assert.Equal((from.Part, from.Item, from.Pose, from.AzimuthDegrees), (placement[0].Part, placement[0].Item, placement[0].Pose, placement[0].AzimuthDegrees));

            // What is in the mask is what was cut out, and outside of it two of the ways leave the plate alone.
            (Picture pasted, Picture shadowed) = (composed.ReadImage(placement[0]), composed.ReadImage(placement[2]));
            byte[] mask = labels[0].Mask!.ToPixels();
            double inside = Difference(pasted, shadowed, i => mask[i] != 0), cut = Mean(pasted, mask) - Mean(photos.ReadImage(from), photos.Annotations(from.Id)[0].Mask!.ToPixels());
            Assert.InRange(inside, 0, 25);
            Assert.InRange(cut, -30, 30);
        }

        Assert.All(frames, f => Assert.Equal(FrameSource.Rendered, f.Source));
        Assert.Equal(0, (await cli.RunAsync("dataset", "audit", "--data", "composed")).ExitCode);
    }

    [Fact]
    public async Task Renders_go_onto_real_plates_and_a_preview_shows_them()
    {
        using Cli cli = new();
        await cli.JsonAsync("capture", "--data", "photos");
        await cli.JsonAsync("synth", "--count", "6", "--out", "renders");

        await cli.JsonAsync("synth", "--cutouts", "renders", "--plates", "photos", "--count", "6", "--out", "mixed");
        (int code, string sheet, string remarks) = await cli.RunAsync("synth", "--cutouts", "renders", "--plates", "photos", "--preview", "--count", "3", "--quiet");

        Assert.True(code == 0, remarks);
        Assert.Equal((3 * 256) + 4, ImageCodec.Decode(await File.ReadAllBytesAsync(sheet.Trim(), TestContext.Current.CancellationToken)).Width);
        using Dataset photos = Dataset.Open(cli.At("photos")), mixed = Dataset.Open(cli.At("mixed"));
        Assert.All(mixed.Frames(), f => Assert.Contains("rendered", f.Item.Value));
        Assert.Equal(photos.Frames()[0].Width, mixed.Frames()[0].Width);
    }

    [Theory]
    [InlineData(2, "--plates goes with --cutouts", "--plates", "d")]
    [InlineData(2, "ask for one or the other", "--cutouts", "d", "--depth")]
    [InlineData(1, "no frame whose part can be cut out", "--cutouts", "d")]
    [InlineData(1, "nowhere", "--cutouts", "nowhere")]
    public async Task Bad_input_ends_in_one_sentence(int code, string expected, params string[] flags)
    {
        using Cli cli = new();
        using (Dataset.Create(cli.At("d")))
        {
        }

        (int exit, string result, string remarks) = await cli.RunAsync(["synth", .. flags, "--quiet"]);

        Assert.Equal((code, ""), (exit, result));
        Assert.Contains(expected, remarks);
        Assert.DoesNotContain("   at ", remarks);
    }

    private static double Difference(Picture a, Picture b, Func<int, bool> where) =>
        Enumerable.Range(0, a.Width * a.Height).Where(where).Average(i => Math.Abs(a.Rgb[(i * 3) + 1] - b.Rgb[(i * 3) + 1]));

    private static double Mean(Picture picture, byte[] mask) => Enumerable.Range(0, mask.Length).Where(i => mask[i] != 0).Average(i => (double)picture.Rgb[(i * 3) + 1]);
}
