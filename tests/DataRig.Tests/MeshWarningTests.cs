namespace DataRig.Tests;

/// <summary>What is doubtful about a scene's meshes is said by every verb that draws the scene.</summary>
public sealed class MeshWarningTests
{
    [Fact]
    public async Task A_capture_says_that_a_mesh_was_inside_out()
    {
        using Cli cli = new();
        // A cube of which every face is wound the wrong way round.
        cli.Write("cube.obj", string.Join('\n', "v 0 0 0", "v 9 0 0", "v 9 9 0", "v 0 9 0", "v 0 0 9", "v 9 0 9", "v 9 9 9", "v 0 9 9",
            "f 1 2 3 4", "f 8 7 6 5", "f 5 6 2 1", "f 6 7 3 2", "f 7 8 4 3", "f 8 5 1 4"));
        cli.Write("doubtful.json", """{ "name": "doubtful", "props": [{ "name": "block", "shape": { "kind": "mesh", "file": "cube.obj" }, "xMm": 40 }] }""");
        cli.Write("rig.json", """
            {
              "turntable": { "driver": "simulated" },
              "camera": { "driver": "simulated", "width": 64, "height": 64, "scene": "doubtful.json" },
              "lights": { "driver": "simulated" },
              "plan": { "items": { "3001": ["red"] }, "posesPerItem": 1, "stopsPerSweep": 4 }
            }
            """);
        (int code, _, string remarks) = await cli.RunAsync("capture", "--data", "data", "--quiet");
        Assert.True(code == 0, remarks);
        Assert.Contains("The prop \"block\": cube.obj: it was inside out", remarks, StringComparison.Ordinal);
    }
}
