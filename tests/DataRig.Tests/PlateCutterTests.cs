using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Rig;

namespace DataRig.Tests;

/// <summary>What is cut out against the plate, compared with the engine's own outline of the part.</summary>
public sealed class PlateCutterTests
{
    private static readonly Seed Rig = new(5);

    private static readonly string[] Materials = ["red", "black", "yellow", "blue", "light-grey", "white"];

    [Fact]
    public void A_part_is_cut_out_as_it_lies_there_without_its_shadow()
    {
        Scene scene = Scene.Load(Path.Combine(AppContext.BaseDirectory, "scenes", "turntable.json"));
        using SceneRenderer renderer = new(scene);
        List<(string Material, double Overlap, double Quality)> cuts = [];
        foreach (string material in Materials)
        {
            for (int i = 0; i < 8; i++)
            {
                RenderedFrame frame = renderer.Render(Sample(scene, material, i, out SampledScene empty));
                CutOut? cut = new PlateCutter(Developed(renderer.Render(empty))).Cut(Developed(frame));
                Mask truth = frame.Annotations[0].Mask!;
                cuts.Add((material, cut is null ? 0 : Overlap(cut.Mask, truth), cut?.Quality ?? 0));
                if (Environment.GetEnvironmentVariable("DATARIG_PICTURES") is { } folder)
                {
                    Write(folder, $"{material}-{i}", frame.Picture, cut?.Mask);
                }
            }
        }

        Dictionary<string, double> overlap = cuts.GroupBy(c => c.Material).ToDictionary(g => g.Key, g => g.Average(c => c.Overlap));
        string all = string.Join(", ", cuts.GroupBy(c => c.Material).Select(g => FormattableString.Invariant($"{g.Key} {g.Average(c => c.Overlap):F3} (least {g.Min(c => c.Overlap):F3}, quality {g.Average(c => c.Quality):F2})")));
        Assert.True(overlap.Where(o => o.Key != "white").All(o => o.Value > 0.8), all);
        Assert.True(overlap["white"] > 0.6, all);
        double good = cuts.Where(c => c.Overlap > 0.85).Average(c => c.Quality), bad = cuts.Where(c => c.Overlap < 0.75).Select(c => c.Quality).DefaultIfEmpty(0).Average();
        Assert.True(good > bad + 0.2, $"the quality says nothing: {good:F2} for good outlines, {bad:F2} for bad ones; {all}");
    }

    [Fact]
    public void Nothing_is_cut_out_of_an_empty_table()
    {
        Scene scene = Scene.Load(Path.Combine(AppContext.BaseDirectory, "scenes", "turntable.json"));
        using SceneRenderer renderer = new(scene);
        Sample(scene, "red", 1, out SampledScene first);
        Sample(scene, "red", 2, out SampledScene second);

        Assert.Null(new PlateCutter(Developed(renderer.Render(first))).Cut(Developed(renderer.Render(second with { TableAzimuthDegrees = first.TableAzimuthDegrees, Table = first.Table }))));
    }

    /// <summary>The same rig at the same angle, with a part and without.</summary>
    private static SampledScene Sample(Scene scene, string material, int index, out SampledScene empty)
    {
        PartId part = new(scene.Parts[index % scene.Parts.Count].Name);
        SampledScene sampled = SceneSampler.Sample(scene, Rig, index, new ScenePins { RigSeed = Rig, Material = material, Part = part, TableAzimuthDegrees = 40 * index });
        empty = SceneSampler.Sample(scene, Rig.For("plate"), index, new ScenePins { RigSeed = Rig, Part = part, TableAzimuthDegrees = 40 * index }) with { Entities = [] };
        return sampled;
    }

    /// <summary>As the camera hands it over: through JPEG.</summary>
    private static Picture Developed(RenderedFrame frame) => ImageCodec.Decode(ImageCodec.EncodeJpeg(frame.Picture, frame.JpegQuality).Bytes);

    private static double Overlap(Mask a, Mask b)
    {
        byte[] first = a.ToPixels(), second = b.ToPixels();
        int both = 0, either = 0;
        for (int i = 0; i < first.Length; i++)
        {
            both += first[i] & second[i];
            either += first[i] | second[i];
        }

        return (double)both / either;
    }

    private static void Write(string folder, string name, Picture picture, Mask? mask)
    {
        byte[] pixels = mask?.ToPixels() ?? new byte[picture.Width * picture.Height];
        Picture drawn = new(picture.Width, picture.Height, [.. picture.Rgb]);
        for (int i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] == 0)
            {
                drawn.Rgb[(i * 3) + 1] = (byte)(drawn.Rgb[(i * 3) + 1] / 3);
            }
        }

        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name + ".png"), ImageCodec.EncodePng(drawn).Bytes);
    }
}
