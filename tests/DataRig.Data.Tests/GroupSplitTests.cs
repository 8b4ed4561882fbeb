using CsCheck;
using DataRig.Core;

namespace DataRig.Data.Tests;

public sealed class GroupSplitTests
{
    /// <summary>Datasets of up to 6 parts with up to 14 items each; item names occur under several parts.</summary>
    private static readonly Gen<ItemFrames[]> AnyItems =
        Gen.Select(Gen.Int[1, 14].Array[1, 6], Gen.Int[1, 300], (counts, frames) => counts
            .SelectMany((count, part) => Enumerable.Range(0, count).Select(item => Item($"part-{part}", $"item-{item}", frames)))
            .ToArray());

    [Fact]
    public void EveryPartWithTwoItemsIsProvenOnAnItemNobodyLearned() => Gen.Select(AnyItems, Gen.ULong).Sample((items, seed) =>
    {
        Split split = GroupSplit.Assign(items, new Seed(seed));
        Assert.Equal(items.Select(i => i.Group).Order(), split.Roles.Keys);
        foreach (IGrouping<PartId, KeyValuePair<GroupKey, SplitRole>> part in split.Roles.GroupBy(r => r.Key.Part))
        {
            int n = part.Count(), train = Count(SplitRole.Train), validation = Count(SplitRole.Validation), test = Count(SplitRole.Test);
            Assert.Equal(n >= 2, test > 0);
            Assert.Equal(n >= 4, validation > 0);
            Assert.True(train > 0);
            Assert.True(n < 4 || (test == validation && Math.Abs(test - (0.2 * n)) <= 0.8 && train >= n / 2));

            int Count(SplitRole role) => part.Count(r => r.Value == role);
        }
    });

    [Fact]
    public void TheSplitFollowsFromSeedAndItemsWhateverTheirOrder() => Gen.Select(AnyItems, Gen.ULong, Gen.Int).Sample((items, seed, shuffle) =>
    {
        ItemFrames[] shuffled = [.. new Seed((ulong)shuffle).At(0).Permutation("order", items.Length).Select(i => items[i])];
        Assert.Equal(GroupSplit.Assign(items, new Seed(seed)).Hash, GroupSplit.Assign(shuffled, new Seed(seed)).Hash);
    });

