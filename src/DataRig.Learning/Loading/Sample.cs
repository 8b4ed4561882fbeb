using DataRig.Core;

namespace DataRig.Learning.Loading;

/// <summary>A frame, of a dataset or made just now, and the number of its part among the model's classes.</summary>
internal sealed record Sample(FrameLabels Frame, int Label);
