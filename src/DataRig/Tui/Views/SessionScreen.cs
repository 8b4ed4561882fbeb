using DataRig.Tui.Models;
using Terminal.Gui.ViewBase;

namespace DataRig.Tui.Views;

/// <summary>
/// The session: picture and ring above, the next step beside them, the last frames and the log below. A fault takes the ring's
/// place too, so that there is room for its sentence and its remedy.
/// </summary>
internal sealed class SessionScreen : ScreenView
{
    private readonly SessionModel _model;
    private readonly PicturePanel _picture;
    private readonly RingPanel _ring;
    private readonly GuidePanel _guide;

    public SessionScreen(Workbench bench)
    {
        SessionModel model = _model = bench.Session;
        _picture = new("Camera", () => model.Pictures.Last, () => "No picture yet: s starts, m takes one.") { Width = Dim.Percent(36), Height = Dim.Percent(62) };
        _ring = new(model.Ring) { X = Pos.Right(_picture), Width = Dim.Percent(28), Height = Dim.Percent(62) };
        _guide = new("Next step", () => model.Big, model.Guide, () => model.Share, () => model.Fault is not null) { X = Pos.Right(_ring), Width = Dim.Fill(), Height = Dim.Percent(62) };
        ThumbnailsPanel last = new("Last frames", ThumbnailsPanel.Newest(() => model.Pictures.Thumbnails), "None yet.") { Y = Pos.Bottom(_picture), Width = Dim.Percent(52), Height = Dim.Fill() };
        TextPanel log = new("Log", () => model.Log.Lines, tail: true) { X = Pos.Right(last), Y = Pos.Bottom(_picture), Width = Dim.Fill(), Height = Dim.Fill() };
        Add(_picture, _ring, _guide, last, log);
    }

    public override void Refresh()
    {
        bool fault = _model.Fault is not null;
        if (_ring.Visible == fault)
        {
            _ring.Visible = !fault;
            _guide.X = Pos.Right(fault ? _picture : _ring);
            SetNeedsLayout();
            SetNeedsDraw();
        }

        base.Refresh();
    }
}
