using DataRig.Core;
using DataRig.Data;
using DataRig.Jobs;
using DataRig.Rig;
using DataRig.Rig.Cameras;
using DataRig.Rig.Transports;
using DataRig.Terminal;

namespace DataRig.Tests;

/// <summary>What the doctor makes of machines and rigs, healthy ones and others.</summary>
public sealed class DoctorTests : IDisposable
{
    private const string GroupFile = "root:x:0:\ndialout:x:20:maker,other\nvideo:x:44:\ngpio:x:997:maker\nbroken line\n";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly string _folder = Directory.CreateTempSubdirectory("datarig-doctor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("dialout", "20", true, null)] // in the group since log-in, nothing plugged in
    [InlineData("dialout", "", false, "log out and in again")] // put into it, not logged in since
    [InlineData("video", "", false, "sudo usermod -aG video maker")]
    [InlineData("uucp", "", true, null)] // neither group nor device: nothing is refused
    [InlineData("dialout", "20", false, "sudo chgrp dialout /dev/shut", "/dev/shut")]
    [InlineData("video", "", false, "sudo usermod -aG video maker", "/dev/open", "/dev/shut")]
    [InlineData("uucp", "", false, "sudo chmod a+rw /dev/shut", "/dev/shut")]
    [InlineData("video", "", true, null, "/dev/open")] // by an access list, say
    public void Access_is_judged_by_the_device_and_mended_by_the_group(string group, string groups, bool good, string? remedy, params string[] devices)
    {
        DoctorAccess access = DoctorAccess.Of("maker", $"Name:\tdatarig\nUid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t{groups} \n", GroupFile);

        Finding finding = access.To("access", group, devices, d => d == "/dev/open");

        Assert.Equal(good, finding.Good);
        Assert.Equal(remedy is null, finding.Remedy is null);
        Assert.StartsWith(remedy ?? "", finding.Remedy ?? "");
        Assert.Equal(devices.Contains("/dev/shut"), finding.Found.Contains("/dev/shut"));
    }

    [Fact]
    public void Root_may_use_everything_and_a_kernel_that_says_nothing_lets_nobody_in()
    {
        Assert.True(DoctorAccess.Of("root", "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t0\n", GroupFile).To("access", "video", [], _ => true).Good);
        Assert.True(DoctorAccess.Of("maker", "Uid:\t1000\t1000\nGid:\t20\t20\nGroups:\t\n", GroupFile).To("access", "dialout", [], _ => true).Good); // by the first group of all
        Assert.False(DoctorAccess.Of("maker", "", GroupFile).To("access", "video", [], _ => true).Good);
        Assert.False(DoctorAccess.Of("maker", "Uid:\t1000\t1000\nGroups:\tmany\n", GroupFile).To("access", "gpio", [], _ => true).Good);
    }

    [Theory]
    [InlineData(150_000_000, 1000, 100_000, true)]
    [InlineData(149_999_999, 1000, 100_000, false)]
    [InlineData(long.MaxValue, int.MaxValue, 1_000_000, true)] // no overflow
    public void The_disk_has_to_hold_the_plan_and_half_as_much_again(long free, int frames, long bytes, bool good)
    {
        Finding finding = DoctorRig.Room("/data", free, frames, bytes);

        Assert.Equal(good, finding.Good);
        Assert.Equal(good, finding.Remedy is null);
    }

    [Fact]
    public void A_clock_that_is_behind_the_program_is_told()
    {
        DateTimeOffset built = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.False(DoctorMachine.Clock(DateTimeOffset.UnixEpoch, built).Good);
        Assert.True(DoctorMachine.Clock(built.AddHours(-2), built).Good);
    }

    [Fact]
    public async Task A_healthy_rig_gets_only_good_findings_and_nothing_moves()
    {
        FakeBoard board = new() { LightChannels = 2 };

        IReadOnlyList<Finding> findings = await ExamineAsync(board, Lamps(1), Path.Combine(_folder, "shot.jpg"));

        Assert.All(findings, f => Assert.True(f.Good, f.ToString()));
        Assert.Equal(["drivers", "ports", "board access", "board", "index switch", "lights", "test shot", "plan"], findings.Select(f => f.What));
        Assert.Contains("fake, Fake 1.0, at the test", findings.Single(f => f.What == "board").Found);
        Assert.Empty(board.Moves);
        Assert.False(board.Holding);
        Assert.Equal(["1=1", "1=0"], board.Lit); // lit for the shot, dark after it
        Assert.True(board.Disposed);
        Assert.Equal(Striped(), await File.ReadAllBytesAsync(Path.Combine(_folder, "shot.jpg"), Cancel));
    }

    [Fact]
    public async Task Lights_beyond_the_boards_and_a_missing_switch_are_told()
    {
        IReadOnlyList<Finding> findings = await ExamineAsync(new FakeBoard { LightChannels = 1, HasSwitch = false }, Lamps(1), null, Homing.Switch);

        Assert.Equal(["index switch", "lights", "test shot"], findings.Where(f => !f.Good).Select(f => f.What));
        Assert.All(findings.Where(f => !f.Good), f => Assert.NotEmpty(f.Remedy!));
    }

    [Fact]
    public async Task A_board_that_is_not_found_takes_no_further_check_with_it()
    {
        IReadOnlyList<Finding> findings = await ExamineAsync(null, new NoLightsOptions(), null);

        Finding bad = Assert.Single(findings, f => !f.Good);
        Assert.Equal(("board", "Nothing answers at the test."), (bad.What, bad.Found));
        Assert.Contains(findings, f => f.What == "test shot");
    }

    [Fact]
    public async Task A_file_that_is_no_picture_is_not_written_over()
    {
        string notes = Path.Combine(_folder, "notes.txt");
        await File.WriteAllTextAsync(notes, "mine", Cancel);

        IReadOnlyList<Finding> findings = await ExamineAsync(new FakeBoard(), new NoLightsOptions(), notes);

        Assert.Contains("no JPEG", Assert.Single(findings, f => !f.Good).Found);
        Assert.Equal("mine", await File.ReadAllTextAsync(notes, Cancel));
    }

    [Theory]
    [InlineData(0, true, "camera 0 imx708, 1536x864, 4608x2592")]
    [InlineData(2, false, "there is no camera 2: camera 0 imx708")]
    [InlineData(0, false, "sees no camera", "No cameras available!")]
    [InlineData(0, false, "sees no camera", "<html>99999999999 : x [1x1</html>")]
    public async Task The_cameras_program_says_its_modes(int wanted, bool good, string found, string? says = null)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("a shell script stands for rpicam-still");
        }

