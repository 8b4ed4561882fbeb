using DataRig.Tui.Models;
using Terminal.Gui.ViewBase;

namespace DataRig.Tui.Views;

/// <summary>Review: the picture that a model gets wrong, what it said of it, and which parts it mixes up.</summary>
internal sealed class ReviewScreen : ScreenView
{
    public ReviewScreen(Workbench bench)
    {
        ReviewModel model = bench.Review;
        PicturePanel picture = new("Frame", () => model.Picture, () => "s finds what the model gets wrong.") { Width = Dim.Percent(50), Height = Dim.Percent(70) };
        TextPanel words = new("Error", model.Words, rest: true) { X = Pos.Right(picture), Width = Dim.Fill(), Height = Dim.Percent(70) };
        TextPanel confusions = new("Mixed up", model.Confusions, rest: true) { Y = Pos.Bottom(picture), Width = Dim.Fill(), Height = Dim.Fill() };
        Add(picture, words, confusions);
    }
}
