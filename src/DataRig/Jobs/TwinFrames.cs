using DataRig.Core;
using DataRig.Data;
using DataRig.Engine;
using DataRig.Learning;
using DataRig.Rig;

namespace DataRig.Jobs;

/// <summary>The photographs that a twin is fitted to or scored on, with their parts cut out.</summary>
internal static class TwinFrames
{
    /// <summary>Cut-outs of which less of the outline is clear are left out, and those that cover less or more of the picture.</summary>
    private const double LeastQuality = 0.5, LeastArea = 0.002, MostArea = 0.4;

    /// <summary>How many photographs are tried for each that is wanted.</summary>
    private const int Tries = 4;

    /// <summary>Light below this share of the table's is what stands beyond it; shadows are lighter.</summary>
    private const double DarkestShadow = 0.4;

    /// <summary>Pixels along the table's edge that are neither.</summary>
    private const int EdgePixels = 4;

    /// <summary>The photographs of parts that the engine can draw.</summary>
    /// <exception cref="WorkFailedException">There is none.</exception>
    public static IReadOnlyList<FrameRecord> Known(Dataset dataset)
    {
        FrameRecord[] photographs = [.. dataset.Frames().Where(f => f.Source != FrameSource.Rendered)];
        FrameRecord[] known = [.. photographs.Where(f => PartLibrary.Bricks.Parts.Contains(f.Part))];
        if (known.Length > 0)
        {
            return known;
        }

        string has = photographs.Length == 0 ? "no photograph" : $"photographs of {string.Join(", ", photographs.Select(f => f.Part).Distinct().Order().Take(8))} only";
        throw new WorkFailedException($"{dataset.Folder} has {has}, and a twin takes photographs of parts that the engine can draw: {string.Join(", ", PartLibrary.Bricks.Parts)}.");
    }

    /// <summary>How fits and scores are made here.</summary>
    public static TwinFitOptions Options(Seed seed) => new() { Seed = seed, Compress = (picture, quality) => ImageCodec.Decode(ImageCodec.EncodeJpeg(picture, quality).Bytes) };

    /// <exception cref="WorkFailedException">There is none, or they are not of one camera.</exception>
    public static TwinObservation[] OfOneShape(Dataset dataset, IReadOnlyList<(FrameRecord Frame, TwinObservation Observation)> chosen)
    {
        if (chosen.Count == 0)
        {
            throw new WorkFailedException($"In none of the photographs of {dataset.Folder} that were tried does the part stand out clearly from a light table; a twin takes photographs of one part each on an empty table.");
        }

        (FrameRecord first, TwinObservation like) = chosen[0];
        return chosen.FirstOrDefault(c => (c.Observation.Picture.Width, c.Observation.Picture.Height) != (like.Picture.Width, like.Picture.Height)) is { Frame: { } other }
            ? throw new WorkFailedException($"The photographs of {dataset.Folder} are not all of one shape ({first.Width}x{first.Height} and {other.Width}x{other.Height}); a twin is of one camera.")
            : [.. chosen.Select(c => c.Observation)];
    }

    /// <summary>Some photographs of each part, of all its items in turn, in the seed's order.</summary>
    /// <param name="dataset">Where they are.</param>
    /// <param name="frames">Those that may be taken.</param>
    /// <param name="each">How many of each part.</param>
    /// <param name="height">Pixels down that they are brought to.</param>
    /// <param name="seed">Which are taken follows from this.</param>
    /// <param name="progress">Told of each.</param>
    /// <param name="cancel">Stops it.</param>
    public static IReadOnlyList<(FrameRecord Frame, TwinObservation Observation)> Choose(
        Dataset dataset, IReadOnlyList<FrameRecord> frames, int each, int height, Seed seed, IProgress<StageProgress> progress, CancellationToken cancel)
    {
        List<(FrameRecord, TwinObservation)> chosen = [];
        IGrouping<PartId, FrameRecord>[] parts = [.. frames.GroupBy(f => f.Part).OrderBy(p => p.Key)];
        int done = 0;
        foreach (IGrouping<PartId, FrameRecord> part in parts)
        {
            int found = 0;
            foreach (FrameRecord frame in InTurn(part, seed).Take(each * Tries))
            {
                cancel.ThrowIfCancellationRequested();
                if (found == each)
                {
                    break;
                }

                if (Observe(frame, dataset.ReadImageFile(frame), height) is { } observation)
                {
                    chosen.Add((frame, observation));
                    progress.Report(new StageProgress("Find parts", done + ++found, each * parts.Length, part.Key.Value));
                }
            }

            done += each;
        }

        return chosen;
    }

