using System.Globalization;
using DataRig.Core;
using DataRig.Rig;

namespace DataRig.Terminal;

/// <summary>
/// Guides a person through a session at a real rig: says what to put on the table, waits for Enter, and keeps one line with
/// how far the session is. Progress and questions share the terminal, so one class speaks for both.
/// </summary>
/// <param name="answers">Where Enter comes from.</param>
/// <param name="writer">The person's screen.</param>
/// <param name="live">Whether a line can be written over: a terminal, no file.</param>
internal sealed class SessionGuide(IAnswers answers, TextWriter writer, bool live) : IOperator, IProgress<StageProgress>
{
    private readonly Lock _lock = new();
    private readonly ProgressLines _lines = new(writer, TimeProvider.System);
    private bool _onLine;

    public async Task<string?> PlaceAsync(Placement placement, CancellationToken cancel)
    {
        Say($"{PlacementWords.Sentence(placement)}; Enter when ready.");
        return await answers.EnterAsync(cancel).ConfigureAwait(false)
            ? placement.PoseName
            : throw new SessionPausedException($"Nobody is at the prompt to put part {placement.Part}, item {PlacementWords.Item(placement)} on the table. The session is paused and everything taken so far is safe; 'datarig resume' in a terminal goes on with it.");
    }

    public Task<bool> DoAsync(Chore chore, CancellationToken cancel)
    {
        Say(chore.Kind == ChoreKind.Mend ? $"! {chore.Words} Mend it and press Enter to go on; Ctrl-C pauses the session." : $"{chore.Words} Enter when ready.");
        return answers.EnterAsync(cancel);
    }

    public void Report(StageProgress value)
    {
        if (!live)
        {
            _lines.Report(value);
            return;
        }

        lock (_lock)
        {
            string note = string.IsNullOrEmpty(value.Note) ? "" : $"  {value.Note}";
            string keys = answers.Keys.Length == 0 ? "" : $"  [{answers.Keys}]";
            string line = string.Create(CultureInfo.InvariantCulture, $"{value.Stage} {value.Done}/{value.Total}{note}{keys}");
            writer.Write($"\r\e[K{line}");
            writer.Flush();
            _onLine = true;
            if (value.Done >= value.Total)
            {
                EndLine();
            }
        }
    }

    private void Say(string words)
    {
        lock (_lock)
        {
            EndLine();
            writer.WriteLine(words);
            writer.Flush();
        }
    }

    private void EndLine()
    {
        if (_onLine)
        {
            writer.WriteLine();
            _onLine = false;
        }
    }
}
