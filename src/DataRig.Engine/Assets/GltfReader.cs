using System.Numerics;
using DataRig.Core;
using SharpGLTF.Schema2;

namespace DataRig.Engine.Assets;

/// <summary>
/// glTF 2.0, as text with its buffers beside it or inside, and binary: the triangles of the default scene's nodes.
/// Skins and morphs are drawn as they rest.
/// </summary>
internal static class GltfReader
{
    /// <param name="bytes">Of the .gltf or .glb file.</param>
    /// <param name="file">The name that messages give it.</param>
    /// <param name="readBeside">Reads another file by the name that this one gives it.</param>
    /// <exception cref="WorkFailedException">The bytes are no such mesh.</exception>
    public static RawMesh Read(byte[] bytes, string file, Func<string, byte[]> readBeside)
    {
        RawMesh mesh = new(file);
        try
        {
            Add(mesh, Open(bytes, readBeside));
            return mesh;
        }
        catch (Exception e) when (e is not (WorkFailedException or OutOfMemoryException))
        {
            // The library tells of what is wrong by many kinds of exceptions.
            throw e.InnerException as WorkFailedException ?? mesh.Wrong($"this is no glTF that can be read ({e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ')})");
        }
    }

    private static ModelRoot Open(byte[] bytes, Func<string, byte[]> readBeside)
    {
        ReadContext context = ReadContext.Create(name => new ArraySegment<byte>(readBeside(Uri.UnescapeDataString(name))));
        context.Validation = SharpGLTF.Validation.ValidationMode.Skip; // what matters here is checked below, in bounded time
        using MemoryStream stream = new(bytes, writable: false);
        return context.ReadSchema2(stream);
    }

    private static void Add(RawMesh mesh, ModelRoot model)
    {
        if (model.ExtensionsRequired.Except(["KHR_texture_transform", "KHR_materials_unlit", "KHR_mesh_quantization"]).FirstOrDefault(e => !e.StartsWith("KHR_materials_", StringComparison.Ordinal)) is { } extension)
        {
            throw mesh.Wrong($"the file needs the extension {extension}, which is not supported; save it without");
        }

        // A stack and not the library's own walk, which has no end where nodes hang on themselves.
        HashSet<int> children = [.. model.LogicalNodes.SelectMany(n => n.VisualChildren).Select(n => n.LogicalIndex)];
        IEnumerable<Node> roots = model.DefaultScene is { } scene ? scene.VisualChildren : model.LogicalNodes.Where(n => !children.Contains(n.LogicalIndex));
        Stack<(Node Node, Matrix4x4 ToWorld)> left = new(roots.Select(n => (n, Matrix4x4.Identity)));
        HashSet<int> met = [];
        while (left.TryPop(out (Node Node, Matrix4x4 ToWorld) next))
        {
            (Node node, Matrix4x4 toWorld) = (next.Node, next.Node.LocalMatrix * next.ToWorld);
            if (!met.Add(node.LogicalIndex))
            {
                throw mesh.Wrong($"node {node.LogicalIndex} hangs on more than one other, or on itself");
            }

            foreach (Node child in node.VisualChildren)
            {
                left.Push((child, toWorld));
            }

            if (node.Mesh is null)
            {
                continue;
            }

            if (node.Skin is not null || node.Mesh.Primitives.Any(p => p.MorphTargetsCount > 0))
            {
                mesh.Warn($"the mesh of node {node.LogicalIndex} can be bent; it is drawn as it rests");
            }

            foreach (MeshPrimitive primitive in node.Mesh.Primitives)
            {
                Add(mesh, primitive, toWorld);
            }
        }
    }

    private static void Add(RawMesh mesh, MeshPrimitive primitive, Matrix4x4 toWorld)
    {
        if (primitive.DrawPrimitiveType is PrimitiveType.POINTS or PrimitiveType.LINES or PrimitiveType.LINE_LOOP or PrimitiveType.LINE_STRIP)
        {
            mesh.Warn("points and lines are left aside");
            return;
        }

        Accessor positions = primitive.GetVertexAccessor("POSITION") ?? throw mesh.Wrong("a mesh has no positions");
        CheckCount(mesh, positions);
        int first = mesh.Positions.Count;
        foreach (Vector3 position in positions.AsVector3Array())
        {
            mesh.AddPoint(Vector3.Transform(position, toWorld));
        }

        if (primitive.IndexAccessor is { } indices)
        {
            CheckCount(mesh, indices);
        }

        // A mirrored node turns its triangles over.
        bool mirrored = toWorld.GetDeterminant() < 0;
        foreach ((int a, int b, int c) in primitive.GetTriangleIndices())
        {
            if (Math.Max(a, Math.Max(b, c)) >= positions.Count)
            {
                throw mesh.Wrong($"a triangle is between the points {a}, {b} and {c}, but its mesh has {positions.Count}");
            }

            mesh.AddTriangle(first + a, first + (mirrored ? c : b), first + (mirrored ? b : c));
        }
    }

    /// <summary>Before anything is made of that size: a count is only a number in the file.</summary>
    private static void CheckCount(RawMesh mesh, Accessor accessor)
    {
        if (accessor.Count > 3 * RawMesh.MaxTriangles)
        {
            throw mesh.Wrong($"accessor {accessor.LogicalIndex} says that it has {accessor.Count} elements; at most {3 * RawMesh.MaxTriangles} are read");
        }

        long bytes = (long)accessor.Count * accessor.Format.ByteSize;
        if (accessor.SourceBufferView is { } view && bytes > view.Content.Count)
        {
            throw mesh.Wrong($"accessor {accessor.LogicalIndex} says that it has {accessor.Count} elements, which take {bytes} bytes, but its buffer view has {view.Content.Count}");
        }
    }
}
