using DataRig.Core;

namespace DataRig.Data;

/// <summary>A picture of the empty table, which opens a session: what a part's outline is cut out against.</summary>
/// <param name="Stop">The stop of a sweep that it belongs to: the same angle, elevation and light.</param>
/// <param name="Image">The picture.</param>
/// <param name="AzimuthDegrees">How far the table had turned, proven by the turntable.</param>
/// <param name="Light">The light setting, if there are several.</param>
public sealed record Plate(int Stop, EncodedImage Image, double AzimuthDegrees, string? Light);
