using System.CommandLine;
using System.Globalization;
using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary>The verbs of <c>datarig dataset</c> that change labels and membership, and keep versions.</summary>
internal static class DatasetEdits
{
    public static Option<string?> Who { get; } = new("--who") { Description = "Who does it, for the log (default: you).", HelpName = "NAME" };

    public static Option<string?> Note { get; } = new("--note") { Description = "Why, for the log.", HelpName = "TEXT" };

    public static Command Trash()
    {
        Argument<string[]> frames = new("frames") { Description = "Frames by number, or by a picture's file or hash; none lists the trash.", Arity = ArgumentArity.ZeroOrMore };
        Option<bool> restore = new("--restore") { Description = "Take the frames out of the trash; all of it where none is named." };
        Option<bool> purge = new("--purge") { Description = "Delete the pictures in the trash for good." };
        Command command = new("trash", "Put frames aside, so that nothing counts, trains on or exports them; see what lies there, take it back, or delete it.") { frames, Flags.Data, restore, purge, Who, Note };
        command.Validators.Add(result =>
        {
            if (result.GetValue(purge) && (result.GetValue(restore) || result.GetValue(frames) is { Length: > 0 }))
            {
                result.AddError("--purge deletes the whole trash; leave frames and --restore out.");
            }
        });
        command.SetAction(parsed =>
        {
            Output output = Flags.Output(parsed);
            using Dataset dataset = Open(parsed);
            if (parsed.GetValue(purge))
            {
                int purged = dataset.Purge(By(parsed));
                output.Result(new { purged }, console => console.MarkupLineInterpolated($"Deleted the pictures of [green]{purged}[/] frames"));
                return 0;
            }

            FrameId[] named = [.. (parsed.GetValue(frames) ?? []).SelectMany(dataset.Find)];
            IReadOnlyList<FrameRecord> there = dataset.Frames(new FrameFilter { Review = ReviewState.Trashed });
            IReadOnlyList<Edit>? edits = parsed.GetValue(restore) ? dataset.Restore(named.Length > 0 ? named : [.. there.Select(f => f.Id)], By(parsed))
                : named.Length > 0 ? dataset.Drop(named, By(parsed)) : null;
            if (edits is not null)
            {
                Show(output, edits);
                return 0;
            }

            Dictionary<FrameId, Edit> drops = dataset.Edits().Where(e => e.Kind == EditKind.Drop).GroupBy(e => e.Frame!.Value).ToDictionary(g => g.Key, g => g.Last());
            output.Result(
                new { frames = there.Select(f => new { frame = f.Id.Value, part = f.Part.Value, item = f.Item.Value, picture = f.ImagePath, edit = drops[f.Id].Id.Value, who = drops[f.Id].By.Who, note = drops[f.Id].By.Note }) },
                console =>
                {
                    foreach (FrameRecord frame in there)
                    {
                        console.MarkupLineInterpolated($"{frame.Id}\t{frame.Part} {frame.Item}\t[grey]{frame.ImagePath}[/]\t{drops[frame.Id].By.Who} {drops[frame.Id].By.Note}");
                    }

                    console.MarkupLineInterpolated($"{there.Count} frames in the trash");
                });
            return 0;
        });
        return command;
    }

    public static Command RenamePart()
    {
        Argument<string> part = new("part") { Description = "The part as it is called." };
        Argument<string> name = new("name") { Description = "What it is to be called; another part's name makes the two one." };
        Command command = new("rename-part", "Give a part another name in every frame, annotation and split.") { part, name, Flags.Data, Who, Note };
        command.SetAction(parsed =>
        {
            using Dataset dataset = Open(parsed);
            Show(Flags.Output(parsed), [dataset.RenamePart(new PartId(parsed.GetValue(part)!), new PartId(parsed.GetValue(name)!), By(parsed))]);
            return 0;
        });
        return command;
    }

