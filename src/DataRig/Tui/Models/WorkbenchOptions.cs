using DataRig.Core;
using DataRig.Jobs;
using DataRig.Rig;

namespace DataRig.Tui.Models;

/// <summary>What the user interface begins with.</summary>
internal sealed record WorkbenchOptions
{
    /// <summary>The rig's configuration; null for the one that <see cref="RigFile.Find"/> finds.</summary>
    public string? Rig { get; init; }

    /// <summary>Where runs, datasets and written plans go that nobody named a place for.</summary>
    public string Home { get; init; } = Environment.CurrentDirectory;

    /// <summary>The dataset's folder; null for <c>data</c>.</summary>
    public string? Data { get; init; }

    /// <summary>Whether plan and training are cut to a one-minute version.</summary>
    public bool Quick { get; init; }

    /// <summary>A file to record the board's line in, if any.</summary>
    public string? WireLog { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Makes the rig; a test hands it another.</summary>
    public Func<RigFile, CapturePlan, Seed, Sitting, CaptureRig> MakeRig { get; init; } = RigFactory.Create;

    public DoctorReach Reach { get; init; } = new();

    /// <summary>The room on the disk of a folder, in bytes.</summary>
    public Func<string, long> FreeBytes { get; init; } = DoctorRig.FreeBytes;
}
