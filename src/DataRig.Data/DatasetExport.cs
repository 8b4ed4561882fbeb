using System.Text;
using DataRig.Core;
using DataRig.Data.Exporting;
using DataRig.Data.Formats;
using DataRig.Data.Storage;

namespace DataRig.Data;

/// <summary>Hands a dataset to another tool. An export is there whole or not at all, the same to the byte for the same dataset, and one that was stopped is gone on with.</summary>
public static class DatasetExport
{
    private const int DefaultQuality = 92;

    /// <summary>Writes the dataset into a folder that is empty or does not exist.</summary>
    /// <exception cref="WorkFailedException">The folder holds something, no frame is chosen, an item has no role in the split, a picture is missing, or the disk fails.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; what is done lies beside the target, as <c>target.partial</c>, until it is gone on with.</exception>
    public static ExportResult Run(Dataset dataset, IDatasetFormat format, string target, ExportOptions options, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(options);
        if (!format.CanWrite)
        {
            throw new WorkFailedException($"The format {format.Name} is only imported; the formats to export are {string.Join(", ", DatasetFormats.All.Where(f => f.CanWrite).Select(f => f.Name))}.");
        }

        Selection selection = Selection.Of(dataset, options);
        Carried present = Carried.None;
string what = string.Join('\n', selection.Digest, format.Name, options.Split?.Hash, options.Balance, options.HardLink, options.Size, options.Crop, options.JpegQuality, options.Polygons);
        string folder = ExportFolder.Write(target, what, partial =>
        {
            Dictionary<FormatFrame, (FrameRecord Frame, PictureTransform? Transform)> page = new(ReferenceEqualityComparer.Instance);
            using FormatWriter writer = new(partial, selection.Parts, options.Polygons, frame => Bytes(dataset, page[frame], options));
            format.Write(Frames(), writer);
            writer.Finish();

            IEnumerable<FormatFrame> Frames()
            {
                HashSet<UInt128> taken = [];
                int done = 0;
                foreach (FrameId[] ids in selection.Frames.Chunk(Dataset.PageSize))
                {
                    cancellation.ThrowIfCancellationRequested();
                    page.Clear();
                    List<FormatFrame> inOrder = [];
                    foreach ((FrameRecord frame, IReadOnlyList<Annotation> annotations) in dataset.Read(ids))
                    {
                        PictureTransform? transform = options.Reencodes ? PictureTransform.Of(frame, annotations, options.Size, options.Crop) : null;
                        FormatFrame described = Describe(frame, annotations, transform, options, format);
                        present |= Present(frame, described) | If(format.Carries.HasFlag(Carried.Masks) && !format.Carries.HasFlag(Carried.Overlaps) && Overlap(described.Annotations), Carried.Overlaps);
                        described = described with { File = Name(format, described, transform is null ? Path.GetExtension(frame.ImagePath) : ".jpg", taken) };
                        page.Add(described, (frame, transform));
                        inOrder.Add(described);
                    }

                    if (!format.PacksPictures)
                    {
                        PlaceAll(dataset, page, partial, options, cancellation);
                    }

                    foreach (FormatFrame frame in inOrder)
                    {
                        yield return frame;
                        progress?.Report(new StageProgress("Export", ++done, selection.Frames.Count));
                        cancellation.ThrowIfCancellationRequested();
                    }
                }
            }
        });
        return new ExportResult(folder, selection.Frames.Count, LeftOut(present & ~format.Carries));
    }

    private static FormatFrame Describe(FrameRecord frame, IReadOnlyList<Annotation> annotations, PictureTransform? transform, ExportOptions options, IDatasetFormat format) => new(frame)
    {
        Hash = frame.ImageHash,
        Width = transform?.Width ?? frame.Width,
        Height = transform?.Height ?? frame.Height,
        Role = options.Split?.RoleOf(frame),
        Annotations = transform is null ? annotations : [.. annotations.Select(transform.Apply).OfType<Annotation>()],
        Intrinsics = transform is null ? frame.Intrinsics : transform.Apply(frame.Intrinsics),
        Sent = format is ICorrectedFormat ? Fingerprint.Of(frame, annotations) : null,
    };

