using System.Diagnostics.Metrics;
using FaceFusion.Batch.Contracts.Api.Workers;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Observing;

/// <summary>
/// What is still to be done, read from the database when somebody asks: every Coordinator says the same. Rows of jobs that are over are
/// not read.
/// </summary>
public sealed class WorkOwed : IDisposable
{
    /// <summary>Frames that a job is taken for before its own are counted: about a chunk, so that somebody comes to look at it.</summary>
    public const int UnplannedFrames = 300;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private static readonly IReadOnlyList<JobState> BeforeFusion =
    [
        JobState.Queued,
        JobState.Preparing,
        JobState.Scanning,
        JobState.Gating,
    ];

    private readonly IDbContextFactory<JobsDbContext> _contexts;
    private readonly LiveWorkers _workers;
    private readonly CommitMeter _meter;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _one = new(1);
    private Picture _last = new([], [], 0, 0, null, default, null);
    private DateTimeOffset? _readAt;

    public WorkOwed(
        IDbContextFactory<JobsDbContext> contexts,
        LiveWorkers workers,
        CommitMeter meter,
        TimeProvider clock
    )
    {
        (_contexts, _workers, _meter, _clock) = (contexts, workers, meter, clock);
        Meter source = meter.Meter;
        _ = source.CreateObservableGauge("ffb_jobs", JobCounts, null, "Jobs that are not over, by state.");
        _ = source.CreateObservableGauge(
            "ffb_chunks",
            ChunkCounts,
            null,
            "Chunks of jobs in fusion that are not accepted yet, by state."
        );
        _ = source.CreateObservableGauge(
            "ffb_frames_owed",
            () => _last.Frames,
            null,
            "Frames of open jobs that are not accepted yet, once they are counted, and of replays; of paused jobs those in hand alone."
        );
        _ = source.CreateObservableGauge(
            "ffb_work_owed_seconds",
            () => Scaling().OwedSeconds,
            null,
            "Seconds that one slot would take for all jobs that are not over, by the speed of their chunks."
        );
        _ = source.CreateObservableGauge(
            "ffb_oldest_waiting_seconds",
            () => _last.Oldest is { } since ? (_clock.GetUtcNow() - since).TotalSeconds : 0,
            null,
            "Age of the oldest job in fusion that has a chunk waiting."
        );
        _ = source.CreateObservableGauge(
            "ffb_workers",
            () => _last.Live.Workers,
            null,
            "Workers that are alive and take work."
        );
        _ = source.CreateObservableGauge("ffb_slots", SlotCounts, null, "Slots of those workers, by use.");
    }

