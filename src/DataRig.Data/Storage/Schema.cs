using Dapper;
using DataRig.Core;
using Microsoft.Data.Sqlite;

namespace DataRig.Data.Storage;

/// <summary>The catalog's tables, and the number that says which tables a file has.</summary>
internal static class Schema
{
    public const int Version = 6;

    /// <summary>"DRIG": tells our files from anybody's SQLite file (pragma application_id).</summary>
    private const int ApplicationId = 0x44524947;

    /// <summary>Lays the tables into an empty file; all of them or, killed in between, none.</summary>
    public static void Create(SqliteConnection connection)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        if (connection.ExecuteScalar<long>("PRAGMA user_version") == 0)
        {
            connection.Execute(Tables);
            connection.Execute(Session);
            connection.Execute(Renderings);
            connection.Execute(Geometry);
            connection.Execute(Edits);
            connection.Execute(Groups);
            connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};");
        }

        transaction.Commit();
    }

    /// <exception cref="WorkFailedException">The file is not ours, or from a later DataRig.</exception>
    public static void Check(SqliteConnection connection, string folder)
    {
        long version = connection.ExecuteScalar<long>("PRAGMA user_version");
        long application = connection.ExecuteScalar<long>("PRAGMA application_id");
        bool empty = connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema") == 0;
        if (empty && version == 0 && application == 0)
        {
            Create(connection); // its maker was killed between creating the file and laying the tables
        }
        else if (application != ApplicationId)
        {
            throw new WorkFailedException($"The folder {folder} is not a dataset: its dataset.db is another program's; name another folder.");
        }
        else if (version > Version)
        {
            throw new WorkFailedException($"The dataset {folder} was made by a newer DataRig (catalog version {version}, this one reads up to {Version}); update DataRig.");
        }
        else if (version < Version)
        {
            Upgrade(connection);
        }
    }

    /// <summary>Brings an older catalog up to date; all of it or, killed in between, none.</summary>
    private static void Upgrade(SqliteConnection connection)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        // Asked again under the lock: another process may have done it since.
        long version = connection.ExecuteScalar<long>("PRAGMA user_version");
        if (version < 2)
        {
            connection.Execute(Session);
        }

        if (version < 3)
        {
            connection.Execute(Renderings);
        }

        if (version < 4)
        {
            connection.Execute(Geometry);
        }

        if (version < 5)
        {
            connection.Execute(Edits);
        }

        if (version < 6)
        {
            connection.Execute(Groups);
        }

        connection.Execute($"PRAGMA user_version = {Version};");
        transaction.Commit();
    }

    /// <summary>Version 6: splits of sessions and of sweeps, which leave <c>session</c> and <c>sweep</c> empty where the whole item is meant.</summary>
    private const string Groups = """
        ALTER TABLE splits ADD COLUMN level TEXT NOT NULL DEFAULT 'item' CHECK (level IN ('item', 'session', 'sweep'));
        CREATE TABLE split_groups (
            split TEXT NOT NULL REFERENCES splits ON DELETE CASCADE,
            item INTEGER NOT NULL REFERENCES items,
            session TEXT,
            sweep INTEGER,
            role TEXT NOT NULL CHECK (role IN ('train', 'validation', 'test'))
        );
        CREATE INDEX groups_of_split ON split_groups (split);
        INSERT INTO split_groups (split, item, role) SELECT split, item, role FROM split_items;
        DROP TABLE split_items;
        """;

    /// <summary>
    /// Version 5: what people change afterwards, and the sets that they keep. A frame in the trash is <c>trash</c>, later <c>purged</c>;
    /// an annotation that an edit took away names it. An edit's detail are the numbers of rows that undoing it takes.
    /// </summary>
    private const string Edits = """
        ALTER TABLE frames ADD COLUMN dropped TEXT CHECK (dropped IN ('trash', 'purged'));
        ALTER TABLE annotations ADD COLUMN retired INTEGER;
        CREATE TABLE edits (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            frame INTEGER,
            kind TEXT NOT NULL CHECK (kind IN ('relabel', 'annotate', 'confirm', 'drop', 'restore', 'recapture', 'purge', 'renamepart')),
            old TEXT,
            new TEXT,
            who TEXT NOT NULL,
            source TEXT NOT NULL,
            note TEXT,
            at TEXT NOT NULL,
            undoes INTEGER UNIQUE REFERENCES edits,
            detail TEXT
        );
        CREATE INDEX edits_of_frame ON edits (frame);
        CREATE TABLE snapshots (
            name TEXT PRIMARY KEY,
            hash TEXT NOT NULL,
            frames INTEGER NOT NULL,
            who TEXT NOT NULL,
            at TEXT NOT NULL
        );
        CREATE TABLE snapshot_frames (
            snapshot TEXT NOT NULL REFERENCES snapshots,
            frame INTEGER NOT NULL,
            item INTEGER NOT NULL REFERENCES items,
            PRIMARY KEY (snapshot, frame)
        ) WITHOUT ROWID;
        CREATE TABLE snapshot_annotations (
            snapshot TEXT NOT NULL REFERENCES snapshots,
            annotation INTEGER NOT NULL,
            PRIMARY KEY (snapshot, annotation)
        ) WITHOUT ROWID;
        CREATE INDEX snapshots_of_frame ON snapshot_frames (frame);
        """;

    /// <summary>
    /// Version 4: what the engine knows of a frame's geometry. A pose is seven numbers, the quaternion's w x y z and x y z in mm;
    /// intrinsics are four, the focal lengths across and down and the centre's x and y, in pixels.
    /// </summary>
    private const string Geometry = """
        ALTER TABLE frames ADD COLUMN intrinsics TEXT;
        ALTER TABLE annotations ADD COLUMN amodal_x REAL;
        ALTER TABLE annotations ADD COLUMN amodal_y REAL;
        ALTER TABLE annotations ADD COLUMN amodal_width REAL;
        ALTER TABLE annotations ADD COLUMN amodal_height REAL;
        ALTER TABLE annotations ADD COLUMN truncated_fraction REAL;
        ALTER TABLE annotations ADD COLUMN pose_in_camera TEXT;
        ALTER TABLE annotations ADD COLUMN pose_on_table TEXT;
        CREATE TABLE maps (
            frame INTEGER NOT NULL REFERENCES frames,
            kind TEXT NOT NULL CHECK (kind IN ('depth', 'normals')),
            image TEXT NOT NULL,
            PRIMARY KEY (frame, kind)
        ) WITHOUT ROWID;
        """;

    /// <summary>Version 2: what a session at a real rig leaves behind.</summary>
    private const string Session = """
        ALTER TABLE frames ADD COLUMN light TEXT;
        ALTER TABLE frames ADD COLUMN metadata TEXT;
        ALTER TABLE frames ADD COLUMN marks TEXT;
        ALTER TABLE annotations ADD COLUMN quality REAL;
        ALTER TABLE sessions ADD COLUMN optics TEXT;
        CREATE TABLE journal (
            session TEXT NOT NULL REFERENCES sessions,
            sweep INTEGER NOT NULL,
            stop INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('intent', 'moved', 'captured', 'stored', 'committed', 'skipped')),
            microsteps INTEGER,
            image TEXT,
            PRIMARY KEY (session, sweep, stop)
        ) WITHOUT ROWID;
        CREATE TABLE plates (
            session TEXT NOT NULL REFERENCES sessions,
            stop INTEGER NOT NULL,
            image TEXT NOT NULL,
            format TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            azimuth_degrees REAL NOT NULL,
            light TEXT,
            PRIMARY KEY (session, stop)
        ) WITHOUT ROWID;
        """;

    /// <summary>Version 3: which renderings were asked for.</summary>
    private const string Renderings = """
        CREATE TABLE renderings (
            source TEXT NOT NULL,
            first INTEGER NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (source, first, count)
        ) WITHOUT ROWID;
        """;

    private const string Tables = """
        CREATE TABLE parts (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        );
        CREATE TABLE items (
            id INTEGER PRIMARY KEY,
            part INTEGER NOT NULL REFERENCES parts,
            name TEXT NOT NULL,
            UNIQUE (part, name)
        );
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY,
            plan TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('open', 'done', 'cancelled')),
            started TEXT NOT NULL,
            ended TEXT
        );
        CREATE TABLE sweeps (
            session TEXT NOT NULL REFERENCES sessions,
            number INTEGER NOT NULL,
            item INTEGER NOT NULL REFERENCES items,
            PRIMARY KEY (session, number)
        ) WITHOUT ROWID;
        CREATE TABLE frames (
            id INTEGER PRIMARY KEY,
            image TEXT NOT NULL,
            format TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            source TEXT NOT NULL CHECK (source IN ('captured', 'rendered', 'imported')),
            item INTEGER NOT NULL REFERENCES items,
            session TEXT,
            sweep INTEGER,
            stop INTEGER,
            pose TEXT,
            azimuth_degrees REAL,
            elevation_degrees REAL,
            origin TEXT,
            FOREIGN KEY (session, sweep) REFERENCES sweeps
        );
        CREATE UNIQUE INDEX frames_one_a_stop ON frames (session, sweep, stop) WHERE source = 'captured';
        CREATE UNIQUE INDEX frames_one_a_rendering ON frames (origin) WHERE source = 'rendered';
        CREATE UNIQUE INDEX frames_one_a_file ON frames (origin, image) WHERE source = 'imported';
        CREATE INDEX frames_of_item ON frames (item);
        CREATE TABLE annotations (
            id INTEGER PRIMARY KEY,
            frame INTEGER NOT NULL REFERENCES frames,
            item INTEGER NOT NULL REFERENCES items,
            x REAL NOT NULL,
            y REAL NOT NULL,
            width REAL NOT NULL,
            height REAL NOT NULL,
            mask BLOB,
            visible_fraction REAL NOT NULL,
            truncated INTEGER NOT NULL
        );
        CREATE INDEX annotations_of_frame ON annotations (frame);
        CREATE TABLE splits (
            name TEXT PRIMARY KEY,
            seed TEXT NOT NULL
        );
        CREATE TABLE split_items (
            split TEXT NOT NULL REFERENCES splits ON DELETE CASCADE,
            item INTEGER NOT NULL REFERENCES items,
            role TEXT NOT NULL CHECK (role IN ('train', 'validation', 'test')),
            PRIMARY KEY (split, item)
        ) WITHOUT ROWID;
        """;
}
