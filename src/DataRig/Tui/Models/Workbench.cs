using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Rig;

namespace DataRig.Tui.Models;

/// <summary>
/// All that the user interface knows and can do, without a terminal: the screens' models, the work in the background, the one
/// list of actions, and the panels above the screen. One thread uses it; the others post to its inbox.
/// </summary>
internal sealed class Workbench : IAsyncDisposable
{
    private static readonly TimeSpan NoticeStays = TimeSpan.FromSeconds(6), DiskLook = TimeSpan.FromSeconds(5), AskedLook = TimeSpan.FromSeconds(0.5);

    private readonly WorkbenchOptions _options;
    private readonly Stack<Modal> _modals = new();
    private readonly Dictionary<string, DataRig.Data.Dataset> _open = [];
    private readonly Lock _lock = new();
    private (TextLine Line, long At)? _notice;
    private (string Text, long At)? _disk;
    private readonly CancellationTokenSource _waits = new();
    private Occupant? _place;
    private long _askedAt;

    public Workbench(WorkbenchOptions options)
    {
        _options = options;
        Work = new BackgroundWork(Inbox, options.Clock);
        (DataFolder, Quick) = (Path.GetFullPath(options.Data ?? "data", options.Home), options.Quick);
        LoadRig(RigFile.Find(options.Rig));
        Session = new SessionModel(this);
        Dataset = new DatasetModel(this);
        Scenes = new ScenesModel(this);
        Train = new TrainModel(this);
        Review = new ReviewModel(this);
        Doctor = new DoctorModel(this);
        Actions = [.. Everywhere(), .. Session.Actions, .. Dataset.Actions, .. Scenes.Actions, .. Train.Actions, .. Review.Actions, .. Doctor.Actions];
        Work.Ended += Ended;
    }

    public Inbox Inbox { get; } = new();

    public BackgroundWork Work { get; }

    public TimeProvider Clock => _options.Clock;

    public IReadOnlyList<UiAction> Actions { get; }

    public SessionModel Session { get; }

    public DatasetModel Dataset { get; }

    public ScenesModel Scenes { get; }

    public TrainModel Train { get; }

    public ReviewModel Review { get; }

    public DoctorModel Doctor { get; }

    public Screen Screen { get; private set; } = Screen.Session;

    public string RigPath { get; private set; } = "";

    /// <summary>The rig; null where its file is wrong.</summary>
    public RigFile? Rig { get; private set; }

    /// <summary>What is wrong with the rig's file; null where nothing is.</summary>
    public string? RigProblem { get; private set; }

    public bool IsSimulated => Rig?.Camera is SimulatedCameraOptions;

    public bool Quick { get; private set; }

    public string DataFolder { get; private set; }

    public bool HasData => DataRig.Data.Dataset.IsDataset(DataFolder);

    public string? WireLog => _options.WireLog;

    public string Home => _options.Home;

    public string RunsFolder => Path.Combine(Home, Runs.Folder);

    public DoctorReach Reach => _options.Reach;

    public Func<RigFile, CapturePlan, Seed, Sitting, CaptureRig> MakeRig => _options.MakeRig;

    /// <summary>The panel above the screen that takes the keys; null where none is open.</summary>
    public Modal? Modal => _modals.TryPeek(out Modal? top) ? top : null;

    /// <summary>Whether it is time to leave.</summary>
    public bool HasQuit { get; private set; }

    /// <summary>Names of themes, for whoever draws; null leaves it as it is.</summary>
    public Action NextTheme { get; set; } = () => { };

    /// <summary>The present dataset; any thread may call. It stays open until the end.</summary>
    /// <exception cref="WorkFailedException">It is not there, or cannot be opened.</exception>
    public DataRig.Data.Dataset Data(bool create) => Data(DataFolder, create);

