using DataRig.Core;

namespace DataRig.Report;

/// <summary>Captions in pictures, where no font of the system's can be counted on: letters of three by five dots, capitals only.</summary>
internal static class PixelFont
{
    /// <summary>Pixels down a line of text, its gap included.</summary>
    public const int LineHeight = 6 * Dot;

    private const int Dot = 2;
    private const int Advance = 4 * Dot;

    /// <summary>Five rows of three dots each, an octal digit a row.</summary>
    private static readonly Dictionary<char, string> Letters = new()
    {
        ['0'] = "75557", ['1'] = "26227", ['2'] = "71747", ['3'] = "71717", ['4'] = "55711", ['5'] = "74717", ['6'] = "74757", ['7'] = "71111", ['8'] = "75757", ['9'] = "75717",
        ['A'] = "25755", ['B'] = "65656", ['C'] = "34443", ['D'] = "65556", ['E'] = "74647", ['F'] = "74644", ['G'] = "34553", ['H'] = "55755", ['I'] = "72227", ['J'] = "11152",
        ['K'] = "55655", ['L'] = "44447", ['M'] = "57755", ['N'] = "65555", ['O'] = "25552", ['P'] = "65644", ['Q'] = "25573", ['R'] = "65655", ['S'] = "34216", ['T'] = "72222",
        ['U'] = "55557", ['V'] = "55552", ['W'] = "55775", ['X'] = "55255", ['Y'] = "55222", ['Z'] = "71247",
        ['-'] = "00700", ['.'] = "00002", ['%'] = "51245", ['/'] = "11244", ['#'] = "57575", [':'] = "02020", [','] = "00024", ['_'] = "00007", [' '] = "00000", ['?'] = "71202",
    };

    /// <summary>A text as dots: five rows and a spare one, four columns a letter, its gap included.</summary>
    public static bool[][] Dots(string text) =>
    [
        .. Enumerable.Range(0, 6).Select(y => text.ToUpperInvariant()
            .SelectMany(c => Enumerable.Range(0, 4).Select(x => y < 5 && x < 3 && ((Letters.GetValueOrDefault(c, Letters['?'])[y] - '0') >> (2 - x) & 1) == 1)).ToArray()),
    ];

    /// <summary>Writes a line, as much of it as there is room for; what has no letter becomes a question mark.</summary>
    public static void Write(Picture picture, int left, int top, string text, (byte R, byte G, byte B) color)
    {
        foreach (char c in text.ToUpperInvariant())
        {
            if (left + (3 * Dot) > picture.Width)
            {
                return;
            }

            string rows = Letters.GetValueOrDefault(c, Letters['?']);
            for (int y = 0; y < 5 * Dot && top + y < picture.Height; y++)
            {
                for (int x = 0; x < 3 * Dot; x++)
                {
                    if (((rows[y / Dot] - '0') >> (2 - (x / Dot)) & 1) == 1)
                    {
                        picture[left + x, top + y] = color;
                    }
                }
            }

            left += Advance;
        }
    }
}
