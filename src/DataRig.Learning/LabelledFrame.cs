using DataRig.Data;

namespace DataRig.Learning;

/// <summary>A frame and what it is used for.</summary>
public sealed record LabelledFrame(FrameRecord Frame, SplitRole Role);
