using System.Buffers.Binary;
using DataRig.Core;
using DataRig.Data;
using DataRig.Rig;

namespace DataRig.Benchmarks;

/// <summary>
/// A camera whose pictures were made beforehand: it waits out its exposure and hands over the stop's, with a number in a comment
/// of the file, so that no two are the same bytes.
/// </summary>
internal sealed class BenchCamera(int width, int height, int stops, TimeSpan exposure, TimeProvider time) : ICamera
{
    private readonly byte[][] _plates = [.. Enumerable.Range(0, stops).Select(stop => ImageCodec.EncodeJpeg(Pictures.Table(width, height, stop, degrees: null)).Bytes)];
    private readonly byte[][] _parts = [.. Enumerable.Range(0, stops).Select(stop => ImageCodec.EncodeJpeg(Pictures.Table(width, height, stops + stop, 360.0 * stop / stops)).Bytes)];
    private int _number;

    public double? ElevationDegrees => 50;

    public Task<CameraLock> LockAsync(CameraLock? earlier, CancellationToken cancel) => Task.FromResult(CameraLock.Nothing("simulated"));

    public async Task<Shot> CaptureAsync(ShotTarget target, CancellationToken cancel)
    {
        DateTimeOffset began = time.GetUtcNow();
        if (exposure > TimeSpan.Zero)
        {
            await Task.Delay(exposure, time, cancel).ConfigureAwait(false);
        }

        byte[] jpeg = (target.Sweep is null ? _plates : _parts)[target.Stop];
        byte[] comment = [0xFF, 0xFE, 0, 6, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(comment.AsSpan(4), _number++);
        return new Shot(new EncodedImage([.. jpeg[..2], .. comment, .. jpeg[2..]], width, height), began);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
