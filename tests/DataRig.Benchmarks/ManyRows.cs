using System.Diagnostics;
using System.Globalization;
using System.Text;
using DataRig.Core;
using DataRig.Data;
using DataRig.Data.Formats;

namespace DataRig.Benchmarks;

/// <summary>Label files of ten million rows, most of them wrong: how long until they are refused in words, and in how much memory.</summary>
internal static class ManyRows
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        int rows = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 10_000_000;
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("datarig-bench-");
        try
        {
            bool calm = true;
            foreach ((string format, string file, Action<StreamWriter> write) in new (string, string, Action<StreamWriter>)[]
            {
                ("coco", "labels.json", w => Coco(w, rows)),
                ("csv", "frames.csv", w => Lines(w, "file,part,item", "a.jpg,3001,a", rows)),
                ("groundtruth", "all.manifest", w => Lines(w, null, """{"source-ref": "no.jpg", "part": 0, "part-metadata": {"class-name": "3001"}}""", rows)),
                ("labelstudio", "tasks.json", w => Json(w, "[", """{"data": {"image": "no.jpg"}}""", "]", rows)),
                ("cvat", "annotations.xml", w => Json(w, "<annotations>", """<image name="no.jpg" width="64" height="64"/>""", "</annotations>", rows, "\n")),
            })
            {
                string folder = Path.Combine(scratch.FullName, format);
                Directory.CreateDirectory(folder);
                File.WriteAllBytes(Path.Combine(folder, "a.jpg"), ImageCodec.EncodeJpeg(Pictures.Table(64, 64, 1), 90).Bytes);
                using (StreamWriter writer = new(Path.Combine(folder, file), false, new UTF8Encoding(false), 1 << 20))
                {
                    write(writer);
                }

                calm &= await Refused(folder, format, new FileInfo(Path.Combine(folder, file)).Length, scratch.FullName);
                Directory.Delete(folder, recursive: true);
            }

            return calm ? 0 : 1;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static async Task<bool> Refused(string folder, string format, long bytes, string scratch)
    {
        using Dataset dataset = Dataset.OpenOrCreate(Path.Combine(scratch, "data"));
        Stopwatch watch = Stopwatch.StartNew();
        using CancellationTokenSource stop = new();
        Task<double> most = Task.Run(() => Most(stop.Token));
        string said;
        try
        {
            await DatasetImport.RunAsync(dataset, folder, new ImportOptions { Format = DatasetFormats.Named(format) });
            said = "NOT refused";
        }
        catch (WorkFailedException e)
        {
            said = e.Message.Split('\n')[0].Replace(scratch, "", StringComparison.Ordinal);
        }

        await stop.CancelAsync();
        double memory = await most;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{format,-12} {bytes / 1e6,6:F0} MB  {watch.Elapsed.TotalSeconds,5:F1} s  most in the process {memory / 1e6,6:F0} MB  {said}"));
        return !said.StartsWith("NOT", StringComparison.Ordinal);
    }

    private static double Most(CancellationToken stop)
    {
        double most = 0;
        GC.Collect();
        while (!stop.WaitHandle.WaitOne(50))
        {
            using Process self = Process.GetCurrentProcess();
            most = Math.Max(most, self.WorkingSet64);
        }

        return most;
    }

    private static void Coco(StreamWriter writer, int rows)
    {
        writer.Write("""{"images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 64}], "categories": [{"id": 1, "name": "3001"}], "annotations": """);
        Json(writer, "[", """{"id":1,"image_id":1,"category_id":2,"bbox":[1,2,3,4]}""", "]", rows);
        writer.Write('}');
    }

    private static void Json(StreamWriter writer, string begin, string row, string end, int rows, string between = ",\n")
    {
        writer.Write(begin);
        for (int i = 0; i < rows; i++)
        {
            writer.Write(i == 0 ? "" : between);
            writer.Write(row);
        }

        writer.Write(end);
    }

    private static void Lines(StreamWriter writer, string? header, string row, int rows)
    {
        writer.Write(header is null ? "" : header + "\n");
        Json(writer, "", row, "\n", rows, "\n");
    }
}
