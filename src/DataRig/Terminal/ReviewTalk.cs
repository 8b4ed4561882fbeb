using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;

namespace DataRig.Terminal;

/// <summary>
/// Goes through frames with a person: a line says what is to be looked at and where its pictures are, a line answers. Each answer
/// is in the dataset's log at once, so that leaving costs nothing.
/// </summary>
/// <param name="dataset">Where the frames are.</param>
/// <param name="answers">What the person types.</param>
/// <param name="screen">What the person reads.</param>
/// <param name="by">Who it is.</param>
internal sealed class ReviewTalk(Dataset dataset, TextReader answers, TextWriter screen, EditedBy by)
{
    public const string Keys = "PART [ITEM] or l PART [ITEM] relabels, d drops, r recaptures, c confirms, u undoes, Enter goes on, b goes back, q ends";

    private readonly List<Edit> _edits = [];

    /// <returns>The rows that came into the log.</returns>
    public async Task<IReadOnlyList<Edit>> RunAsync(IReadOnlyList<ReviewItem> items, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(items);
        await screen.WriteLineAsync($"{Keys}.").ConfigureAwait(false);
        for (int at = 0; at < items.Count;)
        {
            ReviewItem item = items[at];
            await screen.WriteLineAsync($"{at + 1} of {items.Count}: frame {item.Frame.Id}, {item.Words()}").ConfigureAwait(false);
            await screen.WriteLineAsync($"    picture {item.Frame.ImagePath}").ConfigureAwait(false);
            await screen.WriteLineAsync($"    heat    {item.Heat}").ConfigureAwait(false);
            await screen.WriteAsync("> ").ConfigureAwait(false);
            await screen.FlushAsync(cancel).ConfigureAwait(false);
            if (await Task.Run(answers.ReadLine, CancellationToken.None).WaitAsync(cancel).ConfigureAwait(false) is not { } line || line.Trim() is "q")
            {
                break;
            }

            try
            {
                at = Math.Max(0, at + Answer(item, line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            }
            catch (WorkFailedException e)
            {
                await screen.WriteLineAsync($"    {e.Message}").ConfigureAwait(false);
            }
        }

        return _edits;
    }

    /// <returns>By how many frames to go on.</returns>
    private int Answer(ReviewItem item, string[] words)
    {
        switch (words)
        {
            case []:
                return 1;
            case ["b"]:
                return -1;
            case ["u"]:
                Tell([ReviewEdits.UndoLast(dataset, by)], "");
                return 0;
            case ["d"]:
                return Made(item, ReviewAct.Drop, "is in the trash already");
            case ["r"]:
                return Made(item, ReviewAct.Recapture, "is wanted again already");
            case ["c"]:
                return Made(item, ReviewAct.Confirm, "is confirmed already");
            case ["l", var part, .. var more] when more.Length < 2:
                return Relabelled(item, part, more);
            case [{ Length: > 1 } part, .. var more] when more.Length < 2:
                return Relabelled(item, part, more);
            default:
                screen.WriteLine($"    \"{string.Join(' ', words)}\" is no answer: {Keys}.");
                return 0;
        }
    }

    private int Relabelled(ReviewItem item, string part, string[] more) => Made(item, ReviewAct.Relabel, $"is of {part} already", part, more.FirstOrDefault());

    private int Made(ReviewItem item, ReviewAct act, string already, string? part = null, string? name = null)
    {
        Tell(ReviewEdits.Apply(dataset, [new ReviewEdit { Frame = item.Frame.Id.Value, Do = act, Part = part, Item = name }], by), $"    frame {item.Frame.Id} {already}.");
        return 1;
    }

    private void Tell(IReadOnlyList<Edit> edits, string none)
    {
        _edits.AddRange(edits);
        screen.WriteLine(edits is [{ } edit, ..] ? $"    edit {edit.Id}: {edit.Kind.ToString().ToLowerInvariant()}{(edit.Undoes is { } undone ? $" of edit {undone} taken back" : $" {edit.Old} > {edit.New}")}" : none);
    }
}
