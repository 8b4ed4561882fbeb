using DataRig.Tui.Models;
using DataRig.Tui.Views;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;

namespace DataRig.Tui;

/// <summary>The user interface in a real terminal.</summary>
internal static class TuiApp
{
    /// <summary>Runs until the person leaves.</summary>
    /// <param name="options">What it begins with.</param>
    /// <param name="theme">The theme's name; null lets the terminal say.</param>
    /// <param name="cancel">Stops all work, saves, and leaves.</param>
    public static async Task RunAsync(WorkbenchOptions options, string? theme, CancellationToken cancel)
    {
        Workbench bench = new(options);
        try
        {
            Show(bench, theme, cancel);
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
            shell.Follow();
            return true;
        });
    }

    private static void Show(Workbench bench, string? theme, CancellationToken cancel)
    {
        Driver.SizeDetection = SizeDetectionMode.Polling; // asks the kernel, not the terminal at the end of a slow line
        using IApplication app = Application.Create();
        app.Init("ansi");
        using Shell shell = new(bench, Chosen(app, theme));
        Attach(app, shell);
        bench.Begin();
        using (cancel.Register(() => app.Invoke(() => app.RequestStop(shell))))
        {
            app.Run(shell);
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
