using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Proving;

namespace DataRig.Learning.Tests.Proving;

public sealed class DecisionTests
{
    private static readonly PartId[] Classes = [new("a"), new("b"), new("c")];

    [Fact]
    public void The_temperature_that_made_a_model_too_sure_is_found_and_other_items_are_told_truthfully()
    {
        // Truths drawn from probabilities, which are then sharpened as an overconfident network does.
        Scores chosen = Calibration.Apply(Drawn(1, 4000), 1 / 2.5), others = Calibration.Apply(Drawn(2, 4000), 1 / 2.5);

        double temperature = Calibration.Temperature(chosen);

        Assert.InRange(temperature, 2.2, 2.8);
        double before = Calibration.Reliability(others).Error, after = Calibration.Reliability(Calibration.Apply(others, temperature)).Error;
        Assert.InRange(before, 0.1, 1);
        Assert.InRange(after, 0, 0.04);
    }

    [Fact]
    public void Items_that_want_opposite_temperatures_leave_confidences_as_they_are()
    {
        // One brick of each kind: of the first, half of what is said with 90% is wrong; of the second, all that is said with 50% is right.
        Scores scores = new(
            Classes,
            [.. Enumerable.Range(0, 40).Select(i => i < 20 && i % 2 == 0 ? 1 : 0)],
            [.. Enumerable.Range(0, 40).Select(i => i < 20 ? new[] { 0.9f, 0.05f, 0.05f } : [0.5f, 0.25f, 0.25f])],
            [.. Enumerable.Range(0, 40).Select(i => i < 20 ? "sure" : "shy")]);

        Assert.Equal(1, Calibration.Temperature(scores));

        // Four bricks of the first kind agree, and a fifth that has as many frames as they have does not outweigh them.
        Scores many = new(
            Classes,
            [.. Enumerable.Range(0, 160).Select(i => i < 80 && i % 2 == 0 ? 1 : 0)],
            [.. Enumerable.Range(0, 160).Select(i => i < 80 ? new[] { 0.9f, 0.05f, 0.05f } : [0.5f, 0.25f, 0.25f])],
            [.. Enumerable.Range(0, 160).Select(i => i < 80 ? $"sure {i / 20}" : "shy")]);

        Assert.InRange(Calibration.Temperature(many), 1.2, 10);
    }

