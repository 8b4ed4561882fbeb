using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Learning.Proving;

namespace DataRig.Benchmarks;

/// <summary>
/// Whether what validation items choose holds on test items: the calibration error before and after, and the promised recall beside
/// the one that comes true. Of each part with three items one trains, one chooses and one proves, so that the three differ as objects.
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

        int epochs = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 5;
        int seeds = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 3;
        using Dataset dataset = Dataset.Open(arguments[0]);
        FrameRecord[] photographs = [.. dataset.Frames().Where(f => f.Source != FrameSource.Rendered)];
        bool good = true;
        for (int seed = 1; seed <= seeds; seed++)
        {
            LabelledFrame[] frames = Split(photographs, new Seed((ulong)seed));
            string folder = Directory.CreateTempSubdirectory("datarig-calibration-").FullName;
            try
            {
                TrainingOptions options = new() { Epochs = epochs, Seed = (ulong)seed, Preprocessing = new PreprocessingOptions { InputPixels = 64 } };
                new Trainer(TimeProvider.System).Train(new TrainingRequest { Options = options, Frames = [.. frames.Where(f => f.Role != SplitRole.Test)], RunFolder = folder });
                using Predictor predictor = Predictor.Open(folder);
                Scores On(SplitRole role) => Scores.Of(predictor.Classes, Validator.Validate(predictor, [.. frames.Where(f => f.Role == role).Select(f => f.Frame)]).Predictions);
                DecisionRule rule = DecisionMaker.Choose(On(SplitRole.Validation), new DecisionOptions(), new Seed((ulong)seed));
                DecisionProof proof = DecisionMaker.Prove(On(SplitRole.Test), rule, new Seed((ulong)seed));
                Console.WriteLine(FormattableString.Invariant(
                    $"seed {seed}: calibration error {100 * proof.Before.Error:F1}% before, {100 * proof.After.Error:F1}% after (temperature {rule.Temperature:F2}); recall {100 * proof.Recall.Value:F1}% ({100 * proof.Recall.Low:F1} to {100 * proof.Recall.High:F1}), promised {100 * proof.Promised.Value:F1}%: {(proof.Kept == true ? "kept" : "not kept")}"));
                good &= proof.After.Error < proof.Before.Error && proof.Kept != false;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return Task.FromResult(good ? 0 : 1);
    }

    private static LabelledFrame[] Split(FrameRecord[] photographs, Seed seed)
    {
        Dictionary<GroupKey, SplitRole> roles = [];
        foreach (IGrouping<PartId, GroupKey> part in photographs.Select(f => new GroupKey(f.Part, f.Item)).Distinct().GroupBy(k => k.Part).Where(p => p.Count() >= 3))
        {
            GroupKey[] items = [.. part.Order()];
            int[] order = seed.For("roles").At(0).Permutation(part.Key.Value, items.Length);
            for (int i = 0; i < items.Length; i++)
            {
                roles[items[order[i]]] = i switch { 0 => SplitRole.Test, 1 => SplitRole.Validation, _ => SplitRole.Train };
            }
        }

        return [.. from frame in photographs let key = new GroupKey(frame.Part, frame.Item) where roles.ContainsKey(key) select new LabelledFrame(frame, roles[key])];
    }
}
