using System.Collections.Concurrent;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Tests;

/// <summary>Shapes of a colour an item, photographed in sweeps of 6 degrees a stop with sensor noise; then some of them under another item's name.</summary>
[Collection(TorchCollection.Name)]
public sealed class LeakGateTests : IDisposable
{
    private const int Items = 4, Stops = 24, Width = 96, Planted = 6;

    private static readonly Seed Seed = new(5);

    /// <summary>Drawn once for all tests.</summary>
    private static readonly ConcurrentDictionary<(int, int, int), EncodedImage> Shots = [];

    private readonly string _folder = Directory.CreateTempSubdirectory("datarig-leaks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Items_photographed_apart_are_not_taken_for_each_other()
    {
        using Dataset dataset = Photographed();

        LeakReport report = LeakGate.Check(dataset, GroupSplit.Assign(dataset.Items(), Seed));

        Assert.Equal(3 * Items * Stops, report.Known + report.Held);
        Assert.True(report.Held >= 3 * 2 * Stops);
        Assert.Empty(report.Leaks);
    }

    [Fact]
    public void A_broken_picture_is_named_in_a_sentence()
    {
        using Dataset dataset = Photographed();
        string broken = dataset.Frames()[40].ImagePath;
        File.WriteAllText(broken, "no picture");

        WorkFailedException failure = Assert.Throws<WorkFailedException>(() => LeakGate.Check(dataset, GroupSplit.Assign(dataset.Items(), Seed)));

        Assert.StartsWith(broken, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_photograph_that_training_has_is_found_under_another_item_in_any_guise()
    {
        string[] guises = ["the same file", "encoded anew", "smaller", "cropped at a corner", "cropped all round", "brighter", "darker", "the next stop"];
        using Dataset dataset = Photographed(withoutFirst: Planted);
        Split split = GroupSplit.Assign(dataset.Items(), Seed);
        GroupKey[] trained = [.. split.Roles.Where(r => r.Value == SplitRole.Train).Select(r => r.Key)];
        List<Frame> planted = [];
        foreach ((string guise, int kind) in guises.Select((g, i) => (g, i)))
        {
            for (int i = 0; i < Planted; i++)
            {
                // The first stops are in no item, so that planting one of them plants the stop beside the next.
                GroupKey from = trained[i % trained.Length];
                int stop = guise == "the next stop" ? Planted - 1 : Planted + (2 * kind) + (i / trained.Length);
                planted.Add(new Frame
                {
                    Image = Disguise(guise, Shot(Array.IndexOf(ShapeFrames.Parts, from.Part.Value), int.Parse(from.Item.Value, CultureInfo.InvariantCulture), stop)),
                    Source = FrameSource.Imported, Part = from.Part, Item = split.Roles.First(r => r.Key.Part == from.Part && r.Value == SplitRole.Test).Key.Item, Origin = $"{guise} {i}",
                });
            }
        }

        IReadOnlyList<FrameId> ids = dataset.AddFrames(planted);
        LeakReport report = LeakGate.Check(dataset, split);

        string[] found = [.. report.Leaks.Select(l => l.Held.Origin!).Order(StringComparer.Ordinal)];
        Assert.Equal(planted.Select(f => f.Origin!).Order(StringComparer.Ordinal), found);
        Assert.All(report.Leaks, l => Assert.Equal(l.Held.Part, l.Known.Part));
        Assert.All(report.Leaks, l => Assert.Equal(l.Held.Origin!.StartsWith("the same file", StringComparison.Ordinal), l.Kind == LeakKind.SameFile));
        Assert.Equal(guises.Length * Planted, ids.Count);
    }

    [Fact]
    public void Stops_of_one_sweep_in_the_catalog_are_a_leak_whatever_they_look_like()
    {
        using Dataset dataset = Dataset.Create(_folder);
        SessionRecord session = dataset.BeginSession("{}");
        Frame Of(string item, int sweep, int stop, int shot) => new()
        {
            Image = Shot(0, shot, 10 * shot), Source = FrameSource.Captured, Part = new PartId("bar"), Item = new ItemId(item), Session = session.Id, Sweep = sweep, Stop = stop, AzimuthDegrees = 90 * stop,
        };
        IReadOnlyList<FrameId> ids = dataset.AddFrames([Of("a", 1, 0, 0), Of("a", 1, 1, 1), Of("a", 1, 2, 2), Of("b", 2, 0, 3)]);
        dataset.Relabel([ids[2]], new PartId("bar"), new ItemId("b"), new EditedBy("somebody", "review", null));
        Split split = new(Seed, [KeyValuePair.Create(new GroupKey(new PartId("bar"), new ItemId("a")), SplitRole.Train), KeyValuePair.Create(new GroupKey(new PartId("bar"), new ItemId("b")), SplitRole.Test)]);

        Leak leak = Assert.Single(LeakGate.Check(dataset, split).Leaks);

        Assert.Equal((LeakKind.SameSweep, 2, 1), (leak.Kind, leak.Held.Stop, leak.Known.Stop));
    }

    [Fact]
    public void Of_an_item_that_is_divided_by_sweep_only_copies_leak()
    {
        using Dataset dataset = Dataset.Create(_folder);
        SessionRecord session = dataset.BeginSession("{}");
        // The second sweep stands between the stops of the first: each of its frames is a stop beside two of those.
        IReadOnlyList<FrameId> ids = dataset.AddFrames(
        [
            .. from stop in Enumerable.Range(0, Stops)
               select new Frame
               {
                   Image = Shot(0, 0, stop), Source = FrameSource.Captured, Part = new PartId("bar"), Item = new ItemId("0"), Session = session.Id, Sweep = stop % 2, Stop = stop / 2,
               },
        ]);
        GroupKey[] sweeps = [.. dataset.Items(SplitLevel.Sweep).Select(i => i.Group)];
        Split split = new(Seed, sweeps.Zip([SplitRole.Train, SplitRole.Test], KeyValuePair.Create), SplitLevel.Sweep);

        Assert.Empty(LeakGate.Check(dataset, split).Leaks);
        Split byItem = new(Seed, sweeps.Select((_, i) => KeyValuePair.Create(new GroupKey(new PartId("bar"), new ItemId($"{i}")), i == 0 ? SplitRole.Train : SplitRole.Test)));
        dataset.Relabel([.. ids.Where((_, i) => i % 2 == 1)], new PartId("bar"), new ItemId("1"), new EditedBy("somebody", "test", null));
        Assert.NotEmpty(LeakGate.Check(dataset, byItem).Leaks);
        dataset.Relabel([.. ids.Where((_, i) => i % 2 == 1)], new PartId("bar"), new ItemId("0"), new EditedBy("somebody", "test", null));

        dataset.AddFrames([new Frame { Image = ImageCodec.EncodeJpeg(ImageCodec.Decode(Shot(0, 0, 4).Bytes), 60), Source = FrameSource.Captured, Part = new PartId("bar"), Item = new ItemId("0"), Session = session.Id, Sweep = 1, Stop = 90 }]);
        Leak leak = Assert.Single(LeakGate.Check(dataset, split).Leaks);
        Assert.Equal((LeakKind.SamePicture, 90, ids[4]), (leak.Kind, leak.Held.Stop, leak.Known.Id));

        (Split mended, IReadOnlyList<LeakMove> moves) = LeakMend.Apply(split, [leak]);
        Assert.Equal("bar 0 session-1 sweep 1", Assert.Single(moves).Group.ToString());
        Assert.Equal(SplitLevel.Sweep, mended.Level);
    }

    [Fact]
    public void What_was_found_is_kept_until_a_frame_or_a_role_changes()
    {
        using Dataset dataset = Photographed();
        Split split = GroupSplit.Assign(dataset.Items(), Seed);
        Assert.Empty(LeakGate.Check(dataset, split).Leaks);
        List<StageProgress> told = [];

        LeakGate.Check(dataset, split, new Told(told));
        Assert.Empty(told);

        Split other = new(Seed, split.Roles.Select(r => KeyValuePair.Create(r.Key, r.Value == SplitRole.Validation ? SplitRole.Train : r.Value)));
        LeakGate.Check(dataset, other, new Told(told));
        Assert.NotEmpty(told);
    }

    [Fact]
    public void Files_of_the_gate_that_are_damaged_are_made_anew()
    {
        using Dataset dataset = Photographed();
        Split split = GroupSplit.Assign(dataset.Items(), Seed);
        LeakGate.Check(dataset, split);
        string thumbnails = Path.Combine(_folder, "thumbnails.bin"), verdict = Path.Combine(_folder, "leaks.json");
        byte[] whole = File.ReadAllBytes(thumbnails);
        File.WriteAllBytes(thumbnails, whole[..(whole.Length / 2)]);
        File.WriteAllText(verdict, "{ \"of\": ");

        Assert.Empty(LeakGate.Check(dataset, split).Leaks);

        Assert.Equal(whole, File.ReadAllBytes(thumbnails));
    }

    [Fact]
    public void Groups_that_give_each_other_away_come_to_one_side_and_another_one_proves_the_part()
    {
        using Dataset dataset = Photographed();
        Split split = GroupSplit.Assign(dataset.Items(), Seed);
        PartId bar = new("bar");
        FrameRecord Of(SplitRole role) => dataset.Frames().First(f => f.Part == bar && split.RoleOf(f) == role);
        FrameRecord known = Of(SplitRole.Train), held = Of(SplitRole.Test);

        (Split mended, IReadOnlyList<LeakMove> moves) = LeakMend.Apply(split, [new Leak(LeakKind.SamePicture, known, held)]);

        Assert.Equal(SplitRole.Train, mended.RoleOf(known));
        Assert.Equal(SplitRole.Train, mended.RoleOf(held));
        Assert.Equal(2, moves.Count);
        Assert.Contains(moves, m => m.Group == split.KeyOf(held) && m is { From: SplitRole.Test, To: SplitRole.Train });
        GroupKey instead = Assert.Single(mended.Roles, r => r.Key.Part == bar && r.Value == SplitRole.Test).Key;
        Assert.NotEqual(split.KeyOf(known), instead);
        Assert.Equal(SplitRole.Train, split.Roles[instead]);
        Assert.All(split.Roles.Where(r => r.Key.Part != bar), r => Assert.Equal(r.Value, mended.Roles[r.Key]));
    }

    /// <summary>Three parts of four items each, one sweep an item.</summary>
    /// <param name="withoutFirst">So many stops of each sweep are left out.</param>
    private Dataset Photographed(int withoutFirst = 0)
    {
        Dataset dataset = Dataset.Create(_folder);
        dataset.AddFrames(
        [
            .. from part in Enumerable.Range(0, 3)
               from item in Enumerable.Range(0, Items)
               from stop in Enumerable.Range(withoutFirst, Stops)
               select new Frame { Image = Shot(part, item, stop), Source = FrameSource.Imported, Part = new PartId(ShapeFrames.Parts[part]), Item = new ItemId($"{item}"), Origin = $"{part} {item} {stop}.jpg" },
        ]);
        return dataset;
    }

    /// <summary>A shape of the item's colour that turns about the middle of the table, with noise of its own.</summary>
    private static EncodedImage Shot(int part, int item, int stop) => Shots.GetOrAdd((part, item, stop), _ => Draw(part, item, stop));

    private static EncodedImage Draw(int part, int item, int stop)
    {
        Draws draws = Seed.For("shots").At(part);
        double turn = (stop * 6 * Math.PI / 180) + draws.Uniform($"turn {item}", 0, 6), off = draws.Uniform($"off {item}", 4, 10), place = turn + draws.Uniform($"place {item}", 0, 6);
        (byte R, byte G, byte B) color = item switch { 0 => (150, 30, 40), 1 => (30, 50, 150), 2 => (140, 120, 30), _ => (35, 35, 40) };
        Picture picture = ShapeFrames.Draw(ShapeFrames.Parts[part], 48 + (off * Math.Cos(place)), 54 + (0.7 * off * Math.Sin(place)), turn, color);
        ulong noise = Seed.For("noise").At((((part * Items) + item) * Stops) + stop).Bits("start");
        for (int i = 0; i < picture.Rgb.Length; i++)
        {
            noise = (noise * 6364136223846793005) + 1442695040888963407;
            picture.Rgb[i] = (byte)Math.Clamp(picture.Rgb[i] + ((int)((noise >> 40) % 5) - 2), 0, 255);
        }

        return ImageCodec.EncodeJpeg(picture, 90);
    }

    private static EncodedImage Disguise(string guise, EncodedImage original)
    {
        Picture picture = ImageCodec.Decode(original.Bytes);
        Picture Times(double gain) => new(Width, Width, [.. picture.Rgb.Select(v => (byte)Math.Min(255, v * gain))]);
        return guise switch
        {
            "the same file" or "the next stop" => original,
            "encoded anew" => ImageCodec.EncodeJpeg(picture, 60),
            "smaller" => ImageCodec.EncodeJpeg(ImageCodec.Resize(picture, Width * 3 / 4, Width * 3 / 4), 85),
            "cropped at a corner" => ImageCodec.EncodeJpeg(ImageCodec.Crop(picture, 0, 0, Width * 19 / 20, Width * 19 / 20), 90),
            "cropped all round" => ImageCodec.EncodeJpeg(ImageCodec.Crop(picture, 4, 4, Width - 8, Width - 8), 90),
            "brighter" => ImageCodec.EncodeJpeg(Times(1.2), 90),
            _ => ImageCodec.EncodeJpeg(Times(0.75), 90),
        };
    }

    private sealed class Told(List<StageProgress> told) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            lock (told)
            {
                told.Add(value);
            }
        }
    }
}
