using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Geometry;
using DataRig.Engine.Rendering;

namespace DataRig.Engine.Tests;

/// <summary>A wrong label is found, whichever it is; a right one is never blamed.</summary>
public sealed class LabelAuditTests
{
    /// <summary>Checking takes no device, so one drawing of each does for all.</summary>
    private static readonly Lazy<(RenderedFrame Frame, View View, IReadOnlyList<Solid> Solids)[]> Frames = new(() =>
    {
        using LabelStudio studio = new();
        return [.. Enumerable.Range(0, 11).Select(i => Draw(studio, i))];
    });

    /// <summary>What a broken pass might make of a frame of three parts: one alone, one that hides a third of another, and that other.</summary>
    public static TheoryData<LabelCheck, string> Faults => new()
    {
        { LabelCheck.Ids, "a part is forgotten" }, { LabelCheck.Ids, "the hidden part is forgotten" }, { LabelCheck.Ids, "a part is labelled twice" }, { LabelCheck.Ids, "a part has another's name" },
        { LabelCheck.Ids, "two masks overlap" },
        { LabelCheck.Mask, "the mask is shifted by a pixel" }, { LabelCheck.Mask, "the mask is that of the whole part" }, { LabelCheck.Mask, "the mask lost its lower half" }, { LabelCheck.Mask, "the mask fills the box" },
        { LabelCheck.Mask, "the mask is empty" }, { LabelCheck.Mask, "there is no mask" },
        { LabelCheck.Box, "the box is a pixel too wide" }, { LabelCheck.Box, "the box is another part's" },
        { LabelCheck.AmodalBox, "the amodal box is the picture" }, { LabelCheck.AmodalBox, "the amodal box is inside the box" }, { LabelCheck.AmodalBox, "there is no amodal box" },
        { LabelCheck.VisibleFraction, "more is visible than there is" }, { LabelCheck.VisibleFraction, "the visible fraction is 1" }, { LabelCheck.VisibleFraction, "the visible fraction is not a number" }, { LabelCheck.VisibleFraction, "too little is visible" },
        { LabelCheck.Truncation, "a whole part is truncated" }, { LabelCheck.Truncation, "a truncated part is whole" }, { LabelCheck.Truncation, "the truncated share is wrong" }, { LabelCheck.Truncation, "there is no truncated share" },
        { LabelCheck.Pose, "the pose is a tenth of a millimetre off" }, { LabelCheck.Pose, "the pose is turned by a degree" }, { LabelCheck.Pose, "the pose on the table forgets the turn" }, { LabelCheck.Pose, "there is no pose" },
        { LabelCheck.Depth, "the depth is a millimetre off" }, { LabelCheck.Depth, "the depth is along the ray" }, { LabelCheck.Depth, "the depth has holes" },
        { LabelCheck.Normals, "the normals are the world's" }, { LabelCheck.Normals, "the normals are black" },
    };

    /// <summary>Faults of shares, which are counted for one part a frame.</summary>
    private static readonly string[] Shares = ["the visible fraction is 1", "too little is visible", "the truncated share is wrong"];

    [Theory]
    [MemberData(nameof(Faults))]
    public void AWrongLabelIsFound(LabelCheck check, string fault)
    {
        Graphics.Require();
        LabelCheck[][] found = [.. Frames.Value.Select(f => LabelAudit.Check(f.View, f.Solids, Break(f.Frame, fault)).Select(m => m.Check).ToArray())];
        Assert.InRange(found.Count(f => f.Contains(check)), Shares.Contains(fault) ? 3 : found.Length, found.Length);
    }

    [Fact]
    public void TheFramesThatAreBrokenAreRightBefore()
    {
        Graphics.Require();
        Assert.All(Frames.Value, f => Assert.Empty(LabelAudit.Check(f.View, f.Solids, f.Frame)));
        Assert.All(Frames.Value, f => Assert.Equal(3, f.Frame.Annotations.Count));
        Assert.All(Frames.Value, f => Assert.InRange(f.Frame.Annotations[1].VisibleFraction, 0.3, 0.8));
        Assert.All(Frames.Value, f => Assert.InRange(f.Frame.Annotations[2].TruncatedFraction!.Value, 0.02, 0.7));
    }

