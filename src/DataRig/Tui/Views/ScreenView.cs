using Terminal.Gui.ViewBase;

namespace DataRig.Tui.Views;

/// <summary>One screen: a handful of panels that fill it.</summary>
internal abstract class ScreenView : View
{
    protected ScreenView()
    {
        (Width, Height, CanFocus) = (Dim.Fill(), Dim.Fill(), false);
    }

    public IEnumerable<Panel> Panels => SubViews.OfType<Panel>();

    /// <summary>Draws anew what has changed.</summary>
    public virtual void Refresh()
    {
        foreach (Panel panel in Panels)
        {
            panel.Refresh();
        }
    }
}
