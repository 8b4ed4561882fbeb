using System.Text.Json;
using DataRig.Core;
using DataRig.Engine;

namespace DataRig.Jobs;

/// <summary>Renders more of what a model takes for each other: weights of parts from what <c>validate --json</c> says.</summary>
internal static class Focus
{
    /// <summary>The share of the frames that is spread evenly all the same, so that nothing that is known is forgotten.</summary>
    private const double EvenShare = 0.5;

    /// <summary>The scene with each part weighted by the errors that it has a part in: its own frames taken for others, and others' taken for it.</summary>
    /// <param name="scene">What is rendered.</param>
    /// <param name="file">The JSON of a validation, with <c>confusion</c>: <c>parts</c>, and <c>counts</c> with a row for each part and a column for each that it was taken for.</param>
    /// <exception cref="WorkFailedException">The file is none, or knows none of the scene's parts.</exception>
    public static Scene On(Scene scene, string file)
    {
        Dictionary<string, double> errors = Errors(file);
        double[] shares = [.. scene.Parts.Select(p => errors.GetValueOrDefault(p.Name))];
        if (!scene.Parts.Any(p => errors.ContainsKey(p.Name)))
        {
            throw new WorkFailedException($"{file} is about the parts {string.Join(", ", errors.Keys)}, and the scene \"{scene.Name}\" has none of them ({string.Join(", ", scene.Parts.Select(p => p.Name))}): validate a model of these parts.");
        }

        double mean = shares.Average();
        return mean == 0
            ? scene
            : scene with { Parts = [.. scene.Parts.Zip(shares, (part, share) => part with { Weight = Math.Round(part.Weight * (EvenShare + ((1 - EvenShare) * share / mean)), 3) })] };
    }

    private static Dictionary<string, double> Errors(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            JsonElement confusion = document.RootElement.GetProperty("confusion");
            string[] parts = [.. confusion.GetProperty("parts").EnumerateArray().Select(p => p.GetString()!)];
            long[][] counts = [.. confusion.GetProperty("counts").EnumerateArray().Select(row => row.EnumerateArray().Select(n => n.GetInt64()).ToArray())];
            if (parts.Length == 0 || counts.Length != parts.Length || counts.Any(row => row.Length != parts.Length || row.Any(n => n < 0)) || parts.Distinct().Count() != parts.Length)
            {
                throw new WorkFailedException($"{file}: \"confusion\" needs different names in \"parts\" and as many rows and columns of counts from 0 in \"counts\"; 'datarig validate --json' writes it.");
            }

            // Shares of a part's own frames, so that a part with few of them counts as much as one with many.
            double Share(int truth, int said) => truth == said ? 0 : counts[truth][said] / (double)Math.Max(1, counts[truth].Sum());
            return parts.Select((part, i) => (part, errors: Enumerable.Range(0, parts.Length).Sum(j => Share(i, j) + Share(j, i)))).ToDictionary(p => p.part, p => p.errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"{file} cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new WorkFailedException($"{file} is no validation's result (\"confusion\" with \"parts\" and \"counts\" is expected): 'datarig validate --json' writes one.", e);
        }
    }
}
