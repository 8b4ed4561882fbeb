using DataRig.Tui.Models;
using Terminal.Gui.ViewBase;

namespace DataRig.Tui.Views;

/// <summary>The session: picture and ring above, the next step beside them, the last frames and the log below.</summary>
internal sealed class SessionScreen : ScreenView
{
    public SessionScreen(Workbench bench)
    {
        SessionModel model = bench.Session;
        PicturePanel picture = new("Camera", () => model.Pictures.Last, () => "No picture yet: s starts, m takes one.") { Width = Dim.Percent(36), Height = Dim.Percent(62) };
        RingPanel ring = new(model.Ring) { X = Pos.Right(picture), Width = Dim.Percent(28), Height = Dim.Percent(62) };
        GuidePanel guide = new("Next step", () => model.Big, model.Guide, () => model.Share, () => model.Fault is not null) { X = Pos.Right(ring), Width = Dim.Fill(), Height = Dim.Percent(62) };
        ThumbnailsPanel last = new("Last frames", ThumbnailsPanel.Newest(() => model.Pictures.Thumbnails), "None yet.") { Y = Pos.Bottom(picture), Width = Dim.Percent(52), Height = Dim.Fill() };
        TextPanel log = new("Log", () => model.Log.Lines, tail: true) { X = Pos.Right(last), Y = Pos.Bottom(picture), Width = Dim.Fill(), Height = Dim.Fill() };
        Add(picture, ring, guide, last, log);
    }
}
