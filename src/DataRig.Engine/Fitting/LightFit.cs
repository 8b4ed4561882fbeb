using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Fitting;

/// <summary>
/// Finds the lamps: from the table, how its light falls off and which shadows parts throw on it; from the parts, how much brighter some
/// of their sides are than others. Light adds up, so that for lamps that stand somewhere their colours follow by least squares; the
/// search is only for where they stand. A picture has three channels, so that one rendering shows what each of three lamps does alone,
/// one a channel.
/// </summary>
internal sealed class LightFit
{
    /// <summary>As many lamps as a picture has channels.</summary>
    public const int MostLights = 3;

    /// <summary>Of a lamp or the sky alone; so bright that 8 bits are plenty and nothing is saturated.</summary>
    private const float Alone = 0.6f;

    /// <summary>The albedo that parts are drawn with; a brighter or darker one is taken to send back as much more or less.</summary>
    private const float Grey = 0.3f;

    /// <summary>Parts darker than this shine more than they scatter.</summary>
    private const float LeastAlbedo = 0.04f;

    /// <summary>A pixel that is off by more than a share of its light is something that the model does not know: a glint, a reflection, the hollow below. It counts less and less.</summary>
    private const double Known = 0.08, MostMisfit = 0.25;

    /// <summary>Lamps and the colours of parts depend on each other and are solved for by turns.</summary>
    private const int Turns = 3;

    private readonly RigModel _rig;
    private readonly RenderPool _pool;
    private readonly IReadOnlyList<LitPhotograph> _photographs;
    private readonly LightPicture[] _sky;
    private readonly Vector3 _tint;

    /// <param name="rig">Where the camera stands.</param>
    /// <param name="photographs">With the parts placed, each photograph's exposure divided out.</param>
    /// <param name="pool">Draws pictures of the photographs' size.</param>
    public LightFit(RigModel rig, IReadOnlyList<LitPhotograph> photographs, RenderPool pool)
    {
        RigModel clean = rig.Clean();
        Vector3 table = clean.Typical.Table.Color;
        float grey = (table.X + table.Y + table.Z) / 3;
        _tint = table / grey;
        _rig = clean with
        {
            Typical = clean.Typical with { Table = clean.Typical.Table with { Color = new Vector3(grey) } },
            Backdrop = Vector3.Zero,
            Lights = [.. rig.Lights.Take(MostLights)],
            Sensor = clean.Sensor with { Vignette = rig.Sensor.Vignette },
        };
        _pool = pool;
        _photographs = photographs;
        _sky = Draw(_rig with { Radiance = [.. _rig.Lights.Select(_ => Vector3.Zero)], Ambient = new Vector3(Alone) });
    }

