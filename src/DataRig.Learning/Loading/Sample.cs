using DataRig.Core;

namespace DataRig.Learning.Loading;

/// <summary>A frame, of a dataset or made just now, and the number of its part among the model's classes.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Label">The number.</param>
/// <param name="Box">The part's labelled box, if there is one to train by.</param>
internal sealed record Sample(FrameLabels Frame, int Label, Box? Box = null);