    /// <summary>A pass that draws something else than the picture shows: what a driver, a cache or a level of detail may do.</summary>
    [Fact]
    public void LabelsOfAnotherMomentAreFound()
    {
        Graphics.Require();
        foreach (((RenderedFrame frame, View view, IReadOnlyList<Solid> solids), (RenderedFrame stale, _, _)) in Frames.Value.Zip(Frames.Value.Skip(1)))
        {
            IReadOnlyList<LabelMismatch> found = LabelAudit.Check(view, solids, frame with { Annotations = [.. frame.Annotations.Zip(stale.Annotations, (now, then) => now with { Mask = then.Mask, Box = then.Box, AmodalBox = then.AmodalBox })] });
            Assert.Contains("pixel (", found.First(m => m.Check == LabelCheck.Mask).What);
        }
    }

    [Theory]
    [InlineData(48, 4)]
    [InlineData(96, 2)]
    [InlineData(160, 0)]
    public void RightLabelsAreNotBlamed(int size, int distractors)
    {
        Graphics.Require();
        Scene scene = new()
        {
            Image = new ImageOptions { Width = size, Height = size * 3 / 4 },
            Camera = new CameraOptions { ElevationDegrees = Distribution.Uniform(8, 85), DistanceMm = Distribution.Uniform(50, 300), RollDegrees = Distribution.Uniform(-180, 180), LookAtXMm = Distribution.Uniform(-25, 25) },
            Placement = new PlacementOptions { Distractors = distractors },
        };
        using Synthesizer synthesizer = new(scene, new RendererOptions { Maps = new HashSet<MapKind> { MapKind.Depth, MapKind.Normals } }, renderers: 1);
        RenderedFrame[] frames = [.. synthesizer.Render(new Seed(11), Enumerable.Range(0, 45).Select(i => (long)i))];
        Assert.All(frames, f => Assert.Empty(f.Verdict.Found));
        Assert.True(distractors < 4 || (frames.Any(f => f.Annotations.Any(a => a.Truncated)) && frames.Any(f => f.Annotations.Any(a => a.VisibleFraction < 1))), "the hard cases are among them");
    }

    [Fact]
    public void AFrameThatDoesNotAgreeIsDrawnOnceMore()
    {
        Graphics.Require();
        (RenderedFrame right, View view, IReadOnlyList<Solid> solids) = Frames.Value[0];
        RenderedFrame wrong = Break(right, "the mask is shifted by a pixel");
        IReadOnlyList<LabelMismatch> Check(RenderedFrame frame) => LabelAudit.Check(view, solids, frame);
        (RenderedFrame Frame, int Left) Agreed(params RenderedFrame[] drawings)
        {
            Queue<RenderedFrame> left = new(drawings);
            return (LabelAudit.Agreed(left.Dequeue, Check), left.Count);
        }

        (RenderedFrame once, int left) = Agreed(right, wrong);
        Assert.Equal((true, 0, 1), (once.Verdict.Agreed, once.Verdict.Found.Count, left));
        Assert.Same(right.Annotations, once.Annotations);

        (RenderedFrame twice, left) = Agreed(wrong, right);
        Assert.Equal((true, 0), (twice.Verdict.Agreed, left));
        Assert.Contains(LabelCheck.Mask, twice.Verdict.Found.Select(m => m.Check));
        Assert.Same(right.Annotations, twice.Annotations);

        (RenderedFrame never, left) = Agreed(wrong, wrong);
        Assert.Equal((false, 0), (never.Verdict.Agreed, left));
        Assert.Contains(LabelCheck.Mask, never.Verdict.Found.Select(m => m.Check));
    }

