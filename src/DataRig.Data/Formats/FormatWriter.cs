using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>A folder that an export goes into: label files, written under a temporary name and renamed when they are whole.</summary>
public sealed class FormatWriter : IDisposable
{
    /// <summary>As most tools write JSON: letters of all languages as they are.</summary>
    internal static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly XmlWriterSettings Xml = new() { Encoding = new UTF8Encoding(false), Indent = true, OmitXmlDeclaration = false, NewLineChars = "\n" };

    private readonly Func<FormatFrame, byte[]> _picture;
    private readonly Dictionary<string, Stream> _open = [];
    private int _scratches;

    internal FormatWriter(string folder, IReadOnlyList<PartId> parts, bool polygons, Func<FormatFrame, byte[]> picture)
    {
        Folder = folder;
        Parts = parts;
        Polygons = polygons;
        _picture = picture;
    }

    /// <summary>The folder that is written to; it gets its name when everything is in it.</summary>
    public string Folder { get; }

    /// <summary>Every part that a frame or an annotation is of, in order: the classes, numbered by their place.</summary>
    public IReadOnlyList<PartId> Parts { get; }

    /// <summary>Whether masks are wanted as polygons where the format has both.</summary>
    public bool Polygons { get; }

    /// <summary>A part's place among the classes.</summary>
    public int IndexOf(PartId part) => _indices.TryGetValue(part, out int index) ? index : throw new ArgumentException($"{part} is none of the parts that are written");

    private Dictionary<PartId, int> _indices => field ??= Parts.Select((p, i) => (p, i)).ToDictionary(p => p.p, p => p.i);

    /// <summary>The bytes of a frame's picture, as it is exported.</summary>
    public byte[] Picture(FormatFrame frame) => _picture(frame);

    /// <summary>A file that grows while frames go by; the same one each time it is asked for. It gets its name in <see cref="Finish"/>.</summary>
    public Stream Stream(string relative) => _open.TryGetValue(relative, out Stream? open) ? open : _open[relative] = new BufferedStream(Open(relative), 1 << 16);

    /// <summary>A file for the caller alone, gone when it is disposed.</summary>
    public Stream Scratch() => new FileStream(Path.Combine(Folder, $".scratch-{_scratches++}"), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);

    /// <summary>Whether a stopped export has written a file already; it is whole then.</summary>
    public bool Has(string relative) => File.Exists(Path.Combine(Folder, relative));

    /// <summary>Adds a JSON value to a stream.</summary>
    public static void WriteJson(Stream stream, Action<Utf8JsonWriter> write)
    {
        using Utf8JsonWriter json = new(stream, Json);
        write(json);
    }

    /// <summary>Adds a line to a file that grows.</summary>
    public void Line(string relative, string line) => Stream(relative).Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Writes a whole file of text.</summary>
    public void WriteText(string relative, string text) => Write(relative, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes a whole JSON file.</summary>
    public void WriteJson(string relative, Action<Utf8JsonWriter> write) => Write(relative, stream =>
    {
        using Utf8JsonWriter json = new(stream, Json);
        write(json);
    });

    /// <summary>Adds a JSON value as a line to a file that grows.</summary>
    public void JsonLine(string relative, Action<Utf8JsonWriter> write)
    {
        Stream stream = Stream(relative);
        using (Utf8JsonWriter json = new(stream, Json))
        {
            write(json);
        }

        stream.WriteByte((byte)'\n');
    }

    /// <summary>Writes a whole XML file.</summary>
    public void WriteXml(string relative, XElement root) => Write(relative, stream =>
    {
        using XmlWriter xml = XmlWriter.Create(stream, Xml);
        root.Save(xml);
    });

    /// <summary>Writes a whole file of bytes.</summary>
    public void WriteBytes(string relative, byte[] bytes) => Write(relative, stream => stream.Write(bytes));

    /// <summary>Writes a whole file.</summary>
    public void Write(string relative, Action<Stream> write)
    {
        using (Stream stream = Open(relative))
        {
            write(stream);
        }

        Name(relative);
    }

    /// <summary>Gives a file that grew its name; all of them where none is named.</summary>
    public void Finish(string? relative = null)
    {
        foreach (string file in relative is null ? _open.Keys.ToArray() : [relative])
        {
            _open[file].Dispose();
            _open.Remove(file);
            Name(file);
        }
    }

    public void Dispose()
    {
        foreach (Stream stream in _open.Values)
        {
            stream.Dispose();
        }
    }

    private FileStream Open(string relative)
    {
        string path = Path.Combine(Folder, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new FileStream(path + ".tmp", FileMode.Create, FileAccess.ReadWrite);
    }

    private void Name(string relative) => File.Move(Path.Combine(Folder, relative + ".tmp"), Path.Combine(Folder, relative), overwrite: true);
}
