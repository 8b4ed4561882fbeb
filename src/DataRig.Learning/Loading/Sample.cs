using DataRig.Data;

namespace DataRig.Learning.Loading;

/// <summary>A frame and the number of its part among the model's classes.</summary>
internal sealed record Sample(FrameRecord Frame, int Label);
