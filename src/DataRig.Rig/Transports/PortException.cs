using DataRig.Core;

namespace DataRig.Rig.Transports;

/// <summary>Why a port cannot be used.</summary>
public enum PortProblem
{
    Missing,
    NotPermitted,
    Held,
    NoSerialPort,
    Baud,
    Broken,
}

/// <summary>A port could not be opened; the message says why and what to do.</summary>
public sealed class PortException : WorkFailedException
{
    private PortException(string port, PortProblem problem, string message, Exception? cause)
        : base(message, cause)
    {
        Port = port;
        Problem = problem;
    }

    public string Port { get; }

    public PortProblem Problem { get; }

    /// <param name="detail">What the system said, or what was asked of the port, where that helps.</param>
    internal static PortException For(string port, PortProblem problem, string? detail = null, Exception? cause = null)
    {
        string message = problem switch
        {
            PortProblem.Missing => $"There is no port {port}; plug the board in, or set \"port\" to \"auto\" to have it found.",
            PortProblem.NotPermitted => $"You may not open {port}; run `sudo usermod -aG {PortHolder.Group(port)} $USER`, log out and in again.",
            PortProblem.Held => $"{port} is held by {PortHolder.Find(port) ?? "another program"}; close that program and try again.",
            PortProblem.NoSerialPort => $"{port} is no serial port; set \"port\" to the board's, or to \"auto\" to have it found.",
            PortProblem.Baud => $"{port} cannot do {detail}; set \"baud\" to 115200, or to what the board's firmware was built with.",
            _ => $"{port} cannot be opened{(detail is null ? "" : $" ({detail.TrimEnd('.')})")}; pull the board's cable, put it back and try again.",
        };
        return new PortException(port, problem, message, cause);
    }
}
