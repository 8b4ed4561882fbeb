using System.Diagnostics;
using DataRig.Core;
using DataRig.Rig.Cameras;

namespace DataRig.Rig.Tests.Cameras;

public sealed class CommandCameraTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("command-").FullName;

    public CommandCameraTests() => File.WriteAllBytes(Path.Combine(_folder, "p.jpg"), TestPictures.Jpeg());

    [Theory]
    [InlineData("cat p.jpg > \"$0\"", true)]
    [InlineData("cat p.jpg", false)]
    public async Task The_picture_comes_from_the_file_or_from_standard_output(string script, bool toFile)
    {
        await using CommandCamera camera = Camera(script, toFile);

        Shot shot = await camera.CaptureAsync(default, default);

        Assert.Equal(TestPictures.Jpeg(), shot.Image.Bytes);
        Assert.Equal((96, 64), (shot.Image.Width, shot.Image.Height));
    }

    [Theory]
    [InlineData("echo 'starting' >&2; echo 'Could not claim the USB device' >&2; exit 3", true, "it ended with exit code 3 (it said: Could not claim the USB device)")]
    [InlineData("exit 0", true, "it ended well but wrote no picture")]
    [InlineData("head -c 700 p.jpg", false, "the JPEG is cut short after 700 bytes")]
    [InlineData("echo '<html>'", false, "it is not a JPEG (it begins 3C68746D)")]
    [InlineData("sleep 600", true, "had not finished after 0.3 s and was killed")]
    [InlineData("exec cat /dev/zero", false, "it wrote without end and was killed")]
    public async Task A_fault_is_told_in_one_sentence(string script, bool toFile, string expected)
    {
        await using CommandCamera camera = Camera(script, toFile);

        WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(() => camera.CaptureAsync(default, default));

        Assert.StartsWith("The camera's program /bin/sh gave no picture", failure.Message);
        Assert.Contains(expected, failure.Message);
    }

    [Fact]
    public async Task A_passing_fault_is_mended_by_another_try()
    {
        await using CommandCamera camera = Camera("if [ -e again ]; then cat p.jpg; else touch again; exit 1; fi", false);

        Assert.Equal(TestPictures.Jpeg(), (await camera.CaptureAsync(default, default)).Image.Bytes);
    }

    [Fact]
    public async Task The_lock_command_runs_once_and_its_failure_is_named()
    {
        await using CommandCamera good = Camera("cat p.jpg", false, ["/bin/sh", "-c", $"echo locked >> {_folder}/locked"]);
        await using CommandCamera bad = Camera("cat p.jpg", false, ["/bin/sh", "-c", "echo 'no such control' >&2; exit 1"]);

        Assert.Equal("command", (await good.LockAsync(null, default)).Driver);
        WorkFailedException failure = await Assert.ThrowsAsync<WorkFailedException>(() => bad.LockAsync(null, default));

        Assert.Single(File.ReadAllLines(Path.Combine(_folder, "locked")));
        Assert.Contains("ended with exit code 1 (it said: no such control)", failure.Message);
    }

    [Fact]
    public async Task What_a_dead_owner_left_running_is_killed_and_what_a_living_one_runs_is_not()
    {
        string program = Path.Combine(_folder, "orphaned-camera");
        await Executable.WriteAsync(program, File.ReadAllBytes("/bin/sleep"));
        using Process orphan = Start(program, "1:1"); // process 1 did not start at tick 1
        ProcessStartInfo ours = new(program, ["600"]);
        Orphans.Mark(ours);
        using Process child = Process.Start(ours)!;
        try
        {
            Assert.Equal(1, Orphans.Kill(program));

            await orphan.WaitForExitAsync();
            Assert.False(child.HasExited);
        }
        finally
        {
            child.Kill();
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Process Start(string program, string owner)
    {
        ProcessStartInfo start = new(program, ["600"]);
        start.Environment["DATARIG_OWNER"] = owner;
        return Process.Start(start)!;
    }

    private CommandCamera Camera(string script, bool toFile, string[]? lockCommand = null) => new(
        new CommandCameraOptions
        {
            Program = "/bin/sh",
            Arguments = ["-c", $"cd {_folder}; {script}", .. toFile ? [CommandCameraOptions.FilePlaceholder] : Array.Empty<string>()],
            LockCommand = lockCommand ?? [],
            DeadlineMs = script.Contains("sleep", StringComparison.Ordinal) ? 300 : 60_000, // short where it is waited for
        },
        TimeProvider.System);
}
