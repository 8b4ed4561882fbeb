using System.Numerics;
using DataRig.Core;

namespace DataRig.Data.Tests;

internal static class TestFrames
{
    public static Frame Rendered(int index, string part = "3001", string item = "synthetic") => new()
    {
        Image = TestPictures.Jpeg((ulong)index),
        Source = FrameSource.Rendered,
        Part = new PartId(part),
        Item = new ItemId(item),
        Pose = "studs-up",
        AzimuthDegrees = index * 7.3 % 360,
        ElevationDegrees = 35,
        Origin = $"bricks.json seed 1 index {index}",
        Intrinsics = new Intrinsics(123.25, 124.5, 32, 24.125),
        Annotations = [Annotation(index, part, item), Annotation(index + 1000, "3002", "neighbour")],
    };

    /// <summary>The same with depth and normals.</summary>
    public static Frame WithMaps(Frame frame, int index) => frame with
    {
        Maps = new Dictionary<MapKind, EncodedImage>
        {
            [MapKind.Depth] = ImageCodec.EncodeDepth(new DepthMap(64, 48, [.. Enumerable.Range(0, 64 * 48).Select(i => (ushort)((i * 7) + index))])),
            [MapKind.Normals] = ImageCodec.EncodePng(TestPictures.Make((ulong)index + 5000)),
        },
    };

    public static Frame Captured(SessionId session, int sweep, int stop, string part = "3001", string item = "3001-red") => new()
    {
        Image = TestPictures.Jpeg((ulong)((sweep * 1000) + stop)),
        Source = FrameSource.Captured,
        Part = new PartId(part),
        Item = new ItemId(item),
        Session = session,
        Sweep = sweep,
        Stop = stop,
        Pose = "studs-up",
        AzimuthDegrees = stop * 10,
        ElevationDegrees = 30,
    };

    public static Frame Imported(string origin, string part, string item, ulong picture) => new()
    {
        Image = TestPictures.Jpeg(picture),
        Source = FrameSource.Imported,
        Part = new PartId(part),
        Item = new ItemId(item),
        Origin = origin,
    };

    private static Annotation Annotation(int index, string part, string item)
    {
        Draws draws = new Seed(9).At(index);
        byte[] pixels = new byte[64 * 48];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = draws.Chance($"p{i}", 0.3) ? (byte)1 : (byte)0;
        }

        Mask mask = Mask.FromPixels(64, 48, pixels);
        return new Annotation
        {
            Part = new PartId(part),
            Item = new ItemId(item),
            Mask = mask,
            Box = mask.Bounds()!.Value,
            VisibleFraction = draws.Uniform("visible"),
            Truncated = draws.Chance("truncated", 0.5),
            AmodalBox = new Box(0, 0, 64, 47),
            TruncatedFraction = draws.Uniform("cut"),
            PoseInCamera = new RigidPose(new Quaternion(0.1f, -0.7f, 0.1f, 0.7f), new Vector3((float)draws.Uniform("x"), -12.345678f, 96)),
            PoseOnTable = new RigidPose(Quaternion.Identity, new Vector3(1, (float)draws.Uniform("y"), 1e-7f)),
        };
    }
}
