using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Loading;

/// <summary>
/// Varies a prepared picture as <see cref="AugmentationOptions"/> say: place, colour, tone, then what a camera adds.
/// The same draws give the same picture to the bit.
/// </summary>
internal sealed class Augmenter(AugmentationOptions options, int inputPixels)
{
    /// <summary>Spread of a channel mixture's weights about an even mix.</summary>
    private const double MixingSpread = 0.5;

    private const float MiddleGrey = 127.5f;
    private const int LowestQuality = 20, HighestQuality = 90;
    private const int Levels = 256;
    private const int CurveKnots = 5;

    private readonly int _size = inputPixels;
    private readonly int _plane = inputPixels * inputPixels;

    /// <summary>Rearranges [S, S, 3] bytes to [3, S, S] network inputs, unchanged otherwise.</summary>
    public static void Copy(ReadOnlySpan<byte> picture, Span<float> target)
    {
        int plane = target.Length / 3;
        for (int i = 0; i < plane; i++)
        {
            target[i] = PixelScale.ToInput(picture[i * 3]);
            target[plane + i] = PixelScale.ToInput(picture[(i * 3) + 1]);
            target[(2 * plane) + i] = PixelScale.ToInput(picture[(i * 3) + 2]);
        }
    }

    /// <param name="picture">[S, S, 3] bytes.</param>
    /// <param name="draws">What is drawn for it.</param>
    /// <param name="target">[3, S, S] network inputs.</param>
    /// <param name="part">What it shows: one that has a handedness is not reflected.</param>
    public void Apply(ReadOnlySpan<byte> picture, Draws draws, Span<float> target, PartId part)
    {
        Place(picture, draws, target, part);
        Recolor(draws, target);
        if (draws.Chance("blur", options.Blur))
        {
            Blur(target);
        }

        AddNoise(draws, target);
        if (draws.Chance("jpeg", options.Jpeg))
        {
            Compress(draws, target);
        }

        CutOut(draws, target);
        ToInputs(target);
    }

    /// <summary>Levels to network inputs, several at once where the processor can.</summary>
    private static void ToInputs(Span<float> target)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(target);
        foreach (ref Vector<float> values in vectors)
        {
            values = PixelScale.ToInput(Vector.Clamp(values, Vector<float>.Zero, new Vector<float>(255)));
        }

