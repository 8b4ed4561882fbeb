using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Jobs;
using DataRig.Learning;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig predict</c>: says what is in pictures.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        Argument<string[]> pictures = new("pictures") { Description = "JPEG, PNG or WebP files.", Arity = ArgumentArity.OneOrMore };
        Option<int> top = new Option<int>("--top") { Description = "How many of the likeliest parts to name.", DefaultValueFactory = _ => 3, HelpName = "N" }.AtLeast(1);
        Command command = new("predict", "Say which part is in a picture.") { pictures, Flags.Model, top };
        command.SetAction(parsed =>
        {
            using Predictor predictor = Predictor.Open(parsed.GetValue(Flags.Model) ?? Runs.NewestTrained());
            string[] files = parsed.GetValue(pictures)!;
            (string Picture, PartProbability[] Parts)[] answers = [.. files.Zip(predictor.Predict(files, PictureFile.Read), (file, parts) => (file, parts.Take(parsed.GetValue(top)).ToArray()))];
            Flags.Output(parsed).Result(
                new { predictions = answers.Select(a => new { picture = a.Picture, sure = Sure(predictor, a.Parts), parts = a.Parts.Select(p => new { part = p.Part.Value, probability = p.Probability }) }), run = predictor.Run.Folder },
                console =>
                {
                    foreach ((string picture, PartProbability[] parts) in answers)
                    {
                        string ranked = string.Join(", ", parts.Select(p => string.Create(CultureInfo.InvariantCulture, $"{(p.Part == PartId.Nothing ? "no part" : p.Part.Value)} {100 * p.Probability:F1}%")));
                        console.MarkupLineInterpolated($"{picture}: {ranked}{(Sure(predictor, parts) ? "" : " (not sure)")}");
                    }
                });
            return 0;
        });
        return command;
    }

    /// <summary>Whether the likeliest part is believed, by the thresholds that 'datarig validate' chose.</summary>
    private static bool Sure(Predictor predictor, PartProbability[] parts) => predictor.Rule.Believes(parts[0].Part, parts[0].Probability);
}
