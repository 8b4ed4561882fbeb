using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Rig.Cameras;

namespace DataRig.Rig.Tests.Cameras;

public sealed class FolderCameraTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pictures-").FullName;

    [Fact]
    public async Task Pictures_come_in_the_order_of_their_names_and_run_out()
    {
        Save(("shot10.jpg", 10), ("shot2.JPEG", 2), ("notes.txt", 7), ("shot1.jpg", 1));
        await using FolderCamera camera = new(new FolderCameraOptions { Folder = _folder }, TimeProvider.System);

        List<int> seen = [];
        for (int i = 0; i < 3; i++)
        {
            seen.Add(TestPictures.NumberOf((await camera.CaptureAsync(default, default)).Image.Bytes));
        }

        WorkFailedException end = await Assert.ThrowsAsync<WorkFailedException>(() => camera.CaptureAsync(default, default));
        Assert.Equal([1, 2, 10], seen);
        Assert.Contains("has shown all 3 pictures", end.Message);
    }

    [Fact]
    public async Task Pictures_are_found_by_their_stop()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "03"));
        Save(("03/side-007.jpg", 37));
        await using FolderCamera camera = new(new FolderCameraOptions { Folder = _folder, Name = "{sweep:00}/{light}-{stop:000}.jpg" }, TimeProvider.System);

        Shot shot = await camera.CaptureAsync(new ShotTarget(3, 7, "side"), default);
        WorkFailedException missing = await Assert.ThrowsAsync<WorkFailedException>(() => camera.CaptureAsync(new ShotTarget(3, 8, "side"), default));

        Assert.Equal(37, TestPictures.NumberOf(shot.Image.Bytes));
        Assert.Contains("no picture of stop 8 of sweep 3: there is no file ", missing.Message);
        Assert.Contains("side-008.jpg", missing.Message);
    }

    [Fact]
    public async Task A_folder_that_is_missing_or_empty_or_holds_a_broken_picture_is_named()
    {
        await using FolderCamera empty = new(new FolderCameraOptions { Folder = _folder }, TimeProvider.System);
        await using FolderCamera missing = new(new FolderCameraOptions { Folder = Path.Combine(_folder, "no") }, TimeProvider.System);
        await using FolderCamera broken = new(new FolderCameraOptions { Folder = _folder }, TimeProvider.System);

        Assert.Contains("finds no .jpg in " + _folder, (await Assert.ThrowsAsync<WorkFailedException>(() => empty.CaptureAsync(default, default))).Message);
        Assert.Contains("there is no such folder", (await Assert.ThrowsAsync<WorkFailedException>(() => missing.CaptureAsync(default, default))).Message);
        File.WriteAllBytes(Path.Combine(_folder, "cut.jpg"), TestPictures.Jpeg()[..500]);
        Assert.Contains("cut.jpg cannot be shown: the JPEG is cut short", (await Assert.ThrowsAsync<WorkFailedException>(() => broken.CaptureAsync(default, default))).Message);
    }

    [Theory]
    [InlineData("{\"driver\": \"folder\", \"folder\": \"x\", \"name\": \"{angle}.jpg\"}", "{sweep}, {stop} and {light}")]
    [InlineData("{\"driver\": \"folder\"}", "the key \"folder\" is missing")]
    [InlineData("{\"driver\": \"mjpeg\", \"url\": \"rtsp://cam/\"}", "begins with http://")]
    [InlineData("{\"driver\": \"mjpeg\", \"url\": \"http://cam/\", \"latencyMs\": -1}", "from 0 to 10000")]
    [InlineData("{\"driver\": \"rpicam\", \"whiteBalanceGains\": [1.5]}", "expected two numbers, [red, blue]")]
    [InlineData("{\"driver\": \"rpicam\", \"width\": 1280}", "are given together")]
    [InlineData("{\"driver\": \"rpicam\", \"shutterMicrosecond\": 1}", "did you mean \"shutterMicroseconds\"?")]
    [InlineData("{\"driver\": \"command\", \"program\": \"\"}", "expected the name of a program")]
    public void Wrong_settings_are_named(string json, string expected)
    {
        ConfigurationException wrong = Assert.Throws<ConfigurationException>(() => StrictJson.Read<CameraOptions>(json, "rig.json"));

        Assert.Contains(expected, wrong.Message);
    }

    [Fact]
    public void All_settings_are_read()
    {
        RpicamOptions options = Assert.IsType<RpicamOptions>(StrictJson.Read<CameraOptions>(
            """{"driver": "rpicam", "width": 1280, "height": 960, "gain": 2, "whiteBalanceGains": [1.5, 2], "denoise": "cdnFast", "arguments": ["--vflip"], "elevationDegrees": 35}""", "rig.json"));

        Assert.Equal(((1280, 960), 2.0, 35.0, RpicamDenoise.CdnFast), (options.Size()!.Value, options.Gain!.Value, options.ElevationDegrees!.Value, options.Denoise));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Save(params (string Name, int Number)[] pictures) =>
        Array.ForEach(pictures, p => File.WriteAllBytes(Path.Combine(_folder, p.Name), TestPictures.Numbered(p.Number)));
}
