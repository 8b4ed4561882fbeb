using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning;
using DataRig.Learning.Loading;
using DataRig.Learning.Models;

namespace DataRig.Benchmarks;

/// <summary>PyTorch in a process of its own, ready to train the default network on some of a dataset's files, a round whenever it is asked.</summary>
internal sealed class PyTorchTraining : IDisposable
{
    private const string Python = "/usr/bin/python3", Packages = "/usr/lib/python3/dist-packages";

    private readonly Process _python;
    private readonly string _settings = Path.GetTempFileName();

    /// <param name="options">Of DataRig's side.</param>
    /// <param name="samples">What is shown.</param>
    /// <param name="network">DataRig's.</param>
    /// <param name="classes">That it tells apart.</param>
    /// <exception cref="WorkFailedException">Python fails, or has built a network of another size.</exception>
    public PyTorchTraining(TrainingOptions options, IReadOnlyList<Sample> samples, Network network, int classes)
    {
        Preprocessor preprocessor = new(options.Preprocessing);
        File.WriteAllText(_settings, JsonSerializer.Serialize(new
        {
            pixels = options.Preprocessing.InputPixels,
            batchSize = options.BatchSize,
            learningRate = options.LearningRate,
            weightDecay = options.WeightDecay,
            labelSmoothing = options.LabelSmoothing,
            classes,
            threads = Environment.ProcessorCount,
            augmentation = options.Augmentation,
            samples = samples.Select(sample =>
            {
                string file = ((FrameRecord)sample.Frame).ImagePath;
                Box window = preprocessor.See(ImageCodec.Decode(File.ReadAllBytes(file))).Window;
                return new { file, label = sample.Label, window = new[] { (int)window.X, (int)window.Y, (int)window.Width, (int)window.Height } };
            }),
        }, JsonSerializerOptions.Web));
        string script = Path.Combine(Path.GetDirectoryName(Here())!, "pytorch-training.py");
        _python = Process.Start(new ProcessStartInfo(Python, [script, _settings]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        long own = network.parameters().Sum(p => p.numel()), its = (long)Answer();
        if (own != its)
        {
            throw new WorkFailedException($"the two networks are not equal: PyTorch's has {its} parameters, DataRig's {own}; {script} has to follow ResidualNetwork.cs.");
        }
    }

    /// <summary>What is missing to run it, or null.</summary>
    public static string? Missing { get; } = Array.Find(["torch", "torchvision"], package => !Directory.Exists(Path.Combine(Packages, package))) is { } missing ? $"Debian's python3-{missing}" : null;

    /// <summary>The pictures a second of one round.</summary>
    /// <param name="what"><c>constant</c>, or <c>memory N</c> or <c>files N</c> with N workers.</param>
    public double Rate(string what)
    {
        _python.StandardInput.WriteLine(what);
        return Answer();
    }

    public void Dispose()
    {
        _python.StandardInput.Close();
        _python.WaitForExit();
        _python.Dispose();
        File.Delete(_settings);
    }

    private double Answer() => _python.StandardOutput.ReadLine() is { } line
        ? double.Parse(line, CultureInfo.InvariantCulture)
        : throw new WorkFailedException("PyTorch's side has ended before its time; what it said of it stands above.");

    private static string Here([CallerFilePath] string here = "") => here;
}
