using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Loading;
using DataRig.Learning.Models;
using DataRig.Learning.Proving;
using DataRig.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning;

/// <summary>A part and how likely it is, in [0, 1].</summary>
public sealed record PartProbability(PartId Part, double Probability);

/// <summary>
/// A trained model, ready to say what is in a picture. It prepares pictures exactly as training and validation did.
/// Not safe for several threads at once.
/// </summary>
public sealed class Predictor : IDisposable
{
    private readonly Preprocessor _preprocessor;

    private Predictor(Run run, string weightsFile, Network network)
    {
        Run = run;
        WeightsFile = weightsFile;
        Network = network;
        _preprocessor = new Preprocessor(run.Options.Preprocessing);
        Rule = DecisionRule.Of(run);
    }

    /// <summary>How its outputs become answers; <see cref="Predict(Picture)"/> gives probabilities at its temperature.</summary>
    public DecisionRule Rule { get; }

    /// <summary>What it was trained in.</summary>
    public Run Run { get; }

    /// <summary>The file the weights came from.</summary>
    public string WeightsFile { get; }

    /// <summary>The parts that it tells apart, in the order of its outputs.</summary>
    public IReadOnlyList<PartId> Classes => Run.Classes;

    /// <summary>Its steps, for those who look into it; in evaluation mode.</summary>
    internal Network Network { get; }

    internal Preprocessor Preprocessor => _preprocessor;

    /// <summary>Opens a run's best model, or a <c>.safetensors</c> file that stands beside its <c>run.json</c>.</summary>
    /// <param name="runOrFile">A run's folder, or <c>best.safetensors</c> in it.</param>
    /// <exception cref="WorkFailedException">It is neither, it has no finished epoch, or the file is damaged.</exception>
    public static Predictor Open(string runOrFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(runOrFile);
        bool isFile = File.Exists(runOrFile);
        string full = Path.GetFullPath(runOrFile);
        Run run = Run.Open(isFile ? Path.GetDirectoryName(full)! : full);
        string file = isFile && Path.GetFileName(full) != Path.GetFileName(run.RecordPath) ? full : run.BestPath;
        if (!File.Exists(file))
        {
            throw new WorkFailedException($"the run {run.Folder} has no model yet: none of its epochs is finished. Resume it.");
        }

        Network network = ModelNames.Build(run.Options.Model, run.Classes.Count, run.Options.Preprocessing, default);
        using DisposeScope scope = NewDisposeScope();
        Weights.Load(network, SafeTensors.Read(file).Tensors, file);
        network.eval();
        return new Predictor(run, file, network);
    }

    /// <summary>What is in a picture file (JPEG or PNG), the likeliest part first.</summary>
    /// <exception cref="WorkFailedException">The bytes are no picture.</exception>
    public IReadOnlyList<PartProbability> Predict(ReadOnlySpan<byte> image) => Predict(ImageCodec.Decode(image));

    /// <summary>What is in a picture, the likeliest part first.</summary>
    public IReadOnlyList<PartProbability> Predict(Picture picture) => Predict([picture], p => p).Single();

    /// <summary>What is in each of many pictures, in their order, a batch at a time: read and prepared by as many threads as there are cores.</summary>
    /// <param name="pictures">Files, or whatever else the pictures are read from.</param>
    /// <param name="read">Reads one, on any thread; what it throws comes to whoever asks for its answer.</param>
    public IEnumerable<IReadOnlyList<PartProbability>> Predict<T>(IEnumerable<T> pictures, Func<T, Picture> read)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(read);
        return Answers(pictures, read);
    }

    private IEnumerable<IReadOnlyList<PartProbability>> Answers<T>(IEnumerable<T> pictures, Func<T, Picture> read)
    {
        int side = _preprocessor.Options.Side, each = 3 * side * side;
        LoaderThreads? threads = null;
        try
        {
            foreach (T[] some in pictures.Chunk(Run.Options.BatchSize))
            {
                Batch room = new(new float[some.Length * each], new long[some.Length], side);
                UnfinishedBatch batch = new(room, i => Augmenter.Copy(_preprocessor.Apply(read(some[i])).Rgb, room.Pixels.AsSpan(i * each, each)), whole => whole);
                if (some.Length > 1)
                {
                    (threads ??= new LoaderThreads()).Add(batch);
                }

                foreach (float[] probabilities in Evaluation.Probabilities(Network, batch.Wait()))
                {
                    yield return [.. Calibration.Apply(probabilities, Rule.Temperature).Select((p, i) => new PartProbability(Classes[i], p)).OrderByDescending(p => p.Probability)];
                }
            }
        }
        finally
        {
            threads?.Dispose();
        }
    }

    /// <summary>The probabilities of each frame, in the frames' order, many at a time.</summary>
    internal IEnumerable<(Sample Sample, float[] Probabilities)> PredictAll(IReadOnlyList<Sample> samples, CancellationToken cancel)
    {
        // Each frame is asked for once, so that none is kept.
        BatchLoader loader = new(new PictureStore(_preprocessor, budgetBytes: 0), Run.Options.BatchSize);
        int at = 0;
        foreach (Batch batch in loader.Plain(samples, cancel))
        {
            foreach (float[] probabilities in Evaluation.Probabilities(Network, batch))
            {
                yield return (samples[at++], probabilities);
            }
        }
    }

    public void Dispose() => Network.Dispose();
}
