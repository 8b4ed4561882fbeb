using DataRig.Jobs;

namespace DataRig.Tui.Models;

/// <summary>The ways to begin.</summary>
internal static class Welcome
{
    public static Modal Ask(Workbench bench) => new Choice(
        "Welcome to DataRig",
        ["Put a part on a turntable: it is turned, photographed, labelled, and a model is trained and proven on it. How do you want to begin?"],
        [
            new Option("t", "Try it in a minute", "The simulated rig, a small plan: nothing to plug in.", () => Simulated(bench, quick: true)),
            new Option("f", "Try the whole of it", "The simulated rig, ten parts, fifty items.", () => Simulated(bench, quick: false)),
            new Option("c", "Connect a rig", "Finds the board and the camera, and writes rig.json.", () => Connect(bench)),
            new Option("o", "Open a dataset", "Browse, mend and train on one that is there.", () => bench.Open(DataForm(bench))),
        ]);

    private static void Simulated(Workbench bench, bool quick)
    {
        bench.LoadRig(RigFile.Default);
        bench.SetQuick(quick);
        bench.Show(Screen.Session);
        bench.Notice("The simulated rig is ready; s starts.");
    }

    private static void Connect(Workbench bench)
    {
        bench.Show(Screen.Doctor);
        bench.Doctor.Connect();
    }

    /// <summary>Asks for a dataset's folder and works with it.</summary>
    public static Modal DataForm(Workbench bench) => new Form(new Field("The dataset's folder", () => bench.DataFolder, folder =>
    {
        try
        {
            bench.OpenData(folder);
            bench.Show(Screen.Dataset);
            return null;
        }
        catch (Core.WorkFailedException e)
        {
            return e.Message;
        }
    }));
}