    /// <summary>One of each item, another of each, and so on.</summary>
    private static IEnumerable<FrameRecord> InTurn(IEnumerable<FrameRecord> part, Seed seed) =>
        part.GroupBy(f => f.Item).OrderBy(i => i.Key)
            .SelectMany(item =>
            {
                FrameRecord[] all = [.. item];
                return seed.For($"{all[0].Part}/{item.Key}").At(0).Permutation("frames", all.Length).Select((frame, turn) => (Frame: all[frame], Turn: turn));
            })
            .OrderBy(f => f.Turn).ThenBy(f => f.Frame.Item).Select(f => f.Frame);

    /// <returns>The photograph with its part cut out; null where the part is not clear, cut off by the edge, or implausible.</returns>
    private static TwinObservation? Observe(FrameRecord frame, byte[] file, int height)
    {
        Picture picture = ImageCodec.Decode(file);
        picture = picture.Height == height ? picture : ImageCodec.Resize(picture, Math.Max(1, (int)Math.Round((double)picture.Width * height / picture.Height)), height);
        PartLocation location = PartFinder.Find(picture);
        if (!location.Found)
        {
            return null;
        }

        bool[] beyond = Beyond(picture, location);
        CutOut? cut = new PlateCutter(Plate(picture, location.Table, beyond)).Cut(picture);
        double area = cut is null ? 0 : (double)cut.Mask.Area / (picture.Width * picture.Height);
        return cut is null || cut.Truncated || cut.Quality < LeastQuality || area is < LeastArea or > MostArea || cut.Box.Overlap(location.Box) < LeastQuality
            ? null
            : new TwinObservation
            {
                Name = frame.ImageHash,
                Part = frame.Part,
                Item = frame.Item,
                Picture = picture,
                PartMask = cut.Mask,
                Beyond = Mask.FromPixels(picture.Width, picture.Height, [.. beyond.Select(b => b ? (byte)1 : (byte)0)]),
                JpegQuality = JpegQuality.Of(file),
            };
    }

    /// <summary>Dark patches that reach the picture's edge, apart from where the part is.</summary>
    private static bool[] Beyond(Picture picture, PartLocation location)
    {
        (int width, int height) = (picture.Width, picture.Height);
        bool[] dark = new bool[width * height], border = new bool[width * height];
        for (int i = 0; i < dark.Length; i++)
        {
            (int x, int y) = (i % width, i / width);
            (double r, double g, double b) = location.Table.At((x + 0.5) / width, (y + 0.5) / height);
            (byte red, byte green, byte blue) = picture[x, y];
            bool inBox = x >= location.Box.X && x < location.Box.Right && y >= location.Box.Y && y < location.Box.Bottom;
            dark[i] = !inBox && red + (2 * green) + blue < DarkestShadow * (r + (2 * g) + b);
            border[i] = dark[i] && (x == 0 || y == 0 || x == width - 1 || y == height - 1);
        }

        return Regions.Close(Regions.Connected(border, dark, width, height), width, height, 2);
    }

    /// <summary>The table as if it were empty: its colour everywhere, and what is beyond it as it is.</summary>
    private static Picture Plate(Picture picture, TableModel table, bool[] beyond)
    {
        (int width, int height) = (picture.Width, picture.Height);
        bool[] own = Regions.Grow(beyond, width, height, EdgePixels);
        Picture plate = new(width, height);
        for (int i = 0; i < own.Length; i++)
        {
            (int x, int y) = (i % width, i / width);
            (double r, double g, double b) = table.At((x + 0.5) / width, (y + 0.5) / height);
            plate[x, y] = own[i] ? picture[x, y] : ((byte)Math.Round(r), (byte)Math.Round(g), (byte)Math.Round(b));
        }

        return plate;
    }
}
