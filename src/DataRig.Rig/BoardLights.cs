using DataRig.Core;

namespace DataRig.Rig;

/// <summary>Lamps on a motor board, which they share with the turntable.</summary>
/// <param name="connection">The board; whoever made it disposes it.</param>
public sealed class BoardLights(BoardConnection connection, BoardLightsOptions options) : ILights
{
    public IReadOnlyList<string> Channels { get; } = [.. options.Channels.Keys];

    public Task SetAsync(IReadOnlyDictionary<string, double> levels, CancellationToken cancel) => connection.WithAsync(
        async board =>
        {
            foreach ((string name, int channel) in options.Channels)
            {
                if (channel >= board.Identity.LightChannels)
                {
                    throw new WorkFailedException($"The light \"{name}\" is to hang on channel {channel}, but the {board.Identity.Dialect} board ({board.Identity.Firmware}) has {board.Identity.LightChannels}; change \"lights\".\"channels\".");
                }

                await board.SetLightAsync(channel, levels.GetValueOrDefault(name), cancel).ConfigureAwait(false);
            }

            return 0;
        },
        cancel);

    /// <summary>Leaves the lamps dark where the board still answers.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!connection.IsOpen)
        {
            return;
        }

        try
        {
            await SetAsync(new Dictionary<string, double>(), CancellationToken.None).ConfigureAwait(false);
        }
        catch (WorkFailedException)
        {
            // The session has ended; a lamp that stays on is seen.
        }
    }
}

/// <summary>Light that nobody switches.</summary>
public sealed class NoLights : ILights
{
    public IReadOnlyList<string> Channels => [];

    public Task SetAsync(IReadOnlyDictionary<string, double> levels, CancellationToken cancel) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
