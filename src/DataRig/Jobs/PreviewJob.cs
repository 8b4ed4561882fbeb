using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Report;

namespace DataRig.Jobs;

/// <summary>Shows what a synthesis would make: one sheet of frames with their labels drawn in.</summary>
internal static class PreviewJob
{
    public const string FileName = "preview.jpg";
    public const int DefaultCount = 24;
    public const int MostFrames = 400;

    private const int Cell = 256;
    private const int Columns = 6;

    /// <returns>The sheet's full path; an older one there is replaced.</returns>
    /// <exception cref="WorkFailedException">Rendering failed, or the labels do not agree with the geometry.</exception>
    public static string Write(RenderRequest request, string folder, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        List<Picture> cells = [];
        int made = 0;
        foreach (Func<Frame> frame in request.Make(Enumerable.Range(0, request.Count).Select(i => request.First + i), new LabelTally(), cancel))
        {
            cells.AddRange(LabelSketch.Draw(frame(), Cell));
            progress.Report(new StageProgress("Preview", ++made, request.Count));
        }

        int each = cells.Count / request.Count;
        Picture sheet = ContactSheet.Compose(cells, Math.Min(Math.Max(1, Columns / each), request.Count) * each, Cell, cells[0].Height);
        string file = Path.GetFullPath(Path.Combine(folder, FileName));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, ImageCodec.EncodeJpeg(sheet, 90).Bytes);
        return file;
    }
}
