using DataRig.Learning;
using DataRig.Learning.Proving;

namespace DataRig.Commands;

/// <summary>A model's figures as <c>--json</c> gives them: each with its value and its 95% interval.</summary>
internal static class FiguresJson
{
    public static object Of(ProofFigures figures) => new
    {
        items = figures.Items,
        beta = figures.Beta,
        accuracy = figures.Accuracy,
        top2 = figures.Top2,
        macroPrecision = figures.MacroPrecision,
        macroRecall = figures.MacroRecall,
        macroF1 = figures.MacroF1,
        macroFBeta = figures.MacroFBeta,
        macroRocArea = figures.MacroRocArea,
        macroPrecisionArea = figures.MacroPrecisionArea,
        parts = figures.Parts.Select(p => new
        {
            part = p.Part.Value, frames = p.Frames, items = p.Items, precision = p.Precision, recall = p.Recall, f1 = p.F1, fBeta = p.FBeta, rocArea = p.RocArea, precisionArea = p.PrecisionArea,
        }),
    };

    /// <summary>Rows are what frames are of, columns what they were taken for, both in the order of the parts; <c>synth --focus</c> reads it.</summary>
    public static object Of(ConfusionMatrix confusion) => new
    {
        parts = confusion.Classes.Select(c => c.Value),
        counts = Enumerable.Range(0, confusion.Classes.Count).Select(truth => Enumerable.Range(0, confusion.Classes.Count).Select(said => confusion[truth, said])),
    };

    public static object Of(IReadOnlyList<Slice> slices) => slices.Select(s => new { by = s.Kind, name = s.Name, frames = s.Frames, items = s.Items, accuracy = s.Accuracy });
}
