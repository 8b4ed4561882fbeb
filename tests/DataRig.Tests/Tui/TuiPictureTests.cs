using System.Text.RegularExpressions;

namespace DataRig.Tests.Tui;

/// <summary>
/// The camera's picture in terminals that show pictures and in one that does not: the program asks, the terminal answers as the
/// protocols say, and the bytes that come are read.
/// </summary>
public sealed partial class TuiPictureTests
{
    /// <summary>Sixel is 4 among the device attributes, and the picture a device control string (DEC STD 070).</summary>
    [Fact]
    public async Task Sixels_where_the_terminal_has_them()
    {
        using Cli cli = new();
        using FakeTerminal terminal = new(cli.Folder, 100, 30, Xterm("62;4;22"), [], "tui", "--theme", "dark");

        string written = await PictureAsync(terminal, w => SixelPicture().IsMatch(w));

        Match sixel = SixelPicture().Match(written);
        (int width, int height) = (Number(sixel, "width"), Number(sixel, "height"));
        Assert.Equal(width, height); // the camera's picture is square
        Assert.InRange(width, 150, 100 * CellWidth);
        string data = sixel.Groups["data"].Value;
        Assert.Matches(@"#\d+;2;\d+;\d+;\d+", data);
        Assert.InRange(data.Count(c => c == '-'), (height / 6) - 2, (height / 6) + 2); // bands of six rows
        Assert.DoesNotMatch(@"[^?-~#!$\-;0-9]", data);
        Assert.DoesNotContain("\e_G", written, StringComparison.Ordinal);
    }

    /// <summary>Kitty's picture is RGBA in base64, in chunks of which the last says m=0, and is then put into cells.</summary>
    [Fact]
    public async Task Kittys_protocol_where_the_terminal_is_kitty()
    {
        using Cli cli = new();
        using FakeTerminal terminal = new(cli.Folder, 100, 30, Xterm("62;22"), [("TERM_PROGRAM", "kitty")], "tui", "--theme", "dark");

        string written = await PictureAsync(terminal, w => KittyPut().IsMatch(w));

        Match[] chunks = KittyChunk().Matches(written).ToArray();
        (int width, int height) = (Number(chunks[0], "width"), Number(chunks[0], "height"));
        Assert.Equal((96, 96), (width, height)); // as the camera took it
        Assert.All(chunks[..^1], c => Assert.Equal("1", c.Groups["more"].Value));
        Assert.Equal("0", chunks[^1].Groups["more"].Value);
        byte[] pixels = Convert.FromBase64String(string.Concat(chunks.Select(c => c.Groups["data"].Value)));
        Assert.Equal(width * height * 4, pixels.Length);
        Assert.All(Enumerable.Range(0, width * height), i => Assert.Equal(255, pixels[(4 * i) + 3]));
        Assert.True(pixels.Distinct().Count() > 20, "a picture has more shades than that");
        Assert.DoesNotMatch(@"\eP[0-9;]*q", written);
    }

    [Fact]
    public async Task Cells_where_the_terminal_has_neither()
    {
        using Cli cli = new();
        using FakeTerminal terminal = new(cli.Folder, 100, 30, Xterm("62;22"), [], "tui", "--theme", "dark");

        string written = await PictureAsync(terminal, w => w.Count(c => c == '▀') > 300);

        Assert.Matches(@"\e\[38;2;\d+;\d+;\d+m\e\[48;2;\d+;\d+;\d+m▀", written);
        Assert.DoesNotContain("\e_G", written, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\eP[0-9;]*q", written);
    }

    private const int CellWidth = 10, CellHeight = 20;

    /// <summary>What an xterm of 100 by 30 cells answers.</summary>
    /// <param name="attributes">Of the device.</param>
    private static Func<string, string?> Xterm(string attributes) => asked => asked switch
    {
        "\e[c" or "\e[0c" => $"\e[?{attributes}c",
        "\e[6n" => "\e[1;1R",
        "\e[14t" => $"\e[4;{30 * CellHeight};{100 * CellWidth}t",
        "\e[16t" => $"\e[6;{CellHeight};{CellWidth}t",
        "\e[18t" => "\e[8;30;100t",
        "\e]10;?\e\\" => "\e]10;rgb:d8d8/dede/e4e4\e\\",
        "\e]11;?\e\\" => "\e]11;rgb:1111/1515/1a1a\e\\",
        "\e[?u" => "\e[?0u",
        _ => null,
    };

    /// <summary>Has the camera look, and waits until what was written is as it must be; gives all that was written.</summary>
    private static async Task<string> PictureAsync(FakeTerminal terminal, Func<string, bool> holds)
    {
        await WroteAsync(terminal, w => w.Contains("48 frames", StringComparison.Ordinal));
        terminal.Type("m");
        await WroteAsync(terminal, holds);
        terminal.Type("q");
        await Patience.UntilAsync(() => terminal.HasEnded);
        return terminal.Written;
    }

    private static Task WroteAsync(FakeTerminal terminal, Func<string, bool> holds) => Patience.UntilAsync(() =>
    {
        Thread.Sleep(20);
        Assert.False(terminal.HasEnded, terminal.Written);
        return holds(terminal.Written);
    });

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\eP[0-9;]*q""1;1;(?<width>\d+);(?<height>\d+)(?<data>[^\e]*)\e\\")]
    private static partial Regex SixelPicture();

    [GeneratedRegex(@"\e_G(?:a=t,f=32,[^;]*s=(?<width>\d+),v=(?<height>\d+),[^;]*)?m=(?<more>[01]);(?<data>[^\e]*)\e\\")]
    private static partial Regex KittyChunk();

    [GeneratedRegex(@"\e_Ga=p,[^\e]*\e\\")]
    private static partial Regex KittyPut();
}
