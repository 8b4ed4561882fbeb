using DataRig.Core.Configuration;

namespace DataRig.Learning.Tests;

public sealed class TrainingOptionsTests
{
    [Fact]
    public void Every_key_can_be_set()
    {
        TrainingOptions options = StrictJson.Read<TrainingOptions>(
            """
            {
              "model": "article", "optimizer": "adadelta", "epochs": 3, "learningRate": 1e-4, "seed": 7, "balance": "none", "schedule": "oneCycle",
              "preprocessing": { "crop": "none", "inputPixels": 150, "balanceTable": false },
              "augmentation": { "mirror": false, "rotationDegrees": 5, "cutOut": 0 }
            }
            """,
            "train.json");

        Assert.Equal(("article", OptimizerKind.Adadelta, 3, 1e-4, 7ul), (options.Model, options.Optimizer, options.Epochs, options.LearningRate, options.Seed));
        Assert.Equal((CropMode.None, 150), (options.Preprocessing.Crop, options.Preprocessing.InputPixels));
        Assert.Equal((BalanceKind.None, ScheduleKind.OneCycle), (options.Balance, options.Schedule));
        Assert.Equal((false, 5.0), (options.Augmentation.Mirror, options.Augmentation.RotationDegrees));
    }

    [Fact]
    public void No_variation_at_all_has_a_word()
    {
        Assert.Equal(AugmentationOptions.None, StrictJson.Read<TrainingOptions>("{ \"augmentation\": \"none\" }", "train.json").Augmentation);
        Assert.Equal(
            "train.json:1:19: augmentation: expected an object, \"none\" or \"default\", found \"much\"",
            Assert.Throws<ConfigurationException>(() => StrictJson.Read<TrainingOptions>("{ \"augmentation\": \"much\" }", "train.json")).Message);
    }

    [Theory]
    [InlineData("{ \"frozenEpochs\": 2 }", "frozenEpochs", "would stay random")]
    [InlineData("{ \"preprocessing\": { \"crop\": \"rectangle\" } }", "preprocessing.rectangle", "belong together")]
    [InlineData("{ \"preprocessing\": { \"crop\": \"rectangle\", \"rectangle\": { \"x\": 0.5, \"y\": 0, \"width\": 0.6, \"height\": 1 } } }", "preprocessing.rectangle", "reaches to 1.1 across")]
    [InlineData("{ \"preprocessing\": { \"patches\": 4, \"inputPixels\": 300 } }", "preprocessing.patches", "make 1200 pixels across; at most 1024")]
    public void What_does_not_go_together_is_said(string text, string path, string expected)
    {
        ConfigurationException failure = Assert.Throws<ConfigurationException>(() => StrictJson.Read<TrainingOptions>(text, "train.json"));

        Assert.Equal(path, failure.Problems.Single().Path);
        Assert.Contains(expected, failure.Message);
    }

    [Fact]
    public void An_unknown_model_lists_the_known_ones()
    {
        ConfigurationException failure = Assert.Throws<ConfigurationException>(() => StrictJson.Read<TrainingOptions>("{ \"model\": \"resnet\" }", "train.json"));

        Assert.Equal("train.json:1:12: model: there is no model \"resnet\"; the models are article, mobilenet-v3-small, residual, resnet18, resnet34, resnet50, vgg19", failure.Message);
    }

    [Fact]
    public void Values_out_of_range_are_named_with_their_place()
    {
        ConfigurationException failure = Assert.Throws<ConfigurationException>(() => StrictJson.Read<TrainingOptions>("{ \"epochs\": 0,\n \"augmentation\": { \"cutOut\": 0.9 } }", "train.json"));

        Assert.Equal(["epochs", "augmentation.cutOut"], failure.Problems.Select(p => p.Path));
        Assert.Equal([1, 2], failure.Problems.Select(p => p.Line));
    }
}