    [Fact]
    public void Items_that_are_all_recognized_do_not_make_a_model_certain()
    {
        float[] shy = [0.6f, 0.3f, 0.1f];
        Scores Right(int items) => new(Classes, [.. Enumerable.Repeat(0, 8 * items)], [.. Enumerable.Repeat(shy, 8 * items)], [.. Enumerable.Range(0, 8 * items).Select(i => $"{i / 8}")]);

        double few = Calibration.Temperature(Right(2)), many = Calibration.Temperature(Right(40));

        // However far the likelihood would go on, few items move it by a factor of two at most, and more items further.
        Assert.InRange(few, 0.5, 0.9);
        Assert.InRange(many, 0.1, few - 0.1);
        Assert.InRange(Calibration.Apply(shy, few)[0], 0.65, 0.85);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public void Thresholds_give_other_items_nearly_the_best_F_beta_that_any_would(double beta)
    {
        DecisionRule rule = DecisionMaker.Choose(Drawn(7, 3000), new DecisionOptions { Beta = beta }, new Seed(1));
        Scores others = Drawn(8, 20_000);
        double temperature = rule.Temperature;

        for (int part = 0; part < Classes.Length; part++)
        {
            double best = Enumerable.Range(0, 50).Max(i => FBeta(i / 50.0));
            Assert.InRange(FBeta(rule.Parts[Classes[part].Value].Confidence), best - 0.005, best);

            double FBeta(double threshold)
            {
                Scores calibrated = Calibration.Apply(others, temperature);
                int[] believed = [.. Enumerable.Range(0, others.Count).Where(i => calibrated.Said[i] == part && calibrated.Probabilities[i][part] >= threshold)];
                return (1 + (beta * beta)) * believed.Count(i => calibrated.Truth[i] == part) / (believed.Length + (beta * beta * calibrated.Truth.Count(t => t == part)));
            }
        }
    }

    [Fact]
    public void A_promise_is_the_lower_end_over_items_and_three_items_promise_nothing()
    {
        DecisionRule rule = DecisionMaker.Choose(Drawn(3, 3000), new DecisionOptions(), new Seed(1)), few = DecisionMaker.Choose(Drawn(3, 300, items: 3), new DecisionOptions(), new Seed(1));

        Assert.Equal(rule.PromisedRecall.Low, rule.Promise);
        Assert.True(rule.Promise < rule.PromisedRecall.Value);
        Assert.NotNull(few.PromisedRecall.Value);
        Assert.Null(few.Promise);
        Assert.Null(DecisionMaker.Prove(Drawn(4, 3000), few, new Seed(1)).Kept);
        Assert.False(DecisionMaker.Prove(Drawn(4, 3000), rule with { PromisedRecall = new Figure(0.99, 0.98, 1) }, new Seed(1)).Kept);
    }

    [Fact]
    public void What_validation_promises_other_items_keep()
    {
        DecisionRule rule = DecisionMaker.Choose(Drawn(3, 3000), new DecisionOptions { Beta = 0.5 }, new Seed(1));

        DecisionProof proof = DecisionMaker.Prove(Drawn(4, 3000), rule, new Seed(1));

        Assert.True(proof.Kept);
        Assert.InRange(proof.Believed.Value!.Value, 0.05, 0.999);
        Assert.True(proof.AccuracyOfBelieved.Value > ProofFigures.Of(Drawn(4, 3000), new Seed(1)).Accuracy.Value);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Where_probabilities_are_true_costs_choose_the_threshold_that_theory_gives(double wrongCost)
    {
        // To believe costs (1 - p) times the wrong answer, not to costs 1: believed from p = 1 - 1 / wrong on.
        DecisionRule rule = DecisionMaker.Choose(Drawn(5, 20_000), new DecisionOptions { WrongCosts = new Dictionary<string, double> { ["*"] = wrongCost } }, new Seed(1));

        Assert.All(rule.Parts.Values, p => Assert.InRange(p.Confidence, 1 - (1 / wrongCost) - 1e-9, 1 - (1 / wrongCost) + 1e-9));
    }

    [Fact]
    public void A_sequence_raises_one_alarm_where_the_smoothed_score_stays_high_and_a_single_frame_none()
    {
        FramePrediction[] predictions =
        [
            .. Sequence("fails", [0, 0, 0.9f, 0.95f, 0.9f, 1, 1, 1], from: 2), .. Sequence("blinks", [0, 1, 0, 0, 0, 0, 0, 0], from: 99), .. Sequence("missed", [0, 0, 0, 0, 0, 0, 1, 1], from: 6),
        ];

        AlarmReport report = AlarmLogic.Judge(Classes, predictions, new AlarmOptions { Part = "b" });

        Assert.Equal([2, null, 6], report.Sequences.Select(s => s.ShownFrom));
        Assert.Equal((6, 4, 4.0), (report.Sequences[0].AlarmAt, report.Sequences[0].Delay, report.Delay));
        Assert.Equal(0, report.FalseAlarmsPer100);
        Assert.Equal(50, report.MissesPer100);
        Assert.Throws<WorkFailedException>(() => AlarmLogic.Judge(Classes, predictions, new AlarmOptions { Part = "x" }));
    }

    [Fact]
    public void An_alarm_before_there_is_anything_to_raise_it_is_false_though_something_comes()
    {
        FramePrediction[] predictions =
        [
            .. Sequence("too soon", [1, 1, 1, 1, 0, 0, 0, 0, 0, 0], from: 8), .. Sequence("too soon and in time", [1, 1, 1, 1, 1, 1, 1, 1, 1, 1], from: 8), .. Sequence("from the start", [1, 1, 1, 1, 1, 1], from: 0),
        ];

        AlarmReport report = AlarmLogic.Judge(Classes, predictions, new AlarmOptions { Part = "b" });

        Assert.Equal([(true, true), (true, false), (false, false)], report.Sequences.Select(s => (s.IsFalse, s.IsMissed)));
        Assert.Equal((100, 100.0 / 3), (report.FalseAlarmsPer100, report.MissesPer100));
        Assert.Equal([null, 0, 3], report.Sequences.Select(s => s.Delay));
    }

    [Fact]
    public void Frames_of_one_video_are_one_sequence_whatever_they_show_and_the_temperature_counts()
    {
        FramePrediction[] video = [.. Sequence("", [0, 0, 0.8f, 0.8f, 0.8f, 0.8f], from: 2).Select(p => p with { Frame = p.Frame with { Source = FrameSource.Imported, Session = null, Sweep = null, Stop = null, Item = new ItemId("print"), Metadata = OfVideo("one") } })];
        FramePrediction[] other = [.. Sequence("", [0, 0, 0, 0, 0, 0], from: 99).Select(p => p with { Frame = p.Frame with { Source = FrameSource.Imported, Session = null, Item = new ItemId("print"), Metadata = OfVideo("other") } })];

        AlarmReport sharp = AlarmLogic.Judge(Classes, [.. video, .. other], new AlarmOptions { Part = "b", Frames = 2 }), doubtful = AlarmLogic.Judge(Classes, video, new AlarmOptions { Part = "b", Frames = 2 }, temperature: 5);

        Assert.Equal(["print", "a print"], sharp.Sequences.Select(s => s.Name));
        Assert.Equal([(6, true), (6, false)], sharp.Sequences.Select(s => (s.Frames, s.Real)));
        Assert.Equal(5, sharp.Sequences[0].AlarmAt);
        Assert.Equal(0, sharp.MissesPer100);
        Assert.Equal(100, doubtful.MissesPer100);
    }

    [Fact]
    public void The_curves_say_what_ails_a_training()
    {
        TrainingOptions options = new() { Epochs = 6 };

        Assert.Equal(Ailment.Underfitting, Kind([(1.5, 0.4, 1.5, 0.4), (1.4, 0.5, 1.4, 0.5), (1.4, 0.5, 1.41, 0.5)]));
        Assert.Equal(Ailment.Overfitting, Kind([(1, 0.7, 0.9, 0.7), (0.5, 0.9, 0.8, 0.75), (0.2, 0.95, 1.0, 0.74), (0.1, 0.97, 1.3, 0.73), (0.05, 0.99, 1.5, 0.73)]));
        Assert.Equal(Ailment.None, Kind([(1, 0.7, 0.9, 0.7), (0.4, 0.9, 0.3, 0.92), (0.3, 0.93, 0.29, 0.94)]));
        Assert.Equal(Ailment.Unproven, Kind([(1, 0.9, null, null)]));

        Ailment Kind((double TrainLoss, double TrainAccuracy, double? Loss, double? Accuracy)[] epochs) =>
            Diagnosis.Of([.. epochs.Select((e, i) => new EpochRecord(i + 1, e.TrainLoss, e.TrainAccuracy, e.Loss, e.Accuracy, e.Accuracy, 1e-3, 1, 1))], options)[0].Ailment;
    }

    [Fact]
    public void Planted_label_errors_come_first()
    {
        // Three clouds of rows; 3% of 600 frames get another label.
        Draws draws = new Seed(6).At(0);
        List<FrameRecord> frames = [];
        List<float[]> rows = [];
        HashSet<long> planted = [];
        for (int i = 0; i < 600; i++)
        {
            int of = i % 3;
            float[] row = [.. Enumerable.Range(0, 8).Select(d => (float)((d == of ? 1.2 : 0) + (0.3 * draws.Normal($"{i} {d}"))))];
            float length = MathF.Sqrt(row.Sum(v => v * v));
            rows.Add([.. row.Select(v => v / length)]);
            bool wrong = i % 33 == 0;
            frames.Add(Record(i, Classes[wrong ? (of + 1) % 3 : of], "item"));
            _ = wrong && planted.Add(i);
        }

        IReadOnlyList<DoubtfulLabel> ranked = LabelErrors.Rank(new Embeddings(frames, rows), new Seed(1));

        Assert.Equal(600, ranked.Count);
        Assert.True(ranked.Take(30).Count(d => planted.Contains(d.Frame.Id.Value)) >= 0.8 * planted.Count);
    }

    [Fact]
    public void One_class_or_one_frame_ends_in_figures_that_say_nothing_and_not_in_failure()
    {
        Scores one = new(Classes, [0], [[0.5f, 0.3f, 0.2f]], ["x"]);
        Scores none = new(Classes, [], [], []);

        DecisionRule rule = DecisionMaker.Choose(one, new DecisionOptions(), new Seed(1));

        Assert.True(double.IsFinite(rule.Temperature));
        Assert.Null(DecisionMaker.Prove(none, rule, new Seed(1)).Recall.Value);
        Assert.Null(ProofFigures.Of(none, new Seed(1)).Accuracy.Value);
        Assert.Equal(1, Calibration.Temperature(none));
        Assert.Empty(LabelErrors.Rank(new Embeddings([Record(1, Classes[0], "x")], [[1f]]), new Seed(1)));
        Assert.Empty(Diagnosis.Of([], new TrainingOptions()));
    }

    private static IEnumerable<FramePrediction> Sequence(string session, float[] scores, int from) => scores.Select((score, i) =>
        new FramePrediction(Record(i, Classes[i >= from ? 1 : 0], "x") with { Session = new SessionId(session), Sweep = 0, Stop = i }, Classes[0], 1, 1) { Probabilities = [1 - score, score, 0] });

    private static Dictionary<string, string> OfVideo(string name) => new() { [FrameRecord.VideoKey] = name };

    private static FrameRecord Record(long id, PartId part, string item) =>
        new() { Id = new FrameId(id), ImagePath = "", ImageHash = "", Width = 1, Height = 1, Source = FrameSource.Captured, Part = part, Item = new ItemId(item) };

    /// <summary>Frames whose probabilities are true: each truth is drawn from its own.</summary>
    private static Scores Drawn(ulong seed, int frames, int items = 60)
    {
        List<int> truth = [];
        List<float[]> probabilities = [];
        for (int i = 0; i < frames; i++)
        {
            Draws draws = new Seed(seed).At(i);
            double[] weights = [.. Classes.Select(c => Math.Exp(1.5 * draws.Normal(c.Value)))];
            double drawn = draws.Uniform("truth") * weights.Sum();
            truth.Add(drawn < weights[0] ? 0 : drawn < weights[0] + weights[1] ? 1 : 2);
            probabilities.Add([.. weights.Select(w => (float)(w / weights.Sum()))]);
        }

        return new Scores(Classes, truth, probabilities, [.. truth.Select((_, i) => $"{i % items}")]);
    }
}
