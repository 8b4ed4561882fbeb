using System.Globalization;

namespace DataRig.Tui.Models;

/// <summary>
/// The one user interface that works in a folder, so that no second one goes on with what the first still does. A lock of the
/// system's that ends with the process, whatever ends it; another one can ask it to save and leave.
/// </summary>
internal sealed class Occupant : IDisposable
{
    private const string FileName = ".datarig-tui", AskedName = ".datarig-tui-asked";

    private readonly string _folder;
    private readonly FileStream? _held;

    private Occupant(string folder, FileStream? held) => (_folder, _held) = (folder, held);

    /// <summary>Whether another one waits for this one to leave.</summary>
    public bool IsAskedToLeave => _held is not null && File.Exists(Path.Combine(_folder, AskedName));

    /// <summary>Takes a folder; a folder that cannot be written is nobody's.</summary>
    /// <returns>Null where another process has it.</returns>
    public static Occupant? TryEnter(string folder)
    {
        try
        {
            FileStream held = new(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.Delete(Path.Combine(folder, AskedName));
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            held.Flush();
            return new Occupant(folder, held);
        }
        catch (IOException)
        {
            return File.Exists(Path.Combine(folder, FileName)) ? null : new Occupant(folder, held: null);
        }
        catch (UnauthorizedAccessException)
        {
            return new Occupant(folder, held: null);
        }
    }

    /// <summary>Asks whoever has a folder to save and leave, and takes it then.</summary>
    public static async Task<Occupant> TakeOverAsync(string folder, CancellationToken cancel)
    {
        while (true)
        {
            if (TryEnter(folder) is { } place)
            {
                return place;
            }

            await File.WriteAllTextAsync(Path.Combine(folder, AskedName), "", cancel).ConfigureAwait(false);
            await Task.Delay(200, cancel).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        if (_held is not null)
        {
            File.Delete(_held.Name);
            _held.Dispose();
        }
    }
}
