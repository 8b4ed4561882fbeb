using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Leaks;

/// <summary>Finds the likest pictures among many: whole against every window of the other and the other way round, as products of matrices.</summary>
internal sealed class PictureSearch : IDisposable
{
    /// <summary>Likenesses that are held at a time.</summary>
    private const long Most = 16_000_000;

    private readonly Tensor _whole, _windows;
    private readonly float[][] _keys;

    /// <param name="keys">Of each picture; see <see cref="PictureKey.Of"/>.</param>
    public PictureSearch(float[][] keys)
    {
        TorchRuntime.Initialize();
        _keys = keys;
        float[] all = new float[(long)keys.Length * PictureKey.Windows.Count * PictureKey.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i].CopyTo(all.AsSpan(i * keys[i].Length));
        }

        _windows = tensor(all, [keys.Length, PictureKey.Windows.Count, PictureKey.Length]);
        _whole = _windows.select(1, 0).contiguous();
    }

    /// <summary>The likest of <paramref name="among"/> for each of <paramref name="pictures"/>, itself left out, the likest first.</summary>
    public Likest[][] Find(int[] pictures, int[] among, int count, CancellationToken cancel)
    {
        Likest[][] found = new Likest[pictures.Length][];
        if (among.Length == 0)
        {
            Array.Fill(found, []);
            return found;
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Tensor others = tensor([.. among.Select(i => (long)i)]);
        Tensor otherWhole = _whole.index_select(0, others).t().contiguous(), otherWindows = _windows.index_select(0, others).reshape(-1, PictureKey.Length).t().contiguous();
        int rows = (int)Math.Max(1, Most / ((long)among.Length * PictureKey.Windows.Count));
        for (int from = 0; from < pictures.Length; from += rows)
        {
            cancel.ThrowIfCancellationRequested();
            using DisposeScope inner = NewDisposeScope();
            int[] some = pictures[from..Math.Min(pictures.Length, from + rows)];
            Tensor here = tensor([.. some.Select(i => (long)i)]);
            Tensor forth = _whole.index_select(0, here).mm(otherWindows).reshape(some.Length, among.Length, PictureKey.Windows.Count).amax([2]);
            Tensor back = _windows.index_select(0, here).reshape(-1, PictureKey.Length).mm(otherWhole).reshape(some.Length, PictureKey.Windows.Count, among.Length).amax([1]);
            Tensor likeness = maximum(forth, back);
            likeness.masked_fill_(here.unsqueeze(1).eq(others.unsqueeze(0)), -2);
            int kept = Math.Min(count, among.Length);
            (Tensor values, Tensor indices) = likeness.topk(kept, dim: 1);
            float[] value = [.. values.contiguous().data<float>()];
            long[] index = [.. indices.contiguous().data<long>()];
            for (int i = 0; i < some.Length; i++)
            {
                found[from + i] = [.. Enumerable.Range(i * kept, kept).Where(k => value[k] >= -1).Select(k => new Likest(among[index[k]], value[k]))];
            }
        }

        return found;
    }

    /// <summary>Which of two may be a crop of the other, and which window of that.</summary>
    public (int Still, int Moving, Window Start) Lay(int a, int b)
    {
        (float Likeness, int Still, int Moving, Window Start) best = (float.MinValue, a, b, PictureKey.Windows[0]);
        for (int i = 0; i < PictureKey.Windows.Count; i++)
        {
            foreach ((int still, int moving) in new[] { (a, b), (b, a) })
            {
                float likeness = Proving.SoftmaxRegression.Dot(_keys[still].AsSpan(0, PictureKey.Length), _keys[moving].AsSpan(i * PictureKey.Length, PictureKey.Length));
                best = likeness > best.Likeness ? (likeness, still, moving, PictureKey.Windows[i]) : best;
            }
        }

        return (best.Still, best.Moving, best.Start);
    }

    public void Dispose()
    {
        _whole.Dispose();
        _windows.Dispose();
    }
}

/// <summary>A picture and how much it looks like another, in [-1, 1].</summary>
internal readonly record struct Likest(int Picture, float Likeness);