    /// <summary>A name of letters, digits, - and _ that follows from labels and picture alone; a second frame of one item with one picture is numbered.</summary>
    private static string Name(IDatasetFormat format, FormatFrame frame, string extension, HashSet<UInt128> taken)
    {
        string stem = Plain($"{frame.Part}-{frame.Item}-{frame.Hash[..16]}");
        for (int copy = 1; ; copy++)
        {
            string file = format.PictureFile(frame, $"{stem}{(copy == 1 ? "" : $"-{copy}")}{extension}");
            if (taken.Add(System.IO.Hashing.XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(file))))
            {
                return file;
            }
        }
    }

    /// <summary>A text of which every tool can make a file's name.</summary>
    private static string Plain(string text) => string.Create(text.Length, text, (span, from) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiLetterOrDigit(from[i]) || from[i] is '-' or '_' ? from[i] : '-';
        }
    });

    private static void PlaceAll(Dataset dataset, Dictionary<FormatFrame, (FrameRecord Frame, PictureTransform? Transform)> page, string folder, ExportOptions options, CancellationToken cancellation)
    {
        (FormatFrame Target, (FrameRecord, PictureTransform?) Picture)[] files = [.. page.Select(f => (f.Key, f.Value))];
        InParallel.For(files.Length, i => Place(dataset, files[i].Picture, Path.Combine(folder, files[i].Target.File), options), cancellation);
    }

    private static void Place(Dataset dataset, (FrameRecord Frame, PictureTransform? Transform) picture, string path, ExportOptions options)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ExportFolder.Place(path, temporary =>
        {
            if (picture.Transform is not null)
            {
                File.WriteAllBytes(temporary, Bytes(dataset, picture, options));
            }
            else if (!File.Exists(picture.Frame.ImagePath))
            {
                throw new WorkFailedException($"The picture {picture.Frame.ImagePath} of frame {picture.Frame.Id} is missing, and nothing was exported; audit the dataset.");
            }
            else if (!options.HardLink || !Durable.TryLink(picture.Frame.ImagePath, temporary))
            {
                File.Copy(picture.Frame.ImagePath, temporary);
            }
        });
    }

    private static byte[] Bytes(Dataset dataset, (FrameRecord Frame, PictureTransform? Transform) picture, ExportOptions options) =>
        picture.Transform is null ? dataset.ReadImageFile(picture.Frame) : ImageCodec.EncodeJpeg(picture.Transform.Apply(dataset.ReadImage(picture.Frame)), options.JpegQuality ?? DefaultQuality).Bytes;

    /// <summary>What there is to say of a frame.</summary>
    private static Carried Present(FrameRecord record, FormatFrame frame) =>
        If(frame.Item != FormatFrame.ItemFor(frame.Part), Carried.Item)
        | If(frame.Role is not null, Carried.Split)
        | If(frame.Source != FrameSource.Imported, Carried.Source)
        | If(frame.Session is not null, Carried.Session)
        | If(frame.Pose is not null || frame.AzimuthDegrees is not null || frame.ElevationDegrees is not null, Carried.Pose)
        | If(frame.Light is not null || frame.Intrinsics is not null || frame.Metadata.Count > 0 || frame.Marks.Count > 0, Carried.Camera)
        | If(frame.Annotations.Count > 0, Carried.Boxes)
        | If(frame.Annotations.Count == 0, Carried.Unmarked)
        | If(frame.Annotations.Any(a => a.Mask is not null), Carried.Masks)
        | If(frame.Annotations.Any(a => Fractional(a.Box)), Carried.Subpixel)
        | If(frame.Annotations.Any(a => Fields.Of(Fields.OfAnnotation, a).Count() > 1), Carried.Details)
        | If(record.Maps.Count > 0, Carried.Maps);

    private static Carried If(bool holds, Carried what) => holds ? what : Carried.None;

    private static bool Overlap(IReadOnlyList<Annotation> annotations)
    {
        byte[][] masks = [.. annotations.Select(a => a.Mask?.ToPixels()).OfType<byte[]>()];
        return masks.Length > 1 && Enumerable.Range(0, masks[0].Length).Any(i => masks.Count(m => m[i] != 0) > 1);
    }

    private static bool Fractional(Box box) => (box.X, box.Y, box.Width, box.Height) != (Math.Round(box.X), Math.Round(box.Y), Math.Round(box.Width), Math.Round(box.Height));

    private static string[] LeftOut(Carried missing) => [.. from field in Words where missing.HasFlag(field.Key) select field.Value];

    private static readonly Dictionary<Carried, string> Words = new()
    {
        [Carried.Item] = "the items' names",
        [Carried.Split] = "the split",
        [Carried.Source] = "whether a frame was captured or rendered",
        [Carried.Session] = "session, sweep and stop",
        [Carried.Pose] = "pose, azimuth and elevation",
        [Carried.Camera] = "light, camera and marks",
        [Carried.Boxes] = "boxes",
        [Carried.Masks] = "masks",
        [Carried.Subpixel] = "fractions of pixels (boxes are rounded outwards)",
        [Carried.Details] = "items, occlusion, poses and quality of what is marked",
        [Carried.Unmarked] = "the parts of frames in which nothing is marked",
        [Carried.Maps] = "depth and normals",
        [Carried.Overlaps] = "pixels that two masks share (they are the later one's)",
    };
}
