using DataRig.Core;
using DataRig.Core.Configuration;
using DataRig.Rig;
using Spectre.Console;

namespace DataRig.Terminal;

/// <summary>
/// Where the program speaks: results to stdout, as text or as one JSON document; progress, remarks and
/// failures to stderr.
/// </summary>
internal sealed class Output(bool json, bool quiet)
{
    private readonly IAnsiConsole _results = Open(Console.Out);
    private readonly IAnsiConsole _remarks = Open(Console.Error);

    /// <summary>Gives the result: the record as JSON with <c>--json</c>, else as the text drawn for people.</summary>
    public void Result(object record, Action<IAnsiConsole> draw)
    {
        if (json)
        {
            Console.Out.WriteLine(StrictJson.Write(record));
        }
        else
        {
            draw(_results);
        }
    }

    /// <summary>A remark on the way, unless <c>--quiet</c>.</summary>
    public void Remark(string text)
    {
        if (!quiet)
        {
            _remarks.MarkupLineInterpolated($"[grey]{text}[/]");
        }
    }

    /// <summary>Something the user must know, even with <c>--quiet</c>.</summary>
    public void Warn(string text) => _remarks.MarkupLineInterpolated($"[yellow]{text}[/]");

    /// <summary>Runs long work under progress bars: live ones in a terminal, a line now and then elsewhere.</summary>
    public async Task<T> WithProgressAsync<T>(Func<IProgress<StageProgress>, Task<T>> work)
    {
        if (quiet)
        {
            return await work(new Silent()).ConfigureAwait(false);
        }

        return _remarks.Profile.Capabilities.Interactive && _remarks.Profile.Out.IsTerminal
            ? await ProgressBars.RunAsync(_remarks, work).ConfigureAwait(false)
            : await work(new ProgressLines(Console.Error, TimeProvider.System)).ConfigureAwait(false);
    }

    /// <summary>Runs a session at a real rig, where a person is asked for things and told how far it is on one and the same screen.</summary>
    public async Task<T> WithGuideAsync<T>(Func<IProgress<StageProgress>, IOperator, SessionControl, Task<T>> work)
    {
        SessionControl control = new();
        using KeyAnswers? keys = Console.IsInputRedirected ? null : new KeyAnswers(control, KeyAnswers.FromConsole);
        SessionGuide guide = new((IAnswers?)keys ?? new LineAnswers(Console.In), Console.Error, _remarks.Profile.Out.IsTerminal);
        return await work(quiet ? new Silent() : guide, guide, control).ConfigureAwait(false);
    }

    private static IAnsiConsole Open(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = 1000; // a file or a pipe has no edge to wrap at
        }

        return console;
    }

    private sealed class Silent : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
        }
    }
}
