using DataRig.Report;
using DataRig.Tui.Models;

namespace DataRig.Tui.Views;

/// <summary>The next step: a word or two as large as there is room for, a bar, and what there is to say about it.</summary>
/// <param name="big">The word or two.</param>
/// <param name="lines">The rest.</param>
/// <param name="share">How far it is, in [0, 1]; null where nothing is under way.</param>
/// <param name="alarm">Whether something is wrong.</param>
internal sealed class GuidePanel(string title, Func<string> big, Func<IReadOnlyList<TextLine>> lines, Func<double?> share, Func<bool> alarm) : Panel(title)
{
    protected override object Shown() => (big(), new SameLines(lines()), share() is { } s ? Math.Round(s * 400) : -1, alarm());

    protected override void Draw(int width, int height)
    {
        string word = big();
        Tone tone = alarm() ? Tone.Bad : Tone.Accent;
        bool[][] dots = PixelFont.Dots(word);
        TextLine[] rows = [.. lines().SelectMany(l => l.Wrap(width))];
        int at = 0;
        if (dots[0].Length <= width && rows.Length + 5 <= height)
        {
            for (int row = 0; row < 3; row++)
            {
                for (int column = 0; column < dots[0].Length; column++)
                {
                    bool top = dots[row * 2][column], bottom = row * 2 + 1 < dots.Length && dots[(row * 2) + 1][column];
                    if (top || bottom)
                    {
                        Put(column, row, top && bottom ? "█" : top ? "▀" : "▄", Theme[tone]);
                    }
                }
            }

            at = 4;
        }
        else
        {
            foreach (TextLine line in new TextLine(word.ToUpperInvariant(), tone == Tone.Bad ? tone : Tone.Strong).Wrap(width))
            {
                Write(0, at++, line, width);
            }
        }

        if (share() is { } part && at < height)
        {
            int eighths = (int)Math.Round(part * width * 8), whole = eighths / 8;
            Put(0, at, new string('█', whole) + (eighths % 8 > 0 ? "▏▎▍▌▋▊▉"[(eighths % 8) - 1].ToString() : ""), Theme[Tone.Accent]);
            int drawn = whole + (eighths % 8 > 0 ? 1 : 0);
            Put(drawn, at, new string('·', width - drawn), Theme[Tone.Quiet]);
            at++;
        }

        for (int i = 0; i < rows.Length && at < height; i++)
        {
            Write(0, at++, rows[i], width);
            IsCut |= at == height && i < rows.Length - 1;
        }
    }
}
