using System.Globalization;
using System.Text.RegularExpressions;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>
/// Frames taken out of videos, a folder a video, their names ending in the frame's number, and a <c>labels.csv</c> with the header
/// <c>video,first,last,part,item</c>: which part the frames of a span show. Frames of no span are passed over. Only ever read.
/// </summary>
internal sealed partial class VideoFrames : IDatasetFormat
{
    private const string File = "labels.csv";

    private static readonly string[] Header = ["video", "first", "last", "part", "item"];

    public string Name => "video";

    public string Title => "frames of videos with spans of labels";

    public Carried Carries => Carried.Item | Carried.Unmarked;

    public bool CanWrite => false;

    public int Likelihood => 2;

    public void Write(IEnumerable<FormatFrame> frames, FormatWriter writer) => throw new NotSupportedException("videos are only read");

    public bool Recognizes(FormatReader reader) => reader.Has(File) && reader.Head(File).StartsWith(string.Join(',', Header), StringComparison.Ordinal);

    public IEnumerable<FormatFrame> Read(FormatReader reader)
    {
        Dictionary<string, List<(long Number, string File)>> videos = [];
        foreach (string picture in reader.Pictures())
        {
            string video = Path.GetDirectoryName(picture)!;
            Match number = Number().Match(Path.GetFileNameWithoutExtension(picture));
            if (number.Success && long.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long n))
            {
                (videos.TryGetValue(video, out List<(long, string)>? list) ? list : videos[video] = []).Add((n, picture));
            }
            else
            {
                reader.Problems.Add(picture, "the name does not end in the frame's number");
            }
        }

        HashSet<string> labelled = [];
        List<(string Video, long Number, FormatFrame Frame)> frames = [];
        foreach ((string where, string line) in reader.ReadLines(File).Skip(1))
        {
            string[] cells = line.Split(',');
            if (cells.Length != Header.Length || !long.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out long first) || !long.TryParse(cells[2], NumberStyles.None, CultureInfo.InvariantCulture, out long last) || first > last)
            {
                reader.Problems.Add(where, "expected video,first,last,part,item, the first number not above the last");
                continue;
            }

            (long Number, string File)[] span = [.. videos.GetValueOrDefault(cells[0], []).Where(f => f.Number >= first && f.Number <= last).OrderBy(f => f.Number)];
            if (span.Length == 0)
            {
                reader.Problems.Add(where, $"there is no frame from {first} to {last} in the folder \"{Fields.Short(cells[0])}\"");
            }

            foreach ((long number, string picture) in span)
            {
                if (!labelled.Add(picture))
                {
                    reader.Problems.Add(where, $"the span labels \"{picture}\" a second time");
                    continue;
                }

                frames.Add((cells[0], number, new FormatFrame
                {
                    File = picture, Where = where, Source = FrameSource.Imported, Part = new PartId(cells[3].Trim()), Item = new ItemId(cells[4].Trim()),
                    Metadata = new Dictionary<string, string> { [FrameRecord.VideoKey] = cells[0].Trim() },
                }));
            }
        }

        // In the order that they were filmed in, for whoever looks at sequences.
        foreach ((_, _, FormatFrame frame) in frames.OrderBy(f => f.Video, StringComparer.Ordinal).ThenBy(f => f.Number))
        {
            yield return frame;
        }

        int rest = videos.Values.Sum(v => v.Count) - labelled.Count;
        if (rest > 0)
        {
            reader.Remarks.Add($"{rest} frames lie in no span of {File} and were passed over.");
        }
    }

    [GeneratedRegex("[0-9]+$")]
    private static partial Regex Number();
}
