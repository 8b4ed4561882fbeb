using System.Numerics;
using System.Text;
using DataRig.Core;

namespace DataRig.Engine.Assets;

/// <summary>
/// LDraw (file format 1.0.2): triangles and quadrilaterals of a file and of those that it is made of. Parts inside
/// the file itself (<c>0 FILE</c>) go before files beside it, and those before the user's library.
/// </summary>
internal sealed class LdrawReader
{
    private const int MaxFiles = 4000;
    private const int MaxUses = 200_000;
    private const int MaxDepth = 32;

    private readonly RawMesh _mesh;
    private readonly Func<string, byte[]> _find;
    private readonly Dictionary<string, LdrawFile> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _open = [];
    private int _uses;

    private LdrawReader(RawMesh mesh, Func<string, byte[]> find)
    {
        _mesh = mesh;
        _find = find;
    }

    /// <param name="bytes">Of the .dat, .ldr or .mpd file.</param>
    /// <param name="file">The name that messages give it.</param>
    /// <param name="find">Finds another file by the name that this one gives it.</param>
    /// <exception cref="WorkFailedException">It, or one that it is made of, is no such mesh.</exception>
    public static RawMesh Read(byte[] bytes, string file, Func<string, byte[]> find)
    {
        RawMesh mesh = new(file);
        LdrawReader reader = new(mesh, find);
        LdrawFile main = reader.Parse(bytes, file);
        reader.Add(main, Matrix4x4.Identity, turnedOver: false);
        return mesh;
    }

    private void Add(LdrawFile file, Matrix4x4 toMesh, bool turnedOver)
    {
        _open.Add(file.Name);
        bool flip = turnedOver != toMesh.GetDeterminant() < 0;
        foreach ((Vector3 a, Vector3 b, Vector3 c, int line) in file.Triangles)
        {
            (Vector3 first, Vector3 last) = flip ? (c, a) : (a, c);
            Guarded(file, line, () => _mesh.AddTriangle(Vector3.Transform(first, toMesh), Vector3.Transform(b, toMesh), Vector3.Transform(last, toMesh)));
        }

        foreach (LdrawUse use in file.Uses)
        {
            if (++_uses > MaxUses)
            {
                throw file.Wrong($"it is made of more than {MaxUses} pieces", use.Line);
            }

            if (_open.Contains(use.File, StringComparer.OrdinalIgnoreCase))
            {
                throw file.Wrong($"it is made of itself: {string.Join(" uses ", _open.Append(use.File).Select(n => $"\"{n}\""))}", use.Line);
            }

            if (_open.Count == MaxDepth)
            {
                throw file.Wrong($"files use files more than {MaxDepth} deep", use.Line);
            }

            if (!_files.TryGetValue(use.File, out LdrawFile? piece))
            {
                byte[]? bytes = null;
                Guarded(file, use.Line, () => bytes = _find(use.File));
                piece = Parse(bytes!, use.File);
            }

            Add(piece, use.Transform * toMesh, turnedOver != use.Inverted);
        }

        _open.RemoveAt(_open.Count - 1);
    }

    /// <summary>Says where a failure was met that does not know it.</summary>
    private static void Guarded(LdrawFile file, int line, Action work)
    {
        try
        {
            work();
        }
        catch (WorkFailedException e)
        {
            throw file.Wrong(e.Message.TrimEnd('.'), line, e);
        }
    }

    /// <summary>Reads one file and those inside it, each once.</summary>
    private LdrawFile Parse(byte[] bytes, string name)
    {
        LdrawFile main = new(name), at = main;
        _files[name] = main;
        bool named = false;
        TextLines lines = new(bytes);
        while (lines.Next())
        {
            if (at.Read(ref lines) is { } inside)
            {
                // The first of several files in one is the file itself.
                at = named ? new LdrawFile(inside) : main;
                named = true;
                _files[inside] = at;
                if (_files.Count > MaxFiles)
                {
                    throw main.Wrong($"it is made of more than {MaxFiles} files", lines.Number);
                }
            }
        }

        return main;
    }
}
