using FaceFusion.Batch.Contracts.Api.Webhooks;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Api.Batches;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Batches;

/// <summary>Ends batches whose jobs are all over. The jobs do not know of it: their transactions would wait for each other.</summary>
public sealed partial class BatchEnding(
    IDbContextFactory<JobsDbContext> contexts,
    TimeProvider clock,
    ILogger<BatchEnding> logger
)
{
    private const int AtATime = 64;

    public async Task SweepAsync(CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        List<Guid> over = await WithoutOpenJobs(context)
            .OrderBy(b => b.CreatedAt)
            .Select(b => b.Id)
            .Take(AtATime)
            .ToListAsync(stop);
        foreach (Guid batchId in over)
        {
            await EndAsync(context, batchId, stop);
        }
    }

    private async Task EndAsync(JobsDbContext context, Guid batchId, CancellationToken stop)
    {
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(stop);
        IQueryable<BatchRow> row = context.Batches.Where(b => b.Id == batchId);
        // Locks the row: a job that is taken up again meanwhile has either been seen to, or waits for this and opens the batch again.
        int held = await row.Where(b => b.State == BatchState.Running || b.State == BatchState.Cancelling)
            .ExecuteUpdateAsync(set => set.SetProperty(b => b.LeaseUntil, (DateTimeOffset?)null), stop);
        if (held == 0 || !await WithoutOpenJobs(context).AnyAsync(b => b.Id == batchId, stop))
        {
            return;
        }

        BatchRow batch = await row.AsNoTracking().SingleAsync(stop);
        bool isWhole =
            batch.Invalid == 0
            && !await context.BatchEntries.AnyAsync(
                e => e.BatchId == batchId && context.Jobs.Any(j => j.Id == e.JobId && j.State != JobState.Succeeded),
                stop
            );
        BatchState end =
            batch.IsCancelled ? BatchState.Cancelled
            : isWhole ? BatchState.Succeeded
            : BatchState.Failed;
        DateTimeOffset now = clock.GetUtcNow();
        _ = await row.ExecuteUpdateAsync(
            set => set.SetProperty(b => b.State, end).SetProperty(b => b.FinishedAt, now),
            stop
        );
        // Here, and in this transaction alone, a batch that has begun is over.
        await context.TellAsync(
            batch.TenantId,
            WebhookEvents.BatchCompleted,
            async token => await BatchShelf.DescribeAsync(context, await row.AsNoTracking().SingleAsync(token), token),
            now,
            stop
        );
        await change.CommitAsync(stop);
        LogEnded(batchId, end);
    }

    private static IQueryable<BatchRow> WithoutOpenJobs(JobsDbContext context) =>
        context
            .Batches.Where(b => b.State == BatchState.Running || b.State == BatchState.Cancelling)
            .Where(b => !context.Jobs.Any(j => j.BatchId == b.Id && EF.Constant(JobStates.Open).Contains(j.State)))
            .Where(b =>
                b.Reused == 0
                || !context.BatchEntries.Any(e =>
                    e.BatchId == b.Id
                    && e.IsReused
                    && context.Jobs.Any(j => j.Id == e.JobId && EF.Constant(JobStates.Open).Contains(j.State))
                )
            );

    [LoggerMessage(EventIds.BatchEnded, LogLevel.Information, "Batch {BatchId} ended: {State}")]
    private partial void LogEnded(Guid batchId, BatchState state);
}
