using System.Globalization;
using DataRig.Core;

namespace DataRig.Jobs;

/// <summary>Asks the person at the rig, a line an answer; an answer that does not fit is asked for again.</summary>
/// <param name="answers">Where answers come from: a terminal, a pipe, a file.</param>
/// <param name="screen">Where questions go.</param>
internal sealed class DoctorQuestions(TextReader answers, TextWriter screen)
{
    public Task TellAsync(string words) => screen.WriteLineAsync(words);

    /// <summary>Waits for Enter.</summary>
    /// <returns>False where the person wants to leave this out.</returns>
    public async Task<bool> ReadyAsync(string words, CancellationToken cancel) =>
        await AskAsync<bool>($"{words} Enter when ready, s to leave this out.", a => a switch { "" => true, "s" => false, _ => (bool?)null }, "Enter or s", cancel).ConfigureAwait(false);

    /// <returns>Which of the choices, from 0.</returns>
    public async Task<int> ChooseAsync(string question, IReadOnlyList<string> choices, CancellationToken cancel) => await AskAsync<int>(
        question + string.Concat(choices.Select((c, i) => $"\n  {i + 1}  {c}")),
        a => int.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out int choice) && choice >= 1 && choice <= choices.Count ? choice - 1 : null,
        $"a number from 1 to {choices.Count}",
        cancel).ConfigureAwait(false);

    public Task<bool> IsSoAsync(string question, CancellationToken cancel) =>
        AskAsync<bool>($"{question} (y/n)", a => a switch { "y" or "yes" => true, "n" or "no" => false, _ => (bool?)null }, "y or n", cancel);

    /// <returns>A number above 0.</returns>
    public Task<double> MeasureAsync(string question, CancellationToken cancel) =>
        AskAsync<double>(question, a => double.TryParse(a, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0 && double.IsFinite(number) ? number : null, "a number above 0, such as 12.5", cancel);

    private async Task<T> AskAsync<T>(string question, Func<string, T?> read, string expected, CancellationToken cancel)
        where T : struct
    {
        await screen.WriteLineAsync(question).ConfigureAwait(false);
        while (true)
        {
            string line = await Task.Run(answers.ReadLine, CancellationToken.None).WaitAsync(cancel).ConfigureAwait(false)
                ?? throw new WorkFailedException("Nobody is at the prompt to say what the rig does; run this in a terminal, beside the rig.");
            if (read(line.Trim().ToLowerInvariant()) is { } answer)
            {
                return answer;
            }

            await screen.WriteLineAsync($"Expected {expected}, found \"{line.Trim()}\".").ConfigureAwait(false);
        }
    }
}
