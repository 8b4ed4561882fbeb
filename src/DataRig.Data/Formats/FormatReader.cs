using System.Text;
using System.Xml;
using System.Xml.Linq;
using DataRig.Core;
using DataRig.Data.Importing;

namespace DataRig.Data.Formats;

/// <summary>A folder that is read: its label files, and what is found wrong in them. Nothing outside the folder is ever opened.</summary>
public sealed class FormatReader
{
    /// <summary>A label file of more bytes than this is refused: it would not fit into the memory of most machines.</summary>
    internal const long MaxLabelBytes = 1L << 30;

    /// <summary>A JSON file that is not gone through row by row takes many times its bytes of memory.</summary>
    internal const long MaxTreeBytes = 256L << 20;

    private readonly string _realFolder;
    private readonly string? _only;
    private long _rows;
    private Dictionary<string, string?>? _byName, _byStem;

    internal FormatReader(string folder)
    {
        Folder = folder;
        _realFolder = ImportPaths.RealPath(folder);
    }

    /// <summary>A folder of which a single file is read.</summary>
    internal FormatReader(string folder, string only)
        : this(folder) => _only = only;

    /// <summary>A folder within one in which something was found already.</summary>
    internal FormatReader(string folder, FormatReader around)
        : this(folder)
    {
        Problems = around.Problems;
        Remarks = around.Remarks;
    }

    /// <summary>The folder, as a full path.</summary>
    public string Folder { get; }

    /// <summary>What keeps something out.</summary>
    public Problems Problems { get; } = new();

    /// <summary>What is worth knowing, each a sentence.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>More frames and boxes than these are refused: in memory all at once they take half a kilobyte each.</summary>
    internal int MaxRows { get; init; } = 2_000_000;

    /// <summary>Whether there is such a file below the folder.</summary>
    public bool Has(string relative) => File.Exists(Path.Combine(Folder, relative));

