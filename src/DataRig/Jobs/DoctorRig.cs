using System.Reflection;
using System.Text.Json.Serialization;
using DataRig.Core;
using DataRig.Rig;
using DataRig.Rig.Cameras;
using DataRig.Rig.Transports;
using DataRig.Terminal;

namespace DataRig.Jobs;

/// <summary>Checks the rig that a configuration describes, from the plug to a picture. Nothing moves; lights are lit for the test shot.</summary>
/// <param name="folder">Where the dataset would be written.</param>
/// <param name="shotFile">Where the test shot is kept, if anywhere.</param>
internal sealed class DoctorRig(RigFile file, string folder, string? shotFile, DoctorReach reach) : IAsyncDisposable
{
    private readonly DoctorShot _shot = new(file, reach, shotFile);
    private BoardConnection? _connection;
    private BoardIdentity? _board;

    /// <summary>The checks, in the order in which a rig is put together.</summary>
    public IReadOnlyList<Check> Checks() =>
    [
        new("drivers", DriversAsync),
        new("ports", PortsPresent),
        new("board access", BoardAccess),
        new("board", BoardAsync),
        new("step timing", StepTiming),
        new("index switch", SwitchAsync),
        new("lights", Lights),
        new("camera access", CameraAccess),
        new("camera", CameraAsync),
        new("test shot", ShotAsync, "take one with the camera's own program first, then run this again"),
        new("plan", () => _shot.Bytes is { } bytes ? Room(folder, FreeBytes(folder), file.Plan.FrameCount(), bytes) : null),
    ];

