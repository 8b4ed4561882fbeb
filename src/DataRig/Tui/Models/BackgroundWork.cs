using DataRig.Core;

namespace DataRig.Tui.Models;

/// <summary>
/// The one place that runs work: a capture, a synthesis, a training go on here while screens come and go. One job of a kind at a
/// time. Every end, good or bad, comes back as a sentence.
/// </summary>
internal sealed class BackgroundWork(Inbox inbox, TimeProvider clock)
{
    private readonly Dictionary<JobKind, Job> _jobs = [];
    private readonly List<Task> _running = [];

    /// <summary>Told of every job that ends.</summary>
    public event Action<Job>? Ended;

    public IEnumerable<Job> Running => _jobs.Values.Where(j => j.IsRunning);

    /// <summary>The present or last job of a kind.</summary>
    public Job? Last(JobKind kind) => _jobs.GetValueOrDefault(kind);

    public bool IsRunning(JobKind kind) => Last(kind) is { IsRunning: true };

    /// <summary>Starts a job on a thread of its own.</summary>
    /// <param name="kind">Its kind; none of it runs.</param>
    /// <param name="work">The work; gives what it came to, in a sentence.</param>
    public Job Start(JobKind kind, Func<IProgress<StageProgress>, CancellationToken, Task<string>> work)
    {
        CancellationTokenSource cancel = new(); // not disposed: it holds no timer, and a late stop may still come
        Job job = new(kind, clock, () => ThreadPool.QueueUserWorkItem(_ => cancel.Cancel()));
        _jobs[kind] = job;
        _running.RemoveAll(t => t.IsCompleted);
        _running.Add(Task.Factory.StartNew(() => Begin(job, work, cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap());
        return job;
    }

    /// <summary>Stops everything and waits until what was done is saved.</summary>
    public async Task StopAllAsync()
    {
        foreach (Job job in Running)
        {
            job.Stop();
        }

        await WhenAllAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until nothing runs any more.</summary>
    public Task WhenAllAsync() => Task.WhenAll(_running);

    /// <summary>Whatever can keep a whole processor busy gives way to the screen; a session at the rig does not.</summary>
    private Task Begin(Job job, Func<IProgress<StageProgress>, CancellationToken, Task<string>> work, CancellationTokenSource cancel)
    {
        if (job.Kind is not JobKind.Capture)
        {
            Niceness.Lower();
        }

        return RunAsync(job, work, cancel);
    }

    private async Task RunAsync(Job job, Func<IProgress<StageProgress>, CancellationToken, Task<string>> work, CancellationTokenSource cancel)
    {
        (JobState State, string Words) end;
        try
        {
            end = (JobState.Done, await work(new Latest(job, inbox), cancel.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            end = (JobState.Stopped, "Stopped; everything done so far is saved.");
        }
        catch (Exception e)
        {
            // Whatever fails in a job must not take the other jobs and the screen down.
            end = (JobState.Failed, e is DataRigException or IOException or UnauthorizedAccessException ? e.Message : $"{e.GetType().Name}: {e.Message}");
        }

        inbox.Post(() =>
        {
            job.End(end.State, end.Words);
            Ended?.Invoke(job);
        });
    }

    /// <summary>Progress that comes faster than anybody looks: only the latest is delivered.</summary>
    private sealed class Latest(Job job, Inbox inbox) : IProgress<StageProgress>
    {
        private readonly Lock _lock = new();
        private StageProgress? _waiting;

        public void Report(StageProgress value)
        {
            lock (_lock)
            {
                bool posted = _waiting is not null;
                _waiting = value;
                if (posted)
                {
                    return;
                }
            }

            inbox.Post(() =>
            {
                lock (_lock)
                {
                    job.Advance(_waiting!.Value);
                    _waiting = null;
                }
            });
        }
    }
}
