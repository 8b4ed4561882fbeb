using DataRig.Tui.Models;
using Terminal.Gui.ViewBase;

namespace DataRig.Tui.Views;

/// <summary>Trainings: the recipe and the numbers at the left, the curves at the right, the runs below.</summary>
internal sealed class TrainScreen : ScreenView
{
    public TrainScreen(Workbench bench)
    {
        TrainModel model = bench.Train;
        ListPanel recipe = new("Recipe", model.Recipe, () => model.Focus, model.ClickSetting) { Width = Dim.Percent(36), Height = Dim.Percent(45) };
        TextPanel metrics = new("Training", model.Metrics) { Y = Pos.Bottom(recipe), Width = Dim.Percent(36), Height = Dim.Fill() };
        ChartPanel curves = new("Loss by epoch", model.Curves, "Curves come with the first epoch.") { X = Pos.Right(recipe), Width = Dim.Fill(), Height = Dim.Percent(66) };
        ListPanel runs = new("Runs", model.Table, () => model.FocusRun, model.ClickRun, heading: true) { X = Pos.Right(recipe), Y = Pos.Bottom(curves), Width = Dim.Fill(), Height = Dim.Fill() };
        Add(recipe, metrics, curves, runs);
    }
}
