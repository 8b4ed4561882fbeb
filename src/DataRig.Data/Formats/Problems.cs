namespace DataRig.Data.Formats;

/// <summary>What is wrong in an import, each with its place. The first thousand are kept and the others counted, so that a file of nothing else cannot fill the memory.</summary>
public sealed class Problems
{
    private const int Kept = 1000;

    private readonly List<string> _listed = [];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<string> Listed => _listed;

    /// <summary>Whether more places are still asked for; finding a place in a large file takes time.</summary>
    public bool Wanted => _listed.Count < Kept;

    /// <param name="where">The file, or the file with line and column.</param>
    /// <param name="what">What is wrong, without a full stop.</param>
    public void Add(string where, string what)
    {
        Count++;
        if (Wanted)
        {
            _listed.Add($"{where}: {what}{(what.EndsWith('.') ? "" : ".")}");
        }
    }
}
