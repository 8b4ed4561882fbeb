using System.Text.Json;
using DataRig.Core;
using DataRig.Data;
using DataRig.Rig;

namespace DataRig.Jobs;

/// <summary>A session's memory in its dataset. Opening it clears away what a killed process left half done.</summary>
internal sealed class DatasetJournal : ISessionJournal
{
    /// <summary>The program's own words to itself; what a person writes is read by StrictJson.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    private readonly Dataset _dataset;
    private SessionOptics? _optics;

    public DatasetJournal(Dataset dataset, SessionId session)
    {
        _dataset = dataset;
        Session = session;
        dataset.RecoverSession(session);
        _optics = dataset.Optics(session) is { } text ? Read(text) : null;
    }

    public SessionId Session { get; }

    public IReadOnlySet<(int Sweep, int Stop)> Taken() => _dataset.TakenStops(Session).Select(t => (t.Sweep, t.Stop)).ToHashSet();

    public SessionOptics? Optics() => _optics;

    public void KeepOptics(SessionOptics optics)
    {
        _dataset.KeepOptics(Session, JsonSerializer.Serialize(optics, Json));
        _optics = optics;
    }

    public IReadOnlyDictionary<int, EncodedImage> Plates() => _dataset.Plates(Session).ToDictionary(p => p.Stop, p => p.Image);

    public void AddPlate(Stop stop, EncodedImage image, TablePosition position) => _dataset.AddPlate(Session, new Plate(stop.Index, image, position.AzimuthDegrees, stop.Light));

    public void Intend(int sweep, int stop) => _dataset.NoteStop(Session, sweep, stop, StopState.Intent);

    public void Moved(int sweep, int stop, TablePosition position) => _dataset.NoteStop(Session, sweep, stop, StopState.Moved, position.Microsteps);

    public void Commit(Frame frame) => _dataset.CommitStop(frame);

    public void Skip(int sweep, int stop) => _dataset.NoteStop(Session, sweep, stop, StopState.Skipped);

    public void Retake(int sweep) => _dataset.TrashSweep(Session, sweep);

    private SessionOptics Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<SessionOptics>(text, Json) ?? throw new JsonException("there is nothing");
        }
        catch (JsonException e)
        {
            throw new WorkFailedException($"The dataset {_dataset.Folder}: what {Session} keeps of its exposure cannot be read ({e.Message}); restore dataset.db from a copy, or begin a new session.", e);
        }
    }
}
