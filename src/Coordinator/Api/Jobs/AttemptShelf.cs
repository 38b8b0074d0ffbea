using System.Text.Json;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.Assembling;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Storage;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Api.Jobs;

/// <summary>One try at a chunk with all that is known of it: the row, and what its worker has reported if that is still stored.</summary>
internal sealed class AttemptShelf(IDbContextFactory<JobsDbContext> contexts, IBlobStore store, ResultReport reports)
{
    /// <exception cref="ProblemException">404.</exception>
    public async Task<ApiAttempt> GetAsync(JobRow job, int chunk, int attempt, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        AttemptRow row = (
            await context
                .Attempts.AsNoTracking()
                .SingleOrDefaultAsync(a => a.JobId == job.Id && a.ChunkIndex == chunk && a.Attempt == attempt, stop)
        ).OrNotFound();
        ChunkReport? report = await ReadAsync(row, stop);
        return JobAnswers.Of(row) with
        {
            WallSeconds = report is null ? null : Math.Round(report.WallMilliseconds / 1000, 3),
            StageMilliseconds = report?.StageMilliseconds,
        };
    }

    private async Task<ChunkReport?> ReadAsync(AttemptRow row, CancellationToken stop)
    {
        BlobName name = BlobNames.ChunkReport(row.JobId, row.ChunkIndex, row.Attempt, row.Delivery);
        if (await store.FindLengthAsync(name, stop) is null)
        {
            return null;
        }

        try
        {
            return await reports.ReadAsync(name, stop);
        }
        catch (JsonException)
        {
            // A worker wrote it; what it is worth is decided where the job is assembled.
            return null;
        }
    }
}
