using System.Runtime.InteropServices;
using DataRig.Rig.Transports;

namespace DataRig.Rig.Tests.Lines;

/// <summary>
/// A serial line without hardware: a pseudo-terminal whose <see cref="Port"/> is opened like any port, and whose other end
/// is the device's. Disposing it is pulling the cable.
/// </summary>
internal sealed partial class Pty : IAsyncDisposable
{
    private readonly DescriptorHandle _slave;

    private Pty(ITransport device, DescriptorHandle slave, string port)
    {
        Device = device;
        Port = port;
        _slave = slave;
    }

    /// <summary>The device's end.</summary>
    public ITransport Device { get; }

    /// <summary>Such as <c>/dev/pts/3</c>.</summary>
    public string Port { get; }

    public static unsafe Pty Open()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pseudo-terminals are opened the way of Linux");
        byte* name = stackalloc byte[256];
        Assert.Equal(0, OpenPty(out int master, out int slave, name, 0, 0));
        string port = Marshal.PtrToStringUTF8((nint)name)!;
        // Our own hold on the slave keeps the line up while no host has it open; raw, so that nothing is echoed before one does.
        DescriptorHandle slaveHandle = new(slave);
        Native.Termios2 raw = default;
        Native.Control(slaveHandle, Native.GetTermios2, ref raw);
        raw.InputFlags = raw.OutputFlags = raw.LocalFlags = 0;
        Native.Control(slaveHandle, Native.SetTermios2, ref raw);
        DescriptorHandle masterHandle = new(master);
        Assert.Equal(0, FileControl(masterHandle, SetFlags, Native.ReadWrite | Native.NonBlocking));
        Assert.Equal(0, FileControl(masterHandle, SetDescriptorFlags, 1) | FileControl(slaveHandle, SetDescriptorFlags, 1)); // no program that a test starts inherits them
        return new Pty(new DescriptorTransport(masterHandle, $"the device's end of {port}", TimeProvider.System), slaveHandle, port);
    }

    public async ValueTask DisposeAsync()
    {
        _slave.Dispose();
        await Device.DisposeAsync();
    }

    private const int SetFlags = 4;
    private const int SetDescriptorFlags = 2;

    [LibraryImport("libc", EntryPoint = "openpty", SetLastError = true)]
    private static unsafe partial int OpenPty(out int master, out int slave, byte* name, nint settings, nint size);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(DescriptorHandle descriptor, int command, nint argument);
}
