using System.Security.Cryptography;
using System.Text;
using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Data;

namespace DataRig.Learning.Leaks;

/// <summary><c>leaks.json</c> beside a dataset's catalog: what the gate found of exactly these frames in these roles. It may be deleted at any time.</summary>
internal sealed class LeakVerdict
{
    private const string FileName = "leaks.json";

    /// <summary>Goes up whenever the gate looks at pictures in another way.</summary>
    private const int Method = 3;

    private readonly string _path, _of;
    private readonly LabelledFrame[] _frames;

    /// <param name="folder">The dataset's folder.</param>
    /// <param name="frames">The photographs and their roles.</param>
    public LeakVerdict(string folder, LabelledFrame[] frames)
    {
        _path = Path.Combine(folder, FileName);
        _frames = frames;
        IEnumerable<string> lines = frames.Select(f => string.Join('\t', f.Frame.Id, f.Frame.ImageHash, f.Frame.Part, f.Frame.Item, f.Frame.Session, f.Frame.Sweep, f.Role)).Prepend($"method {Method}");
        _of = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }

    /// <summary>What was found before; null where these frames were not looked at.</summary>
    public Leak[]? Kept()
    {
        try
        {
            if (!File.Exists(_path) || StrictJson.ReadFile<Verdict>(_path) is not { } verdict || verdict.Of != _of)
            {
                return null;
            }

            Dictionary<long, FrameRecord> byId = _frames.ToDictionary(f => f.Frame.Id.Value, f => f.Frame);
            return [.. verdict.Pairs.Select(p => new Leak(p.Kind, byId[p.Known], byId[p.Held]))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ConfigurationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes what was found. Where the folder cannot be written it is looked for again next time.</summary>
    public void Keep(Leak[] leaks)
    {
        try
        {
            AtomicFile.Write(_path, Encoding.UTF8.GetBytes(StrictJson.Write(new Verdict { Of = _of, Pairs = [.. leaks.Select(l => new Pair { Kind = l.Kind, Known = l.Known.Id.Value, Held = l.Held.Id.Value })] })));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private sealed record Verdict
    {
        /// <summary>SHA-256 over the frames and their roles.</summary>
        public required string Of { get; init; }

        public required IReadOnlyList<Pair> Pairs { get; init; }
    }

    private sealed record Pair
    {
        public required LeakKind Kind { get; init; }

        public required long Known { get; init; }

        public required long Held { get; init; }
    }
}
