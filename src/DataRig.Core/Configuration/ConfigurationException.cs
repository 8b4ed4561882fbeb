namespace DataRig.Core.Configuration;

/// <summary>One thing wrong in a configuration file.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in characters.</param>
/// <param name="Path">The key's path, such as <c>turntable.gearRatio</c>; empty for the whole file.</param>
/// <param name="Message">What was expected and what was found.</param>
public sealed record ConfigurationProblem(int Line, int Column, string Path, string Message);

/// <summary>A configuration file is wrong; the message lists every problem with its place (exit code 2).</summary>
public sealed class ConfigurationException : DataRigException
{
    public ConfigurationException(string file, IReadOnlyList<ConfigurationProblem> problems)
        : base(string.Join(Environment.NewLine, problems.Select(p => Describe(file, p))))
    {
        File = file;
        Problems = problems;
    }

    public string File { get; }

    public IReadOnlyList<ConfigurationProblem> Problems { get; }

    private static string Describe(string file, ConfigurationProblem problem) =>
        problem.Path.Length == 0
            ? $"{file}:{problem.Line}:{problem.Column}: {problem.Message}"
            : $"{file}:{problem.Line}:{problem.Column}: {problem.Path}: {problem.Message}";
}
