using DataRig.Tui.Models;
using Terminal.Gui.ViewBase;

namespace DataRig.Tui.Views;

/// <summary>The dataset: parts and items at the left, what is known of them above the frames at the right.</summary>
internal sealed class DatasetScreen : ScreenView
{
    public DatasetScreen(Workbench bench)
    {
        DatasetModel model = bench.Dataset;
        ListPanel list = new("Parts and items", model.List, () => model.Focus, model.ClickRow, heading: true) { Width = 44, Height = Dim.Fill() };
        TextPanel details = new("Chosen", model.Details, rest: true) { X = Pos.Right(list), Width = Dim.Fill(), Height = 9 };
        ThumbnailsPanel frames = new("Frames", model.Grid, "No frame.", model.ClickCell) { X = Pos.Right(list), Y = Pos.Bottom(details), Width = Dim.Fill(), Height = Dim.Fill() };
        Add(list, details, frames);
    }
}
