namespace DataRig.Rig.Cameras;

/// <summary>One part of a multipart stream.</summary>
/// <param name="Body">Its bytes.</param>
/// <param name="Headers">Its header lines by name, in any case of letters; the last of a name counts.</param>
/// <param name="ArrivedAt">When its body began to arrive, as whoever fed the parser knows it.</param>
public sealed record MultipartPart(byte[] Body, IReadOnlyDictionary<string, string> Headers, DateTimeOffset ArrivedAt);
