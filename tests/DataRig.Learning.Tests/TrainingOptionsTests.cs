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
              "model": "article", "optimizer": "adadelta", "epochs": 3, "learningRate": 1e-4, "seed": 7, "balance": false,
              "preprocessing": { "crop": "none", "inputPixels": 150, "balanceTable": false },
              "augmentation": { "mirror": false, "rotationDegrees": 5, "cutOut": 0 }
            }
            """,
            "train.json");

        Assert.Equal(("article", OptimizerKind.Adadelta, 3, 1e-4, 7ul), (options.Model, options.Optimizer, options.Epochs, options.LearningRate, options.Seed));
        Assert.Equal((CropMode.None, 150), (options.Preprocessing.Crop, options.Preprocessing.InputPixels));
        Assert.Equal((false, 5.0), (options.Augmentation.Mirror, options.Augmentation.RotationDegrees));
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
