using System.Diagnostics;
using System.Globalization;
using DataRig.Core;
using DataRig.Engine;

namespace DataRig.Benchmarks;

/// <summary>How long a mesh of many triangles takes until it is drawn, and how fast it is drawn then, beside a brick.</summary>
internal static class MeshLoading
{
    private const int Frames = 100;

    public static Task<int> RunAsync(string[] arguments)
    {
        int triangles = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 200_000;
        string folder = Directory.CreateTempSubdirectory("datarig-mesh-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "ring.stl"), Ring((int)Math.Sqrt(triangles * 2), (int)Math.Sqrt(triangles / 8.0)));
            Stopwatch clock = Stopwatch.StartNew();
            Scene scene = new Scene { Parts = [new PartOptions { Name = "ring", Shape = new MeshOptions { File = "ring.stl" } }] }.LoadAssets(folder);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"read, mended and simplified in {clock.Elapsed.TotalSeconds:F2} s: {scene.Library.Describe(new PartId("ring"))}"));
            foreach (string warning in scene.Library.Warnings)
            {
                Console.WriteLine(warning);
            }

            using SceneRenderer renderer = new(scene);
            foreach (Scene drawn in (Scene[])[scene, new Scene().Only([new PartId("3001")])])
            {
                clock.Restart();
                renderer.Render(SceneSampler.Sample(drawn, new Seed(1), 0));
                double first = clock.Elapsed.TotalSeconds;
                clock.Restart();
                for (int i = 0; i < Frames; i++)
                {
                    renderer.Render(SceneSampler.Sample(drawn, new Seed(1), i));
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{drawn.Parts[0].Name}: the first frame in {first:F2} s, then {Frames / clock.Elapsed.TotalSeconds:F0} frames a second"));
            }

            return Task.FromResult(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A binary STL of a wavy ring, 40 mm wide.</summary>
    private static byte[] Ring(int around, int across)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(new byte[80]);
        writer.Write(2 * around * across);
        for (int i = 0; i < around; i++)
        {
            for (int j = 0; j < across; j++)
            {
                Facet((i, j), (i + 1, j), (i + 1, j + 1));
                Facet((i, j), (i + 1, j + 1), (i, j + 1));
            }
        }

        return stream.ToArray();

        void Facet(params ReadOnlySpan<(int I, int J)> corners)
        {
            writer.Write(new byte[12]);
            foreach ((int i, int j) in corners)
            {
                float u = i % around * MathF.Tau / around, v = j % across * MathF.Tau / across;
                float thick = 5 + MathF.Sin(5 * u), off = 14 + (thick * MathF.Cos(v));
                writer.Write(off * MathF.Cos(u));
                writer.Write(off * MathF.Sin(u));
                writer.Write(thick * MathF.Sin(v));
            }

            writer.Write((short)0);
        }
    }
}
