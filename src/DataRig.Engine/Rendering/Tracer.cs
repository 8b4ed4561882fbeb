using System.Numerics;
using System.Runtime.CompilerServices;
using DataRig.Engine.Geometry;

namespace DataRig.Engine.Rendering;

/// <summary>Meets a frame's solids with rays from the eye, on the processor: the other way to find what the device drew.</summary>
internal sealed class Tracer
{
    /// <summary>A solid's number where a ray meets none.</summary>
    public const int Nothing = -1;

    /// <summary>Further off an edge, in pixels, than the device's rounding of corners (1/256 on most) can move it.</summary>
    private const float Graze = 0.04f;

    private static readonly ConditionalWeakTable<Mesh, RayCaster> Casters = [];

    private readonly View _view;
    private readonly (RayCaster Caster, Matrix4x4 FromWorld, Vector3 Eye)[] _solids;

    public Tracer(View view, IReadOnlyList<Solid> solids)
    {
        _view = view;
        _solids = new (RayCaster, Matrix4x4, Vector3)[solids.Count];
        for (int i = 0; i < _solids.Length; i++)
        {
            Matrix4x4.Invert(solids[i].Transform, out Matrix4x4 fromWorld);
            _solids[i] = (Casters.GetValue(solids[i].Mesh, static mesh => new RayCaster(mesh)), fromWorld, Vector3.Transform(view.Eye, fromWorld));
        }
    }

    /// <summary>What a ray meets first.</summary>
    /// <param name="Solid">Its number, or <see cref="Nothing"/>.</param>
    /// <param name="Depth">Along the optical axis, in mm; infinite where there is nothing.</param>
    /// <param name="Normal">Of the triangle, in the camera's frame.</param>
    public readonly record struct Hit(int Solid, float Depth, Vector3 Normal);

    /// <summary>The middle of a pixel and eight places around it, so near that only a ray which grazes an edge could meet different things there.</summary>
    public IEnumerable<Hit> Around(int x, int y)
    {
        for (int i = 0; i < 9; i++)
        {
            yield return At(x + 0.5f + (Graze * ((i % 3) - 1)), y + 0.5f + (Graze * ((i / 3) - 1)));
        }
    }

    /// <summary>What is seen at a place of the picture, in pixels, or beyond its edge.</summary>
    public Hit At(float x, float y)
    {
        Vector3 ray = _view.Ray(x, y);
        Hit hit = new(Nothing, float.PositiveInfinity, default);
        for (int i = 0; i < _solids.Length; i++)
        {
            (float distance, Vector3 normal) = Meet(i, ray);
            if (distance < hit.Depth)
            {
                hit = new(i, distance, normal);
            }
        }

        if (hit.Solid == Nothing)
        {
            return hit;
        }

        // A normal goes back by the transpose of what brought the ray here.
        Vector3 outward = Vector3.TransformNormal(hit.Normal, Matrix4x4.Transpose(_solids[hit.Solid].FromWorld));
        return hit with { Normal = Vector3.Normalize(Vector3.TransformNormal(outward, _view.ToCamera)) };
    }

    /// <summary>Whether a solid would be seen at a place if it were alone.</summary>
    public bool Meets(int solid, float x, float y) => float.IsFinite(Meet(solid, _view.Ray(x, y)).Distance);

    private (float Distance, Vector3 Normal) Meet(int solid, Vector3 ray)
    {
        (RayCaster caster, Matrix4x4 fromWorld, Vector3 eye) = _solids[solid];
        return caster.First(eye, Vector3.TransformNormal(ray, fromWorld));
    }
}
