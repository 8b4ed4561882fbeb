using System.IO.Hashing;
using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Geometry;
using DataRig.Engine.Parts;

namespace DataRig.Engine.Assets;

/// <summary>Reads a scene's shapes from its files and makes models of them.</summary>
internal sealed class AssetReader
{
    private const int MaxTexture = 4096;

    private readonly AssetFolder _folder;
    private readonly AssetFolder? _ldraw;
    private readonly ModelMaker _maker;
    private readonly XxHash64 _hash = new();
    private readonly Dictionary<ShapeOptions, PartModel> _made = [];
    private readonly List<string> _warnings = [];

    /// <param name="folder">Where the scene's files lie.</param>
    /// <param name="ldrawFolder">The user's LDraw library, if any, relative to that or absolute.</param>
    /// <param name="pixelMm">How large a pixel is where it is smallest: finer details cannot be seen.</param>
    /// <exception cref="WorkFailedException">There is no such folder.</exception>
    public AssetReader(string folder, string? ldrawFolder, double pixelMm)
    {
        _folder = new AssetFolder(folder);
        _ldraw = ldrawFolder is null ? null : new AssetFolder(Path.GetFullPath(ldrawFolder, folder));
        _maker = new ModelMaker((float)pixelMm);
    }

    /// <summary>What is doubtful about the meshes read so far, a sentence each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Of all bytes read so far; empty where none were.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <param name="shape">What to make.</param>
    /// <param name="user">Who wants it, for messages.</param>
    /// <exception cref="WorkFailedException">A file is missing, outside of its folder, or no mesh that can be drawn.</exception>
    public PartModel Load(ShapeOptions shape, string user)
    {
        if (_made.TryGetValue(shape, out PartModel? model))
        {
            return model;
        }

        model = Guarded(user, () => shape switch
        {
            BrickOptions brick => Brick.Model(brick.Brick),
            BoxOptions box => _maker.Make("box", Surface.Box(box.SizeMm)),
            CylinderOptions cylinder => _maker.Make("cylinder", _maker.Cylinder((float)cylinder.RadiusMm, (float)cylinder.HeightMm)),
            MeshOptions mesh => _maker.Make(Read(mesh), mesh),
            _ => throw new InvalidOperationException($"no model is made of {shape.GetType().Name}"),
        });
        _warnings.AddRange(_maker.TakeWarnings().Select(w => $"{user}: {w}"));
        _made.Add(shape, model);
        return model;
    }

    /// <param name="file">A picture file.</param>
    /// <param name="decode">Decodes it, if pictures can be decoded.</param>
    /// <param name="user">Who wants it, for messages.</param>
    /// <exception cref="WorkFailedException">The file is missing, outside of the folder, no picture, or too large.</exception>
    public Picture Texture(string file, Func<byte[], Picture>? decode, string user) => Guarded(user, () =>
    {
        Picture picture = decode is null ? throw new WorkFailedException($"\"{file}\": no textures can be read here.") : decode(Bytes(_folder, file));
        return Math.Max(picture.Width, picture.Height) <= MaxTexture ? picture
            : throw new WorkFailedException($"\"{file}\": a texture has at most {MaxTexture} pixels each way, found {picture.Width}x{picture.Height}.");
    });

    private static T Guarded<T>(string user, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (WorkFailedException e)
        {
            throw new WorkFailedException($"{user}: {e.Message}", e);
        }
    }

    private RawMesh Read(MeshOptions mesh)
    {
        string beside = Path.GetDirectoryName(mesh.File) ?? "";
        return Path.GetExtension(mesh.File).ToLowerInvariant() switch
        {
            ".obj" => ObjReader.Read(Bytes(_folder, mesh.File), mesh.File),
            ".stl" => StlReader.Read(Bytes(_folder, mesh.File), mesh.File),
            ".gltf" or ".glb" => GltfReader.Read(Bytes(_folder, mesh.File), mesh.File, name => Bytes(_folder, name, beside)),
            ".dat" or ".ldr" or ".mpd" => LdrawReader.Read(FindLdraw(mesh.File, ""), mesh.File, name => FindLdraw(name, beside)),
            string other => throw new WorkFailedException($"\"{mesh.File}\": meshes are read from .obj, .stl, .gltf, .glb, .dat, .ldr and .mpd files, not from \"{other}\"."),
        };
    }

    /// <summary>From beside the file that asks, else from the user's library.</summary>
    private byte[] FindLdraw(string name, string beside)
    {
        if (_ldraw is null || _folder.Has(Path.Combine(beside, name)))
        {
            return Bytes(_folder, name, beside);
        }

        string? found = new[] { "parts", "p", "models", "" }.SelectMany(f => new[] { Path.Combine(f, name), Path.Combine(f, name.ToLowerInvariant()) }).FirstOrDefault(_ldraw.Has);
        return found is null
            ? throw new WorkFailedException($"there is no file \"{name}\", neither in {_folder.Folder} nor in the LDraw library {_ldraw.Folder}.")
            : Bytes(_ldraw, found);
    }

    private byte[] Bytes(AssetFolder folder, string name, string inFolder = "")
    {
        byte[] bytes = folder.Read(name, inFolder);
        _hash.Append(bytes);
        Fingerprint = Convert.ToHexStringLower(_hash.GetCurrentHash());
        return bytes;
    }
}