        string program = Path.Combine(_folder, "rpicam");
        const string usual = """
            Available cameras
            -----------------
            0 : imx708 [4608x2592 10-bit RGGB] (/base/soc/i2c0mux/i2c@1/imx708@1a)
                Modes: 'SRGGB10_CSI2P' : 1536x864 [120.13 fps - (768, 432)/3072x1728 crop]
                                         4608x2592 [14.35 fps - (0, 0)/4608x2592 crop]
            """;
        await Executable.WriteAsync(program, System.Text.Encoding.UTF8.GetBytes($"#!/bin/sh\ncat <<'END'\n{says ?? usual}\nEND\n"));

        IReadOnlyList<Finding> findings = await ExamineAsync(new FakeBoard(), new NoLightsOptions(), null, camera: new RpicamOptions { Program = program, Camera = wanted });

        Finding camera = findings.Single(f => f.What == "camera");
        Assert.Contains(found, camera.Found);
        Assert.Equal(good, camera.Good);
        Assert.Equal(good, camera.Remedy is null);
    }

    [Fact]
    public async Task A_camera_that_gives_no_good_picture_is_told()
    {
        byte[] cut = Striped()[..^200];
        await File.WriteAllBytesAsync(Path.Combine(_folder, "a-cut.jpg"), cut, Cancel);

        Finding bad = Assert.Single(await ExamineAsync(new FakeBoard(), new NoLightsOptions(), null), f => !f.Good);

        Assert.Equal("test shot", bad.What);
        Assert.NotNull(bad.Remedy);
    }

    [Theory]
    [InlineData(1, 0, null)]
    [InlineData(2, 0, "\"reversed\": true")]
    [InlineData(3, 20, "\"microsteps\": 8")]
    [InlineData(4, 0, "coils")]
    [InlineData(5, 0, "step and direction")]
    public async Task The_guided_move_says_what_to_change(int seen, int observed, string? advice)
    {
        FakeBoard board = new() { HasSwitch = false };
        string answers = $"\n{seen}\n{(observed > 0 ? $"{observed}\n" : "")}\ny\ny\n";

        IReadOnlyList<Finding> findings = await MoveAsync(board, answers);

        Assert.Equal(["turntable", "driver enable"], findings.Select(f => f.What));
        Assert.Equal(advice is null, findings[0].Good);
        Assert.Contains(advice ?? "", findings[0].Remedy ?? "");
        Assert.Equal([89L, 0L], board.Moves.Select(m => m.TargetMicrosteps)); // 10 of 360 degrees of 3200 microsteps, and back
        Assert.False(board.Holding);
    }

    [Theory]
    [InlineData("y", "y", true, "")]
    [InlineData("n", "y", false, "no current")]
    [InlineData("y", "n", false, "EN pin")]
    [InlineData("n", "n", false, "the other way round")]
    public async Task The_drivers_enable_is_felt_by_hand(string holds, string free, bool good, string remedy)
    {
        IReadOnlyList<Finding> findings = await MoveAsync(new FakeBoard { HasSwitch = false }, $"s\n\n{holds}\n{free}\n");

        Finding enable = Assert.Single(findings);
        Assert.Equal(good, enable.Good);
        Assert.Contains(remedy, enable.Remedy ?? "");
    }

    [Theory]
    [InlineData(false, true, true, "")]
    [InlineData(true, false, false, "the switch's other contact")]
    [InlineData(false, false, false, "two wires")]
    [InlineData(true, true, false, "two wires")]
    public async Task The_switch_is_read_open_and_pressed(bool open, bool pressed, bool good, string remedy)
    {
        FakeBoard board = new();
        board.Switch.Enqueue(open);
        board.Switch.Enqueue(pressed);

        IReadOnlyList<Finding> findings = await MoveAsync(board, "s\ns\n\n\n");

        Finding found = Assert.Single(findings);
        Assert.Equal(good, found.Good);
        Assert.Contains(remedy, found.Remedy ?? "");
    }

    [Fact]
    public async Task An_answer_that_does_not_fit_is_asked_for_again()
    {
        StringWriter screen = new();

        IReadOnlyList<Finding> findings = await MoveAsync(new FakeBoard { HasSwitch = false }, "what?\n\n0\nsix\n3\n-5\nNaN\n9,5\n10\ns\n", screen);

        Assert.Contains("Expected Enter or s, found \"what?\"", screen.ToString());
        Assert.Contains("Expected a number from 1 to 5, found \"six\"", screen.ToString());
        Assert.Contains("found \"9,5\"", screen.ToString());
        Assert.Contains("10 degrees were seen", Assert.Single(findings).Found);
    }

    [Fact]
    public async Task Without_anybody_there_nothing_moves()
    {
        FakeBoard board = new();

        await Assert.ThrowsAsync<WorkFailedException>(() => MoveAsync(board, ""));

        Assert.Empty(board.Moves);
    }

    [Fact]
    public async Task Whoever_leaves_in_the_middle_leaves_the_table_where_it_was_and_free()
    {
        FakeBoard board = new();

        await Assert.ThrowsAsync<WorkFailedException>(() => MoveAsync(board, "\n"));

        Assert.Equal(0, board.Moves[^1].TargetMicrosteps);
        Assert.False(board.Holding);
    }

    [Fact]
    public void A_measurement_becomes_settings()
    {
        SerialTurntableOptions options = new() { GearRatio = new(1, 1), BacklashDegrees = 0.1, Board = new() };

        IReadOnlyList<Finding> wrong = DoctorCalibration.Judge(options, new(3, 21_333, 900, 20, 2, 0.34, new(20, 3)));
        IReadOnlyList<Finding> right = DoctorCalibration.Judge(options with { GearRatio = new(40, 6), BacklashDegrees = 0.5 }, new(3, 21_333, 2, 20, 2, 0.34, new(20, 3)));

        Assert.Equal([false, false, false], wrong.Select(f => f.Good));
        Assert.Contains("\"gearRatio\": [20, 3]", wrong[1].Remedy);
        Assert.Contains("\"backlashDegrees\": 0.4", wrong[2].Remedy);
        Assert.All(right, f => Assert.True(f.Good && f.Remedy is null, f.ToString()));
    }

    [Fact]
    public async Task A_simulated_rig_is_green_and_has_nothing_to_move()
    {
        using Cli cli = new();

        (int code, string result, string remarks) = await cli.RunAsync("doctor", "--json", "--quiet", "--shot", "shot.jpg");
        (int moved, string nothing, string said) = await cli.RunAsync("doctor", "--move");

        Assert.True(code == 0, result + remarks);
        Assert.Contains("\"what\": \"test shot\"", result);
        Assert.Equal(96, ImageCodec.Decode(await File.ReadAllBytesAsync(cli.At("shot.jpg"), Cancel)).Width);
        Assert.Equal((1, ""), (moved, nothing));
        Assert.Contains("is simulated", said);
    }

    [Theory]
    [InlineData("--move 0")]
    [InlineData("--move far")]
    [InlineData("--calibrate 1000")]
    [InlineData("--move --calibrate")]
    public async Task What_cannot_be_done_is_refused(string arguments)
    {
        using Cli cli = new();

        (int code, _, string remarks) = await cli.RunAsync(["doctor", .. arguments.Split(' ')]);

        Assert.Equal(2, code);
        Assert.Contains(arguments.Split(' ')[0], remarks);
    }

    private static Task<IReadOnlyList<Finding>> MoveAsync(FakeBoard board, string answers, StringWriter? screen = null) =>
        new DoctorMove(new SerialTurntableOptions { Board = new() }, new DoctorQuestions(new StringReader(answers), screen ?? new StringWriter())).RunAsync(board, 10, Cancel);

    private static BoardLightsOptions Lamps(int channel) => new() { Channels = new Dictionary<string, int> { ["ring"] = channel } };

    /// <summary>The rig's checks, with a board at a port that is there, and a folder's picture for a camera.</summary>
    private async Task<IReadOnlyList<Finding>> ExamineAsync(FakeBoard? board, LightsOptions lights, string? shotFile, Homing home = Homing.Here, CameraOptions? camera = null)
    {
        string port = Path.Combine(_folder, "port");
        await File.WriteAllTextAsync(port, "", Cancel);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "picture.jpg"), Striped(), Cancel);
        RigFile file = new()
        {
            Turntable = new SerialTurntableOptions { Board = new() { Port = port }, Home = home },
            Camera = camera ?? new FolderCameraOptions { Folder = _folder },
            Lights = lights,
            Plan = new CapturePlan { Items = new Dictionary<string, IReadOnlyList<string>> { ["3001"] = ["red"] } },
        };
        DoctorReach reach = new()
        {
            Camera = _ => new FolderCamera(new FolderCameraOptions { Folder = _folder }, TimeProvider.System),
            BoardAsync = (_, _) => board is null ? throw new WorkFailedException("Nothing answers at the test.") : Task.FromResult<(IBoard, string)>((board, "the test")),
        };
        List<Finding> findings = [];
        await using DoctorRig rig = new(file, _folder, shotFile, reach);
        foreach (Check check in rig.Checks())
        {
            if (await check.RunAsync(Cancel) is { } finding)
            {
                findings.Add(finding);
            }
        }

        return findings;
    }

    private static byte[] Striped()
    {
        byte[] pixels = new byte[96 * 64 * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(i / 3 / 12 % 2 * 150 + 50); // stripes
        }

        return ImageCodec.EncodeJpeg(new Picture(96, 64, pixels), 90).Bytes;
    }
}
