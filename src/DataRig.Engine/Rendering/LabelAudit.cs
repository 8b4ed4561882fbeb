using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Rendering;

/// <summary>
/// Checks a frame's labels against its geometry, with rays on the processor where the device drew triangles. Rays go
/// through the ends of the masks' runs, where a mask that is shifted or of another frame shows first, and through
/// places spread over each part's outline.
/// </summary>
internal sealed class LabelAudit
{
    /// <summary>How many runs of the masks are looked at, shared by the parts, but a few of each.</summary>
    private const int Runs = 12;

    /// <summary>Places in a row and in a column of each part's outline, where there is one part and where there are several.</summary>
    private const int Grid = 5, CoarseGrid = 3;

    /// <summary>The same where a share is counted: of one part a frame, drawn by chance.</summary>
    private const int FineGrid = 16;

    /// <summary>A pixel's middle may be seen though half of the pixel is not.</summary>
    private const double HalfPixel = 0.55;

    private readonly SampledScene _scene;
    private readonly View _view;
    private readonly IReadOnlyList<Solid> _solids;
    private readonly RenderedFrame _frame;
    private readonly Tracer _tracer;
    private readonly MapAudit _maps;
    private readonly List<LabelMismatch> _found = [];
    private readonly int[] _entityOf;
    private ulong _chance;

    private LabelAudit(View view, IReadOnlyList<Solid> solids, RenderedFrame frame)
    {
        _scene = frame.Scene;
        _view = view;
        _solids = solids;
        _frame = frame;
        _tracer = new Tracer(view, solids);
        _maps = new MapAudit(view, _tracer, frame);
        _entityOf = new int[frame.Annotations.Count];
        _chance = frame.Scene.Draws.Bits("labels.audit");
    }

    /// <summary>Draws a frame, and once more where its labels do not agree.</summary>
    public static RenderedFrame Agreed(Func<RenderedFrame> draw, Func<RenderedFrame, IReadOnlyList<LabelMismatch>> check)
    {
        RenderedFrame frame = draw();
        IReadOnlyList<LabelMismatch> found = check(frame);
        if (found.Count == 0)
        {
            return frame;
        }

        RenderedFrame again = draw();
        IReadOnlyList<LabelMismatch> left = check(again);
        return again with { Verdict = left.Count == 0 ? new LabelVerdict(found, true) : new LabelVerdict(left, false) };
    }

    /// <param name="view">How the frame was seen.</param>
    /// <param name="solids">What was drawn, its parts first.</param>
    /// <param name="frame">Its labels are checked.</param>
    /// <returns>What does not agree; one of each check at most.</returns>
    public static IReadOnlyList<LabelMismatch> Check(View view, IReadOnlyList<Solid> solids, RenderedFrame frame)
    {
        LabelAudit audit = new(view, solids, frame);
        audit.Run();
        return audit._found;
    }

    private void Run()
    {
        if (!MatchParts())
        {
            return;
        }

        (Vector2 Low, Vector2 High)[] outlines = [.. _solids.Select(s => s.Outline(_view))];
        bool[] crossed = [.. outlines.Select((a, i) => outlines.Where((b, j) => i != j && Cross(a, b)).Any())];
        int countTruncated = Choose(_frame.Annotations, (a, _) => a.Truncated), countVisible = Choose(_frame.Annotations, (_, i) => crossed[_entityOf[i]]);
        for (int i = 0; i < _entityOf.Length; i++)
        {
            Annotation label = _frame.Annotations[i];
            CheckPose(label, _entityOf[i]);
            if (CheckBox(label))
            {
                (Vector2 low, Vector2 high) = Projected(label, _solids[_entityOf[i]]);
                CheckAmodalBox(label, low, high);
                CheckTruncation(label, _entityOf[i], low, high, i == countTruncated);
                CheckVisibleFraction(label, _entityOf[i], outlines[_entityOf[i]], i == countVisible);
                CheckRunEnds(label);
            }
        }

        for (int entity = 0; entity < _scene.Entities.Count; entity++)
        {
            CheckSpread(outlines[entity]);
        }
    }

