using System.Diagnostics.Metrics;
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
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly IDbContextFactory<JobsDbContext> _contexts;
    private readonly LiveWorkers _workers;
    private readonly CommitMeter _meter;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _one = new(1);
    private Picture _last = new([], [], 0, default, null);
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
            () => _last.Frames * _meter.SecondsPerFrame,
            null,
            "Seconds that one slot would take for the frames owed, by the speed of the last chunks."
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
        DateTimeOffset? oldest = await OpenJobs
            .In(context)
            .Where(j => context.Chunks.Any(c => c.JobId == j.Id && c.State == ChunkState.Waiting))
            .MinAsync(j => (DateTimeOffset?)j.CreatedAt, cancellationToken);
        return new Picture(
            jobs,
            chunks.ToDictionary(c => c.Key, c => c.Count),
            chunks.Sum(c => c.Frames),
            await _workers.CountAsync(cancellationToken),
            oldest
        );
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
        LiveSlots Live,
        DateTimeOffset? Oldest
    );
}
