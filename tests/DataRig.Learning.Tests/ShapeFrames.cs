using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning.Tests;

/// <summary>
/// Pictures of shapes in any colour on a light tinted table with a dark backdrop, drawn by this class alone, as files in a
/// folder that is deleted in the end.
/// </summary>
internal sealed class ShapeFrames : IDisposable
{
    public const int Width = 96;

    public static readonly string[] Parts = ["bar", "cross", "square"];

    private readonly Draws _draws;
    private long _next;

    public ShapeFrames(ulong seed = 1) => _draws = new Seed(seed).At(0);

    public string Folder { get; } = Directory.CreateTempSubdirectory("datarig-learning-").FullName;

    public List<LabelledFrame> Make(int perPart, SplitRole role, FrameSource source = FrameSource.Captured) =>
        [.. Parts.SelectMany(part => Enumerable.Range(0, perPart).Select(_ => Frame(part, role, source)))];

    public LabelledFrame Frame(string part, SplitRole role, FrameSource source = FrameSource.Captured)
    {
        long id = _next++;
        string file = Path.Combine(Folder, $"{id}.jpg");
        double X(string name) => _draws.Uniform($"{id} {name}");
        Picture picture = Draw(part, 48 + ((X("x") - 0.5) * 20), 48 + ((X("y") - 0.5) * 20), X("angle") * 0.6, (Level("r"), Level("g"), Level("b")));
        File.WriteAllBytes(file, ImageCodec.EncodeJpeg(picture, 90).Bytes);
        return new LabelledFrame(
            new FrameRecord
            {
                Id = new FrameId(id), ImagePath = file, ImageHash = $"{id:x}", Width = Width, Height = Width, Source = source, Part = new PartId(part), Item = new ItemId($"{part}-{id}"),
            },
            role);

        byte Level(string channel) => (byte)(30 + (X(channel) * 120));
    }

    /// <summary>A shape about (x, y), turned by an angle in radians, before a backdrop that fills the top corners.</summary>
    public static Picture Draw(string part, double x, double y, double angle, (byte R, byte G, byte B) color, (double R, double G, double B)? tint = null, int width = Width)
    {
        (double R, double G, double B) table = tint ?? (205, 190, 215);
        double unit = width / 96.0;
        Picture picture = new(width, width);
        for (int py = 0; py < width; py++)
        {
            for (int px = 0; px < width; px++)
            {
                double cx = (px + 0.5 - (width / 2.0)) / (width * 0.62), cy = (py + 0.5 - (width * 0.62)) / (width * 0.55);
                double light = 1 - (0.25 * ((cx * cx) + (cy * cy)));
                bool backdrop = py < width / 2 && (cx * cx) + (cy * cy) > 1;
                double dx = px + 0.5 - x, dy = py + 0.5 - y;
                double u = ((dx * Math.Cos(angle)) + (dy * Math.Sin(angle))) / unit, v = ((dy * Math.Cos(angle)) - (dx * Math.Sin(angle))) / unit;
                picture[px, py] = Covers(part, u, v) ? color
                    : backdrop ? ((byte)14, (byte)12, (byte)16)
                    : ((byte)(table.R * light), (byte)(table.G * light), (byte)(table.B * light));
            }
        }

        return picture;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static bool Covers(string part, double u, double v) => part switch
    {
        "bar" => Math.Abs(u) < 20 && Math.Abs(v) < 6,
        "square" => Math.Abs(u) < 12 && Math.Abs(v) < 12,
        "cross" => (Math.Abs(u) < 18 && Math.Abs(v) < 4) || (Math.Abs(u) < 4 && Math.Abs(v) < 18),
        "none" => false,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "no such shape"),
    };
}
