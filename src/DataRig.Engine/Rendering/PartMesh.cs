using System.Numerics;
using DataRig.Engine.Graphics;
using DataRig.Engine.Parts;
using Silk.NET.OpenGL;

namespace DataRig.Engine.Rendering;

/// <summary>A part's mesh on the device: position, normal and the nine transfer coefficients of each vertex.</summary>
internal sealed class PartMesh : IDisposable
{
    private readonly GlDevice _device;
    private readonly GlBuffer<Vertex> _vertices;
    private readonly GlBuffer<int> _indices;
    private readonly GlVertexArray _layout;

    public PartMesh(GlDevice device, PartModel model)
    {
        _device = device;
        float[] transfer = model.Transfer;
        Vertex[] vertices = new Vertex[model.Mesh.Positions.Length];
        for (int i = 0; i < vertices.Length; i++)
        {
            (vertices[i].Position, vertices[i].Normal) = (model.Mesh.Positions[i], model.Mesh.Normals[i]);
            transfer.AsSpan(i * Transfer.Coefficients, Transfer.Coefficients).CopyTo(vertices[i].Transfer);
        }

        _layout = new GlVertexArray(device, model.Name);
        _layout.Bind();
        _vertices = new GlBuffer<Vertex>(device, $"{model.Name} vertices", BufferTargetARB.ArrayBuffer, vertices);
        _indices = new GlBuffer<int>(device, $"{model.Name} indices", BufferTargetARB.ElementArrayBuffer, model.Mesh.Indices);
        _layout.Describe(_vertices, 3, 3, 4, 4, 1);
    }

    public unsafe void Draw()
    {
        _layout.Bind();
        _device.Gl.DrawElements(PrimitiveType.Triangles, (uint)_indices.Count, DrawElementsType.UnsignedInt, null);
    }

    public void Dispose()
    {
        _layout.Dispose();
        _vertices.Dispose();
        _indices.Dispose();
    }

    [System.Runtime.CompilerServices.InlineArray(Transfer.Coefficients)]
    private struct Coefficients
    {
        private float _first;
    }

    private struct Vertex
    {
        public Vector3 Position;
        public Vector3 Normal;
        public Coefficients Transfer;
    }
}
