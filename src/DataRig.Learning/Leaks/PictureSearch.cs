using TorchSharp;
using static TorchSharp.torch;

namespace DataRig.Learning.Leaks;

/// <summary>Finds the likest pictures among many: whole against every window of the other and the other way round, as products of matrices.</summary>
/// <param name="keys">Of each picture; see <see cref="PictureKey.Of"/>.</param>
internal sealed class PictureSearch(float[][] keys)
{
    /// <summary>Pictures of either side that are compared at a time: their likenesses take 20 MB, however many pictures there are.</summary>
    private const int Together = 512;

    /// <summary>The likest of <paramref name="among"/> for each of <paramref name="pictures"/>, itself left out, the likest first.</summary>
    public Likest[][] Find(int[] pictures, int[] among, int count, CancellationToken cancel)
    {
        TorchRuntime.Initialize();
        Likest[][] found = [.. pictures.Select(_ => Array.Empty<Likest>())];
        using IDisposable frozen = no_grad();
        foreach (int[] others in among.Chunk(Together))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor known = Windows(others);
            int from = 0;
            foreach (int[] some in pictures.Chunk(Together))
            {
                cancel.ThrowIfCancellationRequested();
                Likest[][] nearest = Nearest(some, Windows(some), others, known, count);
                for (int i = 0; i < some.Length; i++, from++)
                {
                    found[from] = [.. found[from].Concat(nearest[i]).OrderByDescending(l => l.Likeness).Take(count)];
                }
            }
        }

        return found;
    }

    private static Likest[][] Nearest(int[] some, Tensor here, int[] others, Tensor known, int count)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor forth = here.select(1, 0).mm(known.reshape(-1, PictureKey.Length).t()).reshape(some.Length, others.Length, PictureKey.Windows.Count).amax([2]);
        Tensor back = here.reshape(-1, PictureKey.Length).mm(known.select(1, 0).t()).reshape(some.Length, PictureKey.Windows.Count, others.Length).amax([1]);
        Tensor likeness = maximum(forth, back);
        int kept = Math.Min(count + 1, others.Length); // one more, for a picture may be among the others itself
        (Tensor values, Tensor indices) = likeness.topk(kept, dim: 1);
        float[] value = [.. values.contiguous().data<float>()];
        long[] index = [.. indices.contiguous().data<long>()];
        return [.. some.Select((picture, row) => Enumerable.Range(row * kept, kept).Select(k => new Likest(others[index[k]], value[k])).Where(l => l.Picture != picture).Take(count).ToArray())];
    }

    /// <summary>The keys of some pictures' windows, [pictures, windows, numbers].</summary>
    private Tensor Windows(int[] some)
    {
        float[] all = new float[some.Length * PictureKey.Windows.Count * PictureKey.Length];
        for (int i = 0; i < some.Length; i++)
        {
            keys[some[i]].CopyTo(all.AsSpan(i * PictureKey.Windows.Count * PictureKey.Length));
        }

        return tensor(all, [some.Length, PictureKey.Windows.Count, PictureKey.Length]);
    }

    /// <summary>Which of two may be a crop of the other, and which window of that.</summary>
    public (int Still, int Moving, Window Start) Lay(int a, int b)
    {
        (float Likeness, int Still, int Moving, Window Start) best = (float.MinValue, a, b, PictureKey.Windows[0]);
        for (int i = 0; i < PictureKey.Windows.Count; i++)
        {
            foreach ((int still, int moving) in new[] { (a, b), (b, a) })
            {
                float likeness = Proving.SoftmaxRegression.Dot(keys[still].AsSpan(0, PictureKey.Length), keys[moving].AsSpan(i * PictureKey.Length, PictureKey.Length));
                best = likeness > best.Likeness ? (likeness, still, moving, PictureKey.Windows[i]) : best;
            }
        }

        return (best.Still, best.Moving, best.Start);
    }
}

/// <summary>A picture and how much it looks like another, in [-1, 1].</summary>
internal readonly record struct Likest(int Picture, float Likeness);
