using DataRig.Rig;

namespace DataRig.Benchmarks;

/// <summary>Somebody with quick hands who does all that is asked, but cannot mend a rig.</summary>
internal sealed class BenchOperator : IOperator
{
    public Task<string?> PlaceAsync(Placement placement, CancellationToken cancel) => Task.FromResult<string?>(null);

    public Task<bool> DoAsync(Chore chore, CancellationToken cancel) => Task.FromResult(chore.Kind != ChoreKind.Mend);
}
