using System.Globalization;
using DataRig.Commands;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Learning.Proving;

namespace DataRig.Benchmarks;

/// <summary>
/// Whether what validation items choose holds on test items: the calibration error before and after, and the promised recall beside
/// the one that comes true. Of each part with three items or more one proves, one chooses and the others train, so that the three
/// differ as objects; renders train.
/// </summary>
internal static class CalibrationOnUnseen
{
    public static Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length < 1)
        {
            Console.WriteLine("No photographs are named, so nothing is measured; name a dataset of photographs.");
            return Task.FromResult(2);
        }

        int[] seeds = [.. Seeds(Following(arguments, "--seeds") ?? "1-3")];
        string? kept = Following(arguments, "--scores");
        TrainingOptions options = TrainingFlags.Apply(
            new TrainingOptions { Epochs = 5, Preprocessing = new PreprocessingOptions { InputPixels = 64 } }, [.. arguments.Skip(1).Where(a => a.IndexOf('=', StringComparison.Ordinal) > 0)]);
        Lazy<Dataset> dataset = new(() => Dataset.Open(arguments[0]));
        int better = 0, worse = 0, promises = 0, keeps = 0;
        double before = 0, after = 0;
        foreach (int seed in seeds)
        {
            (Scores validation, Scores test) = Said(dataset, options with { Seed = (ulong)seed }, kept is null ? null : Path.Combine(kept, FormattableString.Invariant($"{seed}.csv")));
            DecisionRule rule = DecisionMaker.Choose(validation, new DecisionOptions(), new Seed((ulong)seed));
            DecisionProof proof = DecisionMaker.Prove(test, rule, new Seed((ulong)seed));
            Console.WriteLine(FormattableString.Invariant(
                $"seed {seed}: calibration error {100 * proof.Before.Error:F1}% before, {100 * proof.After.Error:F1}% after (temperature {rule.Temperature:F2}); recall {100 * proof.Recall.Value:F1}% ({100 * proof.Recall.Low:F1} to {100 * proof.Recall.High:F1}), {(proof.Promised is { } promised ? FormattableString.Invariant($"promised at least {100 * promised:F1}%: {(proof.Kept == true ? "kept" : "not kept")}") : "nothing promised")}"));
            (before, after) = (before + proof.Before.Error, after + proof.After.Error);
            better += proof.After.Error < proof.Before.Error ? 1 : 0;
            worse += proof.After.Error > proof.Before.Error ? 1 : 0;
            promises += proof.Kept is null ? 0 : 1;
            keeps += proof.Kept == true ? 1 : 0;
        }

        Console.WriteLine(FormattableString.Invariant($"in the mean {100 * before / seeds.Length:F1}% before, {100 * after / seeds.Length:F1}% after; lower in {better} of {seeds.Length}, higher in {worse}; {keeps} of {promises} promises kept"));
        return Task.FromResult(after < before && keeps == promises ? 0 : 1);
    }

    /// <summary>What a model says of the items that choose and of those that prove, trained now or read from where it was kept.</summary>
    private static (Scores Validation, Scores Test) Said(Lazy<Dataset> dataset, TrainingOptions options, string? kept)
    {
        if (kept is not null && File.Exists(kept))
        {
            return (Read(kept, SplitRole.Validation), Read(kept, SplitRole.Test));
        }

        LabelledFrame[] frames = Split(dataset.Value.Frames(), new Seed(options.Seed));
        string folder = Directory.CreateTempSubdirectory("datarig-calibration-").FullName;
        try
        {
            new Trainer(TimeProvider.System).Train(new TrainingRequest { Options = options, Frames = [.. frames.Where(f => f.Role != SplitRole.Test)], RunFolder = folder });
            using Predictor predictor = Predictor.Open(folder);
            FramePrediction[] On(SplitRole role) => [.. Validator.Validate(predictor, [.. frames.Where(f => f.Role == role).Select(f => f.Frame)]).Predictions];
            FramePrediction[] validation = On(SplitRole.Validation), test = On(SplitRole.Test);
            if (kept is not null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(kept))!);
                File.WriteAllLines(kept, [string.Join(',', ["role", "part", "item", .. predictor.Classes.Select(c => c.Value)]), .. Lines(SplitRole.Validation, validation), .. Lines(SplitRole.Test, test)]);
            }

            return (Scores.Of(predictor.Classes, validation), Scores.Of(predictor.Classes, test));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Lines(SplitRole role, FramePrediction[] predictions) => predictions.Select(p =>
        string.Join(',', [role.ToString(), p.Frame.Part.Value, p.Frame.Item.Value, .. p.Probabilities.Select(v => v.ToString("R", CultureInfo.InvariantCulture))]));

    private static Scores Read(string file, SplitRole role)
    {
        string[][] rows = [.. File.ReadLines(file).Select(l => l.Split(','))];
        string[] classes = rows[0][3..];
        string[][] wanted = [.. rows.Skip(1).Where(r => r[0] == role.ToString())];
        return new Scores(
            [.. classes.Select(c => new PartId(c))],
            [.. wanted.Select(r => Array.IndexOf(classes, r[1]))],
            [.. wanted.Select(r => r[3..].Select(v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray())],
            [.. wanted.Select(r => $"{r[1]} {r[2]}")]);
    }

    private static LabelledFrame[] Split(IReadOnlyList<FrameRecord> all, Seed seed)
    {
        FrameRecord[] photographs = [.. all.Where(f => f.Source != FrameSource.Rendered)];
        Dictionary<GroupKey, SplitRole> roles = [];
        foreach (IGrouping<PartId, GroupKey> part in photographs.Select(f => GroupKey.Of(f)).Distinct().GroupBy(k => k.Part).Where(p => p.Count() >= 3))
        {
            GroupKey[] items = [.. part.Order()];
            int[] order = seed.For("roles").At(0).Permutation(part.Key.Value, items.Length);
            for (int i = 0; i < items.Length; i++)
            {
                roles[items[order[i]]] = i switch { 0 => SplitRole.Test, 1 => SplitRole.Validation, _ => SplitRole.Train };
            }
        }

        HashSet<PartId> parts = [.. roles.Keys.Select(k => k.Part)];
        return
        [
            .. from frame in photographs let key = GroupKey.Of(frame) where roles.ContainsKey(key) select new LabelledFrame(frame, roles[key]),
            .. from frame in all where frame.Source == FrameSource.Rendered && parts.Contains(frame.Part) select new LabelledFrame(frame, SplitRole.Train),
        ];
    }

    /// <summary>Seeds as <c>1-6</c> or <c>4</c>.</summary>
    private static IEnumerable<int> Seeds(string text)
    {
        int[] ends = [.. text.Split('-').Select(e => int.Parse(e, CultureInfo.InvariantCulture))];
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
    }

    private static string? Following(string[] arguments, string flag) => Array.IndexOf(arguments, flag) is >= 0 and int at && at + 1 < arguments.Length ? arguments[at + 1] : null;
}
