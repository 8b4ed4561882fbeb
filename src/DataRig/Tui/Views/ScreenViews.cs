using DataRig.Tui.Models;

namespace DataRig.Tui.Views;

/// <summary>The view of every screen.</summary>
internal static class ScreenViews
{
    public static IEnumerable<(Screen Screen, ScreenView View)> All(Workbench bench) =>
    [
        (Screen.Session, new SessionScreen(bench)),
        (Screen.Dataset, new DatasetScreen(bench)),
        (Screen.Scenes, new ScenesScreen(bench)),
        (Screen.Train, new TrainScreen(bench)),
        (Screen.Review, new ReviewScreen(bench)),
        (Screen.Doctor, new DoctorScreen(bench)),
    ];
}
