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
    /// <summary>Frames that a job is taken for before it is planned: about a chunk, so that somebody comes to look at it.</summary>
    public const int UnplannedFrames = 300;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly IDbContextFactory<JobsDbContext> _contexts;
    private readonly LiveWorkers _workers;
    private readonly CommitMeter _meter;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _one = new(1);
    private Picture _last = new([], [], 0, null, default, null);
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
            "Frames of jobs in fusion that are not accepted yet."
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
            .SelectMany(j => context.Chunks.Where(c => c.JobId == j.Id && c.State != ChunkState.Fused))
            .GroupBy(c => c.State)
            .Select(g => new
            {
                g.Key,
                Count = g.Count(),
                Frames = g.Sum(c => (long)(c.End - c.Start)),
            })
            .ToListAsync(cancellationToken);
        // Every Coordinator reads the same speed here; what this one has seen itself counts only until a chunk is in.
        var done = await context
            .Jobs.Where(j => j.State == JobState.Fusing)
            .SelectMany(j => context.Chunks.Where(c => c.JobId == j.Id && c.State == ChunkState.Fused))
            .GroupBy(_ => 1)
            .Select(g => new { Seconds = g.Sum(c => c.Seconds), Frames = g.Sum(c => (long)(c.End - c.Start)) })
            .SingleOrDefaultAsync(cancellationToken);
        DateTimeOffset? oldest = await OpenJobs
            .In(context)
            .Where(j => context.Chunks.Any(c => c.JobId == j.Id && c.State == ChunkState.Waiting))
            .MinAsync(j => (DateTimeOffset?)j.CreatedAt, cancellationToken);
        return new Picture(
            jobs,
            chunks.ToDictionary(c => c.Key, c => c.Count),
            chunks.Sum(c => c.Frames),
            done is { Frames: > 0, Seconds: > 0 } ? done.Seconds / done.Frames : null,
            await _workers.CountAsync(cancellationToken),
            oldest
        );
    }

    private ApiScaling Scaling()
    {
        Picture last = _last;
        double perFrame = last.SecondsPerFrame ?? _meter.SecondsPerFrame;
        int unplanned = last
            .Jobs.Where(j => j.Key is JobState.Queued or JobState.Preparing or JobState.Scanning or JobState.Gating)
            .Sum(j => j.Value);
        return new ApiScaling
        {
            OwedSeconds = (last.Frames + ((double)unplanned * UnplannedFrames)) * perFrame,
            OwedFrames = last.Frames,
            UnplannedJobs = unplanned,
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
        double? SecondsPerFrame,
        LiveSlots Live,
        DateTimeOffset? Oldest
    );
}