    public static Command Log()
    {
        Argument<string?> frame = new("frame") { Description = "Only what was done to this frame.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("edits", "List what people changed, who, when and why.") { frame, Flags.Data };
        command.SetAction(parsed =>
        {
            using Dataset dataset = Open(parsed);
            FrameId[]? named = parsed.GetValue(frame) is { } word ? [.. dataset.Find(word)] : null;
            Show(Flags.Output(parsed), named is null ? dataset.Edits() : [.. named.SelectMany(f => dataset.Edits(f))]);
            return 0;
        });
        return command;
    }

    public static Command Undo()
    {
        Argument<long[]> edits = new("edits") { Description = "Numbers of edits (default: the last one that stands).", Arity = ArgumentArity.ZeroOrMore };
        Command command = new("undo", "Take edits back, the newest first.") { edits, Flags.Data, Who, Note };
        command.SetAction(parsed =>
        {
            using Dataset dataset = Open(parsed);
            EditId[] named = [.. (parsed.GetValue(edits) ?? []).Select(e => new EditId(e)).OrderByDescending(e => e.Value)];
            Show(Flags.Output(parsed), named.Length == 0 ? [ReviewEdits.UndoLast(dataset, By(parsed))] : [.. named.Select(e => dataset.Undo(e, By(parsed)))]);
            return 0;
        });
        return command;
    }

    public static Command Snapshot()
    {
        Argument<string?> name = new("name") { Description = "What the snapshot is to be called; none lists those there are.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("snapshot", "Keep the exact frames and labels of this moment under a name, for 'train --snapshot' and 'dataset export --snapshot'.") { name, Flags.Data, Who };
        command.SetAction(parsed =>
        {
            using Dataset dataset = Open(parsed);
            IReadOnlyList<Snapshot> snapshots = parsed.GetValue(name) is { } word ? [dataset.TakeSnapshot(word, By(parsed).Who)] : dataset.Snapshots();
            Flags.Output(parsed).Result(
                new { snapshots = snapshots.Select(s => new { name = s.Name, frames = s.Frames, hash = s.Hash, who = s.Who, at = s.At }) },
                console =>
                {
                    foreach (Snapshot snapshot in snapshots)
                    {
                        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[green]{snapshot.Name}[/]\t{snapshot.Frames} frames\t{snapshot.At:yyyy-MM-dd HH:mm} UTC\t{snapshot.Who}\t[grey]{snapshot.Hash}[/]");
                    }
                });
            return 0;
        });
        return command;
    }

    private static Dataset Open(ParseResult parsed) => Dataset.Open(parsed.GetValue(Flags.Data) ?? "data");

    /// <summary>Who edits, by the flags.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="source">Where it was decided.</param>
    public static EditedBy By(ParseResult parsed, string source = "command") => new(parsed.GetValue(Who) is { Length: > 0 } who ? who : Environment.UserName, source, parsed.GetValue(Note));

    /// <summary>An edit as <c>--json</c> gives it.</summary>
    public static object Json(Edit edit) => new
    {
        edit = edit.Id.Value, frame = edit.Frame?.Value, kind = edit.Kind, old = edit.Old, @new = edit.New, who = edit.By.Who, source = edit.By.Source, note = edit.By.Note, at = edit.At, undoes = edit.Undoes?.Value, undoneBy = edit.UndoneBy?.Value,
    };

    /// <summary>Edits as text, a line each.</summary>
    public static void Draw(IAnsiConsole console, IReadOnlyList<Edit> edits)
    {
        foreach (Edit edit in edits)
        {
            string what = edit.Frame is { } frame ? $"frame {frame}" : "part";
            string undone = edit.UndoneBy is { } by ? $" (undone by {by})" : edit.Undoes is { } of ? $" (undoes {of})" : "";
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{edit.Id}\t{what}\t{edit.Kind.ToString().ToLowerInvariant()}\t{edit.Old} > {edit.New}{undone}\t[grey]{edit.By.Who}, {edit.By.Source}, {edit.At:yyyy-MM-dd HH:mm} UTC[/] {edit.By.Note}");
        }

        console.MarkupLineInterpolated($"{edits.Count} edits");
    }

    private static void Show(Output output, IReadOnlyList<Edit> edits) => output.Result(new { edits = edits.Select(Json) }, console => Draw(console, edits));
}
