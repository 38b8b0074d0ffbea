using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Sweeping;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Faults.Tests.Fleet;

/// <summary>Looks at a job's rows again and again: what moves on and when, and what goes backwards.</summary>
internal sealed class JobWatch(FaultyFleet fleet, Guid jobId)
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(100);

    private readonly List<DateTimeOffset> _steps = [];
    private readonly List<string> _regressions = [];
    private Dictionary<int, ChunkRow> _seen = [];

    /// <summary>When chunks were accepted, and when the job ended.</summary>
    public IReadOnlyList<DateTimeOffset> Steps => _steps;

    public IReadOnlyList<string> Regressions => _regressions;

    /// <summary>Until the job has ended, or <paramref name="longest"/> after <paramref name="faults"/> are over.</summary>
    public async Task RunAsync(Task faults, TimeSpan longest)
    {
        DateTimeOffset? until = null;
        while (until is null || TimeProvider.System.GetUtcNow() < until)
        {
            if (faults.IsCompleted)
            {
                until ??= TimeProvider.System.GetUtcNow() + longest;
            }

            try
            {
                if (await LookAsync())
                {
                    _steps.Add(TimeProvider.System.GetUtcNow());
                    return;
                }
            }
            catch (Exception e) when (DatabaseTrouble.Is(e))
            {
                // The database is being restarted.
            }

            await Task.Delay(Often);
        }
    }

    private async Task<bool> LookAsync()
    {
        await using JobsDbContext context = await fleet.Contexts.CreateDbContextAsync();
        JobRow job = await context.Jobs.AsNoTracking().SingleAsync(j => j.Id == jobId);
        List<ChunkRow> chunks = await context.Chunks.AsNoTracking().Where(c => c.JobId == jobId).ToListAsync();
        foreach (ChunkRow chunk in chunks)
        {
            if (_seen.TryGetValue(chunk.Index, out ChunkRow? before))
            {
                Compare(before, chunk);
            }
            else if (chunk.State == ChunkState.Fused)
            {
                _steps.Add(TimeProvider.System.GetUtcNow());
            }
        }

        _seen = chunks.ToDictionary(c => c.Index);
        return job.State.IsTerminal();
    }

    private void Compare(ChunkRow before, ChunkRow now)
    {
        if (now.Attempt < before.Attempt)
        {
            _regressions.Add($"Invariant 3: chunk {now.Index} went from attempt {before.Attempt} to {now.Attempt}.");
        }

        bool wasFused = before.State == ChunkState.Fused;
        if (wasFused && now.Attempt == before.Attempt && now.SegmentSha256 != before.SegmentSha256)
        {
            _regressions.Add(
                $"Invariant 3: another segment was accepted for chunk {now.Index}, attempt {now.Attempt}."
            );
        }

        if (now.State == ChunkState.Fused && (!wasFused || now.Attempt != before.Attempt))
        {
            _steps.Add(TimeProvider.System.GetUtcNow());
        }
    }
}
