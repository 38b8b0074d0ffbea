using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Coordinator.Tracking;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Batches;

/// <summary>Cancels the jobs of a batch, or takes those that failed up again; each as if its user had asked for it alone.</summary>
internal sealed class BatchChanges(
    IDbContextFactory<JobsDbContext> contexts,
    BatchBook book,
    JobEnding ending,
    Jobs jobs,
    TimeProvider clock
)
{
    private const int Slice = 200;

    /// <summary>Jobs that are changed at the same time.</summary>
    private const int AtATime = 4;

    /// <summary>What is being published is not cancelled; the batch is over when that is.</summary>
    public async Task CancelAsync(BatchRow batch, CancellationToken stop)
    {
        bool isDone = await EachAsync(
            batch,
            all => all.Where(j => EF.Constant(JobStates.Open).Contains(j.State) && !j.Publishing),
            async (ids, token) =>
            {
                if (batch.CancelReason is { } reason)
                {
                    await TellWhyAsync(ids, reason, token);
                }

                await ManyAsync(ids, (id, t) => ending.EndAsync(id, JobState.Cancelled, null, t), token);
            },
            stop
        );
        if (isDone)
        {
            _ = await book.RenewAsync(batch, stop);
        }
    }

    /// <summary>Those that failed, and, where the batch was cancelled, those that were with it.</summary>
    public async Task RetryAsync(BatchRow batch, CancellationToken stop)
    {
        bool isDone = await EachAsync(
            batch,
            all => all.Where(j => j.State == JobState.Failed || (batch.IsCancelled && j.State == JobState.Cancelled)),
            (ids, token) => ManyAsync(ids, jobs.RetryAsync, token),
            stop
        );
        if (isDone)
        {
            _ = await book.EndRetryAsync(batch, stop);
        }
    }

    private static Task ManyAsync(
        IReadOnlyList<Guid> ids,
        Func<Guid, CancellationToken, Task> change,
        CancellationToken stop
    ) =>
        Parallel.ForEachAsync(
            ids,
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = stop },
            async (id, token) => await change(id, token)
        );

    /// <summary>False: somebody else has the batch by now.</summary>
    private async Task<bool> EachAsync(
        BatchRow batch,
        Func<IQueryable<JobRow>, IQueryable<JobRow>> only,
        Func<IReadOnlyList<Guid>, CancellationToken, Task> change,
        CancellationToken stop
    )
    {
        int line = 0;
        while (true)
        {
            await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
            var slice = await context
                .BatchEntries.Where(e => e.BatchId == batch.Id && e.Line > line)
                .Join(only(context.Jobs), e => e.JobId, j => j.Id, (e, j) => new { e.Line, j.Id })
                .OrderBy(e => e.Line)
                .Take(Slice)
                .ToListAsync(stop);
            if (slice.Count == 0)
            {
                return true;
            }

            await change([.. slice.Select(s => s.Id)], stop);
            line = slice[^1].Line;
            if (!await book.RenewAsync(batch, stop))
            {
                return false;
            }
        }
    }

    private async Task TellWhyAsync(IReadOnlyList<Guid> ids, string reason, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        _ = await context
            .Jobs.Where(j => ids.Contains(j.Id) && EF.Constant(JobStates.Open).Contains(j.State) && !j.Publishing)
            .ChangeAsync(clock.GetUtcNow(), set => set.SetProperty(j => j.CancelReason, reason), stop);
    }
}
