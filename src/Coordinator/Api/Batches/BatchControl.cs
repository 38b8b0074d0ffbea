using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.Batches;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Api.Batches;

/// <summary>What may be done to a batch that is there: it is noted here, and done afterwards.</summary>
internal sealed class BatchControl(IDbContextFactory<JobsDbContext> contexts, BatchSweep sweep)
{
    /// <summary>Again is no error.</summary>
    /// <exception cref="ProblemException">409: it is over.</exception>
    public async Task CancelAsync(BatchRow batch, string? reason)
    {
        if (batch.State is BatchState.Cancelling or BatchState.Cancelled)
        {
            return;
        }

        string? clean = reason is null ? null : DisplayNames.Clean(reason);
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        int changed = await context
            .Batches.Where(b => b.Id == batch.Id && !EF.Constant(BatchRow.Over).Contains(b.State))
            .ExecuteUpdateAsync(set =>
                set.SetProperty(b => b.State, BatchState.Cancelling)
                    .SetProperty(b => b.IsCancelled, true)
                    .SetProperty(b => b.CancelReason, clean)
                    // Whoever reads it has lost it.
                    .SetProperty(b => b.LeaseUntil, (DateTimeOffset?)null)
            );
        if (changed == 0)
        {
            throw new ProblemException(ProblemKind.InvalidState, "The batch is over.");
        }

        await sweep.StartAsync(batch.Id, CancellationToken.None);
    }

    /// <summary>Again, while it is done, is no error.</summary>
    /// <exception cref="ProblemException">409: its jobs are not there yet, are being cancelled, or have all succeeded.</exception>
    public async Task RetryAsync(BatchRow batch)
    {
        if (batch.State == BatchState.Retrying)
        {
            return;
        }

        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        int changed = await context
            .Batches.Where(b => b.Id == batch.Id)
            .Where(b =>
                b.State == BatchState.Running || b.State == BatchState.Failed || b.State == BatchState.Cancelled
            )
            .ExecuteUpdateAsync(set =>
                set.SetProperty(b => b.State, BatchState.Retrying)
                    .SetProperty(b => b.FinishedAt, (DateTimeOffset?)null)
                    .SetProperty(b => b.LeaseUntil, (DateTimeOffset?)null)
            );
        if (changed == 0)
        {
            throw new ProblemException(
                ProblemKind.InvalidState,
                "Only of a batch that runs, has failed or was cancelled are jobs taken up again."
            );
        }

        await sweep.StartAsync(batch.Id, CancellationToken.None);
    }
}
