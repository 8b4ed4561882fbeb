using DataRig.Core;
using DataRig.Data;

namespace DataRig.Learning;

/// <summary>A frame and what it is used for.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Role">What it is used for.</param>
/// <param name="Box">The part's labelled box, if there is one: what <see cref="CropMode.Box"/> trains by.</param>
public sealed record LabelledFrame(FrameRecord Frame, SplitRole Role, Box? Box = null);
