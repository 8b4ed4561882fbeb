using System.Text.Json;
using Dapper;
using DataRig.Core;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Storage;

/// <summary>Some frames with their annotations; a frame without any has none there.</summary>
internal sealed record FramePage(List<FrameRecord> Frames, Dictionary<FrameId, IReadOnlyList<Annotation>> Annotations);

/// <summary>Frames and annotations as rows.</summary>
internal static class FrameTable
{
    /// <summary>Whether somebody relabelled, corrected or confirmed a frame, and nobody took that back.</summary>
    private const string Reviewed = """
        EXISTS (SELECT 1 FROM edits e WHERE e.frame = f.id AND e.kind IN ('relabel', 'annotate', 'confirm') AND e.undoes IS NULL
                AND NOT EXISTS (SELECT 1 FROM edits u WHERE u.undoes = e.id))
        """;

    private const string Columns = $"""
        SELECT f.id, f.image, f.format, f.width, f.height, f.source, p.name AS part, i.name AS item, f.session, f.sweep, f.stop, f.pose,
               f.azimuth_degrees AS azimuthDegrees, f.elevation_degrees AS elevationDegrees, f.origin, f.light, f.metadata, f.marks, f.intrinsics,
               f.dropped, {Reviewed} AS reviewed
        FROM frames f JOIN items i ON i.id = f.item JOIN parts p ON p.id = i.part
        """;

    /// <summary>An order that follows from the labels, so that the same frames come in the same order however they were added.</summary>
    private const string Order = " ORDER BY f.source, p.name, i.name, length(f.session), f.session, f.sweep, f.stop, f.origin, f.image, f.id";

    public static List<FrameRecord> Select(SqliteConnection catalog, FrameFilter? filter, ImageStore images)
    {
        Dictionary<long, Dictionary<MapKind, string>> maps = MapTable.Select(catalog);
        return [.. catalog.Query<FrameRow>(Columns + Where(filter) + Order, Arguments(filter)).Select(row => row.ToRecord(images, maps))];
    }

    /// <summary>The numbers of all frames that are not in the trash, in the order of <see cref="Select(SqliteConnection, FrameFilter?, ImageStore)"/>.</summary>
    public static FrameId[] Ids(SqliteConnection catalog) =>
        [.. catalog.Query<long>("SELECT f.id FROM frames f JOIN items i ON i.id = f.item JOIN parts p ON p.id = i.part WHERE f.dropped IS NULL" + Order, buffered: false).Select(id => new FrameId(id))];

    /// <summary>Frames by their numbers, in the order these are given in.</summary>
    public static List<FrameRecord> SelectInOrder(SqliteConnection catalog, FrameId[] frames, ImageStore images)
    {
        long[] ids = [.. frames.Select(f => f.Value)];
        Dictionary<long, FrameRow> rows = catalog.Query<FrameRow>(Columns + " WHERE f.id IN @ids", new { ids }).ToDictionary(row => row.Id);
        Dictionary<long, Dictionary<MapKind, string>> maps = MapTable.Select(catalog, ids);
        return [.. frames.Select(f => rows[f.Value].ToRecord(images, maps))];
    }

    public static Dictionary<FrameId, IReadOnlyList<Annotation>> SelectAnnotations(SqliteConnection catalog, FrameId[] frames) =>
        SelectAnnotations(catalog, " AND a.frame IN @ids", new { ids = frames.Select(f => f.Value).ToArray() });

    public static PartId[] MarkedParts(SqliteConnection catalog, FrameId[] frames) =>
        [.. catalog.Query<string>(
            "SELECT DISTINCT p.name FROM annotations a JOIN items i ON i.id = a.item JOIN parts p ON p.id = i.part WHERE a.retired IS NULL AND a.frame IN @ids",
            new { ids = frames.Select(f => f.Value).ToArray() }).Select(name => new PartId(name))];

    public static MarkedInfo Marked(SqliteConnection catalog)
    {
        (long frames, long boxes, long masks) = catalog.QuerySingle<(long, long, long)>(
            "SELECT count(DISTINCT a.frame), count(*), count(a.mask) FROM annotations a JOIN frames f ON f.id = a.frame WHERE a.retired IS NULL AND f.dropped IS NULL");
        return new MarkedInfo((int)frames, (int)boxes, (int)masks);
    }

    public static int Trashed(SqliteConnection catalog) => (int)catalog.ExecuteScalar<long>("SELECT count(*) FROM frames WHERE dropped = 'trash'");

