using DataRig.Tui.Models;
using Terminal.Gui.ViewBase;

namespace DataRig.Tui.Views;

/// <summary>Review: what the model sees of a frame and where it looks, what it says, what it takes it to be like, and which parts are mixed up.</summary>
internal sealed class ReviewScreen : ScreenView
{
    public ReviewScreen(Workbench bench)
    {
        ReviewModel model = bench.Review;
        PicturePanel picture = new("Seen", () => model.Picture, () => "s finds what the model gets wrong.") { Width = Dim.Percent(50), Height = Dim.Percent(66) };
        TextPanel words = new("To look at", model.Words, rest: true) { X = Pos.Right(picture), Width = Dim.Fill(), Height = 11 };
        ThumbnailsPanel nearest = new("Most like, of the training frames", model.Nearest, "Nothing yet.") { X = Pos.Right(picture), Y = Pos.Bottom(words), Width = Dim.Fill(), Height = Dim.Fill() };
        TextPanel confusions = new("Mixed up", model.Confusions, rest: true) { Y = Pos.Bottom(picture), Width = Dim.Percent(50), Height = Dim.Fill() };
        Add(picture, words, nearest, confusions);
    }
}
