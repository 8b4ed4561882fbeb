using System.Collections.Concurrent;
using System.Globalization;
using DataRig.Core;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DataRig.Terminal;

/// <summary>Progress for people: one live bar a stage, with its rate and the time left.</summary>
internal sealed class ProgressBars : IProgress<StageProgress>
{
    private readonly ProgressContext _context;
    private readonly Dictionary<string, ProgressTask> _bars = [];
    private readonly Lock _lock = new();

    private readonly ConcurrentDictionary<int, string> _notes;

    private ProgressBars(ProgressContext context, ConcurrentDictionary<int, string> notes) => (_context, _notes) = (context, notes);

    public static async Task<T> RunAsync<T>(IAnsiConsole console, Func<IProgress<StageProgress>, Task<T>> work)
    {
        ConcurrentDictionary<int, string> notes = new();
        return await console.Progress()
            .AutoClear(false)
            .HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 32 }, new CountColumn(), new RateColumn(), new RemainingTimeColumn(), new NoteColumn(notes))
            .StartAsync(context => work(new ProgressBars(context, notes)))
            .ConfigureAwait(false);
    }

    public void Report(StageProgress value)
    {
        lock (_lock)
        {
            if (!_bars.TryGetValue(value.Stage, out ProgressTask? bar))
            {
                bar = _context.AddTask(Markup.Escape(value.Stage), maxValue: Math.Max(1, value.Total));
                _bars.Add(value.Stage, bar);
            }

            bar.MaxValue = Math.Max(1, value.Total);
            bar.Value = value.Total == 0 ? 1 : value.Done;
            _notes[bar.Id] = value.Note ?? "";
            if (value.Done >= value.Total)
            {
                bar.StopTask();
            }
        }
    }

    private sealed class CountColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:F0}/{task.MaxValue:F0}")).RightJustified();
    }

    private sealed class RateColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            double? rate = task.IsFinished && task.ElapsedTime is { TotalSeconds: > 0 } elapsed ? task.Value / elapsed.TotalSeconds : task.Speed;
            return new Text(rate is { } r ? string.Create(CultureInfo.InvariantCulture, $"{r:F1}/s") : "").RightJustified();
        }
    }

    private sealed class NoteColumn(ConcurrentDictionary<int, string> notes) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(notes.GetValueOrDefault(task.Id, ""), new Style(Color.Grey));
    }
}
