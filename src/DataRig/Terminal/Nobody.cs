using DataRig.Rig;

namespace DataRig.Terminal;

/// <summary>Who stands at a simulated rig, which places parts by itself.</summary>
internal sealed class Nobody : IOperator
{
    public Task<string?> PlaceAsync(Placement placement, CancellationToken cancel) => throw new SessionPausedException($"Nobody is there to put {placement.Item} on the table.");

    public Task<bool> DoAsync(Chore chore, CancellationToken cancel) => Task.FromResult(false);
}
