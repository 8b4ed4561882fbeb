using System.Globalization;
using System.Numerics;
using DataRig.Core;

namespace DataRig.Data.Storage;

/// <summary>Poses and intrinsics as the catalog keeps them: numbers in a row, read back exactly.</summary>
internal static class NumberList
{
    public static string? Of(RigidPose? pose) => pose is not { } p ? null
        : Join(p.Rotation.W, p.Rotation.X, p.Rotation.Y, p.Rotation.Z, p.TranslationMm.X, p.TranslationMm.Y, p.TranslationMm.Z);

    public static string? Of(Intrinsics? camera) => camera is null ? null
        : string.Create(CultureInfo.InvariantCulture, $"{camera.FocalX:R} {camera.FocalY:R} {camera.CenterX:R} {camera.CenterY:R}");

    /// <exception cref="FormatException">It is not seven numbers.</exception>
    public static RigidPose? ToPose(string? text)
    {
        if (text is null)
        {
            return null;
        }

        float[] n = [.. text.Split(' ').Select(t => float.Parse(t, CultureInfo.InvariantCulture))];
        return n.Length == 7 ? new RigidPose(new Quaternion(n[1], n[2], n[3], n[0]), new Vector3(n[4], n[5], n[6])) : throw new FormatException($"a pose takes 7 numbers, found {n.Length}");
    }

    /// <exception cref="FormatException">It is not four numbers.</exception>
    public static Intrinsics? ToIntrinsics(string? text)
    {
        if (text is null)
        {
            return null;
        }

        double[] n = [.. text.Split(' ').Select(t => double.Parse(t, CultureInfo.InvariantCulture))];
        return n.Length == 4 ? new Intrinsics(n[0], n[1], n[2], n[3]) : throw new FormatException($"intrinsics take 4 numbers, found {n.Length}");
    }

    // Adding zero turns -0 into 0, so that equal poses read the same.
    private static string Join(params ReadOnlySpan<float> numbers)
    {
        string[] texts = new string[numbers.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = (numbers[i] + 0f).ToString("R", CultureInfo.InvariantCulture);
        }

        return string.Join(' ', texts);
    }
}
