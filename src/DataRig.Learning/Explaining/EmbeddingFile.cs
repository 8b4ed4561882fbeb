using System.Security.Cryptography;
using DataRig.Core;
using DataRig.Data;
using DataRig.Learning.Proving;
using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Explaining;

/// <summary>
/// What a model makes of frames, kept in its run's folder: whoever looks into the model once more waits only for the frames that
/// are new. Rows are known by their picture's hash, and the file by the hash of the weights.
/// </summary>
public static class EmbeddingFile
{
    private const string FileName = "embeddings.safetensors", Weights = "weights", Rows = "rows", Hashes = "hashes";

    private const int HashBytes = 32;

    /// <summary>The embeddings of frames.</summary>
    /// <param name="predictor">The model.</param>
    /// <param name="frames">Frames of whatever part.</param>
    /// <param name="progress">Told after every batch that is not known yet.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="WorkFailedException">A picture is missing or damaged.</exception>
    public static Embeddings Of(Predictor predictor, IReadOnlyList<FrameRecord> frames, IProgress<StageProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(frames);
        string file = Path.Combine(predictor.Run.Folder, FileName);
        string weights = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(predictor.WeightsFile)));
        Dictionary<string, float[]> known = Read(file, weights);
        FrameRecord[] unknown = [.. frames.Where(f => !known.ContainsKey(f.ImageHash)).DistinctBy(f => f.ImageHash)];
        if (unknown.Length > 0)
        {
            Embeddings fresh = Looks.Embed(predictor, unknown, progress, cancel);
            for (int i = 0; i < unknown.Length; i++)
            {
                known[unknown[i].ImageHash] = fresh.Rows[i];
            }

            Write(file, weights, known);
        }

        return new Embeddings(frames, [.. frames.Select(f => known[f.ImageHash])]);
    }

    private static Dictionary<string, float[]> Read(string file, string weights)
    {
        Dictionary<string, float[]> rows = new(StringComparer.Ordinal);
        if (!File.Exists(file))
        {
            return rows;
        }

        using DisposeScope scope = NewDisposeScope();
        try
        {
            (IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata) = SafeTensors.Read(file);
            if (metadata.GetValueOrDefault(Weights) == weights)
            {
                byte[] hashes = [.. tensors[Hashes].data<byte>()];
                float[] values = [.. tensors[Rows].data<float>()];
                int width = (int)tensors[Rows].shape[1];
                for (int i = 0; i < hashes.Length / HashBytes; i++)
                {
                    rows[Convert.ToHexStringLower(hashes.AsSpan(i * HashBytes, HashBytes))] = values[(i * width)..((i + 1) * width)];
                }
            }
        }
        catch (Exception e) when (e is WorkFailedException or KeyNotFoundException)
        {
            // Damaged: all of it can be made again.
        }

        return rows;
    }

    private static void Write(string file, string weights, Dictionary<string, float[]> known)
    {
        using DisposeScope scope = NewDisposeScope();
        (string Hash, float[] Row)[] rows = [.. known.Where(k => k.Key.Length == 2 * HashBytes).Select(k => (k.Key, k.Value))];
        if (rows.Length == 0)
        {
            return;
        }

        try
        {
            SafeTensors.Write(
                file,
                new Dictionary<string, Tensor>
                {
                    [Rows] = tensor(rows.SelectMany(r => r.Row).ToArray(), [rows.Length, rows[0].Row.Length]), [Hashes] = tensor(rows.SelectMany(r => Convert.FromHexString(r.Hash)).ToArray(), [rows.Length, HashBytes]),
                },
                new Dictionary<string, string> { [Weights] = weights });
        }
        catch (WorkFailedException)
        {
            // A run that cannot be written to can be looked into all the same; it takes as long the next time.
        }
    }
}
