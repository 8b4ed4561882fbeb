using DataRig.Tui.Models;
using Terminal.Gui.ViewBase;

namespace DataRig.Tui.Views;

/// <summary>Scenes: what varies at the left, sampled frames at the right.</summary>
internal sealed class ScenesScreen : ScreenView
{
    public ScenesScreen(Workbench bench)
    {
        ScenesModel model = bench.Scenes;
        TextPanel scene = new("Scene", model.Words, rest: true) { Width = Dim.Percent(52), Height = 7 };
        ListPanel ranges = new("What varies", model.Ranges, () => model.Focus, model.ClickRow) { Y = Pos.Bottom(scene), Width = Dim.Percent(52), Height = Dim.Fill() };
        ThumbnailsPanel frames = new("Sampled frames", ThumbnailsPanel.Newest(() => model.Thumbnails), "p draws some.") { X = Pos.Right(scene), Width = Dim.Fill(), Height = Dim.Fill() };
        Add(scene, ranges, frames);
    }
}
