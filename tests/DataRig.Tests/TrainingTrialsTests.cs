using System.Text.Json;
using DataRig.Core.Configuration;
using DataRig.Jobs;
using DataRig.Learning;

namespace DataRig.Tests;

/// <summary>What <c>datarig train</c> tries out, sweeps, repeats and goes on with, on a small synthetic dataset of its own.</summary>
public sealed class TrainingTrialsTests(ITestOutputHelper output)
{
    private static readonly string[] Quick = ["--set", "preprocessing.inputPixels=32", "checkFiveImages=false", "batchSize=16"];

    [Fact]
    public async Task A_sweep_is_one_table_and_goes_on_where_it_stopped()
    {
        using Cli cli = new();
        await CaptureAsync(cli);
        cli.Write("sweep.json", """
            { "seeds": [1, 2], "sortBy": "macroF1", "base": { "epochs": 2 },
              "vary": { "network": { "small": { "model": "residual" }, "article": { "model": "article", "learningRate": 1e-3 } }, "learningRate": [0.001, 0.003] } }
            """);
        string[] sweep = ["train", "--data", "data", "--sweep", "sweep.json", "--out", "swept", .. Quick];

        JsonElement first = await cli.JsonAsync(sweep);
        File.Delete(cli.At("swept/small-0.003-seed2.json"));
        JsonElement again = await cli.JsonAsync(sweep);

        Assert.Equal(4, first.GetProperty("rows").GetArrayLength());
        Assert.Equal(8, first.GetProperty("trainings").GetArrayLength());
        double[] scores = [.. first.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("macroF1").GetProperty("mean").GetDouble())];
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.All(first.GetProperty("rows").EnumerateArray(), r => Assert.Equal(2, r.GetProperty("accuracy").GetProperty("repetitions").GetInt32()));
        // The cell that was gone came from its finished run, with the same figures.
        Assert.Equal(first.GetProperty("rows").ToString(), again.GetProperty("rows").ToString());
        Assert.Contains("<svg", File.ReadAllText(first.GetProperty("page").GetString()!));
        (int code, string _, string remarks) = await cli.RunAsync(["train", "--data", "data", "--sweep", "sweep.json", "--out", "swept", .. Quick, "labelSmoothing=0.2", "--quiet"]);
        Assert.True(code == 1, remarks);
        Assert.Contains("holds a sweep of other settings", remarks);
    }

    [Fact]
    public void A_sweep_s_mistakes_are_told_with_their_places()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "{ \"vary\": {\n  \"learningRate\": [0.001, -1],\n  \"look\": { \"a\": { \"augmentation.blr\": 0 }, \"b\": {} } } }");

            ConfigurationException failure = Assert.Throws<ConfigurationException>(() => SweepFile.Read(file, new TrainingOptions()));

            Assert.Equal([(2, 27, "vary.learningRate.-1"), (3, 18, "vary.look.a")], failure.Problems.Select(p => (p.Line, p.Column, p.Path)));
            Assert.Contains("did you mean \"blur\"?", failure.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_preview_shows_pictures_and_sizes_and_the_rate_is_found_without_a_run()
    {
        using Cli cli = new();
        await CaptureAsync(cli);

        JsonElement preview = await cli.JsonAsync("train", "--data", "data", "--preview", "--out", "shown", "--set", "augmentation.shift=0.5");
        JsonElement rate = await cli.JsonAsync(["train", "--data", "data", "--find-lr", .. Quick]);

        Assert.True(File.Exists(preview.GetProperty("preview").GetString()));
        Assert.Equal(preview.GetProperty("sizes").GetProperty("found").GetInt32(), preview.GetProperty("sizes").GetProperty("histogram").EnumerateArray().Sum(b => b.GetProperty("count").GetInt32()));
        Assert.Contains("beyond the edge", preview.GetProperty("warnings").ToString());
        Assert.InRange(rate.GetProperty("suggested").GetDouble(), 1e-6, rate.GetProperty("lowest").GetDouble());
        Assert.False(Directory.Exists(cli.At("runs")));
    }

    /// <summary>Ten kills (SIGKILL) at moments of chance: in the end the run is the undisturbed one, and so is its repetition.</summary>
    [Fact]
    public async Task A_training_that_is_killed_ten_times_equals_an_undisturbed_one_to_the_bit()
    {
        const int kills = 10;
        using Cli cli = new();
        await CaptureAsync(cli);
        string[] settings = [.. Quick, "schedule=plateau", "decayEpochs=1", "averageDecay=0.95", "augmentation.mixUp=0.2", "epochs=14"];
        await cli.JsonAsync(["train", "--data", "data", "--out", "undisturbed", .. settings]);

        int survived = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            string[] arguments = Run.Exists(cli.At("killed")) ? ["train", "--out", "killed", "--resume"] : ["train", "--data", "data", "--out", "killed", .. settings];
            using System.Diagnostics.Process process = cli.Start([.. arguments, "--quiet"]);
            int before = Epochs(cli), wanted = Math.Min(before + 1, 13);
            // From the end of an epoch on, a moment of chance: in the next one, or in the writing of its files.
            while (!process.HasExited && Epochs(cli) < wanted)
            {
                await Task.Delay(1);
            }

            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(new DataRig.Core.Seed(17).At(kill).Below("ms", 60)));
            process.Kill();
            await process.WaitForExitAsync();
            survived += process.ExitCode == 0 ? 1 : 0;
        }

        output.WriteLine($"{kills - survived} kills of {kills} struck; {Epochs(cli)} epochs were written by then");
        await cli.JsonAsync("train", "--out", "killed", "--resume");
        JsonElement repeated = await cli.JsonAsync("reproduce", "killed", "--out", "repeated");

        foreach (string name in new[] { "killed", "repeated" })
        {
            Run expected = Run.Open(cli.At("undisturbed")), run = Run.Open(cli.At(name));
            Assert.Equal(File.ReadAllBytes(expected.BestPath), File.ReadAllBytes(run.BestPath));
            Assert.Equal(expected.History.Select(Timeless), run.History.Select(Timeless));
        }

        Assert.True(repeated.GetProperty("equal").GetBoolean());
        static EpochRecord Timeless(EpochRecord epoch) => epoch with { Seconds = 0, ImagesPerSecond = 0 };
    }

    [Fact]
    public async Task A_repetition_says_what_is_not_equal_and_what_is_gone()
    {
        using Cli cli = new();
        await CaptureAsync(cli);
        await cli.JsonAsync(["train", "--data", "data", "--out", "run", .. Quick, "epochs=2"]);
        string metrics = cli.At("run/metrics.csv");
        File.WriteAllText(metrics, File.ReadAllText(metrics).Replace("\n2,", "\n2,1", StringComparison.Ordinal));

        (int code, string text, string _) = await cli.RunAsync("reproduce", "run", "--quiet");
        await cli.JsonAsync("dataset", "trash", "--data", "data", "1");
        (int gone, string _, string remarks) = await cli.RunAsync("reproduce", "run", "--out", "third", "--quiet");

        Assert.Equal((1, 1), (code, gone));
        Assert.Contains("epoch 2 had a training loss of 1", text);
        Assert.Contains("no longer has", remarks);
    }

    private static async Task CaptureAsync(Cli cli)
    {
        cli.Write("rig.json", Cli.SmallRig.Replace("\"stopsPerSweep\": 6", "\"stopsPerSweep\": 4", StringComparison.Ordinal));
        await cli.JsonAsync("capture", "--data", "data");
    }

    private static int Epochs(Cli cli)
    {
        try
        {
            return File.Exists(cli.At("killed/metrics.csv")) ? File.ReadAllLines(cli.At("killed/metrics.csv")).Length - 1 : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