    /// <summary>The next frames by their numbers, with their annotations; none after the last.</summary>
    public static FramePage SelectPage(SqliteConnection catalog, FrameId after, ImageStore images)
    {
        FrameRow[] rows = [.. catalog.Query<FrameRow>(Columns + " WHERE f.id > @after AND f.dropped IS NULL ORDER BY f.id LIMIT 1000", new { after = after.Value })];
        Dictionary<long, Dictionary<MapKind, string>> maps = MapTable.Select(catalog, after.Value + 1, rows.Length == 0 ? 0 : rows[^1].Id);
        List<FrameRecord> frames = [.. rows.Select(row => row.ToRecord(images, maps))];
        return new FramePage(frames, frames.Count == 0 ? [] : SelectAnnotations(catalog, " AND f.dropped IS NULL AND a.frame > @after AND a.frame <= @last", new { after = after.Value, last = frames[^1].Id.Value }));
    }

    public static Dictionary<FrameId, IReadOnlyList<Annotation>> SelectAnnotations(SqliteConnection catalog, FrameFilter? filter) =>
        SelectAnnotations(catalog, Where(filter).Replace(" WHERE ", " AND ", StringComparison.Ordinal), Arguments(filter));

    public static IReadOnlyList<Annotation> SelectAnnotations(SqliteConnection catalog, FrameId frame) =>
        SelectAnnotations(catalog, " AND f.id = @id", new { id = frame.Value }).GetValueOrDefault(frame, []);

    /// <summary>The frame that stands where this one would: same stop, same rendering, or same file with the same bytes.</summary>
    public static FrameRecord? FindSame(SqliteConnection catalog, Frame frame, string image, ImageStore images)
    {
        string where = frame.Source switch
        {
            FrameSource.Captured => " WHERE f.source = 'captured' AND f.session = @session AND f.sweep = @sweep AND f.stop = @stop",
            FrameSource.Rendered => " WHERE f.source = 'rendered' AND f.origin = @origin",
            _ => " WHERE f.source = 'imported' AND f.origin = @origin AND f.image = @image",
        };
        FrameRow? row = catalog.QueryFirstOrDefault<FrameRow>(Columns + where, new { session = frame.Session?.Value, sweep = frame.Sweep, stop = frame.Stop, origin = frame.Origin, image });
        return row?.ToRecord(images, MapTable.Select(catalog, row.Id, row.Id));
    }

    /// <summary>Any frame, one in the trash too; null where there is none.</summary>
    public static FrameRecord? Find(SqliteConnection catalog, FrameId frame, ImageStore images) =>
        catalog.QueryFirstOrDefault<FrameRow>(Columns + " WHERE f.id = @id", new { id = frame.Value })?.ToRecord(images, MapTable.Select(catalog, frame.Value, frame.Value));

    public static FrameId Insert(SqliteConnection catalog, Frame frame, string image, ImageFormat format, ItemKeys items)
    {
        long item = items.Of(catalog, frame.Part, frame.Item);
        if (frame.Session is { } session)
        {
            EnterSweep(catalog, session, frame, item);
        }

        long id = catalog.ExecuteScalar<long>(
            """
            INSERT INTO frames (image, format, width, height, source, item, session, sweep, stop, pose, azimuth_degrees, elevation_degrees, origin, light, metadata, marks, intrinsics)
            VALUES (@image, @format, @width, @height, @source, @item, @session, @sweep, @stop, @pose, @azimuthDegrees, @elevationDegrees, @origin, @light, @metadata, @marks, @intrinsics) RETURNING id
            """,
            new
            {
                image,
                format = Text.Of(format),
                width = frame.Image.Width,
                height = frame.Image.Height,
                source = Text.Of(frame.Source),
                item,
                session = frame.Session?.Value,
                sweep = frame.Sweep,
                stop = frame.Stop,
                pose = frame.Pose,
                azimuthDegrees = frame.AzimuthDegrees,
                elevationDegrees = frame.ElevationDegrees,
                origin = frame.Origin,
                light = frame.Light,
                metadata = frame.Metadata.Count == 0 ? null : JsonSerializer.Serialize(frame.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal).ToDictionary()),
                marks = frame.Marks.Count == 0 ? null : string.Join('\n', frame.Marks),
                intrinsics = NumberList.Of(frame.Intrinsics),
            });
        foreach (Annotation annotation in frame.Annotations)
        {
            InsertAnnotation(catalog, id, annotation, items);
        }

