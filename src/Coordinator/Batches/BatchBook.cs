using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace FaceFusion.Batch.Coordinator.Batches;

/// <summary>
/// The rows of batches. Like a job's, every change is an UPDATE that names what it starts from; false (or null) means that somebody
/// else has it by now.
/// </summary>
public sealed class BatchBook(IDbContextFactory<JobsDbContext> contexts, TimeProvider clock)
{
    /// <summary>Rows with errors that are kept; the others are counted.</summary>
    public const int MostFaulty = 1000;

    /// <summary>Longer than some hundred rows take; whoever dies holds the batch up for as long.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>One with its id that is there already stays.</summary>
    public async Task EnterAsync(BatchRow batch, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        if (!await context.Batches.AnyAsync(b => b.Id == batch.Id, stop))
        {
            _ = context.Batches.Add(batch);
            _ = await context.SaveChangesAsync(stop);
        }
    }

    /// <summary>Takes what is owed, or takes it again where it was lost; the attempt. Null: nothing is owed, or somebody has it.</summary>
    public async Task<int?> BeginAsync(Guid batchId, CancellationToken stop)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        IQueryable<BatchRow> owed = context
            .Batches.Where(b => b.Id == batchId && EF.Constant(BatchRow.Owing).Contains(b.State))
            .Where(b => b.LeaseUntil == null || b.LeaseUntil < now);
        if (await owed.Select(b => (int?)b.Attempt).SingleOrDefaultAsync(stop) is not { } seen)
        {
            return null;
        }

        int changed = await owed.Where(b => b.Attempt == seen)
            .ExecuteUpdateAsync(
                set => set.SetProperty(b => b.Attempt, seen + 1).SetProperty(b => b.LeaseUntil, now + Lease),
                stop
            );
        return changed == 1 ? seen + 1 : null;
    }

    /// <summary>The batch of an order that is not void.</summary>
    public async Task<BatchRow?> FindOwingAsync(Guid batchId, int attempt, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return await context
            .Batches.AsNoTracking()
            .SingleOrDefaultAsync(
                b => b.Id == batchId && b.Attempt == attempt && EF.Constant(BatchRow.Owing).Contains(b.State),
                stop
            );
    }

    /// <summary>Goes on holding what is owed.</summary>
    public async Task<bool> RenewAsync(BatchRow batch, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return await ChangeAsync(context, batch, _ => { }, stop);
    }

    /// <summary>What was owed is done.</summary>
    public async Task<bool> EndAsync(BatchRow batch, BatchState next, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return await ChangeAsync(context, batch, set => set.SetProperty(b => b.State, next), stop, isOver: true);
    }

    /// <summary>Its jobs go on.</summary>
    public async Task<bool> EndRetryAsync(BatchRow batch, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return await ChangeAsync(
            context,
            batch,
            set =>
                set.SetProperty(b => b.State, BatchState.Running)
                    .SetProperty(b => b.IsCancelled, false)
                    .SetProperty(b => b.CancelReason, (string?)null),
            stop,
            isOver: true
        );
    }

    /// <summary>All rows were looked at, and may be entered.</summary>
    public async Task<bool> EndCheckAsync(BatchRow batch, int rows, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return await ChangeAsync(
            context,
            batch,
            set => set.SetProperty(b => b.IsChecked, true).SetProperty(b => b.Rows, rows),
            stop
        );
    }

    /// <summary>Ends the batch with nothing entered.</summary>
    public async Task<bool> RefuseAsync(
        BatchRow batch,
        int rows,
        int invalid,
        IReadOnlyList<CheckedRow> faulty,
        CancellationToken stop
    )
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(stop);
        DateTimeOffset now = clock.GetUtcNow();
        bool isMine = await ChangeAsync(
            context,
            batch,
            set =>
                set.SetProperty(b => b.State, BatchState.Refused)
                    .SetProperty(b => b.Rows, rows)
                    .SetProperty(b => b.Invalid, invalid)
                    .SetProperty(b => b.FinishedAt, now),
            stop,
            isOver: true
        );
        if (!isMine)
        {
            return false;
        }

        context.BatchEntries.AddRange(faulty.Select(row => EntryOf(batch.Id, row)));
        _ = await context.SaveChangesAsync(stop);
        await change.CommitAsync(stop);
        return true;
    }

    /// <summary>Enters some rows: their jobs, what they became, and how far the batch is, together or not at all.</summary>
    /// <param name="batch">As it was after the rows before; it is as it is after these.</param>
    /// <param name="rows">In order.</param>
    /// <param name="stop">Nothing is entered.</param>
    /// <exception cref="DbUpdateException">Somebody entered a job with one of these ids meanwhile: check again.</exception>
    /// <exception cref="InvalidOperationException">Somebody enters the same ids, and one of the two was ended: check again.</exception>
    public async Task<bool> EnterAsync(BatchRow batch, IReadOnlyList<CheckedRow> rows, CancellationToken stop)
    {
        DateTimeOffset now = clock.GetUtcNow();
        int line = rows[^1].Line;
        int invalid = rows.Count(r => r.Faults.Count > 0);
        int reused = rows.Count(r => r.KnownJob is not null);
        int submitted = rows.Count - invalid;
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        context.ChangeTracker.AutoDetectChangesEnabled = false;
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(stop);
        bool isMine = await ChangeAsync(
            context,
            batch,
            set =>
                set.SetProperty(b => b.LinesEntered, line)
                    .SetProperty(b => b.Submitted, b => b.Submitted + submitted)
                    .SetProperty(b => b.Reused, b => b.Reused + reused)
                    .SetProperty(b => b.Invalid, b => b.Invalid + invalid),
            stop
        );
        if (!isMine)
        {
            return false;
        }

        List<JobRow> jobs = [];
        int room = MostFaulty - batch.Invalid;
        foreach (CheckedRow row in rows)
        {
            if (row.Draft is { } draft)
            {
                jobs.Add(draft.ToRow(now));
                _ = context.Jobs.Add(jobs[^1]);
                _ = context.JobEvents.Add(JobEvents.FirstOf(draft.Id, now));
            }

            if (row.Faults.Count == 0 || room-- > 0)
            {
                _ = context.BatchEntries.Add(EntryOf(batch.Id, row));
            }
        }

        _ = await context.SaveChangesAsync(stop);
        await context.TellJobsEnteredAsync(batch.TenantId, jobs, now, stop);
        await change.CommitAsync(stop);
        (batch.LinesEntered, batch.Invalid) = (line, batch.Invalid + invalid);
        return true;
    }

    private async Task<bool> ChangeAsync(
        JobsDbContext context,
        BatchRow batch,
        Action<UpdateSettersBuilder<BatchRow>> set,
        CancellationToken stop,
        bool isOver = false
    )
    {
        DateTimeOffset? lease = isOver ? null : clock.GetUtcNow() + Lease;
        return 1
            == await context
                .Batches.Where(b => b.Id == batch.Id && b.State == batch.State && b.Attempt == batch.Attempt)
                .ExecuteUpdateAsync(
                    setters =>
                    {
                        _ = setters.SetProperty(b => b.LeaseUntil, lease);
                        set(setters);
                    },
                    stop
                );
    }

    private static BatchEntryRow EntryOf(Guid batchId, CheckedRow row) =>
        new()
        {
            BatchId = batchId,
            Line = row.Line,
            Key = row.Key is null ? null : DisplayNames.Clean(row.Key),
            JobId = row.Draft?.Id ?? row.KnownJob,
            IsReused = row.KnownJob is not null,
            Faults = [.. row.Faults.Select(f => f with { Pointer = DisplayNames.Clean(f.Pointer) })],
        };
}