    /// <summary>The files below the folder, or below one in it, by the pattern of their names; with slashes, in order, hidden ones left out.</summary>
    public IEnumerable<string> Files(string pattern = "*", string below = "", bool deep = true)
    {
        string root = Path.Combine(Folder, below);
        return !Directory.Exists(root) ? [] : Directory.EnumerateFiles(root, pattern, new EnumerationOptions { RecurseSubdirectories = deep, AttributesToSkip = FileAttributes.Hidden, IgnoreInaccessible = false, MatchCasing = MatchCasing.CaseInsensitive })
            .Select(f => Path.GetRelativePath(Folder, f).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(f => !f.Split('/').Any(part => part.StartsWith('.')) && (_only is null || f == _only))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The picture files below the folder.</summary>
    public IEnumerable<string> Pictures(string below = "", bool deep = true) => Files("*", below, deep).Where(ImportPaths.IsPicture);

    /// <summary>
    /// The picture that a label file names: below the folder, or below a folder beside the label file, or else the only one of that
    /// name; an address or the name as it is where there is none.
    /// </summary>
    public string Picture(string named, params ReadOnlySpan<string> below)
    {
        if (!Path.IsPathRooted(named) && !named.Split('/', '\\').Contains(".."))
        {
            foreach (string folder in below)
            {
                string path = folder.Length == 0 ? named : $"{folder}/{named}";
                if (Has(path))
                {
                    return path;
                }
            }
        }
        else if (!named.Contains("://", StringComparison.Ordinal) && !named.Contains("?d=", StringComparison.Ordinal) && !named.StartsWith("/data/", StringComparison.Ordinal))
        {
            return named; // whoever looks for it says that it leaves the folder
        }

        _byName ??= ByName(Path.GetFileName);
        string last = Path.GetFileName(named.Split("?d=")[^1]);
        return _byName.GetValueOrDefault(last) ?? named;
    }

    /// <summary>The only picture of a name without its extension; null where there is none, or more than one.</summary>
    public string? PictureOf(string stem) => (_byStem ??= ByName(Path.GetFileNameWithoutExtension)).GetValueOrDefault(stem);

    /// <summary>Counts a frame or box that is kept until all are read.</summary>
    /// <exception cref="WorkFailedException">There are too many.</exception>
    internal void CountRow()
    {
        if (++_rows > MaxRows)
        {
            throw new WorkFailedException($"{Folder} tells of more than {MaxRows:N0} frames and boxes; import it in several parts.");
        }
    }

    /// <summary>The beginning of a file, to tell what it is.</summary>
    internal string Head(string relative)
    {
        using FileStream file = File.OpenRead(Path.Combine(Folder, relative));
        byte[] head = new byte[1 << 16];
        return Encoding.Latin1.GetString(head, 0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\r', '\n', '\t');
    }

    /// <summary>Null where two pictures have a name.</summary>
    private Dictionary<string, string?> ByName(Func<string, string> name)
    {
        Dictionary<string, string?> found = new(StringComparer.Ordinal);
        foreach (string file in Pictures())
        {
            if (!found.TryAdd(name(file), file))
            {
                found[name(file)] = null;
            }
        }

        return found;
    }

    /// <summary>A label file's bytes; null, and a problem noted, where it cannot be read.</summary>
    public byte[]? ReadBytes(string relative) => ReadBytes(relative, MaxLabelBytes);

    private byte[]? ReadBytes(string relative, long most)
    {
        string path = Path.GetFullPath(Path.Combine(Folder, relative));
        string? problem = !ImportPaths.IsBelow(Folder, path) || (File.Exists(path) && !ImportPaths.IsBelow(_realFolder, ImportPaths.RealPath(path))) ? $"\"{relative}\" leaves the folder"
            : !File.Exists(path) ? $"there is no file \"{relative}\""
            : new FileInfo(path).Length > most ? $"the file is larger than {most >> 20} MiB; split it"
            : null;
        if (problem is null)
        {
            byte[] bytes = File.ReadAllBytes(path);
            if (!bytes.AsSpan().StartsWith(Encoding.Unicode.Preamble) && !bytes.AsSpan().StartsWith(Encoding.BigEndianUnicode.Preamble))
            {
                return bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
            }

            problem = "the file is in UTF-16; save it as UTF-8";
        }

        Problems.Add(relative, problem);
        return null;
    }

    /// <summary>A label file as text; null, and a problem noted, where it is missing or not UTF-8.</summary>
    public string? ReadText(string relative)
    {
        byte[]? bytes = ReadBytes(relative);
        try
        {
            return bytes is null ? null : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            Problems.Add($"{relative}:{bytes.AsSpan(0, Math.Max(0, Math.Min(e.Index, bytes!.Length))).Count((byte)'\n') + 1}", "the file is not UTF-8; save it as that");
            return null;
        }
    }

    /// <summary>A label file's lines with their places, empty ones left out.</summary>
    public IEnumerable<(string Where, string Line)> ReadLines(string relative) =>
        (ReadText(relative) ?? "").Split('\n').Select((line, i) => ($"{relative}:{i + 1}", line.TrimEnd('\r'))).Where(l => !string.IsNullOrWhiteSpace(l.Item2));

    /// <summary>The rows of a JSON file; see <see cref="JsonRows.Read"/>.</summary>
    internal IEnumerable<JsonRows.Row> ReadJsonRows(string relative) => ReadBytes(relative) is { } bytes ? JsonRows.Read(bytes, relative, this) : [];

    /// <summary>A JSON file; null, and a problem noted, where it is none.</summary>
    internal JsonValue? ReadJson(string relative) => ReadBytes(relative, MaxTreeBytes) is { } bytes ? JsonValue.Parse(bytes, relative, 0, this) : null;

    /// <summary>A file of a JSON value a line.</summary>
    internal IEnumerable<JsonValue> ReadJsonLines(string relative)
    {
        byte[]? bytes = ReadBytes(relative);
        int line = 0;
        for (int at = 0; at < bytes?.Length; line++)
        {
            int length = bytes.AsSpan(at).IndexOf((byte)'\n') is >= 0 and var end ? end : bytes.Length - at;
            byte[] text = bytes[at..(at + length)];
            at += length + 1;
            if (text.AsSpan().Trim(" \t\r"u8).Length > 0 && JsonValue.Parse(text, relative, line, this) is { } value)
            {
                yield return value;
            }
        }
    }

    /// <summary>An XML file without a document type; null, and a problem noted, where it is none.</summary>
    public XElement? ReadXml(string relative) => ReadXmlRows(relative, depth: 0, _ => true).FirstOrDefault();

    /// <summary>
    /// The elements of an XML file without a document type that lie at a depth, the root's being 0: one is in memory at a time.
    /// Where it is no XML that is noted, and the elements end.
    /// </summary>
    /// <param name="wanted">Asked of an element's name whether it is to be read.</param>
    internal IEnumerable<XElement> ReadXmlRows(string relative, int depth, Func<string, bool> wanted)
    {
        byte[]? bytes = ReadBytes(relative);
        if (bytes is null)
        {
            yield break;
        }

        using XmlReader xml = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        while (Next(relative, xml, depth, wanted) is { } element)
        {
            yield return element;
        }
    }

    private XElement? Next(string relative, XmlReader xml, int depth, Func<string, bool> wanted)
    {
        try
        {
            while (xml.Read())
            {
                if (xml.NodeType == XmlNodeType.Element && xml.Depth == depth && wanted(xml.LocalName))
                {
                    using XmlReader element = xml.ReadSubtree();
                    return XElement.Load(element, LoadOptions.SetLineInfo);
                }
            }
        }
        catch (XmlException e)
        {
            Problems.Add($"{relative}:{Math.Max(1, e.LineNumber)}:{Math.Max(1, e.LinePosition)}", $"this is not XML that can be read: {e.Message.Split(" Line ")[0].TrimEnd('.')}");
        }

        return null;
    }

    internal static string Place(string file, XElement element) => ((IXmlLineInfo)element).HasLineInfo() ? $"{file}:{((IXmlLineInfo)element).LineNumber}:{((IXmlLineInfo)element).LinePosition}" : file;
}
