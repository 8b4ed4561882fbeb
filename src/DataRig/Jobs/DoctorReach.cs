using DataRig.Rig;
using DataRig.Rig.Transports;

namespace DataRig.Jobs;

/// <summary>How the doctor gets at a rig's board and camera; a test hands it others.</summary>
internal sealed record DoctorReach
{
    /// <summary>Connects and greets the board, and says where it is.</summary>
    public Func<BoardTurntableOptions, CancellationToken, Task<(IBoard Board, string Where)>> BoardAsync { get; init; } = OpenAsync;

    public Func<CameraOptions, ICamera> Camera { get; init; } = RigFactory.Camera;

    public DoctorAccess Access { get; init; } = DoctorAccess.Ours();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    private static async Task<(IBoard Board, string Where)> OpenAsync(BoardTurntableOptions options, CancellationToken cancel)
    {
        if (options is SerialTurntableOptions serial)
        {
            BoardFinder finder = new(serial.Board, new Ports(TimeProvider.System), TimeProvider.System);
            IBoard board = await finder.FindAsync(cancel).ConfigureAwait(false);
            return (board, $"{finder.FoundAt?.Name}, {finder.FoundBaud} baud");
        }

        // Whoever takes the board disposes it; the connection itself holds nothing else.
        return (await RigFactory.Connect(options, log: null).OpenAsync(cancel).ConfigureAwait(false), "this computer's pins");
    }
}
