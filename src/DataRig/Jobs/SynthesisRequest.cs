using System.Globalization;
using System.IO.Hashing;
using System.Text;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;
using DataRig.Engine;

namespace DataRig.Jobs;

/// <summary>What to render of a scene.</summary>
/// <param name="File">The scene's file, as a full path.</param>
/// <param name="Scene">The scene.</param>
/// <param name="SceneHash">What tells this scene from another of the same name.</param>
internal sealed record SynthesisRequest(string File, Scene Scene, string SceneHash, Seed Seed, long First, int Count) : RenderRequest(Seed, First, Count)
{
    /// <param name="file">The scene file.</param>
    /// <param name="parts">The parts to render instead of the scene's own; none for the scene's own.</param>
    /// <param name="poses">In how many poses each; null for as many as the scene says.</param>
    /// <param name="focus">A validation's result whose errors weight the parts; see <see cref="Focus"/>.</param>
    /// <exception cref="ConfigurationException">The file is missing or wrong.</exception>
    /// <exception cref="WorkFailedException">A mesh cannot be read, or a part is neither the scene's nor a brick.</exception>
    public static SynthesisRequest Of(string file, Seed seed, long first, int count, IReadOnlyList<string> parts, int? poses = null, string? focus = null)
    {
        Scene scene = Scene.Load(file, bytes => ImageCodec.Decode(bytes));
        if (parts.Count > 0)
        {
            scene = scene.Only(parts.Select(p => new PartId(p)));
        }

        if (poses is not null)
        {
            scene = scene with { Placement = scene.Placement with { Poses = poses.Value } };
        }

        string weights = "";
        if (focus is not null)
        {
            scene = Focus.On(scene, focus);
            weights = string.Concat(scene.Parts.Select(p => string.Create(CultureInfo.InvariantCulture, $" {p.Weight}")));
        }

        byte[] content = [.. System.IO.File.ReadAllBytes(file), .. Encoding.UTF8.GetBytes($"{string.Join(',', scene.Parts.Select(p => p.Name))} {scene.Placement.Poses} {scene.Library.Fingerprint}{weights}")];
        return new SynthesisRequest(Path.GetFullPath(file), scene, Convert.ToHexStringLower(XxHash64.Hash(content)), seed.For("synthesis"), first, count);
    }

    public override string Source => $"scene {Scene.Name} ({SceneHash}), seed {Seed}";

    public override IEnumerable<Func<Frame>> Make(IEnumerable<long> indices, LabelTally labels, CancellationToken cancel)
    {
        using Synthesizer synthesizer = new(Scene, new RendererOptions { Maps = Maps }, labels: labels);
        foreach (RenderedFrame frame in synthesizer.Render(Seed, indices, cancel))
        {
            yield return () => ToFrame(frame);
        }
    }

    /// <summary>A render as a camera would have given it, with its labels.</summary>
    public Frame ToFrame(RenderedFrame rendered)
    {
        ArgumentNullException.ThrowIfNull(rendered);
        return new()
        {
            Image = ImageCodec.EncodeJpeg(rendered.Picture, rendered.JpegQuality),
            Source = FrameSource.Rendered,
            Part = rendered.Part,
            Item = rendered.Item,
            Pose = rendered.Pose,
            AzimuthDegrees = rendered.AzimuthDegrees,
            ElevationDegrees = rendered.ElevationDegrees,
            Origin = new Rendering(Source, rendered.Scene.Draws.Index).ToString(),
            Annotations = rendered.Annotations,
            Intrinsics = rendered.Intrinsics,
            Marks = rendered.Verdict.Agreed ? [] : [.. rendered.Verdict.Found.Select(m => m.ToString())],
            Maps = Drawn(rendered).ToDictionary(),
        };
    }

    private static IEnumerable<(MapKind Kind, EncodedImage Map)> Drawn(RenderedFrame rendered)
    {
        if (rendered.Depth is { } depth)
        {
            yield return (MapKind.Depth, ImageCodec.EncodeDepth(depth));
        }

        if (rendered.Normals is { } normals)
        {
            yield return (MapKind.Normals, ImageCodec.EncodePng(normals));
        }
    }
}