    [Fact]
    public void TooManyMismatchesEndTheRunByName()
    {
        Graphics.Require();
        (RenderedFrame right, _, _) = Frames.Value[0];
        RenderedFrame repaired = right with { Verdict = new LabelVerdict([new LabelMismatch(LabelCheck.Box, "3001 is off")], true) };
        LabelTally tally = new();
        for (int i = 0; i < 29_997; i++)
        {
            tally.Count(right);
        }

        tally.Count(repaired);
        tally.Count(repaired with { Verdict = repaired.Verdict with { Agreed = false } });
        tally.Count(repaired); // 3 of 30,000 is 1 in 10,000
        Assert.Equal((30_000, 3, 1), (tally.Frames, tally.Mismatched, tally.Unresolved));
        string said = Assert.Throws<WorkFailedException>(() => tally.Count(repaired)).Message;
        Assert.StartsWith("The labels of 4 of 30001 frames do not agree", said);
        Assert.Contains("frame 0, box: 3001 is off", said);

        LabelTally few = new();
        few.Count(repaired);
        few.Count(repaired);
        Assert.Throws<WorkFailedException>(() => few.Count(repaired));
    }

    /// <summary>A ball alone, a cube that a slab hides in part, and the slab, which reaches out of the picture; a little apart for each number.</summary>
    private static (RenderedFrame Frame, View View, IReadOnlyList<Solid> Solids) Draw(LabelStudio studio, int number)
    {
        float shift = 0.7f * number;
        Matrix4x4 ball = Matrix4x4.CreateTranslation(-25, 20 - shift, 10), cube = Matrix4x4.CreateRotationZ(0.4f + (0.1f * number)) * Matrix4x4.CreateTranslation(17 - shift, 6, 8);
        Matrix4x4 slab = Matrix4x4.CreateTranslation(38 - shift, -12, 10);
        return studio.Draw(
            LabelStudio.Scene(35, 50, ball, cube, slab) with { Draws = new Seed(5).At(number) }, (Ball, ball), (LabelStudio.Box(16, 16, 16), cube), (LabelStudio.Box(50, 4, 20), slab));
    }

    private static Mesh Ball { get; } = LabelStudio.Ball(10, 24);

