using DataRig.Core;
using DataRig.Engine.Parts;

namespace DataRig.Engine.Rendering;

/// <summary>The passes that make a frame, in their order. Lives on its device's thread.</summary>
internal sealed class Pipeline : IDisposable
{
    private readonly Dictionary<PartModel, PartMesh> _meshes = [];
    private readonly GlDevice _device;
    private readonly ImageOptions _image;
    private readonly ShadowPass _shadows;
    private readonly PartPass _parts;
    private readonly TablePass _table;
    private readonly LensPass _lens;
    private readonly SensorPass _sensor;
    private readonly LabelPass _labels;
    private readonly GeometryPass? _geometry;
    private readonly IReadOnlySet<MapKind> _maps;

    public Pipeline(GlDevice device, ImageOptions image, RendererOptions options)
    {
        _device = device;
        _image = image;
        _shadows = new ShadowPass(device, options.ShadowSamples);
        _parts = new PartPass(device, image.Width, image.Height, options.Supersampling);
        _table = new TablePass(device, image.Width, image.Height);
        _lens = new LensPass(device, image.Width, image.Height);
        _sensor = new SensorPass(device, image.Width, image.Height);
        _labels = new LabelPass(device, image.Width, image.Height);
        _maps = options.Maps;
        _geometry = _maps.Count > 0 ? new GeometryPass(device, image.Width, image.Height) : null;
    }

    /// <summary>Told a pass's name once its calls are made; null unless somebody measures.</summary>
    public Action<string>? Passed { get; set; }

    /// <summary>Draws a frame and checks its labels; a frame whose labels do not agree is drawn once more.</summary>
    public RenderedFrame Render(SampledScene scene)
    {
        View view = new(scene.Camera, _image.Width, _image.Height);
        Solid[] solids = _device.Call<Solid[]>(() => [.. scene.Bodies.Concat(new[] { scene.Hiding }.OfType<SampledBody>()).Select(b => new Solid(b.Model.Mesh, b.Model.Corners, MeshOf(b), b.Transform))]);
        RenderedFrame frame = LabelAudit.Agreed(() => _device.Call(() => Draw(scene, view, solids)), drawn => LabelAudit.Check(view, solids, drawn));
        Passed?.Invoke("audit");
        return frame;
    }

    /// <summary>Draws the picture and leaves it on the device, without labels.</summary>
    public void Draw(SampledScene scene) => _device.Call(() =>
    {
        Draw(scene, new View(scene.Camera, _image.Width, _image.Height));
        _device.Finish();
        return true;
    });

    private RenderedFrame Draw(SampledScene scene, View view, IReadOnlyList<Solid> solids)
    {
        Draw(scene, view);
        (DepthMap Depth, Picture Normals)? maps = _geometry?.Draw(scene, view, solids);
        IReadOnlyList<Annotation> annotations = _labels.Draw(scene, view, solids);
        Passed?.Invoke("labels");
        Picture picture = _sensor.Read();
        Passed?.Invoke("read-back");
        return new RenderedFrame
        {
            Scene = scene,
            Annotations = annotations,
            Picture = picture,
            JpegQuality = scene.Sensor.JpegQuality,
            Intrinsics = view.Intrinsics,
            Depth = _maps.Contains(MapKind.Depth) ? maps?.Depth : null,
            Normals = _maps.Contains(MapKind.Normals) ? maps?.Normals : null,
        };
    }

    private void Draw(SampledScene scene, View view)
    {
        LightSet lights = new(scene);
        _shadows.Draw(scene);
        Passed?.Invoke("shadows");
        _parts.Draw(scene, view, lights, MeshOf);
        Passed?.Invoke("parts");
        _table.Draw(scene, view, lights, _shadows, _parts);
        Passed?.Invoke("table");
        _sensor.Draw(scene, _lens.Draw(scene, view, _table.Radiance, _parts));
        Passed?.Invoke("sensor");
    }

    public void Dispose()
    {
        foreach (PartMesh mesh in _meshes.Values)
        {
            mesh.Dispose();
        }

        _shadows.Dispose();
        _parts.Dispose();
        _table.Dispose();
        _lens.Dispose();
        _sensor.Dispose();
        _labels.Dispose();
        _geometry?.Dispose();
    }

    private PartMesh MeshOf(SampledBody body)
    {
        if (!_meshes.TryGetValue(body.Model, out PartMesh? mesh))
        {
            mesh = new PartMesh(_device, body.Model);
            _meshes.Add(body.Model, mesh);
        }

        return mesh;
    }
}
