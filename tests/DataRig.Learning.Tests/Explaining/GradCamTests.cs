using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Explaining;
using DataRig.Learning.Loading;
using DataRig.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Tests.Explaining;

[Collection(TorchCollection.Name)]
public sealed class GradCamTests : IDisposable
{
    private const int Side = 128, Mark = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("datarig-heat-").FullName;

    public GradCamTests() => TorchRuntime.Initialize();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("article", 1)]
    [InlineData("residual", 1)]
    [InlineData("residual", 2)]
    [InlineData("resnet18", 1)]
    [InlineData("resnet50", 1)]
    [InlineData("mobilenet-v3-small", 1)]
    public void The_gradient_is_that_of_finite_differences(string name, int patches)
    {
        using DisposeScope scope = NewDisposeScope();
        PreprocessingOptions preprocessing = new() { InputPixels = 48, Patches = patches };
        using Network network = ModelNames.Build(name, 5, preprocessing, new Seed(2));
        network.eval();
        int[] classes = [3, 1];
        Tensor maps = network.Maps(randn(2, 3, preprocessing.Side, preprocessing.Side));
        // Twice the digits, so that the step can be small: a maximum changes hands beyond it.
        network.@double();
        maps = maps.detach().@double().requires_grad_(true);
        Tensor gradient = GradCam.Gradient(maps, network.Classify(network.Embed(maps)), classes);
        using IDisposable frozen = no_grad();

        // The steepest places of each picture: those that say nothing would prove nothing.
        const double Step = 1e-6;
        for (int picture = 0; picture < 2; picture++)
        {
            foreach (long place in (gradient[picture].abs() * maps[picture].sign()).flatten().topk(4).indexes.data<long>().ToArray())
            {
                double Logit(double shift)
                {
                    Tensor moved = maps.detach().clone();
                    moved[picture].view(-1)[place] += shift;
                    return network.Classify(network.Embed(moved))[picture, classes[picture]].item<double>();
                }

                double expected = (Logit(Step) - Logit(-Step)) / (2 * Step), found = gradient[picture].flatten()[place].item<double>();
                Assert.NotEqual(0, found);
                Assert.Equal(expected, found, 1e-6 + (1e-4 * Math.Abs(expected)));
            }
        }
    }

    /// <summary>Pooling by mean and maximum and one dense layer: what the places say adds up to the logit, its bias apart.</summary>
    [Theory]
    [InlineData("residual", "output")]
    [InlineData("resnet18", "fc")]
    public void What_the_places_say_adds_up_to_the_logit(string name, string last)
    {
        using DisposeScope scope = NewDisposeScope();
        using Network network = ModelNames.Build(name, 4, new PreprocessingOptions { InputPixels = 64 }, new Seed(1));
        network.eval();
        Tensor maps = network.Maps(randn(3, 3, 64, 64)).detach().requires_grad_(true);
        Tensor logits = network.Classify(network.Embed(maps));

        Tensor said = (GradCam.Gradient(maps, logits, [0, 1, 2]) * maps).sum([1, 2, 3]).detach();

        Tensor bias = network.state_dict()[$"{last}.bias"];
        for (int picture = 0; picture < 3; picture++)
        {
            Assert.Equal(logits[picture, picture].item<float>() - bias[picture].item<float>(), said[picture].item<float>(), 1e-3);
        }
    }

    /// <summary>Pictures that differ by how dark a mark in one corner is, and by nothing else that tells them apart.</summary>
    [Theory]
    [InlineData("residual")]
    [InlineData("article")]
    public void The_heat_lies_on_the_mark_that_a_model_was_trained_on(string name)
    {
        TrainingOptions options = new()
        {
            Model = name, Preprocessing = new PreprocessingOptions { InputPixels = Side, Crop = CropMode.None, BalanceTable = false }, Augmentation = AugmentationOptions.None, BatchSize = 8, Epochs = 6, CheckFiveImages = false, Seed = 5,
        };
        LabelledFrame[] frames = [.. Enumerable.Range(0, 64).Select(Marked)];
        new Trainer(TimeProvider.System).Train(new TrainingRequest { Options = options, Frames = frames, RunFolder = Path.Combine(_folder, "run") });
        using Predictor predictor = Predictor.Open(Path.Combine(_folder, "run"));
        Explainer explainer = new(predictor, new([], []));

        double[] shares =
        [
            .. Enumerable.Range(200, 12).Select(number =>
            {
                (Picture picture, string part, Box mark) = Draw(number);
                Explanation explanation = explainer.Explain(picture, label: new Annotation { Part = new PartId(part), Item = new ItemId(part), Box = mark });
                Assert.Equal(part, explanation.Parts[0].Part.Value);
                Assert.NotNull(explanation.Share);
                Assert.False(explanation.Share.IsElsewhere);
                return explanation.Share.Near / explanation.Share.NearArea;
            }),
        ];

        // Several times as much heat as an even spread would put on the mark and half a place around it.
        Assert.True(shares.Average() > 4, string.Join(", ", shares.Select(s => s.ToString("F1", System.Globalization.CultureInfo.InvariantCulture))));
    }

    private LabelledFrame Marked(int number)
    {
        (Picture picture, string part, _) = Draw(number);
        string file = Path.Combine(_folder, $"{number}.jpg");
        File.WriteAllBytes(file, ImageCodec.EncodeJpeg(picture, 95).Bytes);
        return new LabelledFrame(
            new FrameRecord { Id = new FrameId(number), ImagePath = file, ImageHash = $"{number:x}", Width = Side, Height = Side, Source = FrameSource.Captured, Part = new PartId(part), Item = new ItemId($"{part}-{number}") }, SplitRole.Train);
    }

    /// <summary>A square in the upper right corner, dark or light; a grey disc anywhere means nothing.</summary>
    private static (Picture Picture, string Part, Box Mark) Draw(int number)
    {
        Draws draws = new Seed(11).At(number);
        bool dark = number % 2 == 0;
        double x = Side - Mark - draws.Uniform("x", 4, 10), y = draws.Uniform("y", 4, 10), cx = draws.Uniform("cx", 20, 108), cy = draws.Uniform("cy", 50, 108);
        Picture picture = new(Side, Side);
        for (int py = 0; py < Side; py++)
        {
            for (int px = 0; px < Side; px++)
            {
                byte ground = (byte)(150 + draws.Uniform("ground", 0, 20));
                byte level = px >= x && px < x + Mark && py >= y && py < y + Mark ? (dark ? (byte)30 : (byte)255) : ((px - cx) * (px - cx)) + ((py - cy) * (py - cy)) < 160 ? (byte)110 : ground;
                picture[px, py] = (level, level, level);
            }
        }

        return (picture, dark ? "dark" : "light", new Box(x, y, Mark, Mark));
    }
}