    [Fact]
    public void APartsItemsDoNotDependOnOtherParts() => Gen.Select(AnyItems, Gen.ULong).Sample((items, seed) =>
    {
        Split whole = GroupSplit.Assign(items, new Seed(seed));
        Split alone = GroupSplit.Assign(items.Where(i => i.Group.Part.Value == "part-0"), new Seed(seed));
        Assert.All(alone.Roles, r => Assert.Equal(whole.Roles[r.Key], r.Value));
    });

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 1, 0)]
    [InlineData(3, 1, 0)]
    [InlineData(4, 1, 1)]
    [InlineData(7, 1, 1)]
    [InlineData(8, 2, 2)]
    [InlineData(10, 2, 2)]
    [InlineData(13, 3, 3)]
    [InlineData(100, 20, 20)]
    public void TheRule(int items, int test, int validation) => Assert.Equal((test, validation), GroupSplit.HeldOut(items));

    [Fact]
    public void EachItemIsHeldOutByAboutAsManySeedsAsAnyOther()
    {
        ItemFrames[] items = [.. Enumerable.Range(0, 5).Select(i => Item("3001", $"{i}", 10))];
        Dictionary<string, int> held = Enumerable.Range(0, 2000)
            .Select(seed => GroupSplit.Assign(items, new Seed((ulong)seed)).Roles.Single(r => r.Value == SplitRole.Test).Key.Item.Value)
            .CountBy(item => item).ToDictionary();
        Assert.All(held.Values, count => Assert.InRange(count, 320, 480));
        Assert.Equal(5, held.Count);
    }

    [Fact]
    public void RenderedFramesAreTrainedOnAndNeverProveAnything()
    {
        Split split = GroupSplit.Assign([Item("3001", "red", 5), Item("3001", "blue", 5), new ItemFrames(new GroupKey(new PartId("3001"), new ItemId("synthetic")), 0, 500, 0)], new Seed(3));
        Assert.Equal(2, split.Roles.Count);
        string tested = split.Roles.Single(r => r.Value == SplitRole.Test).Key.Item.Value;
        Assert.Equal(SplitRole.Test, split.RoleOf(Record(FrameSource.Captured, tested)));
        Assert.Null(split.RoleOf(Record(FrameSource.Rendered, tested))); // cut out of what proves the model
        Assert.Equal(SplitRole.Train, split.RoleOf(Record(FrameSource.Rendered, "synthetic")));
        Assert.Null(split.RoleOf(Record(FrameSource.Imported, "came later")));
    }

    [Fact]
    public void WhatOneVideoShowsStaysTogether()
    {
        ItemFrames[] items =
        [
            .. Enumerable.Range(0, 12).Select(i => Item("fine", $"print-{i}", 10) with { Film = i < 6 ? $"{i}" : null }),
            .. Enumerable.Range(0, 6).Select(i => Item("spaghetti", $"print-{i}", 10) with { Film = $"{i}" }),
        ];
        for (ulong seed = 0; seed < 50; seed++)
        {
            Split split = GroupSplit.Assign(items, new Seed(seed));
            Assert.All(items.Where(i => i.Film is not null).GroupBy(i => i.Film), film => Assert.Single(film.Select(i => split.Roles[i.Group]).Distinct()));
            Assert.Equal([(SplitRole.Train, 4), (SplitRole.Validation, 1), (SplitRole.Test, 1)], split.Roles.Where(r => r.Key.Part == new PartId("spaghetti")).CountBy(r => r.Value).OrderBy(r => r.Key).Select(r => (r.Key, r.Value)));
        }
    }

    [Fact]
    public void VideosOfSeveralPartsLeaveEachOfThemSomethingToLearnFrom()
    {
        // Both prints fail, each in its own way: what is drawn for the failures may hold both back.
        ItemFrames[] items =
        [
            .. from shown in new[] { ("fine", "0", "0"), ("fine", "1", "1"), ("blob", "0", "0"), ("blob", "2", (string?)null), ("spaghetti", "1", "1"), ("spaghetti", "3", null) }
               select Item(shown.Item1, shown.Item2, 10) with { Film = shown.Item3 },
        ];
        for (ulong seed = 0; seed < 50; seed++)
        {
            Split split = GroupSplit.Assign(items, new Seed(seed));
            Assert.All(items.Where(i => i.Film is not null).GroupBy(i => i.Film), film => Assert.Single(film.Select(i => split.Roles[i.Group]).Distinct()));
            Assert.All(SplitSummary.Of(split).Parts, part => Assert.NotEmpty(part.Train));
        }
    }

    [Fact]
    public void TheSummarySaysWhatCannotBeProven()
    {
        ItemFrames[] items = [Item("one", "a", 9), .. Many("three", 3), .. Many("four", 4)];
        SplitSummary summary = SplitSummary.Of(GroupSplit.Assign(items, new Seed(1)));
        Assert.Equal([new PartId("one")], summary.Unprovable);
        Assert.False(summary.ValidationCoversProvable);
        Assert.Collection(summary.Remarks, r => Assert.Contains("item of one,", r), r => Assert.Contains("for three:", r));
        Assert.Equal([(2, 1, 1), (1, 0, 0), (2, 0, 1)], summary.Parts.Select(p => (p.Train.Count, p.Validation.Count, p.Test.Count)));
        Assert.Empty(summary.Few);
        SplitSummary few = SplitSummary.Of(GroupSplit.Assign(Many("two", 2), new Seed(1)));
        Assert.Equal([new PartId("two")], few.Few);
        Assert.Contains("two items only of two,", few.Remarks[0]);
        SplitSummary good = SplitSummary.Of(GroupSplit.Assign(Many("four", 4), new Seed(1)));
        Assert.True(good.ValidationCoversProvable);
        Assert.Empty(good.Remarks);
        Assert.False(SplitSummary.Of(GroupSplit.Assign([], new Seed(1))).ValidationCoversProvable);
    }

    [Fact]
    public void ASplitIsKeptWithItsSeedAndHash()
    {
        using TempFolder folder = new();
        Split first, second;
        using (Dataset dataset = Dataset.Create(folder["data"]))
        {
            dataset.AddFrames([.. Enumerable.Range(0, 8).Select(i => TestFrames.Imported($"{i}.jpg", i < 4 ? "3001" : "3002", $"item-{i % 4}", (ulong)i))]);
            Assert.Null(dataset.LoadSplit());
            first = GroupSplit.Assign(dataset.Items(), new Seed(ulong.MaxValue));
            second = GroupSplit.Assign(dataset.Items(), new Seed(2));
            dataset.SaveSplit(second);
            dataset.SaveSplit(first);
            dataset.SaveSplit(second, "other");
        }

        using Dataset reopened = Dataset.Open(folder["data"]);
        Assert.Equal((first.Hash, first.Seed), (reopened.LoadSplit()!.Hash, reopened.LoadSplit()!.Seed));
        Assert.Equal(second.Hash, reopened.LoadSplit("other")!.Hash);
        Assert.Equal(8, reopened.LoadSplit()!.Roles.Count);
        Assert.NotEqual(first.Hash, new Split(first.Seed, first.Roles.Select(r => KeyValuePair.Create(r.Key, SplitRole.Train))).Hash);
    }

    [Fact]
    public void BySessionAllPartsOfTheSameSittingsAreProvenInTheSameOne()
    {
        ItemFrames[] groups = [.. from part in new[] { "3001", "3002" } from item in new[] { "a", "b" } from session in Enumerable.Range(0, 5) select Turned(part, item, $"s{session}")];
        HashSet<string> drawn = [];
        for (ulong seed = 0; seed < 20; seed++)
        {
            Split split = GroupSplit.Assign(groups, new Seed(seed), SplitLevel.Session);
            string[] tested = [.. split.Roles.Where(r => r.Value == SplitRole.Test).Select(r => r.Key.Session!.Value.Value).Distinct()];
            drawn.Add(Assert.Single(tested)); // two of a part's ten groups: both items of one sitting
            Assert.Equal(4, split.Roles.Count(r => r.Value == SplitRole.Test));
            Assert.DoesNotContain(split.Roles, r => r.Value == SplitRole.Train && r.Key.Session!.Value.Value == tested[0]);
        }

        Assert.Equal(5, drawn.Count);
    }

    [Fact]
    public void ASplitOfSweepsKeepsThemWholeAndSaysThatItProvesNoOtherItem()
    {
        ItemFrames[] groups = [.. Enumerable.Range(0, 6).Select(i => Turned("3001", "a", "s", i)), Item("3002", "x", 9)];
        Split split = GroupSplit.Assign(groups, new Seed(3), SplitLevel.Sweep);
        FrameRecord Of(int? sweep, FrameSource source = FrameSource.Captured, string item = "a") => Record(source, item) with { Session = sweep is null ? null : new SessionId("s"), Sweep = sweep };

        Assert.Equal([1, 1, 4], Enumerable.Range(0, 6).Select(i => split.RoleOf(Of(i))!.Value).CountBy(r => r).Select(r => r.Value).Order());
        Assert.Null(split.RoleOf(Of(6))); // came later
        Assert.Null(split.RoleOf(Of(null, FrameSource.Rendered))); // cut out of what proves the model, it may be
        Assert.Equal(SplitRole.Train, split.RoleOf(Of(null, FrameSource.Rendered, "synthetic")));

        SplitSummary summary = SplitSummary.Of(split);
        Assert.True(summary.KnowsItems);
        Assert.Contains("The split is by sweep: of 3001 it proves another sweep of the same items, not another item.", summary.Remarks[0]);
        Assert.Contains("another sweep of 3002,", summary.Remarks[1]);
        Assert.Equal("sweeps it has never seen, of items that it has", summary.Proves);
        Assert.Equal("a s sweep", Assert.Single(summary.Parts[0].Test).Name[..9]);

        // Sweeps of items that are not divided prove another item all the same.
        SplitSummary whole = SplitSummary.Of(GroupSplit.Assign([Turned("3001", "a", "s", 0), Turned("3001", "b", "s", 1)], new Seed(3), SplitLevel.Sweep));
        Assert.False(whole.KnowsItems);
        Assert.Equal("items it has never seen", whole.Proves);
    }

    [Fact]
    public async Task ASplitOfSweepsIsKeptExportedAndImportedAsOne()
    {
        using TempFolder folder = new();
        using Dataset dataset = Dataset.Create(folder["data"]), back = Dataset.Create(folder["back"]);
        SessionId session = dataset.BeginSession("{}").Id;
        dataset.AddFrames([.. from sweep in Enumerable.Range(0, 5) from stop in Enumerable.Range(0, 3) select TestFrames.Captured(session, sweep, stop)]);
        Split split = GroupSplit.Assign(dataset.Items(SplitLevel.Sweep), new Seed(2), SplitLevel.Sweep);
        dataset.SaveSplit(split);
        Split kept = dataset.LoadSplit()!;
        Assert.Equal((split.Hash, SplitLevel.Sweep, 5), (kept.Hash, kept.Level, kept.Roles.Count));

        DatasetExport.Run(dataset, Formats.DatasetFormats.Named("coco"), folder["out"], new ExportOptions { Split = kept });
        ImportResult read = await DatasetImport.RunAsync(back, folder["out"], new ImportOptions(), cancellation: TestContext.Current.CancellationToken);
        Assert.Empty(read.Remarks);
        Assert.Equal((split.Hash, SplitLevel.Sweep), (back.LoadSplit()!.Hash, back.LoadSplit()!.Level));

        List<string> told = [];
        dataset.FinishSession(session, SessionStatus.Done);
        DatasetMerge.Merge([folder["data"]], folder["merged"], remark: told.Add);
        Assert.Contains("is by sweep", Assert.Single(told));
    }

    private static ItemFrames Turned(string part, string item, string session, int? sweep = null) => new(new GroupKey(new PartId(part), new ItemId(item), new SessionId(session), sweep), 9, 0, 0);

    private static ItemFrames Item(string part, string item, int frames) => new(new GroupKey(new PartId(part), new ItemId(item)), frames, 0, 0);

    private static ItemFrames[] Many(string part, int count) => [.. Enumerable.Range(0, count).Select(i => Item(part, $"{i}", 9))];

    private static FrameRecord Record(FrameSource source, string item) => new()
    {
        Id = default,
        ImagePath = "",
        ImageHash = "",
        Width = 1,
        Height = 1,
        Source = source,
        Part = new PartId("3001"),
        Item = new ItemId(item),
    };
}
