using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Coordinator.State;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>Slots of the workers that are alive.</summary>
/// <param name="Workers">Workers heard of within a lease that take work.</param>
/// <param name="Slots">Chunks that they work on at once, together.</param>
/// <param name="Busy">Chunks that they work on now.</param>
public readonly record struct LiveSlots(int Workers, int Slots, int Busy)
{
    public bool AnyIdle => Busy < Slots;
}

/// <summary>Which workers are alive, by what they report.</summary>
public sealed class LiveWorkers(
    IDbContextFactory<JobsDbContext> contexts,
    CoordinatorOptions options,
    WakeSignal wake,
    IBus bus,
    TimeProvider clock
)
{
    /// <summary>Of one worker. Whoever says more is not believed: the window would follow.</summary>
    public const int MostSlots = 1024;

    private const int LongestName = 255;

    public async Task<LiveSlots> CountAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset since = clock.GetUtcNow() - options.Lease;
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<WorkerRow> alive = await context
            .Workers.AsNoTracking()
            .Where(w => w.LastSeen > since && w.Slots > 0 && !w.IsDraining)
            .ToListAsync(cancellationToken);
        return new LiveSlots(alive.Count, alive.Sum(w => w.Slots), alive.Sum(w => w.Busy));
    }

    /// <summary>A worker that nobody knew is known from its first word on; one with an impossible name never is.</summary>
    public async Task ReportAsync(WorkerReported report, CancellationToken cancellationToken)
    {
        if (report.WorkerId.Length is 0 or > LongestName)
        {
            return;
        }

        int slots = Math.Clamp(report.Slots, 0, MostSlots);
        int busy = Math.Clamp(report.Busy, 0, slots);
        string? device = report.Device is { Length: > LongestName } ? report.Device[..LongestName] : report.Device;
        string? build = report.Build is { Length: > LongestName } ? report.Build[..LongestName] : report.Build;
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<WorkerRow> own = context.Workers.Where(w => w.Id == report.WorkerId);
        int known = await own.ExecuteUpdateAsync(
            set =>
                set.SetProperty(w => w.Slots, slots)
                    .SetProperty(w => w.Busy, busy)
                    .SetProperty(w => w.LastSeen, now)
                    .SetProperty(w => w.Device, device)
                    .SetProperty(w => w.Build, build),
            cancellationToken
        );
        if (known == 1)
        {
            bool isDraining = await own.Select(w => w.IsDraining).SingleOrDefaultAsync(cancellationToken);
            if (isDraining != report.IsDraining)
            {
                // The word about it was lost, or has not arrived yet; twice does no harm.
                await bus.Publish(new DrainWorker(report.WorkerId, isDraining), cancellationToken);
            }
        }
        else
        {
            _ = context.Workers.Add(
                new WorkerRow
                {
                    Id = report.WorkerId,
                    Slots = slots,
                    Busy = busy,
                    LastSeen = now,
                    Device = device,
                    Build = build,
                }
            );
            try
            {
                _ = await context.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException)
            {
                // The same first report came twice; the other one has made the row.
            }
        }

        wake.Set();
    }

    /// <summary>Has a worker take nothing more, or work again; again is no error. False: nobody has heard of it.</summary>
    public async Task<bool> DrainAsync(string workerId, bool isDraining, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        int known = await context
            .Workers.Where(w => w.Id == workerId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(w => w.IsDraining, isDraining)
                        // Whoever has it work again has seen to it.
                        .SetProperty(w => w.BlockedAt, w => isDraining ? w.BlockedAt : null)
                        .SetProperty(w => w.Strikes, w => isDraining ? w.Strikes : 0),
                cancellationToken
            );
        if (known == 0)
        {
            return false;
        }

        await bus.Publish(new DrainWorker(workerId, isDraining), cancellationToken);
        wake.Set();
        return true;
    }

    /// <summary>Workers that have not been heard of for a day.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset before = clock.GetUtcNow() - TimeSpan.FromDays(1);
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        _ = await context.Workers.Where(w => w.LastSeen < before).ExecuteDeleteAsync(cancellationToken);
    }
}
