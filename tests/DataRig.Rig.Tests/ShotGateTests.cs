using System.Text.Json;
using DataRig.Core;
using DataRig.Data;
using DataRig.Rig.Tests.Cameras;

namespace DataRig.Rig.Tests;

public sealed class ShotGateTests
{
    private static readonly DateTimeOffset Settled = DateTimeOffset.UnixEpoch.AddDays(1);

    [Fact]
    public void Good_pictures_of_a_turning_part_pass()
    {
        ShotGate gate = Gate();

        for (int stop = 0; stop < 12; stop++)
        {
            ShotVerdict verdict = Judge(gate, stop);

            Assert.Equal((ShotOutcome.Accepted, ""), (verdict.Outcome, verdict.Reason));
            Assert.NotNull(verdict.Measures?.Sharpness);
        }
    }

    [Fact]
    public void A_picture_from_before_the_table_was_still_is_refused()
    {
        ShotVerdict verdict = Gate().Judge(Shot(0) with { TakenAt = Settled.AddMilliseconds(-120) }, new ShotTarget(0, 0), Position(0));

        Assert.Equal((ShotOutcome.Refused, "it was exposed 120 ms before the table was still"), (verdict.Outcome, verdict.Reason));
    }

    [Fact]
    public void A_broken_file_is_refused()
    {
        byte[] whole = Shot(0).Image.Bytes;

        Assert.Contains("cut short", Refused(Gate(), whole[..^100]));
        Assert.Contains("damaged", Refused(Gate(), [.. whole[..^900], .. whole[^300..]]));
        Assert.Contains("not a JPEG", Refused(Gate(), "<html>"u8.ToArray()));
        Assert.Contains("cannot be decoded", Refused(new ShotGate(new ShotGateOptions(), null, new NoReader()), whole));
    }

    [Fact]
    public void A_picture_of_another_size_is_refused()
    {
        Assert.Equal("it is 192x128 and not 640x480, as the camera's settings say", Judge(Gate((640, 480)), 0).Reason);

        ShotGate gate = Gate();
        Judge(gate, 0);
        Shot other = Shot(TestPictures.Table(128, 192, 1));

        ShotVerdict verdict = gate.Judge(other, new ShotTarget(0, 1), Position(1));
        Assert.Equal((ShotOutcome.Refused, "it is 128x192 and not 192x128 as the session's first"), (verdict.Outcome, verdict.Reason));
    }

    [Fact]
    public void An_earlier_picture_again_is_refused_at_another_stop_and_welcome_as_a_retake()
    {
        ShotGate gate = Gate();
        Judge(gate, 0);
        Judge(gate, 1);

        ShotVerdict stale = gate.Judge(Shot(0), new ShotTarget(0, 2), Position(2));
        ShotVerdict retake = gate.Judge(Shot(1), new ShotTarget(0, 1), Position(1));

        Assert.Equal(ShotOutcome.Refused, stale.Outcome);
        Assert.Contains("byte for byte", stale.Reason);
        Assert.Equal(ShotOutcome.Accepted, retake.Outcome);
    }

    [Fact]
    public void A_refused_picture_leaves_no_trace()
    {
        ShotGate gate = Gate();
        Shot early = Shot(0) with { TakenAt = Settled.AddSeconds(-1) };

        Assert.Equal(ShotOutcome.Refused, gate.Judge(early, new ShotTarget(0, 5), Position(5)).Outcome);

        Assert.Same(ShotBaseline.Empty, gate.Baseline);
        Assert.Equal(ShotOutcome.Accepted, Judge(gate, 0).Outcome);
    }

