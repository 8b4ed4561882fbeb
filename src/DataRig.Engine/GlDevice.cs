using System.Diagnostics;
using DataRig.Core;
using DataRig.Engine.Graphics;
using Silk.NET.OpenGL;

namespace DataRig.Engine;

/// <summary>
/// A headless OpenGL ES 3.1 context and everything made in it. It belongs to the thread that opened it;
/// Debug builds check that, and check GL's error flag after each pass.
/// </summary>
public sealed class GlDevice : IDisposable
{
    /// <summary>
    /// Held while one of several contexts of Mesa's llvmpipe makes calls. When one binds or reads a texture, llvmpipe walks through
    /// what the scenes of all contexts of the display refer to, and nothing keeps another thread from adding to those lists
    /// meanwhile (seen in Mesa 22.3: a process with two contexts died after some 20,000 frames). All contexts here share the one
    /// display without a window that there is. Drawing itself is done by llvmpipe's own threads, which this does not hold up.
    /// </summary>
    private static readonly Lock CallsOfLlvmpipe = new();

    /// <summary>In the nanoseconds that GL counts.</summary>
    private const ulong Second = 1_000_000_000;

    private readonly HashSet<GlResource> _live = [];
    private readonly Thread _thread = Thread.CurrentThread;
    private readonly nint _display;
    private readonly nint _context;
    private readonly Lock _calls;

    private GlDevice(string platform, nint display, nint context)
    {
        _display = display;
        _context = context;
        Platform = platform;
        Gl = GL.GetApi(Egl.GetProcAddress);
        Renderer = Gl.GetStringS(StringName.Renderer) ?? "unknown";
        Version = Gl.GetStringS(StringName.Version) ?? "unknown";
        _calls = Renderer.StartsWith("llvmpipe", StringComparison.Ordinal) ? CallsOfLlvmpipe : new Lock();
    }

    /// <summary>The EGL platform: surfaceless, device or default.</summary>
    public string Platform { get; }

    /// <summary>The renderer's name as the driver gives it, such as <c>llvmpipe (LLVM 15.0.6, 256 bits)</c>.</summary>
    public string Renderer { get; }

    /// <summary>The driver's version string.</summary>
    public string Version { get; }

    internal GL Gl { get; }

    /// <summary>Names of the GL objects not disposed yet.</summary>
    internal IReadOnlyList<string> LiveResources => [.. _live.Select(r => r.ToString())];

    /// <summary>Opens a context on the calling thread.</summary>
    /// <exception cref="WorkFailedException">libEGL is missing or offers no OpenGL ES 3.1.</exception>
    public static GlDevice Open()
    {
        try
        {
            foreach ((string platform, nint display) in Egl.Displays())
            {
                if (display == 0 || !Egl.Initialize(display, out _, out _) || !Egl.BindApi(Egl.OpenGlEsApi))
                {
                    continue;
                }

                nint context = Egl.CreateContext(display);
                if (context != 0 && Egl.MakeCurrent(display, 0, 0, context))
                {
                    return new GlDevice(platform, display, context);
                }
            }
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw Missing($"{Egl.Library} cannot be loaded", e);
        }

        throw Missing("no EGL display here offers a context of OpenGL ES 3.1", null);
    }

    /// <summary>Renderer, version and platform in one line, for <c>doctor</c>.</summary>
    public string Describe() => $"{Renderer}, {Version}, EGL {Platform}";

    public void Dispose()
    {
        string[] leaked = [.. LiveResources];
        foreach (GlResource resource in _live.ToArray())
        {
            resource.Dispose();
        }

        Gl.Dispose();
        Egl.MakeCurrent(_display, 0, 0, 0);
        Egl.DestroyContext(_display, _context);
        Egl.ReleaseThread();
        Debug.Assert(leaked.Length == 0, "GL objects were not disposed: " + string.Join(", ", leaked));
    }

    /// <summary>Makes GL calls while no other context may that these calls could disturb.</summary>
    internal T Call<T>(Func<T> calls)
    {
        lock (_calls)
        {
            return calls();
        }
    }

    /// <summary>Within <see cref="Call"/>: waits until all is drawn, and lets others make their calls meanwhile.</summary>
    internal void Finish()
    {
        nint drawn = Gl.FenceSync(SyncCondition.SyncGpuCommandsComplete, SyncBehaviorFlags.None);
        Gl.Flush();
        _calls.Exit();
        try
        {
            while (Gl.ClientWaitSync(drawn, default(SyncObjectMask), Second) == GLEnum.TimeoutExpired)
            {
            }
        }
        finally
        {
            _calls.Enter();
        }

        Gl.DeleteSync(drawn);
    }

    internal void Add(GlResource resource)
    {
        CheckThread();
        _live.Add(resource);
    }

    internal void Remove(GlResource resource)
    {
        CheckThread();
        _live.Remove(resource);
    }

    [Conditional("DEBUG")]
    internal void CheckThread()
    {
        Debug.Assert(Thread.CurrentThread == _thread, "a GL device is used on another thread than the one that opened it");
        Debug.Assert(_calls.IsHeldByCurrentThread, "a GL device is used outside of Call");
    }

    /// <summary>Throws where GL's error flag is set. Debug builds only, since asking stalls the pipeline.</summary>
    [Conditional("DEBUG")]
    internal void CheckErrors(string where) => ThrowOnError(where);

    internal void ThrowOnError(string where)
    {
        GLEnum error = Gl.GetError();
        if (error != GLEnum.NoError)
        {
            throw new InvalidOperationException($"OpenGL reports {error} after {where}");
        }
    }

    private static WorkFailedException Missing(string what, Exception? cause) =>
        new($"The renderer needs OpenGL ES 3.1 through EGL, and {what}; on Debian install it with: apt-get install libegl1 libgles2 libgl1-mesa-dri", cause);
}