    /// <summary>The picture of this moment.</summary>
    public async Task<ApiScaling> ForScalingAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        return Scaling();
    }

    /// <summary>Reads the database anew, unless that was a moment ago.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_readAt is not { } at || _clock.GetUtcNow() - at >= Fresh)
            {
                _last = await ReadAsync(cancellationToken);
                _readAt = _clock.GetUtcNow();
            }
        }
        finally
        {
            _ = _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<Picture> ReadAsync(CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await _contexts.CreateDbContextAsync(cancellationToken);
        Dictionary<JobState, int> jobs = await context
            .Jobs.Where(j => EF.Constant(JobStates.Leased).Contains(j.State))
            .GroupBy(j => j.State)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        jobs[JobState.Fusing] = await context.Jobs.CountAsync(j => j.State == JobState.Fusing, cancellationToken);
        var chunks = await context
            .Jobs.Where(j => j.State == JobState.Fusing)
            .SelectMany(
                j => context.Chunks.Where(c => c.JobId == j.Id && c.State != ChunkState.Fused),
                (j, c) =>
                    new
                    {
                        c.State,
                        // Of a paused job nothing new is begun: no worker need come for it, and none in its hands may go.
                        IsOwed = (j.PausedAt == null && !j.IsParked)
                            || c.State == ChunkState.Released
                            || c.State == ChunkState.Running,
                        Frames = (long)(c.End - c.Start),
                    }
            )
            .GroupBy(c => new { c.State, c.IsOwed })
            .Select(g => new
            {
                g.Key.State,
                g.Key.IsOwed,
                Count = g.Count(),
                Frames = g.Sum(c => c.Frames),
            })
            .ToListAsync(cancellationToken);
        // A job that only scans has no frames to fuse, and one that is not counted yet is taken for a guess.
        var ahead = await context
            .Jobs.Where(j => EF.Constant(BeforeFusion).Contains(j.State) && j.PausedAt == null && !j.IsParked)
            .GroupBy(j => j.Kind == JobKind.Fuse && j.FrameCount > 0)
            .Select(g => new
            {
                IsCounted = g.Key,
                Count = g.Count(),
                Frames = g.Sum(j => (long)j.FrameCount),
            })
            .ToListAsync(cancellationToken);
        long replayed = await context
            .Replays.Where(r => r.State == ReplayState.Released || r.State == ReplayState.Running)
            .SelectMany(r => context.Chunks.Where(c => c.JobId == r.JobId && c.Index == r.ChunkIndex))
            .SumAsync(c => (long)(c.End - c.Start), cancellationToken);
        // Every Coordinator reads the same speed here; what this one has seen itself counts only until a chunk is in.
        double? speed = await SlotSpeed.ReadAsync(context, cancellationToken);
        DateTimeOffset? oldest = await OpenJobs
            .In(context)
            .Where(j => context.Chunks.Any(c => c.JobId == j.Id && c.State == ChunkState.Waiting))
            .MinAsync(j => (DateTimeOffset?)j.CreatedAt, cancellationToken);
        return new Picture(
            jobs,
            chunks.GroupBy(c => c.State).ToDictionary(g => g.Key, g => g.Sum(c => c.Count)),
            chunks.Where(c => c.IsOwed).Sum(c => c.Frames)
                + ahead.Where(a => a.IsCounted).Sum(a => a.Frames)
                + replayed,
            ahead.Where(a => !a.IsCounted).Sum(a => a.Count),
            speed,
            await _workers.CountAsync(cancellationToken),
            oldest
        );
    }

    private ApiScaling Scaling()
    {
        Picture last = _last;
        double perFrame = last.SecondsPerFrame ?? _meter.SecondsPerFrame;
        return new ApiScaling
        {
            OwedSeconds = (last.Frames + ((double)last.Uncounted * UnplannedFrames)) * perFrame,
            OwedFrames = last.Frames,
            UnplannedJobs = last.Uncounted,
            SecondsPerFrame = perFrame,
            Workers = last.Live.Workers,
            Slots = last.Live.Slots,
            BusySlots = last.Live.Busy,
        };
    }

    private IEnumerable<Measurement<int>> JobCounts() => CountsOf(_last.Jobs);

    private IEnumerable<Measurement<int>> ChunkCounts() => CountsOf(_last.Chunks);

    private IEnumerable<Measurement<int>> SlotCounts() =>
        [
            new(_last.Live.Busy, new KeyValuePair<string, object?>("use", "busy")),
            new(_last.Live.Slots - _last.Live.Busy, new KeyValuePair<string, object?>("use", "idle")),
        ];

    private static IEnumerable<Measurement<int>> CountsOf<T>(Dictionary<T, int> counts)
        where T : struct, Enum =>
        counts.Select(c => new Measurement<int>(
            c.Value,
            new KeyValuePair<string, object?>("state", c.Key.ToString().ToLowerInvariant())
        ));

    private sealed record Picture(
        Dictionary<JobState, int> Jobs,
        Dictionary<ChunkState, int> Chunks,
        long Frames,
        int Uncounted,
        double? SecondsPerFrame,
        LiveSlots Live,
        DateTimeOffset? Oldest
    );
}