    /// <summary>Finds the part that each label is of. Two items of one name are told apart by where they lie.</summary>
    private bool MatchParts()
    {
        List<int> left = [.. Enumerable.Range(0, _scene.Entities.Count)];
        for (int i = 0; i < _entityOf.Length; i++)
        {
            Annotation label = _frame.Annotations[i];
            int entity = left.Where(e => _scene.Entities[e].Part == label.Part && _scene.Entities[e].Item == label.Item)
                .OrderBy(e => Vector3.DistanceSquared((_solids[e].Transform * _view.ToCamera).Translation, label.PoseInCamera?.TranslationMm ?? default))
                .FirstOrDefault(Tracer.Nothing);
            if (entity == Tracer.Nothing)
            {
                Report(LabelCheck.Ids, $"{label.Part} {label.Item} is labelled and not in the scene, or labelled twice");
                return false;
            }

            left.Remove(entity);
            _entityOf[i] = entity;
        }

        return true;
    }

    private void CheckPose(Annotation label, int entity)
    {
        const float Close = 0.01f, Arm = 10;
        Matrix4x4 transform = _scene.Entities[entity].Transform;
        (float sin, float cos) = MathF.SinCos((float)Angle.ToRadians(_scene.TableAzimuthDegrees));
        if (label.PoseInCamera is not { } inCamera || label.PoseOnTable is not { } onTable)
        {
            Report(LabelCheck.Pose, $"{label.Part} has none");
            return;
        }

        foreach (Vector3 axis in (ReadOnlySpan<Vector3>)[Vector3.Zero, Vector3.UnitX, Vector3.UnitY, Vector3.UnitZ])
        {
            // So far along the part's own axes; a scale, which a pose does not hold, does not count.
            Vector3 point = axis * Arm, away = Vector3.TransformNormal(axis, transform);
            Vector3 world = transform.Translation + (axis == Vector3.Zero ? default : Vector3.Normalize(away) * Arm), seen = world - _view.Eye;
            Vector3 camera = new(Vector3.Dot(seen, Vector3.Normalize(_view.Right)), Vector3.Dot(seen, Vector3.Normalize(_view.Down)), Vector3.Dot(seen, _view.Forward));
            Vector3 table = new((cos * world.X) + (sin * world.Y), (cos * world.Y) - (sin * world.X), world.Z);
            float tolerance = Close + (1e-4f * seen.Length());
            if (!(Vector3.Distance(inCamera.Apply(point), camera) < tolerance) || !(Vector3.Distance(onTable.Apply(point), table) < tolerance))
            {
                Report(LabelCheck.Pose, $"{label.Part} is not where its label says");
                return;
            }
        }
    }

    private bool CheckBox(Annotation label)
    {
        bool whole = label.Mask is { } mask && (mask.Width, mask.Height) == (_view.Width, _view.Height) && mask.Area > 0;
        if (!whole)
        {
            Report(LabelCheck.Mask, $"{label.Part} has no mask of the picture's size");
        }
        else if (label.Mask!.Bounds() != label.Box)
        {
            Report(LabelCheck.Box, $"{label.Part} has {Text(label.Box)} around a mask in {Text(label.Mask.Bounds()!.Value)}");
        }

        return whole;
    }

    /// <summary>The part's corners as a user of the labels would project them: by pose and intrinsics alone.</summary>
    private (Vector2 Low, Vector2 High) Projected(Annotation label, Solid solid)
    {
        (Vector2 Low, Vector2 High) everywhere = (new(float.NegativeInfinity), new(float.PositiveInfinity));
        if (label.PoseInCamera is not { } pose || !Matrix4x4.Decompose(solid.Transform, out Vector3 scale, out _, out _))
        {
            return everywhere;
        }

        Matrix4x4 toCamera = Matrix4x4.CreateScale(scale) * Matrix4x4.CreateFromQuaternion(pose.Rotation) * Matrix4x4.CreateTranslation(pose.TranslationMm);
        Vector2 focal = new((float)_frame.Intrinsics.FocalX, (float)_frame.Intrinsics.FocalY), center = new((float)_frame.Intrinsics.CenterX, (float)_frame.Intrinsics.CenterY);
        Vector2 low = everywhere.High, high = everywhere.Low;
        foreach (Vector3 corner in solid.Corners)
        {
            Vector3 at = Vector3.Transform(corner, toCamera);
            if (at.Z <= View.Near)
            {
                return everywhere;
            }

            Vector2 pixel = (new Vector2(at.X, at.Y) / at.Z * focal) + center;
            (low, high) = (Vector2.Min(low, pixel), Vector2.Max(high, pixel));
        }

        return (low, high);
    }

