namespace DataRig.Tests;

/// <summary>What a user gets who makes a mistake: a sentence and an exit code.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData(2, "frobnicate", "frobnicate")]
    [InlineData(2, "run --sead 1", "--sead")]
    [InlineData(2, "run --seed many", "many")]
    [InlineData(2, "run --rig nowhere.json", "nowhere.json:1:1: there is no such file")]
    [InlineData(2, "synth --scene nowhere.json --out d", "nowhere.json:1:1: there is no such file")]
    [InlineData(2, "synth --count 0 --out d", "--count")]
    [InlineData(2, "synth --shard 3/2 --out d", "I from 1 to N")]
    [InlineData(1, "dataset merge nowhere --out d", "nowhere")]
    [InlineData(2, "train --synth nowhere.json", "nowhere.json:1:1: there is no such file")]
    [InlineData(2, "train --synth-share 0.5", "need --synth")]
    [InlineData(2, "train --synth nowhere.json --synth-share 0", "more than 0")]
    [InlineData(2, "train --synth nowhere.json --resume --out nowhere", "leave --synth")]
    [InlineData(2, "synth --preview --explain 1", "ask for one of them")]
    [InlineData(2, "synth --preview --count 401", "at most 400 frames")]
    [InlineData(2, "synth --explain -1", "--explain is at least 0")]
    [InlineData(1, "dataset info --data nowhere", "nowhere")]
    [InlineData(1, "dataset import nowhere --out d", "nowhere")]
    [InlineData(1, "dataset trash 1 --data nowhere", "There is no dataset")]
    [InlineData(2, "dataset trash 1 --purge", "deletes the whole trash")]
    [InlineData(2, "train --snapshot v1 --resume --out nowhere", "--snapshot is of the dataset")]
    [InlineData(1, "run --resume --out nowhere", "no run to resume")]
    [InlineData(1, "run --resume", "no run to resume")]
    [InlineData(1, "resume --data nowhere", "nowhere")]
    [InlineData(1, "validate --model nowhere", "nowhere")]
    [InlineData(1, "twin fit --data nowhere", "There is no dataset")]
    [InlineData(1, "twin score --data nowhere", "There is no dataset")]
    [InlineData(2, "twin fit --frames 0", "--frames is at least 1, found 0")]
    [InlineData(2, "twin fit --widen -1", "--widen is from 0 to 100, found -1")]
    [InlineData(1, "validate", "run")]
    [InlineData(2, "validate --reject-cost 2", "give --wrong-cost too")]
    [InlineData(2, "validate --alarm-frames 2", "need --alarm")]
    [InlineData(1, "run --out taken", "not empty")]
    public async Task A_mistake_is_answered_with_a_sentence(int exitCode, string arguments, string said)
    {
        using Cli cli = new();
        Directory.CreateDirectory(cli.At("taken"));
        await File.WriteAllTextAsync(cli.At("taken/notes.txt"), "mine", TestContext.Current.CancellationToken);

        (int code, string result, string remarks) = await cli.RunAsync(arguments.Split(' '));

        Assert.Contains(said, remarks);
        Assert.Equal(exitCode, code);
        Assert.Empty(result);
        Assert.DoesNotContain("   at ", remarks); // no stack trace
        Assert.True(File.Exists(cli.At("taken/notes.txt")));
    }

    [Fact]
    public async Task Every_mistake_in_a_configuration_is_named_with_its_place()
    {
        using Cli cli = new();
        cli.Write("rig.json", Cli.SmallRig
            .Replace("\"driver\": \"simulated\" },\n  \"camera\"", "\"driver\": \"simulated\", \"settleSeconds\": 1 },\n  \"camera\"")
            .Replace("\"width\": 96", "\"width\": 7")
            .Replace("\"epochs\": 4", "\"epochs\": \"four\""));

        (int code, _, string remarks) = await cli.RunAsync("run");

        Assert.Equal(2, code);
        Assert.Contains("rig.json:3:41: turntable.settleSeconds: unknown key; did you mean \"settleMs\"?", remarks);
        Assert.Contains("camera.width: expected a number from 32 to 8192, found 7", remarks);
        Assert.Contains("training.epochs: expected a whole number, found \"four\"", remarks);
        Assert.Equal(3, remarks.Trim().Split('\n').Length);
    }

    [Fact]
    public async Task A_colour_that_the_twin_does_not_have_is_named()
    {
        using Cli cli = new();
        cli.Write("rig.json", Cli.SmallRig.Replace("\"black\"", "\"see-through\""));

        (int code, _, string remarks) = await cli.RunAsync("capture", "--data", "d", "--quiet");

        Assert.Equal(1, code);
        Assert.Contains("see-through", remarks);
        Assert.Contains("red", remarks);
    }

    [Fact]
    public async Task Help_names_every_verb()
    {
        using Cli cli = new();

        (int code, string result, _) = await cli.RunAsync("--help");

        Assert.Equal(0, code);
        foreach (string verb in new[] { "run", "capture", "resume", "synth", "dataset", "train", "validate", "predict", "doctor" })
        {
            Assert.Contains($"  {verb} ", result);
        }
    }
}