    private static RenderedFrame Break(RenderedFrame frame, string fault)
    {
        Annotation ball = frame.Annotations[0], cube = frame.Annotations[1], slab = frame.Annotations[2];
        RenderedFrame With(Annotation? b = null, Annotation? c = null, Annotation? s = null) => frame with { Annotations = [b ?? ball, c ?? cube, s ?? slab] };
        return fault switch
        {
            "a part is forgotten" => frame with { Annotations = [cube, slab] },
            "the hidden part is forgotten" => frame with { Annotations = [ball, slab] },
            "a part is labelled twice" => frame with { Annotations = [ball, ball, cube, slab] },
            "a part has another's name" => With(b: ball with { Part = new PartId("3001") }),
            "two masks overlap" => With(c: cube with { Mask = Changed(cube, (x, y, set) => set || slab.Mask![x, y]) }),
            "the mask is shifted by a pixel" => With(b: Masked(ball, (x, y, _) => x > 0 && ball.Mask![x - 1, y])),
            "the mask is that of the whole part" => With(c: Masked(cube, (x, y, set) => set || (slab.Mask![x, y] && Inside(cube.AmodalBox!.Value, x, y))), s: Masked(slab, (x, y, set) => set && !Inside(cube.AmodalBox!.Value, x, y))),
            "the mask lost its lower half" => With(b: Masked(ball, (_, y, set) => set && y < ball.Box.Center.Y)),
            "the mask fills the box" => With(b: Masked(ball, (x, y, _) => Inside(ball.Box, x, y))),
            "the mask is empty" => With(b: ball with { Mask = Changed(ball, (_, _, _) => false) }),
            "there is no mask" => With(b: ball with { Mask = null }),
            "the box is a pixel too wide" => With(b: ball with { Box = ball.Box with { Width = ball.Box.Width + 1 } }),
            "the box is another part's" => With(b: ball with { Box = cube.Box }),
            "the amodal box is the picture" => With(c: cube with { AmodalBox = new Box(0, 0, LabelStudio.Size, LabelStudio.Size) }),
            "the amodal box is inside the box" => With(c: cube with { AmodalBox = cube.Box with { X = cube.Box.X + 1, Width = cube.Box.Width - 1 } }),
            "there is no amodal box" => With(c: cube with { AmodalBox = null }),
            "more is visible than there is" => With(c: cube with { VisibleFraction = 1.25 }),
            "the visible fraction is 1" => With(c: cube with { VisibleFraction = 1 }),
            "the visible fraction is not a number" => With(c: cube with { VisibleFraction = double.NaN }),
            "too little is visible" => With(c: cube with { VisibleFraction = 0.1 }),
            "a whole part is truncated" => With(b: ball with { Truncated = true }),
            "a truncated part is whole" => With(s: slab with { Truncated = false, TruncatedFraction = 0 }),
            "the truncated share is wrong" => With(s: slab with { TruncatedFraction = slab.TruncatedFraction + 0.25 }),
            "there is no truncated share" => With(s: slab with { TruncatedFraction = null }),
            "the pose is a tenth of a millimetre off" => With(b: ball with { PoseInCamera = ball.PoseInCamera!.Value with { TranslationMm = ball.PoseInCamera.Value.TranslationMm + new Vector3(0.1f, 0, 0) } }),
            "the pose is turned by a degree" => With(c: cube with { PoseInCamera = cube.PoseInCamera!.Value with { Rotation = cube.PoseInCamera.Value.Rotation * Quaternion.CreateFromAxisAngle(Vector3.UnitZ, MathF.PI / 180) } }),
            "the pose on the table forgets the turn" => With(c: cube with { PoseOnTable = RigidPose.Of(frame.Scene.Entities[1].Transform) }),
            "there is no pose" => With(c: cube with { PoseInCamera = null }),
            "the depth is a millimetre off" => frame with { Depth = Depths(frame, (_, _, mm) => mm + 1) },
            "the depth is along the ray" => frame with { Depth = Depths(frame, (x, y, mm) => mm * Math.Sqrt(1 + (Math.Pow(x - 128, 2) + Math.Pow(y - 128, 2)) / Math.Pow(LabelStudio.Focal, 2))) },
            "the depth has holes" => frame with { Depth = Depths(frame, (x, _, mm) => x % 3 == 0 ? 0 : mm) },
            "the normals are the world's" => frame with { Normals = Turned(frame.Normals!) },
            "the normals are black" => frame with { Normals = new Picture(LabelStudio.Size, LabelStudio.Size) },
            _ => throw new ArgumentException(fault, nameof(fault)),
        };
    }

    private static bool Inside(Box box, int x, int y) => x >= box.X && y >= box.Y && x < box.Right && y < box.Bottom;

    /// <summary>Another mask with the box that goes with it.</summary>
    private static Annotation Masked(Annotation label, Func<int, int, bool, bool> set)
    {
        Mask mask = Changed(label, set);
        return label with { Mask = mask, Box = mask.Bounds()!.Value };
    }

    private static Mask Changed(Annotation label, Func<int, int, bool, bool> set) =>
        Mask.FromPixels(LabelStudio.Size, LabelStudio.Size, [.. label.Mask!.ToPixels().Select((p, i) => set(i % LabelStudio.Size, i / LabelStudio.Size, p == 1) ? (byte)1 : (byte)0)]);

    private static DepthMap Depths(RenderedFrame frame, Func<int, int, double, double> change) =>
        new(LabelStudio.Size, LabelStudio.Size, [.. frame.Depth!.Steps.Select((s, i) => DepthMap.Step(change(i % LabelStudio.Size, i / LabelStudio.Size, s * DepthMap.StepMm)))]);

    private static Picture Turned(Picture normals)
    {
        Picture turned = new(normals.Width, normals.Height);
        for (int i = 0; i < normals.Rgb.Length; i += 3)
        {
            // y down and z forward become z up and y forward, as if the camera looked level.
            (turned.Rgb[i], turned.Rgb[i + 1], turned.Rgb[i + 2]) = (normals.Rgb[i], normals.Rgb[i + 2], (byte)(256 - normals.Rgb[i + 1]));
        }

        return turned;
    }
}
