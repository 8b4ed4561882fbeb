using DataRig.Core;
using DataRig.Tui.Models;
using Terminal.Gui.Drawing;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace DataRig.Tui.Views;

/// <summary>One picture as large as it fits: by Kitty's or Sixel's protocol where the terminal says that it has one, else by cells.</summary>
internal sealed class PicturePanel : Panel
{
    private readonly Func<Picture?> _picture;
    private readonly Func<string> _empty;
    private readonly PictureCells _cells = new();
    private readonly ImageView _raster = new() { Width = Dim.Fill(), Height = Dim.Fill(), CanFocus = false, Visible = false };
    private Picture? _sent;

    /// <param name="title">The frame's title.</param>
    /// <param name="picture">The picture; null shows the words.</param>
    /// <param name="empty">What to say where there is none.</param>
    public PicturePanel(string title, Func<Picture?> picture, Func<string> empty)
        : base(title)
    {
        (_picture, _empty) = (picture, empty);
        Add(_raster);
    }

    /// <summary>Whether the terminal shows pictures as such.</summary>
    private bool HasRaster => Theme.HasColor && (App?.Driver?.KittyGraphicsSupport is { IsSupported: true } || App?.Driver?.SixelSupport is { IsSupported: true });

    protected override object Shown()
    {
        Picture? picture = _picture();
        bool raster = HasRaster && picture is not null;
        if (_raster.Visible != raster)
        {
            _raster.Visible = raster;
        }

        if (raster && !ReferenceEquals(picture, _sent))
        {
            _sent = picture;
            _raster.Image = Pixels(picture!);
        }

        return (picture, picture is null ? _empty() : "");
    }

    protected override void Draw(int width, int height)
    {
        if (_picture() is not { } picture)
        {
            int row = height / 2;
            foreach (TextLine line in new TextLine(_empty(), Tone.Quiet).Wrap(width))
            {
                if (row < height)
                {
                    Write(Math.Max(0, (width - line.Width) / 2), row++, line, width);
                }
            }
        }
        else if (!HasRaster)
        {
            Picture scaled = _cells.Fit(picture, width, height);
            PictureCells.Draw(scaled, (width - scaled.Width) / 2, (height - ((scaled.Height + 1) / 2)) / 2, Theme, Put);
        }
    }

    private static Color[,] Pixels(Picture picture)
    {
        Color[,] pixels = new Color[picture.Width, picture.Height];
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                (byte r, byte g, byte b) = picture[x, y];
                pixels[x, y] = new Color(r, g, b);
            }
        }

        return pixels;
    }
}
