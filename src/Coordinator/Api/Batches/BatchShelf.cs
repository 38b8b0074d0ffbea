using System.Text.RegularExpressions;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Coordinator.Api.Jobs;
using FaceFusion.Batch.Coordinator.Api.Paging;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Api.Batches;

/// <summary>Batches as a tenant reads them.</summary>
internal sealed partial class BatchShelf(IDbContextFactory<JobsDbContext> contexts)
{
    public static readonly string Grammar = $"state = INVALID, or as for the rows' jobs. {JobFilter.Grammar}";

    /// <summary>Of the rows with errors, those that are answered with the batch.</summary>
    private const int FaultyShown = 20;

    /// <exception cref="ProblemException">404.</exception>
    public async Task<BatchRow> FindAsync(string tenant, string batchId, CancellationToken stop)
    {
        Guid id = Found.Id(ApiIds.Batch, batchId);
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return (
            await context.Batches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == id && b.TenantId == tenant, stop)
        ).OrNotFound();
    }

    /// <summary>The batch with its jobs counted: those that it made by an index alone.</summary>
    public async Task<ApiBatch> DescribeAsync(BatchRow batch, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return await DescribeAsync(context, batch, stop);
    }

    /// <summary>The same, as it is seen through this context.</summary>
    public static async Task<ApiBatch> DescribeAsync(JobsDbContext context, BatchRow batch, CancellationToken stop)
    {
        Dictionary<JobStep, int> counts = [];
        await CountAsync(context.Jobs.Where(j => j.BatchId == batch.Id), counts, stop);
        if (batch.Reused > 0)
        {
            IQueryable<Guid?> reused = context
                .BatchEntries.Where(e => e.BatchId == batch.Id && e.IsReused)
                .Select(e => e.JobId);
            await CountAsync(context.Jobs.Where(j => reused.Contains(j.Id) && j.BatchId != batch.Id), counts, stop);
        }

        List<BatchEntryRow> faulty =
            batch.Invalid == 0
                ? []
                : await context
                    .BatchEntries.AsNoTracking()
                    .Where(e => e.BatchId == batch.Id && e.JobId == null)
                    .OrderBy(e => e.Line)
                    .Take(FaultyShown)
                    .ToListAsync(stop);
        return BatchAnswers.Of(batch, new SortedDictionary<JobStep, int>(counts), faulty);
    }

    /// <summary>The newest first; one more than the page holds, if there are more.</summary>
    public async Task<IReadOnlyList<BatchRow>> ListAsync(string tenant, PageRequest page, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        IQueryable<BatchRow> batches = context.Batches.AsNoTracking().Where(b => b.TenantId == tenant);
        if (page.Start is { } start)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(start.Number);
            batches = batches.Where(b => b.CreatedAt < at || (b.CreatedAt == at && b.Id.CompareTo(start.Id) < 0));
        }

        return await batches
            .OrderByDescending(b => b.CreatedAt)
            .ThenByDescending(b => b.Id)
            .Take(page.Size + 1)
            .ToListAsync(stop);
    }

    /// <summary>By line; one more than the page holds, if there are more.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="filter">Empty, <c>state = INVALID</c>, or what <see cref="JobFilter"/> takes.</param>
    /// <param name="page">Which of them.</param>
    /// <param name="stop">Ends the reading.</param>
    public async Task<IReadOnlyList<(BatchEntryRow Entry, JobRow? Job)>> ListRowsAsync(
        BatchRow batch,
        string filter,
        PageRequest page,
        CancellationToken stop
    )
    {
        long from = page.Start?.Number ?? 0;
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        IQueryable<BatchEntryRow> entries = context
            .BatchEntries.AsNoTracking()
            .Where(e => e.BatchId == batch.Id && e.Line > from);
        var rows = await Filter(context, entries, filter)
            .OrderBy(e => e.Line)
            .Take(page.Size + 1)
            .GroupJoin(context.Jobs.AsNoTracking(), e => e.JobId, j => j.Id, (e, j) => new { Entry = e, Jobs = j })
            .SelectMany(r => r.Jobs.DefaultIfEmpty(), (r, j) => new { r.Entry, Job = j })
            .OrderBy(r => r.Entry.Line)
            .ToListAsync(stop);
        return [.. rows.Select(r => (r.Entry, r.Job))];
    }

    private static async Task CountAsync(
        IQueryable<JobRow> jobs,
        Dictionary<JobStep, int> counts,
        CancellationToken stop
    )
    {
        var groups = await jobs.GroupBy(j => new { j.State, IsPaused = j.PausedAt != null })
            .Select(g => new
            {
                g.Key.State,
                g.Key.IsPaused,
                Count = g.Count(),
            })
            .ToListAsync(stop);
        foreach (var group in groups)
        {
            JobStep step =
                group.IsPaused && !group.State.IsTerminal() ? JobStep.Paused : JobAnswers.StepOf(group.State);
            counts[step] = counts.GetValueOrDefault(step) + group.Count;
        }
    }

    private static IQueryable<BatchEntryRow> Filter(
        JobsDbContext context,
        IQueryable<BatchEntryRow> entries,
        string filter
    )
    {
        if (filter.Length == 0)
        {
            return entries;
        }

        if (Invalid().IsMatch(filter))
        {
            return entries.Where(e => e.JobId == null);
        }

        IQueryable<JobRow> jobs = JobFilter.Apply(context.Jobs, filter);
        return entries.Where(e => jobs.Any(j => j.Id == e.JobId));
    }

    [GeneratedRegex("^\\s*state\\s*=\\s*INVALID\\s*$", RegexOptions.NonBacktracking)]
    private static partial Regex Invalid();
}