        for (int i = vectors.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] = PixelScale.ToInput(Math.Clamp(target[i], 0, 255));
        }
    }

    /// <summary>
    /// Mirrors, turns, scales, slants, shifts and tilts about the centre, without a change of any colour; beyond the edge the edge's
    /// pixels go on. [S, S, 3] bytes to [3, S, S] levels from 0 to 255.
    /// </summary>
    internal void Place(ReadOnlySpan<byte> picture, Draws draws, Span<float> target, PartId part)
    {
        Warp warp = new(options, draws, part, _size);
        int room = Warp.Room(_size), line = _size * 3;
        Span<int> pixel = stackalloc int[room];
        Span<float> right = stackalloc float[room], down = stackalloc float[room];

        // A pixel is read as four bytes, of which the last is not its own: the last pixel's would lie beyond the picture.
        byte[] padded = ArrayPool<byte>.Shared.Rent(picture.Length + 1);
        picture.CopyTo(padded);
        for (int y = 0; y < _size; y++)
        {
            warp.Row(y, pixel, right, down);
            for (int x = 0; x < _size; x++)
            {
                int at = pixel[x] * 3;
                Vector256<float> upper = Pair(padded, at), lower = Pair(padded, at + line);
                Vector256<float> between = upper + (down[x] * (lower - upper));
                Vector128<float> color = between.GetLower() + (right[x] * (between.GetUpper() - between.GetLower()));
                int to = (y * _size) + x;
                target[to] = color.ToScalar();
                target[to + _plane] = color.GetElement(1);
                target[to + (2 * _plane)] = color.GetElement(2);
            }
        }

        ArrayPool<byte>.Shared.Return(padded);
    }

    /// <summary>Two pixels side by side: each red, green, blue, and whatever comes after.</summary>
    private static Vector256<float> Pair(byte[] pixels, int at)
    {
        Vector128<byte> bytes = Vector128.Create(MemoryMarshal.Read<uint>(pixels.AsSpan(at, 4)), MemoryMarshal.Read<uint>(pixels.AsSpan(at + 3, 4)), 0, 0).AsByte();
        return Vector256.ConvertToSingle(Vector256.WidenLower(Vector128.WidenLower(bytes).ToVector256Unsafe()).AsInt32());
    }

    private void Recolor(Draws draws, Span<float> target)
    {
        Span<float> mix = stackalloc float[9];
        Mixture(draws, mix);
        Jitter(draws, mix);
        Span<float> tones = stackalloc float[3 * Levels];
        Span<float> redTone = tones[..Levels], greenTone = tones.Slice(Levels, Levels), blueTone = tones[(2 * Levels)..];
        ToneCurves(draws, redTone, greenTone, blueTone);
        Span<float> red = target[.._plane], green = target.Slice(_plane, _plane), blue = target[(2 * _plane)..];
        int together = Vector<float>.Count, at = 0;
        Span<int> levels = stackalloc int[3 * together];
        for (; at + together <= _plane; at += together)
        {
            Vector<float> r = new(red[at..]), g = new(green[at..]), b = new(blue[at..]);
            for (int row = 0; row < 3; row++)
            {
                Level((mix[row * 3] * r) + (mix[(row * 3) + 1] * g) + (mix[(row * 3) + 2] * b)).CopyTo(levels[(row * together)..]);
            }

            for (int i = 0; i < together; i++)
            {
                red[at + i] = redTone[levels[i]];
                green[at + i] = greenTone[levels[together + i]];
                blue[at + i] = blueTone[levels[(2 * together) + i]];
            }
        }

        for (; at < _plane; at++)
        {
            (float r, float g, float b) = (red[at], green[at], blue[at]);
            red[at] = Curve(redTone, (mix[0] * r) + (mix[1] * g) + (mix[2] * b));
            green[at] = Curve(greenTone, (mix[3] * r) + (mix[4] * g) + (mix[5] * b));
            blue[at] = Curve(blueTone, (mix[6] * r) + (mix[7] * g) + (mix[8] * b));
        }
    }

    /// <summary>The nearest of a tone curve's levels.</summary>
    private static Vector<int> Level(Vector<float> value) => Vector.ConvertToInt32(Vector.Clamp(value, Vector<float>.Zero, new Vector<float>(255)) + new Vector<float>(0.5f));

    /// <summary>A 3x3 matrix whose rows add up to 1, so that grey stays grey while every hue becomes another.</summary>
    private void Mixture(Draws draws, Span<float> mix)
    {
        mix.Clear();
        (mix[0], mix[4], mix[8]) = (1, 1, 1);
        bool grey = draws.Chance("grey", options.Grey);
        if (!grey && !draws.Chance("mixing", options.ColorMixing))
        {
            return;
        }

        for (int row = 0; row < 3; row++)
        {
            Span<float> weights = mix.Slice(row * 3, 3);
            if (grey && row > 0)
            {
                mix[..3].CopyTo(weights);
                continue;
            }

            float total = 0;
            for (int i = 0; i < 3; i++)
            {
                double weight = draws.Normal($"mix {row} {i}", 1.0 / 3, MixingSpread);
                weights[i] = (float)(grey ? Math.Abs(weight) : weight);
                total += weights[i];
            }

            for (int i = 0; i < 3; i++)
            {
                weights[i] = grey ? weights[i] / total : weights[i] + ((1 - total) / 3);
            }
        }
    }

    /// <summary>Turns and strengthens what the mixture gives: in luma and two chroma axes (YIQ) both are plain.</summary>
    private void Jitter(Draws draws, Span<float> mix)
    {
        if (options is { Saturation: 0, HueDegrees: 0 })
        {
            return;
        }

        double strength = 1 + draws.Uniform("saturation", -options.Saturation, options.Saturation);
        double turn = Angle.ToRadians(draws.Uniform("hue", -options.HueDegrees, options.HueDegrees));
        double c = strength * Math.Cos(turn), s = strength * Math.Sin(turn);
        for (int column = 0; column < 3; column++)
        {
            double r = mix[column], g = mix[3 + column], b = mix[6 + column];
            double luma = (0.299 * r) + (0.587 * g) + (0.114 * b), i = (0.596 * r) - (0.274 * g) - (0.322 * b), q = (0.211 * r) - (0.523 * g) + (0.312 * b);
            (i, q) = ((c * i) - (s * q), (s * i) + (c * q));
            mix[column] = (float)(luma + (0.956 * i) + (0.621 * q));
            mix[3 + column] = (float)(luma - (0.272 * i) - (0.647 * q));
            mix[6 + column] = (float)(luma - (1.106 * i) + (1.703 * q));
        }
    }

    private void ToneCurves(Draws draws, Span<float> red, Span<float> green, Span<float> blue)
    {
        if (draws.Chance("curve", options.Curve))
        {
            bool apart = draws.Chance("curve apart", 0.5);
            RandomCurve(draws, "curve", red);
            RandomCurve(draws, apart ? "curve green" : "curve", green);
            RandomCurve(draws, apart ? "curve blue" : "curve", blue);
            return;
        }

        // A gamma that leaves the balanced table where it is, then a gain.
        double gamma = Math.Exp(draws.Uniform("tone", -options.Tone, options.Tone));
        double gain = 1 + draws.Uniform("brightness", -options.Brightness, options.Brightness);
        for (int i = 0; i < Levels; i++)
        {
            red[i] = (float)(gain * Preprocessor.BalancedTable * Math.Pow(i / Preprocessor.BalancedTable, gamma));
        }

        if (options.Contrast > 0)
        {
            float contrast = (float)(1 + draws.Uniform("contrast", -options.Contrast, options.Contrast));
            foreach (ref float value in red)
            {
                value = MiddleGrey + ((value - MiddleGrey) * contrast);
            }
        }

        red.CopyTo(green);
        red.CopyTo(blue);
    }

    /// <summary>Straight lines between random values: what was light may become dark, only edges stay where they are.</summary>
    private static void RandomCurve(Draws draws, string name, Span<float> curve)
    {
        Span<float> knots = stackalloc float[CurveKnots];
        for (int i = 0; i < CurveKnots; i++)
        {
            knots[i] = (float)draws.Uniform($"{name} {i}", 0, 255);
        }

        for (int i = 0; i < Levels; i++)
        {
            float at = i * (CurveKnots - 1f) / Levels;
            int knot = (int)at;
            curve[i] = knots[knot] + ((knots[knot + 1] - knots[knot]) * (at - knot));
        }
    }

    private static float Curve(ReadOnlySpan<float> tone, float value) => tone[(int)(Math.Clamp(value, 0, 255) + 0.5f)];

    /// <summary>A binomial [1 2 1] filter both ways.</summary>
    private void Blur(Span<float> target)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            Span<float> plane = target.Slice(channel * _plane, _plane);
            for (int line = 0; line < _size; line++)
            {
                Smooth(plane, line * _size, 1);
                Smooth(plane, line, _size);
            }
        }
    }

    private void Smooth(Span<float> plane, int start, int step)
    {
        float before = plane[start];
        for (int i = 0; i < _size; i++)
        {
            int at = start + (i * step);
            float here = plane[at], after = i + 1 < _size ? plane[at + step] : here;
            plane[at] = (before + (2 * here) + after) / 4;
            before = here;
        }
    }

    private void AddNoise(Draws draws, Span<float> target)
    {
        if (options.Noise > 0)
        {
            Noise.Add(target, draws.Uniform("noise", 0, options.Noise) * 255, draws.Bits("noise values"));
        }
    }

    private void Compress(Draws draws, Span<float> target)
    {
        Picture picture = new(_size, _size);
        for (int i = 0; i < _plane; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                picture.Rgb[(i * 3) + channel] = (byte)(Math.Clamp(target[i + (channel * _plane)], 0, 255) + 0.5f);
            }
        }

        int quality = LowestQuality + draws.Below("jpeg quality", HighestQuality - LowestQuality + 1);
        byte[] decoded = ImageCodec.Decode(ImageCodec.EncodeJpeg(picture, quality).Bytes).Rgb;
        for (int i = 0; i < _plane; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                target[i + (channel * _plane)] = decoded[(i * 3) + channel];
            }
        }
    }

    private void CutOut(Draws draws, Span<float> target)
    {
        int side = (int)(draws.Uniform("cutOut", 0, options.CutOut) * _size);
        if (side == 0)
        {
            return;
        }

        int left = draws.Below("cutOutX", _size - side + 1), top = draws.Below("cutOutY", _size - side + 1);
        for (int channel = 0; channel < 3; channel++)
        {
            float value = (float)draws.Uniform($"cutOut {channel}", 0, 255);
            for (int y = top; y < top + side; y++)
            {
                target.Slice((channel * _plane) + (y * _size) + left, side).Fill(value);
            }
        }
    }
}