        return new FrameId(id);
    }

    /// <returns>The row's number.</returns>
    public static long InsertAnnotation(SqliteConnection catalog, long frame, Annotation annotation, ItemKeys items) =>
        catalog.ExecuteScalar<long>(
            """
            INSERT INTO annotations (frame, item, x, y, width, height, mask, visible_fraction, truncated, quality,
                amodal_x, amodal_y, amodal_width, amodal_height, truncated_fraction, pose_in_camera, pose_on_table)
            VALUES (@id, @item, @x, @y, @width, @height, @mask, @visibleFraction, @truncated, @quality,
                @amodalX, @amodalY, @amodalWidth, @amodalHeight, @truncatedFraction, @poseInCamera, @poseOnTable) RETURNING id
            """,
            new
            {
                id = frame,
                item = items.Of(catalog, annotation.Part, annotation.Item),
                x = annotation.Box.X,
                y = annotation.Box.Y,
                width = annotation.Box.Width,
                height = annotation.Box.Height,
                mask = annotation.Mask is { } mask ? MaskStorage.Encode(mask) : null,
                visibleFraction = annotation.VisibleFraction,
                truncated = annotation.Truncated,
                quality = annotation.Quality,
                amodalX = annotation.AmodalBox?.X,
                amodalY = annotation.AmodalBox?.Y,
                amodalWidth = annotation.AmodalBox?.Width,
                amodalHeight = annotation.AmodalBox?.Height,
                truncatedFraction = annotation.TruncatedFraction,
                poseInCamera = NumberList.Of(annotation.PoseInCamera),
                poseOnTable = NumberList.Of(annotation.PoseOnTable),
            });

    /// <summary>A second row like one that is there, of another item.</summary>
    /// <returns>Its number.</returns>
    public static long CopyAnnotation(SqliteConnection catalog, long row, long item) => catalog.ExecuteScalar<long>(
        """
        INSERT INTO annotations (frame, item, x, y, width, height, mask, visible_fraction, truncated, quality,
            amodal_x, amodal_y, amodal_width, amodal_height, truncated_fraction, pose_in_camera, pose_on_table)
        SELECT frame, @item, x, y, width, height, mask, visible_fraction, truncated, quality,
            amodal_x, amodal_y, amodal_width, amodal_height, truncated_fraction, pose_in_camera, pose_on_table
        FROM annotations WHERE id = @row RETURNING id
        """,
        new { row, item });

    private static void EnterSweep(SqliteConnection catalog, SessionId session, Frame frame, long item)
    {
        catalog.Execute(
            "INSERT INTO sweeps (session, number, item) VALUES (@session, @sweep, @item) ON CONFLICT DO NOTHING",
            new { session = session.Value, sweep = frame.Sweep, item });
        long turned = catalog.ExecuteScalar<long>("SELECT item FROM sweeps WHERE session = @session AND number = @sweep", new { session = session.Value, sweep = frame.Sweep });
        if (turned != item && catalog.ExecuteScalar<bool>("SELECT status = 'open' FROM sessions WHERE id = @session", new { session = session.Value }))
        {
            throw new ArgumentException($"sweep {frame.Sweep} of {session} turns another item than {frame.Part} {frame.Item}; a sweep is one turn of one item");
        }
    }

    private static string Where(FrameFilter? filter)
    {
        string[] conditions =
        [
            filter?.Review switch
            {
                null => "f.dropped IS NULL",
                ReviewState.Trashed => "f.dropped = 'trash'",
                ReviewState.Reviewed => "f.dropped IS NULL AND " + Reviewed,
                _ => "f.dropped IS NULL AND NOT " + Reviewed,
            },
            .. filter?.Source is null ? Array.Empty<string>() : ["f.source = @source"],
            .. filter?.Part is null ? Array.Empty<string>() : ["p.name = @part"],
            .. filter?.Item is null ? Array.Empty<string>() : ["i.name = @item"],
            .. filter?.Session is null ? Array.Empty<string>() : ["f.session = @session"],
        ];
        return " WHERE " + string.Join(" AND ", conditions);
    }

    private static object Arguments(FrameFilter? filter) => new
    {
        source = filter?.Source is { } source ? Text.Of(source) : null,
        part = filter?.Part?.Value,
        item = filter?.Item?.Value,
        session = filter?.Session?.Value,
    };

    private static Dictionary<FrameId, IReadOnlyList<Annotation>> SelectAnnotations(SqliteConnection catalog, string where, object arguments)
    {
        Dictionary<FrameId, IReadOnlyList<Annotation>> found = [];
        IEnumerable<AnnotationRow> rows = catalog.Query<AnnotationRow>(
            """
            SELECT a.frame, ap.name AS part, ai.name AS item, a.x, a.y, a.width, a.height, a.mask,
                   a.visible_fraction AS visibleFraction, a.truncated, a.quality, f.width AS frameWidth, f.height AS frameHeight,
                   a.amodal_x AS amodalX, a.amodal_y AS amodalY, a.amodal_width AS amodalWidth, a.amodal_height AS amodalHeight,
                   a.truncated_fraction AS truncatedFraction, a.pose_in_camera AS poseInCamera, a.pose_on_table AS poseOnTable
            FROM annotations a JOIN items ai ON ai.id = a.item JOIN parts ap ON ap.id = ai.part
            JOIN frames f ON f.id = a.frame JOIN items i ON i.id = f.item JOIN parts p ON p.id = i.part
            WHERE a.retired IS NULL
            """ + where + " ORDER BY a.frame, a.id",
            arguments);
        foreach (IGrouping<long, AnnotationRow> frame in rows.GroupBy(row => row.Frame))
        {
            found[new FrameId(frame.Key)] = [.. frame.Select(row => row.ToAnnotation())];
        }

        return found;
    }

    private sealed class FrameRow
    {
        public long Id { get; init; }

        public string Image { get; init; } = "";

        public string Format { get; init; } = "";

        public int Width { get; init; }

        public int Height { get; init; }

        public string Source { get; init; } = "";

        public string Part { get; init; } = "";

        public string Item { get; init; } = "";

        public string? Session { get; init; }

        public int? Sweep { get; init; }

        public int? Stop { get; init; }

        public string? Pose { get; init; }

        public double? AzimuthDegrees { get; init; }

        public double? ElevationDegrees { get; init; }

        public string? Origin { get; init; }

        public string? Light { get; init; }

        public string? Metadata { get; init; }

        public string? Marks { get; init; }

        public string? Intrinsics { get; init; }

        public string? Dropped { get; init; }

        public bool Reviewed { get; init; }

        public FrameRecord ToRecord(ImageStore images, Dictionary<long, Dictionary<MapKind, string>> maps) => new()
        {
            Id = new FrameId(Id),
            ImagePath = images.PathOf(Image, Text.To<ImageFormat>(Format)),
            ImageHash = Image,
            Width = Width,
            Height = Height,
            Source = Text.To<FrameSource>(Source),
            Part = new PartId(Part),
            Item = new ItemId(Item),
            Session = Session is null ? null : new SessionId(Session),
            Sweep = Sweep,
            Stop = Stop,
            Pose = Pose,
            AzimuthDegrees = AzimuthDegrees,
            ElevationDegrees = ElevationDegrees,
            Origin = Origin,
            Light = Light,
            Metadata = Metadata is null ? new Dictionary<string, string>() : JsonSerializer.Deserialize<Dictionary<string, string>>(Metadata)!,
            Marks = Marks?.Split('\n') ?? [],
            Intrinsics = Read(Intrinsics, NumberList.ToIntrinsics, $"The camera of frame {Id}"),
            Review = Dropped is not null ? ReviewState.Trashed : Reviewed ? ReviewState.Reviewed : ReviewState.Unreviewed,
            Maps = maps.GetValueOrDefault(Id, []).ToDictionary(m => m.Key, m => new MapFile(images.PathOf(m.Value, ImageFormat.Png), m.Value)),
        };
    }

    private sealed class AnnotationRow
    {
        public long Frame { get; init; }

        public string Part { get; init; } = "";

        public string Item { get; init; } = "";

        public double X { get; init; }

        public double Y { get; init; }

        public double Width { get; init; }

        public double Height { get; init; }

        public byte[]? Mask { get; init; }

        public double VisibleFraction { get; init; }

        public bool Truncated { get; init; }

        public double? Quality { get; init; }

        public int FrameWidth { get; init; }

        public int FrameHeight { get; init; }

        public double? AmodalX { get; init; }

        public double? AmodalY { get; init; }

        public double? AmodalWidth { get; init; }

        public double? AmodalHeight { get; init; }

        public double? TruncatedFraction { get; init; }

        public string? PoseInCamera { get; init; }

        public string? PoseOnTable { get; init; }

        public Annotation ToAnnotation() => new()
        {
            Part = new PartId(Part),
            Item = new ItemId(Item),
            Box = new Box(X, Y, Width, Height),
            Mask = Mask is null ? null : Read(Mask, runs => MaskStorage.Decode(FrameWidth, FrameHeight, runs), $"The mask of {Part} in frame {Frame}"),
            VisibleFraction = VisibleFraction,
            Truncated = Truncated,
            Quality = Quality,
            AmodalBox = AmodalX is { } x && AmodalY is { } y && AmodalWidth is { } width && AmodalHeight is { } height ? new Box(x, y, width, height) : null,
            TruncatedFraction = TruncatedFraction,
            PoseInCamera = Read(PoseInCamera, NumberList.ToPose, $"The pose of {Part} in frame {Frame}"),
            PoseOnTable = Read(PoseOnTable, NumberList.ToPose, $"The pose of {Part} in frame {Frame}"),
        };
    }

    /// <exception cref="WorkFailedException">A column does not hold what it should.</exception>
    private static TValue Read<TColumn, TValue>(TColumn column, Func<TColumn, TValue> read, string what)
    {
        try
        {
            return read(column);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new WorkFailedException($"{what} is damaged ({e.Message}); restore the dataset from a copy.", e);
        }
    }
}
