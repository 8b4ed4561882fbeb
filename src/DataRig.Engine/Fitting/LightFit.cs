using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>
/// Finds the lamps from the table: how its light falls off and which shadows parts throw on it. Light adds up, so that for lamps that
/// stand somewhere their colours follow by least squares; the search is only for where they stand. A picture has three channels, so
/// that one rendering shows what each of three lamps does alone, one a channel.
/// </summary>
internal sealed class LightFit
{
    /// <summary>As many lamps as a picture has channels.</summary>
    public const int MostLights = 3;

    /// <summary>Of a lamp or the sky alone; so bright that 8 bits are plenty and nothing is saturated.</summary>
    private const float Alone = 0.6f;

    /// <summary>A pixel that is off by more than this share is something that the model does not know.</summary>
    private const double MostMisfit = 0.15;

    private readonly RigModel _rig;
    private readonly RenderPool _pool;
    private readonly TablePhotograph[] _photographs;
    private readonly LightPicture[] _sky;

    /// <param name="rig">Where the camera stands.</param>
    /// <param name="photographs">With the parts placed.</param>
    /// <param name="pool">Draws pictures of the photographs' size.</param>
    public LightFit(RigModel rig, IReadOnlyList<TablePhotograph> photographs, RenderPool pool)
    {
        _rig = rig.Clean() with { Backdrop = Vector3.Zero, Lights = [.. rig.Lights.Take(MostLights)], Radiance = [.. rig.Radiance.Take(MostLights)] };
        _pool = pool;
        _photographs = [.. photographs];
        _sky = Draw(_rig with { Radiance = [.. _rig.Radiance.Select(_ => Vector3.Zero)], Ambient = new Vector3(Alone) });
    }

    /// <returns>The rig with its lamps and light from all around, and how far off it is on the average, as a share of the light.</returns>
    public (RigModel Rig, double Misfit) Fit(CmaEsOptions options, double width, Seed seed, Action<string> report, CancellationToken cancel)
    {
        double best = double.PositiveInfinity;
        CmaEsResult found = CmaEs.Minimize(
            numbers =>
            {
                cancel.ThrowIfCancellationRequested();
                double misfit = Solve(numbers).Misfit;
                best = Math.Min(best, misfit);
                report($"off by {best:P1}");
                return misfit;
            },
            [.. _rig.Lights.SelectMany(l => l.ToArray()), _rig.Sensor.Vignette],
            [.. _rig.Lights.SelectMany(_ => LightPose.Steps).Select(s => s * width), 0.1 * width],
            options,
            seed,
            cancel);
        return Solve(found.Point);
    }

    /// <summary>For lamps that stand so, the colours that fit best.</summary>
    private (RigModel Rig, double Misfit) Solve(double[] numbers)
    {
        const int Each = 4;
        LightPose[] lights = [.. _rig.Lights.Select((l, i) => LightPose.FromArray(l.Name, numbers.AsSpan(i * Each, Each)))];
        float vignette = (float)Math.Clamp(numbers[^1], 0, 0.6);
        RigModel rig = _rig with { Lights = lights, Radiance = [.. lights.Select((_, i) => Alone * new Vector3(i == 0 ? 1 : 0, i == 1 ? 1 : 0, i == 2 ? 1 : 0))], Ambient = Vector3.Zero };
        LightPicture[] alone = Draw(rig);
        int unknowns = lights.Length + 1;
        double[][] solved = new double[3][];
        double misfit = 0, weight = 0;
        for (int channel = 0; channel < 3; channel++)
        {
            double[,] normal = new double[unknowns, unknowns];
            double[] right = new double[unknowns], row = new double[unknowns];
            Visit(channel, (observed, w) =>
            {
                for (int i = 0; i < unknowns; i++)
                {
                    right[i] += w * row[i] * observed;
                    for (int j = 0; j < unknowns; j++)
                    {
                        normal[i, j] += w * row[i] * row[j];
                    }
                }
            });
            solved[channel] = SymmetricMatrix.NonNegativeLeastSquares(normal, right);
            Visit(channel, (observed, w) =>
            {
                double predicted = row.Zip(solved[channel], (r, s) => r * s).Sum();
                misfit += w * Math.Min(MostMisfit, Math.Abs(predicted - observed) / Math.Max(observed, 0.02));
                weight += w;
            });

            void Visit(int c, Action<double, double> visit)
            {
                for (int f = 0; f < _photographs.Length; f++)
                {
                    TablePhotograph photograph = _photographs[f];
                    foreach ((int pixel, float w, float square) in photograph.Pixels)
                    {
                        float shade = 1 - (vignette * 0.5f * square);
                        for (int i = 0; i < lights.Length; i++)
                        {
                            row[i] = alone[f].Rgb[(pixel * 3) + i] * shade / Alone;
                        }

                        row[^1] = _sky[f].Rgb[(pixel * 3) + c] * shade / Alone;
                        visit(photograph.Light[(pixel * 3) + c], w);
                    }
                }
            }
        }

        Vector3 Of(int i) => new((float)solved[0][i], (float)solved[1][i], (float)solved[2][i]);
        return (rig with { Radiance = [.. lights.Select((_, i) => Of(i))], Ambient = Of(lights.Length), Sensor = rig.Sensor with { Vignette = vignette } }, misfit / weight);
    }

    private LightPicture[] Draw(RigModel rig) =>
        [.. _pool.Render(_photographs.Select(p => rig.With(p.Part, p.Placing, p.Albedo, new Seed(0).At(0)))).Select(f => LightPicture.From(f.Picture, 1))];
}
