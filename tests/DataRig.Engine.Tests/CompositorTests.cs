using System.Numerics;
using DataRig.Core;

namespace DataRig.Engine.Tests;

/// <summary>Cut-outs set into pictures of empty tables, on pictures whose every pixel is known.</summary>
public sealed class CompositorTests
{
    private const int Size = 80;

    [Theory]
    [InlineData(BlendMode.Pasted, 1)]
    [InlineData(BlendMode.Feathered, 105)]
    [InlineData(BlendMode.Shadowed, 105)]
    public void BackInItsOwnPlaceThePictureIsTheSame(BlendMode mode, int edge)
    {
        (CutOutPicture cutOut, Picture plate) = Stage();
        Box box = cutOut.Mask.Bounds()!.Value;

        (Picture composed, Mask mask) = Compositor.Compose(cutOut, plate, At(box, 1, 0, 1), mode);

        Assert.Equal(cutOut.Mask.Counts, mask.Counts);
        byte[] part = cutOut.Mask.ToPixels();
        bool[] seam = Seam(part);
        for (int i = 0; i < part.Length; i++)
        {
            // The shadow comes along in one mode alone. A corner of the dark end is less than half part once it is soft.
            Picture expected = part[i] != 0 || mode == BlendMode.Shadowed ? cutOut.Picture : plate;
            Assert.InRange(Math.Abs(composed.Rgb[i * 3] - expected.Rgb[i * 3]), 0, seam[i] ? edge : 3);
        }
    }

    [Fact]
    public void AnotherTableKeepsItsOwnLightUnderTheShadow()
    {
        (CutOutPicture cutOut, _) = Stage();
        Picture dark = Flat(100);
        (Picture composed, _) = Compositor.Compose(cutOut, dark, At(cutOut.Mask.Bounds()!.Value, 1, 0, 1), BlendMode.Shadowed);
        (int x, int y) = ShadowAt;
        Assert.InRange(composed[x, y].R, 50, 60); // half of the light, as on its own table
        Assert.Equal(100, composed[2, 2].R);
    }

    [Fact]
    public void ItIsMovedScaledAndTurnedWithItsMask()
    {
        (CutOutPicture cutOut, Picture plate) = Stage();
        Box own = cutOut.Mask.Bounds()!.Value;

        Box moved = Bounds(new CutOutPlacement(new Vector2(50, 30), 1, 0, 1));
        Assert.Equal((50.0, 30.0), (moved.X + (moved.Width / 2), moved.Y + (moved.Height / 2)));

        Box large = Bounds(At(own, 2, 0, 1));
        Assert.InRange(large.Width, (2 * own.Width) - 1, (2 * own.Width) + 1);
        Assert.InRange(large.Height, (2 * own.Height) - 1, (2 * own.Height) + 1);

        Box turned = Bounds(At(own, 1, 90, 1));
        Assert.InRange(turned.Width, own.Height - 1, own.Height + 1);
        Assert.InRange(turned.Height, own.Width - 1, own.Width + 1);

        // The bright end is on the right; a quarter clockwise and it is at the bottom.
        (Picture picture, Mask mask) = Compositor.Compose(cutOut, plate, At(own, 1, 90, 1), BlendMode.Pasted);
        Box box = mask.Bounds()!.Value;
        Assert.True(picture[(int)(box.X + (box.Width / 2)), (int)box.Bottom - 2].R > picture[(int)(box.X + (box.Width / 2)), (int)box.Y + 2].R + 50);

        Assert.Null(Compositor.Compose(cutOut, plate, new CutOutPlacement(new Vector2(-200, 0), 1, 0, 1), BlendMode.Pasted).Mask.Bounds());
        Box cut = Bounds(new CutOutPlacement(new Vector2(0, 40), 1, 0, 1));
        Assert.Equal((0.0, own.Width / 2), (cut.X, cut.Width));

        Box Bounds(CutOutPlacement placement) => Compositor.Compose(cutOut, plate, placement, BlendMode.Feathered).Mask.Bounds()!.Value;
    }

    [Fact]
    public void ItsLightIsChanged()
    {
        (CutOutPicture cutOut, Picture plate) = Stage();
        Box box = cutOut.Mask.Bounds()!.Value;
        (Picture composed, _) = Compositor.Compose(cutOut, plate, At(box, 1, 0, 0.5f), BlendMode.Pasted);
        (int x, int y) = ((int)(box.X + (box.Width / 2)), (int)(box.Y + (box.Height / 2)));
        Assert.InRange(composed[x, y].R - (cutOut.Picture[x, y].R / 2), -1, 1);
    }

    private static (int X, int Y) ShadowAt => (40, 47);

    /// <summary>A part 20 wide and 10 tall that is brighter to the right, on a grey table with a soft shadow below it.</summary>
    private static (CutOutPicture CutOut, Picture Plate) Stage()
    {
        Picture plate = Flat(200), picture = Flat(200);
        byte[] part = new byte[Size * Size];
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                if (x is >= 28 and < 52 && y is >= 44 and < 50)
                {
                    picture[x, y] = (100, 100, 100);
                }

                if (x is >= 30 and < 50 && y is >= 34 and < 44)
                {
                    byte value = (byte)(20 + ((x - 30) * 8));
                    picture[x, y] = (value, value, value);
                    part[(y * Size) + x] = 1;
                }
            }
        }

        return (new CutOutPicture(picture, Mask.FromPixels(Size, Size, part), plate), plate);
    }

    /// <summary>What the soft edge, and the shares of light that are evened out near sharp shadows, may change.</summary>
    private static bool[] Seam(byte[] part)
    {
        bool[] set = [.. part.Select(p => p != 0)];
        bool[] wide = Regions.Grow(set, Size, Size, 3), inner = Regions.Shrink(set, Size, Size, 3);
        bool[] shadow = new bool[Size * Size];
        for (int y = 41; y < 54; y++)
        {
            for (int x = 25; x < 56; x++)
            {
                shadow[(y * Size) + x] = true;
            }
        }

        return [.. wide.Select((w, i) => (w && !inner[i]) || (shadow[i] && part[i] == 0))];
    }

    private static CutOutPlacement At(Box box, float scale, float roll, float gain) => new(new Vector2((float)(box.X + (box.Width / 2)), (float)(box.Y + (box.Height / 2))), scale, roll, gain);

    private static Picture Flat(byte value)
    {
        Picture picture = new(Size, Size);
        picture.Rgb.AsSpan().Fill(value);
        return picture;
    }
}
