namespace DataRig.Core;

/// <summary>A picture beside a frame's own, of the same size, that says something else of each pixel. Always a PNG file.</summary>
public enum MapKind
{
    /// <summary>Distance along the optical axis: 16-bit grey in tenths of a millimetre, 0 where there is no surface.</summary>
    Depth,

    /// <summary>Which way the surface faces, in the camera's frame: 8-bit RGB, 128 + 127 · (x, y, z), black where there is no surface.</summary>
    Normals,
}