    [Fact]
    public void A_picture_like_the_stop_before_is_marked_when_the_table_turned()
    {
        ShotGate gate = Gate();
        Judge(gate, 0);
        Shot same = Shot(TestPictures.Table(192, 128, 99, partAngle: Angle.ToRadians(10)));

        ShotVerdict turned = gate.Judge(same, new ShotTarget(0, 1), Position(1));
        ShotVerdict swept = gate.Judge(Shot(TestPictures.Table(192, 128, 98, partAngle: Angle.ToRadians(10))), new ShotTarget(1, 0), Position(1));

        Assert.Equal(ShotOutcome.Marked, turned.Outcome);
        Assert.Contains("looks like the stop before, 30 degrees away", turned.Reason);
        Assert.Equal(ShotOutcome.Marked, swept.Outcome);
        Assert.Contains("was the part changed?", swept.Reason);
    }

    [Theory]
    [InlineData(1.5, "0.58 stops brighter")]
    [InlineData(0.6, "stops darker")]
    public void A_drift_of_the_exposure_marks_the_frame(double exposure, string expected)
    {
        ShotGate gate = Gate();
        Judge(gate, 0);

        ShotVerdict verdict = gate.Judge(Shot(1, exposure), new ShotTarget(0, 1), Position(1));

        Assert.Equal(ShotOutcome.Marked, verdict.Outcome);
        Assert.Contains("the exposure drifted: ", verdict.Reason);
        Assert.Contains(expected, verdict.Reason);
    }

    [Fact]
    public void A_part_of_another_colour_is_no_drift()
    {
        ShotGate gate = Gate();
        Judge(gate, 0);
        Picture picture = TestPictures.Table(192, 128, 1, partAngle: 0.7);
        for (int y = 35; y < 93; y++)
        {
            for (int x = 50; x < 142; x++)
            {
                picture[x, y] = ((byte)(picture[x, y].R / 4), (byte)(picture[x, y].G / 8), picture[x, y].B);
            }
        }

        ShotVerdict verdict = gate.Judge(Shot(picture), new ShotTarget(0, 1), Position(1));

        Assert.Equal((ShotOutcome.Accepted, ""), (verdict.Outcome, verdict.Reason));
    }

    [Fact]
    public void A_drift_of_the_white_balance_marks_the_frame()
    {
        ShotGate gate = Gate();
        Judge(gate, 0);
        Picture picture = TestPictures.Table(192, 128, 1, partAngle: 0.7);
        for (int i = 0; i < picture.Rgb.Length; i += 3)
        {
            picture.Rgb[i] = (byte)(picture.Rgb[i] * 0.9);
        }

        ShotVerdict verdict = gate.Judge(Shot(picture), new ShotTarget(0, 1), Position(1));

        Assert.Equal(ShotOutcome.Marked, verdict.Outcome);
        Assert.Contains("less red than in the first frames", verdict.Reason);
    }

    [Fact]
    public void Blur_is_marked_and_much_of_it_refused()
    {
        ShotGate gate = new(new ShotGateOptions { BlurredBelow = 0.2 }, null, new Reader());
        Judge(gate, 0);

        ShotVerdict soft = gate.Judge(Shot(Blurred(1, 3)), new ShotTarget(0, 1), Position(1));
        ShotVerdict blurred = gate.Judge(Shot(Blurred(2, 9)), new ShotTarget(0, 2), Position(2));

        Assert.Equal(ShotOutcome.Marked, soft.Outcome);
        Assert.Contains("it is soft", soft.Reason);
        Assert.Equal(ShotOutcome.Refused, blurred.Outcome);
        Assert.Contains("it is blurred", blurred.Reason);
    }

    [Fact]
    public void A_burnt_out_picture_is_marked_and_a_black_one_refused()
    {
        ShotGate gate = Gate();
        Judge(gate, 0);

        Assert.Contains("is burnt out", gate.Judge(Shot(1, 4), new ShotTarget(0, 1), Position(1)).Reason);
        Assert.Contains("it is black", Refused(gate, ImageCodec.EncodeJpeg(new Picture(192, 128)).Bytes));
    }

