using DataRig.Jobs;

namespace DataRig.Tui.Models;

/// <summary>The ways to begin.</summary>
internal static class Welcome
{
    /// <summary>Where another process is at work in the folder already.</summary>
    public static Modal Occupied(Action takeOver, Action leave) => new Choice(
        "DataRig is at work here already",
        ["Another terminal has this folder, or had it: after a dropped line the work goes on where that was asked for."],
        [
            new Option("t", "Take over", "It saves and leaves; what it did goes on here.", takeOver),
            new Option("q", "Leave it alone", "Leaves; its work goes on.", leave),
        ],
        leave: leave);

    /// <summary>To go on with what was left unfinished; on a first start, the ways to begin; null where there is nothing to ask.</summary>
    public static Modal? Offer(Workbench bench) =>
        bench.Session.Interrupted is { } open
            ? new Choice(
                "Go on where it stopped?",
                [$"{open.Session.Id} was interrupted with {open.Taken} frames safe in {bench.DataFolder}."],
                [
                    new Option("g", "Go on with the session", "The next stop is the one that was not finished.", () => bench.Run(bench.Session.Actions[0])),
                    new Option("l", "Later", "Look around first; s on the Session screen goes on with it.", () => { }),
                ])
        : bench.Train.Unfinished is { } run
            ? new Choice(
                "Go on with the training?",
                [$"{run.Folder} stopped after {run.History.Count} of {run.Options.Epochs} epochs."],
                [
                    new Option("g", "Go on with it", "From its last finished epoch.", () =>
                    {
                        bench.Show(Screen.Train);
                        bench.Train.Resume(run);
                    }),
                    new Option("l", "Later", "Look around first; r on the Train screen goes on with it.", () => { }),
                ])
        : bench.IsFirstStart ? Ask(bench)
        : null;

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
