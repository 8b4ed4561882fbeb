using System.Numerics;
using DataRig.Core;
using DataRig.Engine.Parts;

namespace DataRig.Engine;

/// <summary>Draws where a scene's props stand and what they look like.</summary>
internal static class PropSampler
{
    public static IReadOnlyList<SampledBody> Sample(Scene scene, Sampling draw, SampledCamera camera, double tableAzimuthDegrees)
    {
        Dictionary<string, Matrix4x4> places = [];
        List<SampledBody> bodies = [];
        foreach (PropOptions prop in scene.Props)
        {
            int count = (int)Math.Round(draw.Number(prop.Count, $"prop.{prop.Name}.count"));
            for (int i = 0; i < count; i++)
            {
                string name = i == 0 ? $"prop.{prop.Name}" : $"prop.{prop.Name}#{i + 1}";
                Matrix4x4 place = i == 0 ? Place(prop) : Local(prop, name) * Base(prop);
                if (prop.Shape is { } shape)
                {
                    Vector3 color = draw.Color(prop.Surface.Color, name + ".color");
                    bodies.Add(new(color, draw.Single(prop.Surface.Roughness, name + ".roughness"), draw.Single(prop.Surface.Specular, name + ".specular"), place)
                    {
                        CastsShadow = prop.CastsShadow,
                        Model = scene.Library.ModelOf(shape),
                        Texture = prop.Surface.Texture is { } file ? (scene.Library.Textures[file], (float)prop.Surface.TextureMm) : null,
                    });
                }
            }
        }

        return bodies;

        // A parent may stand after its children in the file.
        Matrix4x4 Place(PropOptions prop)
        {
            if (!places.TryGetValue(prop.Name, out Matrix4x4 place))
            {
                place = Local(prop, $"prop.{prop.Name}") * Base(prop);
                places.Add(prop.Name, place);
            }

            return place;
        }

        Matrix4x4 Base(PropOptions prop) => prop switch
        {
            { Parent: { } parent } => Place(scene.Props.First(p => p.Name == parent)),
            { Frame: PropFrame.Table } => Matrix4x4.CreateRotationZ((float)Angle.ToRadians(tableAzimuthDegrees)),
            { Frame: PropFrame.Camera } => Matrix4x4.CreateRotationZ(MathF.Atan2(camera.Eye.X - camera.LookAt.X, camera.LookAt.Y - camera.Eye.Y)),
            _ => Matrix4x4.Identity,
        };

        Matrix4x4 Local(PropOptions prop, string name) =>
            Matrix4x4.CreateRotationX(Radians(prop.TiltDegrees, name + ".tilt"))
            * Matrix4x4.CreateRotationY(Radians(prop.RollDegrees, name + ".roll"))
            * Matrix4x4.CreateRotationZ(Radians(prop.YawDegrees, name + ".yaw"))
            * Matrix4x4.CreateTranslation(draw.Single(prop.XMm, name + ".x"), draw.Single(prop.YMm, name + ".y"), draw.Single(prop.ZMm, name + ".z"));

        float Radians(Distribution degrees, string name) => (float)Angle.ToRadians(draw.Number(degrees, name));
    }
}
