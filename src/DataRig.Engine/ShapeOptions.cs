using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Text.Json.Serialization;
using DataRig.Core.Configuration;
using DataRig.Engine.Geometry;

namespace DataRig.Engine;

/// <summary>What something looks like, apart from its material.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(BrickOptions), "brick")]
[JsonDerivedType(typeof(BoxOptions), "box")]
[JsonDerivedType(typeof(CylinderOptions), "cylinder")]
[JsonDerivedType(typeof(MeshOptions), "mesh")]
public abstract record ShapeOptions;

/// <summary>A brick that the engine makes itself; the origin is in the middle of its bottom.</summary>
public sealed record BrickOptions : ShapeOptions, IValidatedOptions
{
    /// <summary>Such as <c>3001</c>.</summary>
    public required string Name { get; init; }

    internal static string Names => string.Join(", ", BrickShape.Known.Select(s => s.Part).Order().Select(p => $"\"{p}\""));

    internal BrickShape Brick => BrickShape.Known.First(s => s.Part.Value == Name);

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (!BrickShape.Known.Any(s => s.Part.Value == Name))
        {
            yield return ("name", $"expected one of the bricks {Names}, found \"{Name}\"");
        }
    }
}

/// <summary>A box; the origin is in the middle of its bottom.</summary>
public sealed record BoxOptions : ShapeOptions, IValidatedOptions
{
    /// <summary>Along x, y and z.</summary>
    public required Vector3 SizeMm { get; init; }

    public IEnumerable<(string Key, string Problem)> Validate()
    {
        for (int axis = 0; axis < 3; axis++)
        {
            if (SizeMm[axis] is < 0.1f or > 2000)
            {
                yield return ("sizeMm", $"a box is from 0.1 to 2000 mm long each way, found {SizeMm[axis]}");
            }
        }
    }
}

/// <summary>An upright cylinder; the origin is in the middle of its bottom.</summary>
public sealed record CylinderOptions : ShapeOptions
{
    [Range(0.1, 1000)]
    public required double RadiusMm { get; init; }

    [Range(0.1, 2000)]
    public required double HeightMm { get; init; }
}

/// <summary>A mesh from a file: OBJ, STL, glTF (.gltf, .glb) or LDraw (.dat, .ldr, .mpd), told by its ending.</summary>
public sealed record MeshOptions : ShapeOptions
{
    /// <summary>Relative to the scene's folder, which it may not leave. LDraw files are also looked for in <see cref="Scene.LdrawFolder"/>.</summary>
    public required string File { get; init; }

    /// <summary>Millimetres in one of the file's units; unless given 1000 for glTF, 0.4 for LDraw, 1 for the others.</summary>
    [Range(1e-6, 1e6)]
    public double? UnitMm { get; init; }

    /// <summary>Which way of the file is up; unless given "y" for glTF, "-y" for LDraw, "z" for the others.</summary>
    [AllowedValues("x", "-x", "y", "-y", "z", "-z")]
    public string? Up { get; init; }

    /// <summary>Moves the origin to the middle of the bottom of the box around it.</summary>
    public bool Recentre { get; init; }
}