    /// <summary>Whether the planned frames will fit on the disk.</summary>
    /// <param name="frameBytes">The size of one picture's file.</param>
    public static Finding Room(string folder, long freeBytes, int frames, long frameBytes)
    {
        // Half as much again for masks, plates, retakes and the database.
        long needed = frames * frameBytes * 3 / 2;
        string found = $"{frames} frames like the test shot take about {Megabytes(needed)} MiB in all, {Megabytes(freeBytes)} MiB are free in {folder}";
        return needed <= freeBytes
            ? new Finding("plan", true, found)
            : new Finding("plan", false, found, $"free {Megabytes(needed - freeBytes)} MiB, put the dataset on a larger disk with --data, or plan fewer stops");
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<Finding?> DriversAsync(CancellationToken cancel)
    {
        // Nothing is opened before its first use, so making the rig says only whether its parts go together.
        await using CaptureRig rig = RigFactory.Create(file, file.Plan, new Seed(file.Seed), new Sitting(new Nobody()));
        return new Finding("drivers", true, $"turntable {Driver<TurntableOptions>(file.Turntable)}, camera {Driver<CameraOptions>(file.Camera)}, lights {Driver<LightsOptions>(file.Lights)}");
    }

    private Finding? PortsPresent()
    {
        if (file.Turntable is not SerialTurntableOptions { Board: { } options })
        {
            return null;
        }

        IReadOnlyList<Port> present = new Ports(reach.Time).List();
        Port[] meant = options.Port == "auto" ? [.. present] : [new Port(options.Port, Devices.Behind(options.Port))];
        string all = present.Count == 0 ? "no serial port is plugged in" : string.Join(", ", present.Select(Describe));
        if (meant.Length == 0)
        {
            return new Finding("ports", false, all, "plug the board in with a cable that carries data (many only charge), and look at its power light; 'dmesg | tail' says what the system made of it");
        }

        if (meant is [{ } named] && options.Port != "auto" && !File.Exists(named.Name) && !OperatingSystem.IsWindows())
        {
            return new Finding("ports", false, $"there is no port {named.Name}; {all}", "plug the board in, or set \"port\" to one of these, or to \"auto\"");
        }

        // With one port to choose, its holder is in the way; with several the board may well be at another.
        string? holder = meant is [{ } only] ? Devices.HolderOf(only) : null;
        return holder is null
            ? new Finding("ports", true, string.Join(", ", meant.Select(Describe)))
            : new Finding("ports", false, $"{meant[0].Name} is held by {holder}", "close that program; if it is ModemManager: sudo systemctl disable --now ModemManager");
    }

    private Finding? BoardAccess()
    {
        switch (file.Turntable)
        {
            case SerialTurntableOptions { Board: { } options }:
                string[] ports = options.Port == "auto" ? [.. new Ports(reach.Time).List().Select(p => p.Device)] : File.Exists(options.Port) ? [Devices.Behind(options.Port)] : [];
                return OperatingSystem.IsWindows() ? null : reach.Access.To("board access", Devices.SerialGroup(options.Port), ports, Devices.MayUse);
            case GpioTurntableOptions:
                return reach.Access.To("board access", "gpio", Devices.Beginning("/dev/gpiochip"), Devices.MayUse);
            default:
                return null;
        }
    }

    private async Task<Finding?> BoardAsync(CancellationToken cancel)
    {
        if (file.Turntable is not BoardTurntableOptions options)
        {
            return null;
        }

        (IBoard board, string where) = await reach.BoardAsync(options, cancel).ConfigureAwait(false);
        _connection = new BoardConnection(_ => Task.FromResult(board));
        _board = (await _connection.OpenAsync(cancel).ConfigureAwait(false)).Identity;
        return new Finding("board", true, $"{_board.Dialect}, {_board.Firmware}, at {where}; {(_board.HasIndexSwitch ? "an" : "no")} index switch, {_board.LightChannels} lights");
    }

    /// <summary>Only where this computer makes the steps itself.</summary>
    private Finding? StepTiming() => _board is not { Dialect: "gpio" } board ? null
        : board.Firmware.Contains("real-time", StringComparison.Ordinal) ? new Finding("step timing", true, "steps are made at real-time priority")
        : new Finding("step timing", true, "steps are made at ordinary priority: they come late whenever something else wants the processor, never too soon", "echo '@gpio - rtprio 20' | sudo tee /etc/security/limits.d/datarig.conf, then log out and in again");

    private async Task<Finding?> SwitchAsync(CancellationToken cancel)
    {
        if (_connection is null || _board is null)
        {
            return null;
        }

        if (!_board.HasIndexSwitch)
        {
            return file.Turntable.Home == Homing.Here ? null
                : new Finding("index switch", false, "\"home\" is \"switch\", and the board says that it has none", "set \"home\" to \"here\", or wire a switch and set \"indexSwitch\" (Marlin, grbl) or \"switchPin\" (pins)");
        }

        bool met = await _connection.WithAsync(b => b.ReadSwitchAsync(Axis.Table, cancel), cancel).ConfigureAwait(false);
        return new Finding("index switch", true, met ? "it is met where the table stands" : "it is open where the table stands", "press it by hand and look here again, or let 'datarig doctor --move' ask for that");
    }

    private Finding? Lights()
    {
        if (_board is null || file.Lights is not BoardLightsOptions lights)
        {
            return null;
        }

        string[] beyond = [.. lights.Channels.Where(c => c.Value >= _board.LightChannels).Select(c => $"\"{c.Key}\": {c.Value}")];
        if (beyond.Length > 0)
        {
            return new Finding("lights", false, $"{string.Join(", ", beyond)}, but the board has {_board.LightChannels} light channels, counted from 0", "correct \"lights\".\"channels\", or tell the board's options which outputs are lights");
        }

        string[] unknown = [.. file.Plan.Lights.SelectMany(s => s.Value.Keys).Distinct().Except(lights.Channels.Keys)];
        return unknown.Length == 0
            ? new Finding("lights", true, string.Join(", ", lights.Channels.Select(c => $"{c.Key} on channel {c.Value}")))
            : new Finding("lights", false, $"the plan's settings name {string.Join(", ", unknown)}, and the rig has {string.Join(", ", lights.Channels.Keys)}", "correct \"plan\".\"lights\" or \"lights\".\"channels\"");
    }

    private Finding? CameraAccess()
    {
        if (file.Camera is RpicamOptions)
        {
            return reach.Access.To("camera access", "video", [.. new[] { "/dev/media", "/dev/video", "/dev/dma_heap/" }.SelectMany(Devices.Beginning)], Devices.MayUse);
        }

        string[] named = VideoDevices();
        return named.Length == 0 ? null
            : named.FirstOrDefault(d => !File.Exists(d)) is { } missing
                ? new Finding("camera access", false, $"there is no {missing}; this machine has {string.Join(", ", Devices.Beginning("/dev/video").DefaultIfEmpty("no video device"))}", "plug the camera in, or correct the device in the camera's \"arguments\"")
                : reach.Access.To("camera access", "video", named, Devices.MayUse);
    }

    private async Task<Finding?> CameraAsync(CancellationToken cancel)
    {
        string[] watched = file.Camera is RpicamOptions ? ["/dev/media"] : VideoDevices();
        if (watched.Length > 0 && Devices.CameraHolders(watched) is { } held)
        {
            return new Finding("camera", false, held);
        }

        if (file.Camera is not RpicamOptions rpicam)
        {
            return null;
        }

        IReadOnlyList<RpicamModes> cameras = await RpicamModes.ListAsync(rpicam, reach.Time, cancel).ConfigureAwait(false);
        string list = string.Join("; ", cameras.Select(c => $"camera {c.Number} {c.Sensor}, {string.Join(", ", c.Modes.DefaultIfEmpty(c.Size))}"));
        return cameras.Count == 0
            ? new Finding("camera", false, $"{rpicam.Program} sees no camera", "power off, reseat the ribbon cable at both ends with its contacts towards the socket's; then: rpicam-hello --list-cameras")
            : cameras.Any(c => c.Number == rpicam.Camera)
                ? new Finding("camera", true, list)
                : new Finding("camera", false, $"there is no camera {rpicam.Camera}: {list}", "set \"camera\".\"camera\" to a number that is there");
    }

    private async Task<Finding?> ShotAsync(CancellationToken cancel)
    {
        await using ILights lights = _connection is not null && file.Lights is BoardLightsOptions options ? new BoardLights(_connection, options) : new NoLights();
        return await _shot.TakeAsync(lights, cancel).ConfigureAwait(false);
    }

    /// <summary>The video devices that a camera program's arguments name.</summary>
    private string[] VideoDevices() => file.Camera is CommandCameraOptions command
        ? [.. command.Arguments.Select(a => a[Math.Max(0, a.IndexOf("/dev/video", StringComparison.Ordinal))..]).Where(a => a.StartsWith("/dev/video", StringComparison.Ordinal))]
        : [];

    private static string Describe(Port port) =>
        (port.Name == port.Device ? port.Name : $"{port.Name} (now {port.Device})") + (Devices.HolderOf(port) is { } holder ? $", held by {holder}" : "");

    /// <summary>What <c>"driver"</c> says.</summary>
    private static string Driver<T>(T options) => typeof(T).GetCustomAttributes<JsonDerivedTypeAttribute>().First(a => a.DerivedType == options!.GetType()).TypeDiscriminator!.ToString()!;

    /// <summary>The room on the disk where a folder is or will be.</summary>
    public static long FreeBytes(string folder)
    {
        string there = Path.GetFullPath(folder);
        while (!Directory.Exists(there))
        {
            there = Path.GetDirectoryName(there)!;
        }

        return new DriveInfo(there).AvailableFreeSpace;
    }

    private static long Megabytes(long bytes) => bytes >> 20;
}
