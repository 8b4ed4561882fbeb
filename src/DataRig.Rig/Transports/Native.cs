using System.Runtime.InteropServices;

namespace DataRig.Rig.Transports;

/// <summary>The few calls of Linux that a serial line needs; constants from asm-generic (x86-64, arm and arm64 agree).</summary>
internal static partial class Native
{
    public const int ReadWrite = 0x2;
    public const int NoControllingTerminal = 0x100;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    public const short PollIn = 0x1;
    public const short PollOut = 0x4;
    public const short PollError = 0x8;
    public const short PollHangUp = 0x10;
    public const short PollInvalid = 0x20;

    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int NoDeviceOrAddress = 6;
    public const int TryAgain = 11;
    public const int NoAccess = 13;
    public const int Busy = 16;
    public const int NoDevice = 19;
    public const int NotATerminal = 25;
    public const int NotPermitted = 1;

    public const uint GetTermios2 = 0x802C542A;
    public const uint SetTermios2 = 0x402C542B;
    public const uint FlushQueues = 0x540B;
    public const uint Exclusive = 0x540C;
    public const uint OutputQueue = 0x5411;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial DescriptorHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial DescriptorHandle EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(DescriptorHandle descriptor, Span<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(DescriptorHandle descriptor, ReadOnlySpan<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(Span<PollRequest> requests, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(DescriptorHandle descriptor, nuint request, ref Termios2 settings);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(DescriptorHandle descriptor, nuint request, ref int value);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(DescriptorHandle descriptor, nuint request, nint value);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollRequest
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }

    /// <summary>The kernel's struct termios2: the one whose speeds are plain numbers (asm-generic/termbits.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct Termios2
    {
        public const uint HangUpOnClose = 0x400;
        public const uint SpeedBits = 0x100F;
        public const uint SpeedIsANumber = 0x1000;
        public const uint InputSpeedBits = SpeedBits << 16;
        public const uint EightBits = 0x30;
        public const uint CanRead = 0x80;
        public const uint IgnoreModemLines = 0x800;
        public const int MinimumBytes = 6;
        public const int TimeTenths = 5;

        public uint InputFlags;
        public uint OutputFlags;
        public uint ControlFlags;
        public uint LocalFlags;
        public byte Discipline;
        public fixed byte Characters[19];
        public uint InputSpeed;
        public uint OutputSpeed;
    }
}

/// <summary>A file descriptor that is closed once nobody is in a call with it.</summary>
internal sealed class DescriptorHandle : SafeHandle
{
    public DescriptorHandle()
        : base(-1, ownsHandle: true)
    {
    }

    public DescriptorHandle(int descriptor)
        : this() => SetHandle(descriptor);

    /// <summary>The calls give 32 bits; the upper half of the handle is whatever the register held.</summary>
    public override bool IsInvalid => (int)handle < 0;

    protected override bool ReleaseHandle() => Native.Close((int)handle) == 0;
}
