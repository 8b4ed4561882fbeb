using System.CommandLine;
using DataRig.Core;
using DataRig.Data;
using DataRig.Data.Formats;
using DataRig.Terminal;
using Spectre.Console;

namespace DataRig.Commands;

/// <summary><c>datarig dataset import</c> and <c>export</c>: other tools' formats, both ways.</summary>
internal static class DatasetTransfer
{
    public static Command Import()
    {
        Argument<string> source = new("source") { Description = "A folder, or a .zip, .tar or .tar.gz file of one: pictures with frames.csv (file,part,item), in a folder a part, or in another tool's format." };
        Option<string?> format = Format("import", DatasetFormats.All);
        Option<bool> skipBad = new("--skip-bad") { Description = "Import what is good although something is bad." };
        Command command = new("import", "Bring in somebody's pictures, byte for byte, with their labels.") { source, Flags.Out, format, skipBad };
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            using Dataset dataset = Dataset.OpenOrCreate(parsed.GetValue(Flags.Out) ?? "data");
            ImportOptions options = new() { SkipBad = parsed.GetValue(skipBad), Format = parsed.GetValue(format) is { } name ? DatasetFormats.Named(name) : null };
            ImportResult result = await output.WithProgressAsync(progress => DatasetImport.RunAsync(dataset, parsed.GetValue(source)!, options, progress, cancel)).ConfigureAwait(false);
            foreach (string problem in result.Problems)
            {
                output.Warn($"left out: {problem}");
            }

            if (result.ProblemCount > result.Problems.Count)
            {
                output.Warn($"and {result.ProblemCount - result.Problems.Count} more.");
            }

            foreach (string remark in result.Remarks)
            {
                output.Remark(remark);
            }

            output.Result(
                new { frames = result.Imported, alreadyThere = result.AlreadyThere, leftOut = result.ProblemCount, format = result.Format, dataset = dataset.Folder, hash = dataset.Hash() },
                console => console.MarkupLineInterpolated($"Imported [green]{result.Imported}[/] frames ({result.Format}) into {dataset.Folder}{(result.AlreadyThere > 0 ? $"; {result.AlreadyThere} were there already" : "")}"));
            return 0;
        });
        return command;
    }

    public static Command Export()
    {
        Option<string?> format = Format("export", DatasetFormats.All.Where(f => f.CanWrite));
        Option<string[]> filter = new("--filter") { Description = $"Only frames for which this holds, such as part=3001,3003 or azimuth=350..10; may be given several times. Keys: {FrameQuery.Keys}.", HelpName = "KEY=VALUE" };
        Option<bool> balance = new("--balance") { Description = "Take as many frames of each part as there are of the rarest." };
        Option<bool> link = new("--hard-link") { Description = "Share the dataset's files instead of copying them." };
        Option<int?> size = new Option<int?>("--size") { Description = "Make pictures smaller, the longer side to this many pixels at most.", HelpName = "PIXELS" }.AtLeast(1);
        Option<bool> crop = new("--crop") { Description = "Cut pictures to a square around their part." };
        Option<int?> quality = new Option<int?>("--jpeg-quality") { Description = "Encode pictures anew at this quality, from 1 to 100 (default: 92 with --size or --crop, else they stay as they are).", HelpName = "QUALITY" }.AtLeast(1);
        Option<bool> polygons = new("--polygons") { Description = "Write masks as polygons where a format has both polygons and run lengths." };
        Command command = new("export", "Write the dataset for another tool; one that was stopped is gone on with.") { Flags.Data, Flags.Snapshot, Flags.Out, format, filter, balance, link, size, crop, quality, polygons };
        command.Validators.Add(result =>
        {
            if (result.GetValue(quality) > 100)
            {
                result.AddError($"--jpeg-quality is at most 100, found {result.GetValue(quality)}.");
            }

            if (result.GetValue(link) && (result.GetValue(size) is not null || result.GetValue(crop) || result.GetValue(quality) is not null))
            {
                result.AddError("--hard-link shares the pictures as they are; leave --size, --crop and --jpeg-quality out.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            Output output = Flags.Output(parsed);
            string target = parsed.GetValue(Flags.Out) ?? throw new WorkFailedException("--out is missing; name the folder to write the export to.");
            string data = parsed.GetValue(Flags.Data) ?? "data";
            using Dataset dataset = parsed.GetValue(Flags.Snapshot) is { } snapshot ? Dataset.OpenSnapshot(data, snapshot) : Dataset.Open(data);
            IDatasetFormat chosen = DatasetFormats.Named(parsed.GetValue(format) ?? "folders");
            ExportOptions options = new()
            {
                Frames = parsed.GetValue(filter) is { Length: > 0 } conditions ? FrameQuery.Parse(conditions) : null,
                Split = dataset.LoadSplit(),
                Balance = parsed.GetValue(balance),
                HardLink = parsed.GetValue(link),
                Size = parsed.GetValue(size),
                Crop = parsed.GetValue(crop),
                JpegQuality = parsed.GetValue(quality),
                Polygons = parsed.GetValue(polygons),
            };
            ExportResult result = await output.WithProgressAsync(progress =>
                Task.Run(() => DatasetExport.Run(dataset, chosen, target, options, progress, cancel), CancellationToken.None)).ConfigureAwait(false);
            if (result.LeftOut.Count > 0)
            {
                output.Warn($"{chosen.Name} has no place for: {string.Join("; ", result.LeftOut)}.");
            }

            output.Result(
                new { frames = result.Frames, folder = result.Folder, format = chosen.Name, leftOut = result.LeftOut },
                console => console.MarkupLineInterpolated($"Exported [green]{result.Frames}[/] frames to {result.Folder}"));
            return 0;
        });
        return command;
    }

    private static Option<string?> Format(string verb, IEnumerable<IDatasetFormat> formats)
    {
        string other = verb == "import" ? "found out" : "folders";
        Option<string?> option = new("--format") { Description = $"The format to {verb} (default: {other}): {string.Join("; ", formats.Select(f => $"{f.Name}, {f.Title}"))}.", HelpName = "FORMAT" };
        option.AcceptOnlyFromAmong([.. formats.Select(f => f.Name)]);
        return option;
    }
}
