using System.Globalization;
using System.Numerics;
using DataRig.Core;
using DataRig.Data;

namespace DataRig.Report;

/// <summary>A frame with its labels drawn in: outlines of masks, boxes, amodal boxes where they differ (dashed), and the axes of each part's pose.</summary>
internal static class LabelSketch
{
    private const float AxisMm = 10;
    private const int Dash = 4;

    private static readonly (byte R, byte G, byte B)[] Colors = [(0, 230, 255), (255, 220, 0), (120, 255, 80), (255, 120, 220)];

    private static readonly (Vector3 Way, (byte R, byte G, byte B) Color)[] Axes =
        [(Vector3.UnitX, (255, 60, 60)), (Vector3.UnitY, (60, 220, 60)), (Vector3.UnitZ, (80, 120, 255))];

    /// <summary>A cell for the picture, and one for each map that the frame has, with captions below; all of one size.</summary>
    /// <param name="frame">With its labels.</param>
    /// <param name="width">Pixels across a cell.</param>
    public static IEnumerable<Picture> Draw(Frame frame, int width)
    {
        yield return Labelled(frame, width);
        if (frame.Maps.TryGetValue(MapKind.Depth, out EncodedImage? deep))
        {
            DepthMap depth = ImageCodec.DecodeDepth(deep.Bytes);
            ushort[] near = [.. depth.Steps.Where(s => s > 0)];
            (double low, double high) = near.Length == 0 ? (0, 0) : (near.Min() * DepthMap.StepMm, near.Max() * DepthMap.StepMm);
            Picture grey = new(depth.Width, depth.Height);
            for (int i = 0; i < depth.Steps.Length; i++)
            {
                byte value = depth.Steps[i] == 0 ? (byte)0 : (byte)(255 - (215 * ((depth.Steps[i] * DepthMap.StepMm) - low) / Math.Max(high - low, 1)));
                grey.Rgb.AsSpan(i * 3, 3).Fill(value);
            }

            yield return Cell(grey, width, out _, "depth", FormattableString.Invariant($"{low:F1} to {high:F1} mm"));
        }

        if (frame.Maps.TryGetValue(MapKind.Normals, out EncodedImage? normals))
        {
            yield return Cell(ImageCodec.Decode(normals.Bytes), width, out _, "normals");
        }
    }

    private static Picture Labelled(Frame frame, int width)
    {
        Annotation? subject = frame.Annotations.FirstOrDefault(a => a.Part == frame.Part && a.Item == frame.Item);
        Picture cell = Cell(
            ImageCodec.Decode(frame.Image.Bytes),
            width,
            out double scale,
            $"#{Rendering.Parse(frame.Origin)?.Index} {frame.Part} {frame.Pose}",
            subject is null ? "not seen" : string.Create(CultureInfo.InvariantCulture, $"az {frame.AzimuthDegrees:F0} seen {100 * subject.VisibleFraction:F0}% cut {100 * subject.TruncatedFraction ?? 0:F0}%{(frame.Marks.Count == 0 ? "" : " mismatch")}"));
        for (int i = 0; i < frame.Annotations.Count; i++)
        {
            Annotation label = frame.Annotations[i];
            (byte, byte, byte) color = Colors[i % Colors.Length];
            Outline(cell, label.Mask!, scale, color);
            if (label.AmodalBox is { } amodal && amodal != label.Box)
            {
                Rectangle(cell, amodal, scale, color, dashed: true);
            }

            Rectangle(cell, label.Box, scale, color, dashed: false);
            foreach ((Vector3 way, (byte, byte, byte) axis) in label.PoseInCamera is null || frame.Intrinsics is null ? [] : Axes)
            {
                Line(cell, frame.Intrinsics!.Project(label.PoseInCamera!.Value.Apply(Vector3.Zero)), frame.Intrinsics.Project(label.PoseInCamera.Value.Apply(way * AxisMm)), scale, axis, dashed: false);
            }
        }

        return cell;
    }

    private static Picture Cell(Picture picture, int width, out double scale, params ReadOnlySpan<string> caption)
    {
        const int Margin = 2, Lines = 2;
        scale = width / (double)picture.Width;
        Picture scaled = ImageCodec.Resize(picture, width, Math.Max(1, (int)(picture.Height * scale)));
        Picture cell = new(width, scaled.Height + Margin + (Lines * PixelFont.LineHeight));
        scaled.Rgb.CopyTo(cell.Rgb, 0);
        for (int i = 0; i < caption.Length; i++)
        {
            PixelFont.Write(cell, Margin, scaled.Height + Margin + (i * PixelFont.LineHeight), caption[i], (235, 235, 235));
        }

        return cell;
    }

    /// <summary>The pixels of the cell that lie in the mask and beside one that does not.</summary>
    private static void Outline(Picture cell, Mask mask, double scale, (byte, byte, byte) color)
    {
        byte[] set = mask.ToPixels();
        bool In(int x, int y)
        {
            (int mx, int my) = ((int)((x + 0.5) / scale), (int)((y + 0.5) / scale));
            return x >= 0 && y >= 0 && mx < mask.Width && my < mask.Height && set[(my * mask.Width) + mx] != 0;
        }

        for (int y = 0; y < cell.Height; y++)
        {
            for (int x = 0; x < cell.Width; x++)
            {
                if (In(x, y) && !(In(x - 1, y) && In(x + 1, y) && In(x, y - 1) && In(x, y + 1)))
                {
                    cell[x, y] = color;
                }
            }
        }
    }

    private static void Rectangle(Picture cell, Box box, double scale, (byte, byte, byte) color, bool dashed)
    {
        (double X, double Y)[] corners = [(box.X, box.Y), (box.Right, box.Y), (box.Right, box.Bottom), (box.X, box.Bottom)];
        for (int i = 0; i < corners.Length; i++)
        {
            Line(cell, corners[i], corners[(i + 1) % corners.Length], scale, color, dashed);
        }
    }

    private static void Line(Picture cell, (double X, double Y) from, (double X, double Y) to, double scale, (byte, byte, byte) color, bool dashed)
    {
        double length = scale * Math.Max(Math.Abs(to.X - from.X), Math.Abs(to.Y - from.Y));
        for (int i = 0; i <= Math.Min(length, 4 * cell.Width); i++)
        {
            double at = i / Math.Max(length, 1);
            int x = (int)Math.Min(scale * (from.X + (at * (to.X - from.X))), cell.Width - 1), y = (int)Math.Min(scale * (from.Y + (at * (to.Y - from.Y))), cell.Height - 1);
            if (x >= 0 && y >= 0 && (!dashed || i / Dash % 2 == 0))
            {
                cell[x, y] = color;
            }
        }
    }
}