    [Fact]
    public void Each_light_has_first_frames_of_its_own_and_a_resumed_session_holds_to_them()
    {
        ShotGate gate = Gate();
        Judge(gate, 0);
        gate.Judge(Shot(0, 0.4), new ShotTarget(0, 0, "side"), Position(0));
        ShotBaseline journaled = JsonSerializer.Deserialize<ShotBaseline>(JsonSerializer.Serialize(gate.Baseline))!;

        ShotGate resumed = new(new ShotGateOptions(), null, new Reader(), journaled);

        Assert.Equal(ShotOutcome.Accepted, resumed.Judge(Shot(1, 0.4), new ShotTarget(0, 1, "side"), Position(1)).Outcome);
        Assert.Contains("darker", resumed.Judge(Shot(2, 0.4), new ShotTarget(0, 2), Position(2)).Reason);
    }

    [Fact]
    public void A_picture_like_the_one_before_is_good_where_the_table_hardly_turned()
    {
        ShotGate gate = Gate();
        Judge(gate, 0);

        ShotVerdict verdict = gate.Judge(Shot(TestPictures.Table(192, 128, 99, partAngle: Angle.ToRadians(10))), new ShotTarget(0, 1), Position(0) with { AzimuthDegrees = 1.5 });

        Assert.Equal((ShotOutcome.Accepted, ""), (verdict.Outcome, verdict.Reason));
    }

    [Fact]
    public void A_plate_is_neither_held_to_the_first_frames_nor_one_of_them()
    {
        ShotGate gate = Gate();
        ShotTarget plate = new(null, 0);

        Assert.Equal(ShotOutcome.Accepted, gate.Judge(Shot(0), plate, Position(0)).Outcome);
        Assert.Same(ShotBaseline.Empty, gate.Baseline);
        Assert.Equal(ShotOutcome.Accepted, gate.Judge(Shot(TestPictures.Table(192, 128, 99, partAngle: Angle.ToRadians(10))), new ShotTarget(0, 0), Position(0)).Outcome); // as an empty sweep's first
        Assert.Equal(ShotOutcome.Accepted, gate.Judge(Shot(1, 0.4), plate, Position(1)).Outcome);
    }

    private static ShotGate Gate((int, int)? size = null) => new(new ShotGateOptions(), size, new Reader());

    private static ShotVerdict Judge(ShotGate gate, int stop) => gate.Judge(Shot(stop), new ShotTarget(0, stop), Position(stop));

    private static string Refused(ShotGate gate, byte[] bytes)
    {
        ShotVerdict verdict = gate.Judge(new Shot(new EncodedImage(bytes, 192, 128), Settled), new ShotTarget(0, 7), Position(7));
        Assert.Equal(ShotOutcome.Refused, verdict.Outcome);
        return verdict.Reason;
    }

    private static TablePosition Position(int stop) => new(30 * stop, stop, Settled);

    private static Shot Shot(int stop, double exposure = 1) => Shot(TestPictures.Table(192, 128, stop, exposure, Angle.ToRadians(10 + (30 * stop))));

    private static Shot Shot(Picture picture) => new(ImageCodec.EncodeJpeg(picture), Settled.AddMilliseconds(10));

    private static Picture Blurred(int stop, int size)
    {
        Picture sharp = TestPictures.Table(192, 128, stop, partAngle: Angle.ToRadians(10 + (30 * stop))), blurred = new(192, 128);
        for (int y = 0; y < 128; y++)
        {
            for (int x = 0; x < 192; x++)
            {
                int sum = 0;
                for (int i = 0; i < size * size; i++)
                {
                    sum += sharp[Math.Clamp(x + (i % size) - (size / 2), 0, 191), Math.Clamp(y + (i / size) - (size / 2), 0, 127)].R;
                }

                byte level = (byte)(sum / (size * size));
                blurred[x, y] = (level, (byte)(level * 0.95), (byte)(level * 0.9));
            }
        }

        return blurred;
    }

    private sealed class Reader : IPictureReader
    {
        public Picture? TryRead(EncodedImage image)
        {
            try
            {
                return ImageCodec.Decode(image.Bytes);
            }
            catch (WorkFailedException)
            {
                return null;
            }
        }
    }

    private sealed class NoReader : IPictureReader
    {
        public Picture? TryRead(EncodedImage image) => null;
    }
}