    private void CheckAmodalBox(Annotation label, Vector2 low, Vector2 high)
    {
        if (label.AmodalBox is not { } amodal)
        {
            Report(LabelCheck.AmodalBox, $"{label.Part} has none");
            return;
        }

        Box box = label.Box;
        bool holds = amodal.X <= box.X && amodal.Y <= box.Y && amodal.Right >= box.Right && amodal.Bottom >= box.Bottom;
        bool within = amodal.X >= Math.Max(0, low.X - HalfPixel) && amodal.Y >= Math.Max(0, low.Y - HalfPixel)
            && amodal.Right <= Math.Min(_view.Width, high.X + HalfPixel) && amodal.Bottom <= Math.Min(_view.Height, high.Y + HalfPixel);

        // A sharp corner can pass between the pixels' middles, but not a large part of the outline. Where the picture cuts the
        // part off, the corners do not say how far the rest of it reaches.
        double spareX = Spare(high.X - low.X), spareY = Spare(high.Y - low.Y);
        bool fills = label.Truncated
            || (amodal.X <= low.X + spareX && amodal.Y <= low.Y + spareY && amodal.Right >= high.X - spareX && amodal.Bottom >= high.Y - spareY);
        if (!holds || !within || !fills)
        {
            Report(LabelCheck.AmodalBox, FormattableString.Invariant($"{label.Part} has {Text(amodal)} around {Text(box)}, and its corners project to ({low.X:F1}, {low.Y:F1}) to ({high.X:F1}, {high.Y:F1})"));
        }

        static double Spare(double length) => 4 + (0.15 * length);
    }

    private void CheckTruncation(Annotation label, int entity, Vector2 low, Vector2 high, bool count)
    {
        const float Rounding = 0.05f;
        float beyond = MathF.Max(MathF.Max(-low.X, -low.Y), MathF.Max(high.X - _view.Width, high.Y - _view.Height));
        double share = label.TruncatedFraction ?? double.NaN;
        bool flag = label.Truncated == beyond > 0 || MathF.Abs(beyond) < Rounding;
        bool possible = share is >= 0 and <= 1 && (label.Truncated || share == 0);
        bool counted = true;
        if (count && label.Truncated && float.IsFinite(beyond))
        {
            (int all, int inside) = Count(low, high, at => _tracer.Meets(entity, at.X, at.Y), at => at.X >= 0 && at.Y >= 0 && at.X < _view.Width && at.Y < _view.Height);
            counted = Likely(1 - share, inside, all);
        }

        if (!flag || !possible || !counted)
        {
            Report(LabelCheck.Truncation, FormattableString.Invariant($"{label.Part} is labelled as {(label.Truncated ? "truncated" : "whole")}, {share:F3} of it outside, and reaches {beyond:F1} pixels out of the picture"));
        }
    }

    private void CheckVisibleFraction(Annotation label, int entity, (Vector2 Low, Vector2 High) outline, bool count)
    {
        double share = label.VisibleFraction, alone = label.Mask!.Area / share;
        bool whole = share is > 0 and <= 1 && Math.Abs(alone - Math.Round(alone)) < 1e-3;
        bool counted = true;
        if (count)
        {
            (Vector2 from, Vector2 to) = (Vector2.Max(outline.Low, Vector2.Zero), Vector2.Min(outline.High, new(_view.Width, _view.Height)));
            (int all, int seen) = Count(from, to, at => _tracer.Meets(entity, at.X, at.Y), at => _tracer.At(at.X, at.Y).Solid == entity);
            counted = Likely(share, seen, all);
        }

        if (!whole || !counted || (share == 1 && label.AmodalBox is { } amodal && amodal != label.Box))
        {
            Report(LabelCheck.VisibleFraction, FormattableString.Invariant($"{label.Part} is labelled as {share:F4} visible, with {label.Mask.Area} pixels of {alone:F2}"));
        }
    }

    /// <summary>Rays on both sides of places where the mask begins and ends.</summary>
    private void CheckRunEnds(Annotation label)
    {
        Mask mask = label.Mask!;
        int height = mask.Height, runs = mask.Counts.Count / 2, step = Math.Max(1, runs / Math.Max(3, Runs / _entityOf.Length)), start = 0;
        int next = (int)(Next() * step);
        for (int i = 0; i < mask.Counts.Count; i++)
        {
            int end = start + mask.Counts[i];
            if ((i & 1) == 1 && i / 2 == next)
            {
                next += step;
                CheckPixel(start / height, start % height);
                CheckPixel((end - 1) / height, (end - 1) % height);
                if (start % height > 0)
                {
                    CheckPixel(start / height, (start % height) - 1);
                }

                if (end % height > 0)
                {
                    CheckPixel(end / height, end % height);
                }
            }

            start = end;
        }
    }

