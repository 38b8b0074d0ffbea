using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Coordinator.State;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Batches;

/// <summary>Hands out what batches owe. Row first, message second: a lost message is sent again.</summary>
public sealed class BatchSweep(
    IDbContextFactory<JobsDbContext> contexts,
    BatchBook book,
    BatchEnding ending,
    IBus bus,
    TimeProvider clock
)
{
    private const int AtATime = 16;

    public async Task SweepAsync(CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        if (!await context.Batches.AnyAsync(b => !EF.Constant(BatchRow.Over).Contains(b.State), stop))
        {
            return;
        }

        foreach (Guid batchId in await FindOwingAsync(stop))
        {
            await StartAsync(batchId, stop);
        }

        await ending.SweepAsync(stop);
    }

    /// <summary>Has it done by whoever has the time; nothing, if somebody does it or nothing is owed.</summary>
    public async Task StartAsync(Guid batchId, CancellationToken stop)
    {
        if (await book.BeginAsync(batchId, stop) is { } attempt)
        {
            await bus.Publish(new AdvanceBatch(batchId, attempt), stop);
        }
    }

    private async Task<List<Guid>> FindOwingAsync(CancellationToken stop)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return await context
            .Batches.Where(b => EF.Constant(BatchRow.Owing).Contains(b.State))
            .Where(b => b.LeaseUntil == null || b.LeaseUntil < now)
            .OrderBy(b => b.CreatedAt)
            .Select(b => b.Id)
            .Take(AtATime)
            .ToListAsync(stop);
    }
}
