using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Paging;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Api.Jobs;

/// <summary>Jobs as a tenant reads them.</summary>
internal sealed class JobShelf(IDbContextFactory<JobsDbContext> contexts)
{
    /// <summary>What a poll costs: one row by its key, and of that two columns.</summary>
    private readonly Func<JobsDbContext, Guid, string, CancellationToken, Task<Standing?>> _look = EF.CompileAsyncQuery(
        (JobsDbContext context, Guid id, string tenant, CancellationToken stop) =>
            context
                .Jobs.Where(j => j.Id == id && j.TenantId == tenant)
                .Select(j => new Standing(j.Version, j.State))
                .SingleOrDefault()
    );

    /// <exception cref="ProblemException">404.</exception>
    public async Task<Standing> StandingAsync(string tenant, string jobId, CancellationToken stop)
    {
        Guid id = Found.Id(ApiIds.Job, jobId);
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return (await _look(context, id, tenant, stop)).OrNotFound();
    }

    /// <exception cref="ProblemException">404.</exception>
    public async Task<JobRow> FindAsync(string tenant, string jobId, CancellationToken stop)
    {
        Guid id = Found.Id(ApiIds.Job, jobId);
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return (
            await context.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == id && j.TenantId == tenant, stop)
        ).OrNotFound();
    }

    /// <summary>Counted after the row was read: never older than its version says.</summary>
    public async Task<ApiProgress> ProgressAsync(JobRow job, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return await ProgressAsync(context, job, stop);
    }

    /// <summary>The same inside a transaction of the caller.</summary>
    public static async Task<ApiProgress> ProgressAsync(JobsDbContext context, JobRow job, CancellationToken stop)
    {
        var groups = await context
            .Chunks.Where(c => c.JobId == job.Id)
            .GroupBy(c => c.State)
            .Select(g => new
            {
                g.Key,
                Chunks = g.Count(),
                Frames = g.Sum(c =>
                    c.State == ChunkState.Fused || c.FramesDone > c.End - c.Start ? c.End - c.Start : c.FramesDone
                ),
            })
            .ToListAsync(stop);
        int fused = groups.SingleOrDefault(g => g.Key == ChunkState.Fused)?.Chunks ?? 0;
        return new ApiProgress(groups.Sum(g => g.Frames), job.FrameCount, fused, groups.Sum(g => g.Chunks));
    }

    /// <summary>One more than the page holds, if there are more.</summary>
    public async Task<IReadOnlyList<JobRow>> ListAsync(
        string tenant,
        HttpContext http,
        PageRequest page,
        CancellationToken stop
    )
    {
        string order = http.Request.Query["orderBy"].ToString();
        Fields fields = new();
        fields.Require(
            order is "" or "createTime" or "createTime asc" or "createTime desc",
            "orderBy",
            "It is createTime desc (as without it) or createTime asc."
        );
        fields.Done();
        bool isRising = order is "createTime" or "createTime asc";
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        IQueryable<JobRow> jobs = JobFilter.Apply(
            context.Jobs.AsNoTracking().Where(j => j.TenantId == tenant),
            http.Request.Query["filter"].ToString()
        );
        if (page.Start is { } start)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(start.Number);
            jobs = isRising
                ? jobs.Where(j => j.CreatedAt > at || (j.CreatedAt == at && j.Id.CompareTo(start.Id) > 0))
                : jobs.Where(j => j.CreatedAt < at || (j.CreatedAt == at && j.Id.CompareTo(start.Id) < 0));
        }

        jobs = isRising
            ? jobs.OrderBy(j => j.CreatedAt).ThenBy(j => j.Id)
            : jobs.OrderByDescending(j => j.CreatedAt).ThenByDescending(j => j.Id);
        return await jobs.Take(page.Size + 1).ToListAsync(stop);
    }

    /// <summary>By index; one more than the page holds, if there are more.</summary>
    public async Task<IReadOnlyList<ChunkRow>> ListChunksAsync(JobRow job, PageRequest page, CancellationToken stop)
    {
        long from = page.Start is { } start ? start.Number + 1 : 0;
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return await context
            .Chunks.AsNoTracking()
            .Where(c => c.JobId == job.Id && c.Index >= from)
            .OrderBy(c => c.Index)
            .Take(page.Size + 1)
            .ToListAsync(stop);
    }

    public async Task<ChunkRow> FindChunkAsync(JobRow job, int index, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return (
            await context.Chunks.AsNoTracking().SingleOrDefaultAsync(c => c.JobId == job.Id && c.Index == index, stop)
        ).OrNotFound();
    }
}
