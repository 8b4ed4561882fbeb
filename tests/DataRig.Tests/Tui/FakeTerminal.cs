using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DataRig.Tests.Tui;

/// <summary>
/// A terminal without a screen: the program runs on a pseudo-terminal (by script(1) of util-linux), its questions are answered as
/// the terminal that is played would, and the bytes that it writes are kept.
/// </summary>
internal sealed partial class FakeTerminal : IDisposable
{
    private const int MostWaiting = 64;

    private readonly Process _process;
    private readonly StringBuilder _written = new();
    private readonly Lock _lock = new();
    private readonly Func<string, string?> _answer;
    private int _asked;

    /// <param name="folder">Where the program runs.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="answer">What the terminal answers to an escape sequence; null for nothing.</param>
    /// <param name="environment">What the terminal sets besides.</param>
    /// <param name="arguments">Of the program.</param>
    public FakeTerminal(string folder, int width, int height, Func<string, string?> answer, IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        _answer = answer;
        string program = $"stty cols {width} rows {height}; echo $$ >pid; exec dotnet '{Path.Combine(AppContext.BaseDirectory, "datarig.dll")}' {string.Join(' ', arguments)} 2>errors";
        ProcessStartInfo start = new("script", ["-qfc", program, "/dev/null"]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string name in new[] { "DisableRealDriverIO", "NO_COLOR", "TERM_PROGRAM", "KITTY_WINDOW_ID", "TMUX" })
        {
            start.Environment.Remove(name);
        }

        (start.Environment["TERM"], start.Environment["COLORTERM"]) = ("xterm-256color", "truecolor");
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        Folder = folder;
        _process = Process.Start(start)!;
        new Thread(Read) { IsBackground = true, Name = "terminal" }.Start();
    }

    public string Folder { get; }

    /// <summary>The program's process.</summary>
    public int Program => int.Parse(File.ReadAllText(Path.Combine(Folder, "pid")), CultureInfo.InvariantCulture);

    public bool HasEnded => _process.HasExited;

    /// <summary>All that was written so far.</summary>
    public string Written
    {
        get
        {
            lock (_lock)
            {
                return _written.ToString();
            }
        }
    }

    /// <summary>Told, on the reading thread, of what is written.</summary>
    public Action<string> Wrote { get; set; } = _ => { };

    /// <summary>Forgets what was written.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _written.Clear();
            _asked = 0;
        }
    }

    /// <summary>Types keys, as a terminal sends them.</summary>
    public void Type(string keys)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(keys);
        lock (_process)
        {
            _process.StandardInput.BaseStream.Write(bytes);
            _process.StandardInput.BaseStream.Flush();
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    /// <summary>A question: a control sequence that ends in a letter, or a string sequence up to its terminator.</summary>
    [GeneratedRegex(@"\e\[[0-9;?>]*[a-zA-Z]|\e[\]_P][^\e\a]*(?:\e\\|\a)")]
    private static partial Regex Sequence();

    private void Read()
    {
        byte[] bytes = new byte[65536];
        Decoder decoder = Encoding.UTF8.GetDecoder();
        char[] chars = new char[65536];
        int read;
        while ((read = _process.StandardOutput.BaseStream.Read(bytes)) > 0)
        {
            string text = new(chars, 0, decoder.GetChars(bytes, 0, read, chars, 0));
            List<string> answers = [];
            lock (_lock)
            {
                _written.Append(text);
                string fresh = _written.ToString(_asked, _written.Length - _asked);
                foreach (Match match in Sequence().Matches(fresh))
                {
                    if (_answer(match.Value) is { } answer)
                    {
                        answers.Add(answer);
                    }
                }

                // A sequence may end in the next piece.
                int open = fresh.LastIndexOf('\e');
                bool whole = open < 0 || Sequence().IsMatch(fresh[open..]) || fresh.Length - open > MostWaiting;
                _asked = _written.Length - (whole ? 0 : fresh.Length - open);
            }

            Wrote(text);
            answers.ForEach(Type);
        }
    }
}
