using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;

namespace DataRig.Tui.Models;

/// <summary>What a person does to frames from a screen; all of it is in the dataset's log and can be taken back.</summary>
internal static class FrameEdits
{
    public static EditedBy By(string source) => new(Environment.UserName.Length > 0 ? Environment.UserName : "tui", source);

    /// <summary>Asks which part, or part and item, a frame is of.</summary>
    /// <param name="parts">The parts to choose from.</param>
    /// <param name="done">Told when it is relabelled.</param>
    public static Modal RelabelForm(Workbench bench, Dataset data, FrameRecord frame, IReadOnlyList<PartId> parts, Action done) => new Form(new Field("Part, or part and item, of the frame", () => frame.Part.Value, text =>
    {
        string[] words = text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length is < 1 or > 2)
        {
            return "Expected a part, or a part and an item, such as: 3001 3001-red";
        }

        data.Relabel([frame.Id], new PartId(words[0]), words.Length == 2 ? new ItemId(words[1]) : null, By("review"));
        bench.Notice($"Frame {frame.Id} is of {text} now; u takes that back.", Tone.Good);
        done();
        return null;
    })
    {
        Choices = () => [.. parts.Select(p => p.Value)],
    });

    public static void Drop(Workbench bench, Dataset data, FrameRecord frame)
    {
        data.Drop([frame.Id], By("review"));
        bench.Notice($"Frame {frame.Id} is in the trash; u brings it back.", Tone.Good);
    }

    /// <summary>Takes the last edit back that was not taken back yet.</summary>
    /// <exception cref="WorkFailedException">There is none.</exception>
    public static void Undo(Workbench bench, Dataset data)
    {
        Edit undone = ReviewEdits.UndoLast(data, By("review"));
        bench.Notice($"Taken back: {undone.Kind.ToString().ToLowerInvariant()} of {(undone.Frame is { } frame ? $"frame {frame}" : undone.New)}.", Tone.Good);
    }
}