    private void CheckSpread((Vector2 Low, Vector2 High) outline)
    {
        Vector2 size = new(_view.Width, _view.Height);
        (Vector2 low, Vector2 high) = (Vector2.Clamp(outline.Low - Vector2.One, Vector2.Zero, size), Vector2.Clamp(outline.High + Vector2.One, Vector2.Zero, size));
        if (high.X - low.X < 1 || high.Y - low.Y < 1)
        {
            return;
        }

        int grid = _scene.Entities.Count == 1 ? Grid : CoarseGrid;
        for (int i = 0; i < grid * grid; i++)
        {
            Vector2 at = low + ((high - low) * new Vector2(((i % grid) + Next()) / grid, ((i / grid) + Next()) / grid));
            CheckPixel(Math.Min((int)at.X, _view.Width - 1), Math.Min((int)at.Y, _view.Height - 1));
        }
    }

    private void CheckPixel(int x, int y)
    {
        int claimed = Tracer.Nothing;
        for (int i = 0; i < _entityOf.Length; i++)
        {
            if (_frame.Annotations[i].Mask is { } mask && mask[x, y])
            {
                if (claimed != Tracer.Nothing)
                {
                    Report(LabelCheck.Ids, $"pixel ({x}, {y}) is in two masks");
                }

                claimed = _entityOf[i];
            }
        }

        Tracer.Hit hit = _tracer.At(x + 0.5f, y + 0.5f);
        if (Part(hit) != claimed && _tracer.Around(x, y).All(h => Part(h) != claimed))
        {
            bool labelled = Part(hit) == Tracer.Nothing || _entityOf.Contains(hit.Solid);
            Report(labelled ? LabelCheck.Mask : LabelCheck.Ids, $"pixel ({x}, {y}) shows {Name(Part(hit))} and is labelled as {Name(claimed)}");
        }

        foreach (LabelMismatch mismatch in _maps.Check(x, y, hit))
        {
            Report(mismatch.Check, mismatch.What);
        }
    }

    /// <summary>Of places spread over a rectangle: how many hold one thing, and how many of those another one too.</summary>
    private (int All, int Both) Count(Vector2 low, Vector2 high, Func<Vector2, bool> first, Func<Vector2, bool> second)
    {
        (int all, int both) = (0, 0);
        for (int i = 0; i < FineGrid * FineGrid; i++)
        {
            Vector2 at = low + ((high - low) * new Vector2(((i % FineGrid) + Next()) / FineGrid, ((i / FineGrid) + Next()) / FineGrid));
            if (first(at))
            {
                all++;
                both += second(at) ? 1 : 0;
            }
        }

        return (all, both);
    }

    /// <summary>
    /// Whether a share goes with what was counted. Chance is only in the places near an outline, some six rows of the grid, with a variance of a sixth each: five
    /// deviations of those, and what a small part loses to whole pixels.
    /// </summary>
    private static bool Likely(double share, int counted, int all) =>
        Math.Abs((counted / (double)all) - share) <= 0.02 + (5 * Math.Sqrt(FineGrid) / all) || all == 0;

    /// <summary>One of the labels that meet a condition, or -1.</summary>
    private int Choose(IReadOnlyList<Annotation> labels, Func<Annotation, int, bool> meets)
    {
        int[] candidates = [.. Enumerable.Range(0, labels.Count).Where(i => meets(labels[i], i))];
        return candidates.Length == 0 ? -1 : candidates[(int)(Next() * candidates.Length)];
    }

    private static bool Cross((Vector2 Low, Vector2 High) a, (Vector2 Low, Vector2 High) b) =>
        a.Low.X <= b.High.X && a.High.X >= b.Low.X && a.Low.Y <= b.High.Y && a.High.Y >= b.Low.Y;

    private int Part(Tracer.Hit hit) => hit.Solid < _scene.Entities.Count ? hit.Solid : Tracer.Nothing;

    private string Name(int entity) => entity == Tracer.Nothing ? "nothing" : _scene.Entities[entity].Part.Value;

    private float Next() => (Draws.SplitMix(ref _chance) >> 40) * (1f / (1 << 24));

    private static string Text(Box box) => FormattableString.Invariant($"a box at ({box.X}, {box.Y}) of {box.Width}x{box.Height}");

    private void Report(LabelCheck check, string what)
    {
        if (_found.TrueForAll(m => m.Check != check))
        {
            _found.Add(new LabelMismatch(check, what));
        }
    }
}