    public DataRig.Data.Dataset Data(string folder, bool create)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(folder, out DataRig.Data.Dataset? dataset))
            {
                dataset = create ? DataRig.Data.Dataset.OpenOrCreate(folder) : DataRig.Data.Dataset.Open(folder);
                _open.Add(folder, dataset);
            }

            return dataset;
        }
    }

    /// <summary>Takes a key, by its name.</summary>
    public void Press(string key)
    {
        if (key == KeyName.Interrupt)
        {
            Quit();
        }
        else if (Modal is { } modal)
        {
            modal.Press(key);
            Settle();
        }
        else if (Actions.FirstOrDefault(a => a.Key == key && (a.On is null || a.On == Screen)) is { } action)
        {
            Run(action);
        }
    }

    /// <summary>Takes in what the workers posted, and what changes with time.</summary>
    /// <returns>Whether something may look different now; where nothing runs, only what passes with time does.</returns>
    public bool Tick()
    {
        bool any = Inbox.Drain() || Work.Running.Any();
        Train.Tick();
        if (_place is not null && !HasQuit && Clock.GetElapsedTime(_askedAt) > AskedLook)
        {
            _askedAt = Clock.GetTimestamp();
            if (_place.IsAskedToLeave)
            {
                StopAndLeave();
            }
        }

        return any || HasQuit;
    }

    /// <summary>A click on a line of the panel above the screen.</summary>
    public void ClickModal(int line)
    {
        Modal?.Click(line);
        Settle();
    }

    /// <summary>Does an action, or says why it cannot be done.</summary>
    public void Run(UiAction action)
    {
        if (action.On is { } screen)
        {
            Show(screen);
        }

        if (action.Hindrance() is { } why)
        {
            Notice(why, Tone.Warn);
            return;
        }

        try
        {
            action.Execute();
        }
        catch (Exception e) when (e is DataRigException or IOException or UnauthorizedAccessException)
        {
            Notice(e.Message, Tone.Bad);
        }
    }

    public void Show(Screen screen)
    {
        Screen = screen;
        if (screen == Screen.Dataset)
        {
            Dataset.Refresh();
        }
    }

    public void Open(Modal modal) => _modals.Push(modal);

    /// <summary>Says something for a few seconds.</summary>
    public void Notice(string words, Tone tone = Tone.Plain) => _notice = (new TextLine(words, tone), Clock.GetTimestamp());

    /// <summary>What was said last, for as long as it stays.</summary>
    public TextLine? Said => _notice is { } notice && Clock.GetElapsedTime(notice.At) < NoticeStays ? notice.Line : null;

    /// <summary>The line that is always there: rig, session, disk, what runs.</summary>
    public TextLine Status()
    {
        List<Piece> pieces = [new($" rig {(IsSimulated ? "simulated, " : "")}{Session.RigState} ", Session.Fault is null ? Tone.Plain : Tone.Bad)];
        void Add(string text, Tone tone) => pieces.AddRange([new Piece("│", Tone.Quiet), new Piece($" {text} ", tone)]);
        Add(Session.Summary, Tone.Plain);
        Add(Disk(), Tone.Plain);
        Job[] running = [.. Work.Running];
        Add(
            running.Length == 0 ? "idle" : string.Join(", ", running.Select(j => $"{Word(j.Kind)} {100 * j.Share:0}%{(running.Length == 1 && j.Left is { } left ? $" {Figures.Time(left)}" : "")}")),
            running.Length == 0 ? Tone.Quiet : Tone.Accent);
        return new TextLine([.. pieces]);
    }

    /// <summary>The actions whose keys are worth a place on the line of keys now, help before all, then the likeliest.</summary>
    public IReadOnlyList<UiAction> Hints() => [Help, .. Actions.Where(a => a.Hinted && a.Key.Length > 0 && a.On == Screen && a.Enabled), .. Actions.Where(a => a.Hinted && a.On is null && a != Help)];

    /// <summary>Whether nothing here says how to begin.</summary>
    public bool IsFirstStart => _options.Rig is null && !HasData && !File.Exists(Path.Combine(Home, "rig.json"));

    /// <summary>Looks whether another process is at work here, and offers to take over; else offers what <see cref="Welcome.Offer"/> finds.</summary>
    public void Begin()
    {
        _place ??= Occupant.TryEnter(Home);
        if ((_place is null ? Welcome.Occupied(TakeOver, () => HasQuit = true) : Welcome.Offer(this)) is { } offer)
        {
            Open(offer);
        }
    }

    /// <summary>Takes another rig's file.</summary>
    public void LoadRig(string path)
    {
        RigPath = path;
        try
        {
            RigFile file = RigFile.Read(path);
            (Rig, RigProblem) = (Quick ? file.Quick() : file, null);
            Scenes?.Refresh();
        }
        catch (ConfigurationException e)
        {
            (Rig, RigProblem) = (null, e.Message);
        }
    }

    /// <summary>Cuts plan and training to the one-minute version, or takes the whole.</summary>
    public void SetQuick(bool quick)
    {
        Quick = quick;
        LoadRig(RigPath);
    }

    /// <summary>Works with another dataset.</summary>
    /// <exception cref="WorkFailedException">It is not there, or cannot be opened.</exception>
    public void OpenData(string folder)
    {
        string full = Path.GetFullPath(folder, Home);
        Data(full, create: false);
        DataFolder = full;
        Session.Refresh();
    }

    /// <summary>Stops all work, saves, and gives everything back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _waits.CancelAsync().ConfigureAwait(false);
        await Work.StopAllAsync().ConfigureAwait(false);
        await Session.FreeHandAsync().ConfigureAwait(false);
        foreach (DataRig.Data.Dataset dataset in _open.Values)
        {
            dataset.Dispose();
        }

        _place?.Dispose();
        _waits.Dispose();
    }

    /// <summary>Goes on without a terminal until the work is done, a person is needed, or another one wants to take over.</summary>
    public async Task FinishAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested && !HasQuit && Work.Running.Any() && Session.Request is null)
        {
            Tick();
            await Task.Delay(100, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>The room on the dataset's disk, looked at every few seconds.</summary>
    private string Disk()
    {
        if (_disk is not { } disk || Clock.GetElapsedTime(disk.At) > DiskLook)
        {
            disk = ($"{Figures.Bytes(_options.FreeBytes(DataFolder))} free", Clock.GetTimestamp());
            _disk = disk;
        }

        return disk.Text;
    }

    private UiAction Help => Actions.First(a => a.Key == "?");

    private IEnumerable<UiAction> Everywhere() =>
    [
        .. Enum.GetValues<Screen>().Select(s => new UiAction($"Show {s}", $"{(int)s}", $"shows the {s} screen", () => Show(s)) { Hinted = false }),
        new UiAction("Help", "?", "shows the keys of this screen", () => Open(new HelpPage(Screen, Actions))),
        new UiAction("Commands", ":", "finds every command by its name", () => Open(new Palette(Actions, Run))),
        new UiAction("Find a command", KeyName.Palette, "finds every command by its name", () => Open(new Palette(Actions, Run))) { Hinted = false },
        new UiAction("Begin with something else", "w", "another rig, another dataset", () => Open(Welcome.Ask(this))) { Hinted = false },
        new UiAction("Change the colours", "T", "dark, light, 16 colours, none", () => NextTheme()) { Hinted = false },
        new UiAction("Leave", "q", "leaves; asks once where work runs", Quit),
    ];

    private void Quit()
    {
        Job[] running = [.. Work.Running];
        if (running.Length == 0 || HasQuit || running.All(j => j.State == JobState.Stopping))
        {
            HasQuit = true;
            return;
        }

        Open(new Choice(
            "Leave while work runs?",
            [.. running.Select(j => $"{Word(j.Kind)} is at {Figures.Progress(j)}.")],
            [
                new Option("y", "Stop it, save, leave", "The next start offers to go on.", StopAndLeave),
                new Option("n", "Stay", "The work goes on.", () => { }),
            ]));
    }

    private void TakeOver()
    {
        Notice("Waiting until it has saved and left ...");
        _ = Task.Run(async () =>
        {
            try
            {
                Occupant place = await Occupant.TakeOverAsync(Home, _waits.Token).ConfigureAwait(false);
                Inbox.Post(() =>
                {
                    _place = place;
                    Session.Refresh();
                    Train.Refresh();
                    Begin();
                });
            }
            catch (OperationCanceledException)
            {
                // This one leaves; the other stays.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Inbox.Post(() =>
                {
                    Notice($"It cannot be asked to leave: {e.Message}", Tone.Bad);
                    Begin();
                });
            }
        });
    }

    private void StopAndLeave()
    {
        Notice("Stopping; what is done is being saved ...");
        _ = Work.StopAllAsync().ContinueWith(_ => Inbox.Post(() => HasQuit = true), TaskScheduler.Default);
    }

    private void Ended(Job job)
    {
        if (job.Kind == JobKind.Capture)
        {
            Session.Ended(job);
        }

        if (job.Kind == JobKind.Training)
        {
            Train.Refresh();
        }

        Notice(job.Words, job.State == JobState.Failed ? Tone.Bad : Tone.Good);
    }

    private static string Word(JobKind kind) => kind.ToString().ToLowerInvariant();

    private void Settle()
    {
        // A panel may have opened another one before it closed.
        Modal[] open = [.. _modals.Where(m => m.IsOpen).Reverse()];
        if (open.Length < _modals.Count)
        {
            _modals.Clear();
            foreach (Modal modal in open)
            {
                _modals.Push(modal);
            }
        }
    }
}
