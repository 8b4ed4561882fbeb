using DataRig.Core;

namespace DataRig.Engine;

/// <summary>How often the labels of a run's frames did not agree with their geometry. Too often is a failure of the run.</summary>
public sealed class LabelTally
{
    /// <summary>So few prove nothing about a rate.</summary>
    public const int LeastMismatches = 3;

    /// <summary>One frame in this many may have to be drawn again.</summary>
    public const int FramesPerMismatch = 10_000;

    private string? _first;

    /// <summary>Frames that were checked.</summary>
    public int Frames { get; private set; }

    /// <summary>Frames that had to be drawn again, since a label did not agree.</summary>
    public int Mismatched { get; private set; }

    /// <summary>Those among them whose labels did not agree the second time either.</summary>
    public int Unresolved { get; private set; }

    /// <exception cref="WorkFailedException">Too many frames do not agree; the first of them is named.</exception>
    public void Count(RenderedFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Frames++;
        if (frame.Verdict.Found.Count == 0)
        {
            return;
        }

        Mismatched++;
        Unresolved += frame.Verdict.Agreed ? 0 : 1;
        _first ??= $"frame {frame.Scene.Draws.Index}, {frame.Verdict.Found[0]}";
        if (Mismatched >= LeastMismatches && (long)Mismatched * FramesPerMismatch > Frames)
        {
            throw new WorkFailedException($"The labels of {Mismatched} of {Frames} frames do not agree with their geometry, where 1 in {FramesPerMismatch} may not (the first is {_first}): look at that frame with 'datarig synth --preview --first {frame.Scene.Draws.Index}', or use another OpenGL driver.");
        }
    }
}