    /// <returns>The rig with its lamps and light from all around, and how far off it is on the average, as a share of the light.</returns>
    public (RigModel Rig, double Misfit) Fit(CmaEsOptions options, double width, Seed seed, Action<double> report, CancellationToken cancel)
    {
        CmaEsResult found = CmaEs.Minimize(
            numbers =>
            {
                cancel.ThrowIfCancellationRequested();
                double misfit = Solve(numbers).Misfit;
                report(misfit);
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
        int each = LightPose.Steps.Length;
        LightPose[] lights = [.. _rig.Lights.Select((l, i) => LightPose.FromArray(l.Name, numbers.AsSpan(i * each, each)))];
        float vignette = (float)Math.Clamp(numbers[^1], 0, 0.6);
        RigModel rig = _rig with { Lights = lights, Radiance = [.. lights.Select((_, i) => Alone * new Vector3(i == 0 ? 1 : 0, i == 1 ? 1 : 0, i == 2 ? 1 : 0))], Ambient = Vector3.Zero, Sensor = _rig.Sensor with { Vignette = 0 } };
        LightPicture[] alone = Draw(rig);
        double[][] solved = new double[3][];
        double[] misfits = new double[3];
        Parallel.For(0, 3, channel => (solved[channel], misfits[channel]) = Solve(channel, alone, lights.Length, vignette));
        return (rig with { Radiance = [.. lights.Select((_, i) => Of(i))], Ambient = Of(lights.Length), Sensor = rig.Sensor with { Vignette = vignette } }, misfits.Average());

        Vector3 Of(int i) => new((float)solved[0][i], (float)solved[1][i], (float)solved[2][i]);
    }

    /// <summary>One channel's strengths of the lamps and, last, of the light from all around.</summary>
    private (double[] Strengths, double Misfit) Solve(int channel, LightPicture[] alone, int lights, float vignette)
    {
        int unknowns = lights + 1;
        double[] strengths = new double[unknowns], row = new double[unknowns], brightness = new double[_photographs.Count];
        for (int turn = 0; turn < Turns; turn++)
        {
            double[,] normal = new double[unknowns, unknowns];
            double[] right = new double[unknowns];
            for (int f = 0; f < _photographs.Count; f++)
            {
                foreach (LitPixel pixel in _photographs[f].Pixels)
                {
                    double scale = Row(f, pixel);
                    if (scale == 0)
                    {
                        continue;
                    }

                    double seen = _photographs[f].Light[(pixel.Index * 3) + channel], level = Math.Max(seen, 0.1);
                    double off = turn == 0 ? 0 : Off(seen);
                    double weight = pixel.Weight / (level * level) * (off > Known ? Known / off : 1);
                    for (int i = 0; i < unknowns; i++)
                    {
                        right[i] += weight * row[i] * seen;
                        for (int j = 0; j < unknowns; j++)
                        {
                            normal[i, j] += weight * row[i] * row[j];
                        }
                    }
                }
            }

            strengths = SymmetricMatrix.NonNegativeLeastSquares(normal, right);
            for (int f = 0; f < brightness.Length; f++)
            {
                brightness[f] = 1;
                List<double> ratios = [];
                foreach (LitPixel pixel in _photographs[f].Pixels.Where(p => p.OnPart))
                {
                    Row(f, pixel);
                    ratios.Add(_photographs[f].Light[(pixel.Index * 3) + channel] / Math.Max(1e-4, Predicted()));
                }

                double middle = ratios.Count == 0 ? 0 : ratios.Order().ElementAt(ratios.Count / 2);
                brightness[f] = middle * Grey < LeastAlbedo ? 0 : middle;
            }
        }

        double misfit = 0, total = 0;
        for (int f = 0; f < _photographs.Count; f++)
        {
            foreach (LitPixel pixel in _photographs[f].Pixels)
            {
                if (Row(f, pixel) > 0)
                {
                    misfit += pixel.Weight * Math.Min(MostMisfit, Off(_photographs[f].Light[(pixel.Index * 3) + channel]));
                    total += pixel.Weight;
                }
            }
        }

        return (strengths, misfit / Math.Max(1e-9, total));

        // What each lamp and the sky alone would give a pixel; 0 where it does not count.
        double Row(int f, LitPixel pixel)
        {
            double scale = (1 - (vignette * 0.5 * pixel.Square)) / Alone * (pixel.OnPart ? brightness[f] : _tint[channel]);
            for (int i = 0; i < lights; i++)
            {
                row[i] = alone[f].Rgb[(pixel.Index * 3) + i] * scale;
            }

            row[lights] = _sky[f].Rgb[(pixel.Index * 3) + channel] * scale;
            return scale;
        }

        double Predicted()
        {
            double sum = 0;
            for (int i = 0; i < unknowns; i++)
            {
                sum += row[i] * strengths[i];
            }

            return sum;
        }

        double Off(double seen) => Math.Abs(Predicted() - seen) / Math.Max(seen, 0.02);
    }

    private LightPicture[] Draw(RigModel rig)
    {
        RigModel clean = rig with { Sensor = rig.Sensor with { Vignette = 0 } };
        return [.. _pool.Render(_photographs.Select(p => clean.With(p.Part, p.Placing, new Vector3(Grey), new Seed(0).At(0)))).Select(f => LightPicture.From(f.Picture, 1, 0))];
    }
}
