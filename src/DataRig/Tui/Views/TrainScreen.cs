using DataRig.Tui.Models;
using Terminal.Gui.ViewBase;

namespace DataRig.Tui.Views;

/// <summary>Trainings: the recipe and the numbers at the left, the curves at the right, the runs below.</summary>
internal sealed class TrainScreen : ScreenView
{
    public TrainScreen(Workbench bench)
    {
        TrainModel model = bench.Train;
        TextPanel recipe = new("Recipe", model.Recipe) { Width = Dim.Percent(36), Height = 9 };
        TextPanel metrics = new("Training", model.Metrics) { Y = Pos.Bottom(recipe), Width = Dim.Percent(36), Height = Dim.Fill() };
        ChartPanel curves = new("Loss by epoch", model.Curves, "Curves come with the first epoch.") { X = Pos.Right(recipe), Width = Dim.Fill(), Height = Dim.Percent(66) };
        TextPanel runs = new("Runs", model.Table, rest: true) { X = Pos.Right(recipe), Y = Pos.Bottom(curves), Width = Dim.Fill(), Height = Dim.Fill() };
        Add(recipe, metrics, curves, runs);
    }
}
