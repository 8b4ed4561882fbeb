using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Learning;

namespace DataRig.Tests;

/// <summary>Where the part is found, compared with where the engine put it: in every colour, shadows and coloured lights about it.</summary>
public sealed class PartFinderOnRendersTests
{
    [Fact]
    public void Parts_of_all_colours_are_found_in_their_middle()
    {
        Scene scene = Scene.Load(Path.Combine(AppContext.BaseDirectory, "scenes", "turntable.json"));
        using SceneRenderer renderer = new(scene);
        List<(string Material, double Off)> found = [];
        foreach (MaterialOptions material in scene.Materials)
        {
            for (int i = 0; i < 6; i++)
            {
                RenderedFrame frame = renderer.Render(SceneSampler.Sample(scene, new Seed(77), (found.Count * 7) + i, new ScenePins { Material = material.Name }));
                (double x, double y) = PartFinder.Find(ImageCodec.Decode(ImageCodec.EncodeJpeg(frame.Picture, frame.JpegQuality).Bytes)).Box.Center;
                (double trueX, double trueY) = frame.Annotations[0].Box.Center;
                found.Add((material.Name, Math.Max(Math.Abs(x - trueX), Math.Abs(y - trueY)) / frame.Picture.Width));
            }
        }

        string all = string.Join(", ", found.GroupBy(f => f.Material).Select(g => FormattableString.Invariant($"{g.Key} {g.Average(f => f.Off):P1}")));
        Assert.True(found.Where(f => f.Material != "white").Average(f => f.Off) < 0.015, all);
        Assert.True(found.Where(f => f.Material == "white").Average(f => f.Off) < 0.06, all);
    }
}
