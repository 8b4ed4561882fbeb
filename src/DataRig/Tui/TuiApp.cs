using System.Runtime.InteropServices;
using DataRig.Tui.Models;
using DataRig.Tui.Views;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;

namespace DataRig.Tui;

/// <summary>The user interface in a real terminal.</summary>
internal static class TuiApp
{
    private const int LeastWorkers = 16;
    private const ushort BusyRate = 60;
    private static readonly TimeSpan AtRestAfter = TimeSpan.FromSeconds(5);

    /// <summary>Runs until the person leaves.</summary>
    /// <param name="options">What it begins with.</param>
    /// <param name="theme">The theme's name; null lets the terminal say.</param>
    /// <param name="finish">Whether work goes on when the terminal goes away, rather than being stopped and saved.</param>
    /// <param name="cancel">Stops all work, saves, and leaves.</param>
    public static async Task RunAsync(WorkbenchOptions options, string? theme, bool finish, CancellationToken cancel)
    {
        // Terminal.Gui reads keys on the thread pool: one of its threads must be free, however many pictures are decoded on the others.
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(Math.Max(workers, LeastWorkers), ports);
        using CancellationTokenSource hungUp = new();
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            LostTerminal.Replace();
            hungUp.Cancel();
        });
        Workbench bench = new(options);
        try
        {
            await ShownAsync(bench, theme, hungUp.Token, cancel).ConfigureAwait(false);
            if (hungUp.IsCancellationRequested && finish)
            {
                await bench.FinishAsync(cancel).ConfigureAwait(false);
            }
        }
        finally
        {
            await bench.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Connects a shell to an application's keys and clock.</summary>
    internal static void Attach(IApplication app, Shell shell)
    {
        app.Keyboard.KeyDown += (_, key) => shell.Take(key);
        app.AddTimeout(Shell.Beat, () =>
        {
            shell.Pulse();
            return true;
        });
    }

    /// <summary>Keys are looked for more often while somebody types or work competes for the processors, less often at rest.</summary>
    private static void Pace(Workbench bench, Shell shell) =>
        Application.MaximumIterationsPerSecond = bench.Work.Running.Any() || bench.Clock.GetElapsedTime(shell.TakenAt) < AtRestAfter ? BusyRate : Application.DefaultMaximumIterationsPerSecond;

    /// <summary>
    /// Shows the screens on a thread of their own, until the person leaves. Where the terminal goes away, that thread only ceases to
    /// touch the models: to give back a terminal that is not there may take for ever.
    /// </summary>
    private static Task ShownAsync(Workbench bench, string? theme, CancellationToken hungUp, CancellationToken cancel)
    {
        TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread screen = new(() =>
        {
            try
            {
                Show(bench, theme, left, hungUp, cancel);
                left.TrySetResult();
            }
            catch (Exception e)
            {
                left.TrySetException(e);
            }
        }) { IsBackground = true, Name = "screen" };
        screen.Start();
        return left.Task;
    }

    private static void Show(Workbench bench, string? theme, TaskCompletionSource left, CancellationToken hungUp, CancellationToken cancel)
    {
        Driver.SizeDetection = SizeDetectionMode.Polling; // asks the kernel, not the terminal at the end of a slow line
        using IApplication app = Application.Create();
        app.Init("ansi");
        using Shell shell = new(bench, Chosen(app, theme));
        Attach(app, shell);
        app.AddTimeout(Shell.Beat, () =>
        {
            Pace(bench, shell);
            return true;
        });
        bench.Begin();
        using (cancel.Register(() => app.Invoke(() => app.RequestStop(shell))))
        using (hungUp.Register(() => app.Invoke(() =>
        {
            left.TrySetResult();
            app.RequestStop(shell);
        })))
        {
            try
            {
                app.Run(shell);
            }
            catch (Exception) when (hungUp.IsCancellationRequested)
            {
                // The terminal could not be written any more; there is nobody to tell.
                left.TrySetResult();
            }
        }
    }

    private static Theme Chosen(IApplication app, string? name)
    {
        if (name is not null)
        {
            return Theme.All.First(t => t.Name == name);
        }

        ColorLevel colors = app.Driver!.ColorCapabilities?.Capability switch
        {
            ColorCapabilityLevel.NoColor => ColorLevel.None,
            ColorCapabilityLevel.Colors16 => ColorLevel.Sixteen,
            _ => ColorLevel.Many,
        };
        return Theme.For(Environment.GetEnvironmentVariable("NO_COLOR"), colors, app.Driver.DefaultAttribute?.Background);
    }
}
