using System.Runtime.InteropServices;

namespace DataRig.Engine.Graphics;

/// <summary>The few calls of EGL 1.5 that a context without a window takes.</summary>
internal static partial class Egl
{
    public const string Library = "libEGL.so.1";

    public const int PlatformSurfacelessMesa = 0x31DD;
    public const int PlatformDevice = 0x313F;
    public const int OpenGlEsApi = 0x30A0;
    public const int Extensions = 0x3055;

    private const int RenderableType = 0x3040;
    private const int OpenGlEs3Bit = 0x0040;
    private const int SurfaceType = 0x3033;
    private const int None = 0x3038;
    private const int ContextMajorVersion = 0x3098;
    private const int ContextMinorVersion = 0x30FB;

    [LibraryImport(Library, EntryPoint = "eglGetProcAddress", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GetProcAddress(string name);

    [LibraryImport(Library, EntryPoint = "eglInitialize")]
    [return: MarshalAs(UnmanagedType.U4)]
    public static partial bool Initialize(nint display, out int major, out int minor);

    [LibraryImport(Library, EntryPoint = "eglBindAPI")]
    [return: MarshalAs(UnmanagedType.U4)]
    public static partial bool BindApi(int api);

    [LibraryImport(Library, EntryPoint = "eglMakeCurrent")]
    [return: MarshalAs(UnmanagedType.U4)]
    public static partial bool MakeCurrent(nint display, nint draw, nint read, nint context);

    [LibraryImport(Library, EntryPoint = "eglDestroyContext")]
    [return: MarshalAs(UnmanagedType.U4)]
    public static partial bool DestroyContext(nint display, nint context);

    [LibraryImport(Library, EntryPoint = "eglReleaseThread")]
    [return: MarshalAs(UnmanagedType.U4)]
    public static partial bool ReleaseThread();

    [LibraryImport(Library, EntryPoint = "eglGetDisplay")]
    public static partial nint GetDefaultDisplay(nint native);

    /// <summary>A context of OpenGL ES 3.1, or 0.</summary>
    public static nint CreateContext(nint display)
    {
        // The surface type 0 matters: the default asks for windows, which surfaceless displays do not have.
        int[] wanted = [RenderableType, OpenGlEs3Bit, SurfaceType, 0, None];
        int[] version = [ContextMajorVersion, 3, ContextMinorVersion, 1, None];
        return ChooseConfig(display, wanted, out nint configuration, 1, out int found) && found > 0
            ? CreateContext(display, configuration, 0, version)
            : 0;
    }

    /// <summary>Displays to try, best first: surfaceless, then the GPUs that EGL lists, then the default one.</summary>
    public static IEnumerable<(string Platform, nint Display)> Displays()
    {
        string extensions = Marshal.PtrToStringUTF8(QueryString(0, Extensions)) ?? "";
        if (extensions.Contains("EGL_EXT_platform_device", StringComparison.Ordinal)
            && extensions.Contains("EGL_EXT_device_enumeration", StringComparison.Ordinal) && HasNvidia())
        {
            // NVIDIA's driver offers no surfaceless platform; asking Mesa for one there would draw on the CPU.
            foreach (nint device in Devices())
            {
                yield return ("device", GetPlatformDisplay(PlatformDevice, device, 0));
            }
        }

        if (extensions.Contains("EGL_MESA_platform_surfaceless", StringComparison.Ordinal))
        {
            yield return ("surfaceless", GetPlatformDisplay(PlatformSurfacelessMesa, 0, 0));
        }

        if (extensions.Contains("EGL_EXT_platform_device", StringComparison.Ordinal))
        {
            foreach (nint device in Devices())
            {
                yield return ("device", GetPlatformDisplay(PlatformDevice, device, 0));
            }
        }

        yield return ("default", GetDefaultDisplay(0));
    }

    private static bool HasNvidia() => File.Exists("/proc/driver/nvidia/version");

    private static unsafe nint[] Devices()
    {
        nint entry = GetProcAddress("eglQueryDevicesEXT");
        if (entry == 0)
        {
            return [];
        }

        var query = (delegate* unmanaged<int, nint*, int*, uint>)entry;
        nint[] devices = new nint[16];
        int count = 0;
        fixed (nint* first = devices)
        {
            return query(devices.Length, first, &count) != 0 ? devices[..count] : [];
        }
    }

    [LibraryImport(Library, EntryPoint = "eglQueryString")]
    private static partial nint QueryString(nint display, int name);

    [LibraryImport(Library, EntryPoint = "eglGetPlatformDisplay")]
    private static partial nint GetPlatformDisplay(int platform, nint native, nint attributes);

    [LibraryImport(Library, EntryPoint = "eglChooseConfig")]
    [return: MarshalAs(UnmanagedType.U4)]
    private static partial bool ChooseConfig(nint display, int[] attributes, out nint configuration, int size, out int count);

    [LibraryImport(Library, EntryPoint = "eglCreateContext")]
    private static partial nint CreateContext(nint display, nint configuration, nint share, int[] attributes);
}
