using DataRig.Core;
using DataRig.Engine;
using DataRig.Rig;

namespace DataRig.Twin;

/// <summary>
/// What lies on the twin's table. The twin's hand lays items down here and the twin's camera looks at it:
/// the one place where the simulated rig and the engine meet.
/// </summary>
internal sealed class TwinTable : IOperator
{
    /// <summary>How far from the centre the hand lays a part down, each way.</summary>
    private const double PlacementMm = 6;

    private readonly Scene _scene;
    private readonly Seed _seed;
    private ScenePins? _lying;
    private Seed _sweepSeed;

    /// <param name="scene">What the table stands in.</param>
    /// <param name="plan">What will be laid on it.</param>
    /// <param name="seed">How it will lie, and the look of the rig, follow from this.</param>
    /// <exception cref="WorkFailedException">The plan asks for a part or a colour that the engine or the scene does not have.</exception>
    public TwinTable(Scene scene, CapturePlan plan, Seed seed)
    {
        _scene = scene;
        _seed = seed;
        foreach (Sweep sweep in plan.Sweeps().Where(s => s.Placement.Part != PartId.Nothing))
        {
            MaterialOf(sweep.Placement);
            scene.Library.Poses(sweep.Placement.Part);
        }
    }

    public Task<string?> PlaceAsync(Placement placement, CancellationToken cancel)
    {
        if (placement.Part == PartId.Nothing)
        {
            (_lying, _sweepSeed) = (null, _seed.For(placement.Item.Value));
            return Task.FromResult<string?>(null);
        }

        string material = MaterialOf(placement);
        IReadOnlyList<string> poses = _scene.Library.Poses(placement.Part);
        string pose = poses[placement.Pose % poses.Count];
        _sweepSeed = _seed.For($"{placement.Item}, pose {placement.Pose}");
        Draws hand = _sweepSeed.At(0);
        _lying = new ScenePins
        {
            Part = placement.Part,
            Item = placement.Item,
            Material = material,
            Pose = pose,
            PlacementMm = (hand.Uniform("x", -PlacementMm, PlacementMm), hand.Uniform("y", -PlacementMm, PlacementMm)),
            YawDegrees = hand.Uniform("yaw", 0, 360),
            RigSeed = _seed,
        };
        return Task.FromResult<string?>(pose);
    }

    /// <summary>The twin's hand clears the table and never tires; what is broken in a simulation it cannot mend.</summary>
    public Task<bool> DoAsync(Chore chore, CancellationToken cancel)
    {
        if (chore.Kind == ChoreKind.ClearTable)
        {
            _lying = null;
        }

        return Task.FromResult(chore.Kind != ChoreKind.Mend);
    }

    /// <summary>The scene as it is with the table turned; the same angle of the same sweep is the same to the bit.</summary>
    public SampledScene At(double azimuthDegrees)
    {
        ScenePins pins = (_lying ?? new ScenePins { RigSeed = _seed }) with { TableAzimuthDegrees = azimuthDegrees };
        SampledScene scene = SceneSampler.Sample(_scene, _sweepSeed, (long)Math.Round(azimuthDegrees * 1e6), pins);
        return _lying is null ? scene with { Entities = [] } : scene;
    }

    /// <summary>A simulated item is named for its material: <c>3001-red</c> is red.</summary>
    private string MaterialOf(Placement placement)
    {
        string material = placement.Item.Value[(placement.Part.Value.Length + 1)..];
        return _scene.Materials.Any(m => m.Name == material)
            ? material
            : throw new WorkFailedException($"The simulated item \"{material}\" of part {placement.Part} is no material of the scene \"{_scene.Name}\"; it has {string.Join(", ", _scene.Materials.Select(m => m.Name))}.");
    }
}
