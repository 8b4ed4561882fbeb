using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Report;

namespace DataRig.Benchmarks;

/// <summary>
/// Plants known pictures among the held-out photographs of a copy of a dataset, forty of each kind, and counts how many the leak
/// gate finds; then counts what it finds where nothing was planted, and draws those pairs, for a person to judge. Items that are
/// one object under two names are given as <c>--same A=B</c> and go to one side of the split together.
/// </summary>
internal static class PlantedLeaks
{
    private const int Each = 40, SheetCell = 150, SheetColumns = 8;

    private static readonly (string Name, Func<Picture, Draws, EncodedImage> Make)[] Copies =
    [
        ("encoded anew", (p, d) => ImageCodec.EncodeJpeg(p, 35 + d.Below("quality", 50))),
        ("cropped by 5%", (p, d) => ImageCodec.EncodeJpeg(Crop(p, d), 90)),
        ("brighter or darker", (p, d) => ImageCodec.EncodeJpeg(Gain(p, d.Below("dark", 2) == 0 ? 0.75 : 1.25), 90)),
    ];

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length < 1)
        {
            Console.WriteLine("No photographs are named, so nothing is planted and nothing measured; name a dataset of photographs.");
            return 2;
        }

        int flag = Array.IndexOf(arguments, "--same");
        Dictionary<ItemId, ItemId> same = (flag < 0 ? [] : arguments[(flag + 1)..]).Select(a => a.Split('=')).ToDictionary(a => new ItemId(a[1]), a => new ItemId(a[0]));
        arguments = flag < 0 ? arguments : arguments[..flag];
        Seed seed = new(arguments.Length > 1 ? ulong.Parse(arguments[1], CultureInfo.InvariantCulture) : 1);
        using Dataset dataset = Dataset.Open(arguments[0]);
        FrameRecord[] frames = [.. dataset.Frames().Where(f => f.Source != FrameSource.Rendered).Select(f => f with { Item = same.GetValueOrDefault(f.Item, f.Item) })];
        Split split = GroupSplit.Assign(frames.CountBy(f => GroupKey.Of(f)).Select(g => new ItemFrames(g.Key, 0, 0, g.Value)), seed);
        string folder = Directory.CreateTempSubdirectory("datarig-leaks-").FullName;
        try
        {
            bool imported = Array.TrueForAll(frames, f => f.Origin is not null);
            if (!imported)
            {
                Console.WriteLine("Nothing is planted: that takes imported photographs, which know the file that they come from.");
            }

            int missed = !imported ? 0 : await PlantAsync(dataset, frames, same, split, seed, Path.Combine(folder, "planted"));
            int alarms = Clean(dataset, frames, split, arguments.Length > 2 ? arguments[2] : null);
            return missed == 0 && alarms == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>How many of the planted ones were not found.</returns>
    private static Task<int> PlantAsync(Dataset dataset, FrameRecord[] frames, Dictionary<ItemId, ItemId> same, Split split, Seed seed, string folder)
    {
        FrameRecord[] trained = [.. frames.Where(f => split.RoleOf(f) == SplitRole.Train)];
        FrameRecord[] chosen = [.. seed.For("planted").At(0).Permutation("frames", trained.Length).Select(i => trained[i])];
        Dictionary<FrameId, Picture> small = frames.AsParallel().ToDictionary(f => f.Id, f => ImageCodec.Resize(dataset.ReadImage(f), 48, 48));
        List<(string Kind, FrameRecord Of, FrameRecord Source, Frame Frame)> planted = [];
        HashSet<string> moved = [], stays = [];
        Dictionary<GroupKey, SplitRole> roles = new(split.Roles);
        for (int i = 0; i < (2 + Copies.Length) * Each; i++)
        {
            // A frame that was planted elsewhere is no longer trained on, and nothing leaks from it; what a planted one is known by must stay.
            FrameRecord of = chosen.First(f => !moved.Contains(f.Origin!) && !stays.Contains(f.Origin!));
            stays.Add(of.Origin!);
            Draws draws = seed.For("planted").At(i);
            (string kind, FrameRecord source, EncodedImage image) = (i / Each) switch
            {
                0 => ("copied", of, Same(dataset, of)),
                1 => Next(dataset, of, trained, small, moved, stays),
                int copy => (Copies[copy - 2].Name, of, Copies[copy - 2].Make(dataset.ReadImage(of), draws)),
            };
            planted.Add((kind, of, source, new Frame { Image = image, Source = FrameSource.Imported, Part = source.Part, Item = Foreign(split, source, i, roles), Origin = string.Create(CultureInfo.InvariantCulture, $"planted/{i}") }));
        }

        using Dataset copyOf = Dataset.Create(folder);
        foreach (Frame[] some in dataset.WholeFrames().Where(f => !moved.Contains(f.Origin!)).Select(f => f with { Item = same.GetValueOrDefault(f.Item, f.Item) }).Chunk(256))
        {
            copyOf.AddFrames(some);
        }

        IReadOnlyList<FrameId> ids = copyOf.AddFrames([.. planted.Select(p => p.Frame)]);
        copyOf.SaveSplit(new Split(seed, roles));
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long started = TimeProvider.System.GetTimestamp();
        LeakReport report = LeakGate.Check(copyOf, copyOf.LoadSplit()!);
        TimeSpan first = TimeProvider.System.GetElapsedTime(started);
        processor = Environment.CpuUsage.TotalTime - processor;
        started = TimeProvider.System.GetTimestamp();
        LeakGate.Check(copyOf, copyOf.LoadSplit()!);
        TimeSpan second = TimeProvider.System.GetElapsedTime(started);
        Dictionary<FrameId, LeakKind> found = report.Leaks.ToDictionary(l => l.Held.Id, l => l.Kind);
        foreach (IGrouping<string, int> kind in Enumerable.Range(0, planted.Count).GroupBy(i => planted[i].Kind))
        {
            string told = string.Join(", ", kind.Where(i => found.ContainsKey(ids[i])).GroupBy(i => found[ids[i]]).Select(g => $"{g.Count()} as {g.Key}"));
            Console.WriteLine($"{kind.Key,-20} {kind.Count(i => found.ContainsKey(ids[i]))} of {kind.Count()} found ({told})");
            foreach (int i in kind.Where(i => !found.ContainsKey(ids[i])))
            {
                Console.WriteLine($"    missed: planted/{i}, frame {planted[i].Source.Id} of {planted[i].Of.Part} {planted[i].Of.Item}, where frame {planted[i].Of.Id} is trained on, as {planted[i].Frame.Item}");
            }
        }

        Console.WriteLine(FormattableString.Invariant($"{report.Known + report.Held} photographs in {first.TotalSeconds:F1} s ({processor.TotalSeconds:F0} s of a core), again in {second.TotalSeconds:F2} s; {report.Leaks.Count - ids.Count(found.ContainsKey)} pairs besides"));
        return Task.FromResult(ids.Count(id => !found.ContainsKey(id)));
    }

    private static int Clean(Dataset dataset, FrameRecord[] frames, Split split, string? sheet)
    {
        LeakReport report = LeakGate.Check(dataset, [.. frames.Select(f => new LabelledFrame(f, split.RoleOf(f)!.Value))]);
        Console.WriteLine(FormattableString.Invariant($"nothing planted: {report.Leaks.Count} of {report.Held} held-out photographs ({100.0 * report.Leaks.Count / report.Held:F2}%) are said to be known"));
        foreach (Leak leak in report.Leaks)
        {
            Console.WriteLine($"    {leak.Kind} {leak.Known.Id} {leak.Known.Part} {leak.Known.Item} | {leak.Held.Id} {leak.Held.Part} {leak.Held.Item}");
        }

        if (sheet is not null && report.Leaks.Count > 0)
        {
            Picture drawn = ContactSheet.Compose([.. report.Leaks.SelectMany(l => new[] { dataset.ReadImage(l.Known), dataset.ReadImage(l.Held) })], SheetColumns, SheetCell);
            File.WriteAllBytes(sheet, ImageCodec.EncodeJpeg(drawn).Bytes);
            Console.WriteLine($"    {sheet}");
        }

        return report.Leaks.Count;
    }

    /// <summary>A held-out item of the part, or a new one under a name of its own: every fifth, and where the part has none.</summary>
    private static ItemId Foreign(Split split, FrameRecord frame, int number, Dictionary<GroupKey, SplitRole> roles)
    {
        GroupKey[] held = [.. split.Roles.Where(r => r.Key.Part == frame.Part && r.Value == SplitRole.Test).Select(r => r.Key)];
        GroupKey chosen = held.Length == 0 || number % 5 == 0 ? new GroupKey(frame.Part, new ItemId("planted")) : held[number % held.Length];
        roles[chosen] = SplitRole.Test;
        return chosen.Item;
    }

    private static EncodedImage Same(Dataset dataset, FrameRecord frame) => new(dataset.ReadImageFile(frame), frame.Width, frame.Height);

    /// <summary>The stop beside a frame, which leaves its item: among the item's other frames the one whose pixels differ least.</summary>
    private static (string, FrameRecord, EncodedImage) Next(Dataset dataset, FrameRecord of, FrameRecord[] trained, Dictionary<FrameId, Picture> small, HashSet<string> moved, HashSet<string> stays)
    {
        FrameRecord next = trained.Where(f => f.Part == of.Part && f.Item == of.Item && f.Id != of.Id && !moved.Contains(f.Origin!) && !stays.Contains(f.Origin!)).MinBy(f => Difference(small[f.Id], small[of.Id]))!;
        moved.Add(next.Origin!);
        return ("next stop", next, Same(dataset, next));
    }

    private static long Difference(Picture a, Picture b)
    {
        long sum = 0;
        for (int i = 0; i < a.Rgb.Length; i++)
        {
            sum += Math.Abs(a.Rgb[i] - b.Rgb[i]);
        }

        return sum;
    }

    private static Picture Crop(Picture picture, Draws draws)
    {
        int width = (int)(0.95 * picture.Width), height = (int)(0.95 * picture.Height);
        return ImageCodec.Crop(picture, draws.Below("x", picture.Width - width + 1), draws.Below("y", picture.Height - height + 1), width, height);
    }

    private static Picture Gain(Picture picture, double gain) => new(picture.Width, picture.Height, [.. picture.Rgb.Select(v => (byte)Math.Min(255, v * gain))]);
}
