using DataRig.Tui.Models;
using Terminal.Gui.ViewBase;

namespace DataRig.Tui.Views;

/// <summary>The doctor: the checks with their remedies, and what was said on the board's line.</summary>
internal sealed class DoctorScreen : ScreenView
{
    public DoctorScreen(Workbench bench)
    {
        TextPanel checks = new("Checks", bench.Doctor.Checks, focus: () => bench.Doctor.Focus) { Width = Dim.Percent(70), Height = Dim.Fill() };
        TextPanel wire = new("Wire log", () => bench.Doctor.Wire.Count > 0 ? bench.Doctor.Wire : [new TextLine(bench.WireLog is { } file ? $"v reads {file}." : "None is kept; start with --wire-log FILE.", Tone.Quiet)], tail: true) { X = Pos.Right(checks), Width = Dim.Fill(), Height = Dim.Fill() };
        Add(checks, wire);
    }
}
