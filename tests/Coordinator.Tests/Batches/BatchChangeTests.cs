using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Batches;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Batches;

/// <summary>How batches end, are ended, and go on.</summary>
public sealed class BatchChangeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Batch_IsOverWithItsLastJob_AndGoesOnWithOneThatIsRetried(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        (Guid batchId, Guid[] jobs) = await AddAsync(desk, 3);
        await EndAsync(desk, jobs[0], JobState.Succeeded);
        await EndAsync(desk, jobs[1], JobState.Failed);
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        Assert.Equal(BatchState.Running, (await FindAsync(desk, batchId)).State);

        await EndAsync(desk, jobs[2], JobState.Succeeded);
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        BatchRow failed = await FindAsync(desk, batchId);
        Assert.Equal((BatchState.Failed, desk.Clock.GetUtcNow()), (failed.State, failed.FinishedAt));

        Assert.True(await desk.Jobs.RetryAsync(jobs[1], CancellationToken.None));
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        BatchRow again = await FindAsync(desk, batchId);
        Assert.Equal((BatchState.Running, null), (again.State, again.FinishedAt));

        await EndAsync(desk, jobs[1], JobState.Succeeded);
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        Assert.Equal(BatchState.Succeeded, (await FindAsync(desk, batchId)).State);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Batch_WithAJobOfAnother_IsOverWhenThatIs(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        (_, Guid[] jobs) = await AddAsync(desk, 1);
        (Guid later, _) = await AddAsync(desk, 0, reused: jobs);
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        Assert.Equal(BatchState.Running, (await FindAsync(desk, later)).State);

        await EndAsync(desk, jobs[0], JobState.Succeeded);
        await desk.Sweeper.SweepAsync(CancellationToken.None);

        Assert.Equal(BatchState.Succeeded, (await FindAsync(desk, later)).State);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Cancel_ReachesEveryOpenJob_AlsoAfterADeath_AndRetryTakesThemUp(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        (Guid batchId, Guid[] jobs) = await AddAsync(desk, 250);
        await EndAsync(desk, jobs[0], JobState.Succeeded);
        await EndAsync(desk, jobs[1], JobState.Failed);
        await SetAsync(desk, batchId, BatchState.Cancelling);
        // Somebody began, and was not heard of again.
        Assert.Equal(1, await desk.Get<BatchBook>().BeginAsync(batchId, CancellationToken.None));
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        Assert.Empty(desk.Recorder.All<JobCancelled>());
        desk.Clock.Advance(TimeSpan.FromSeconds(31));

        await desk.Sweeper.SweepAsync(CancellationToken.None);

        IReadOnlyList<JobCancelled> told = await desk.Recorder.WaitAsync<JobCancelled>(248);
        Assert.Equal(jobs[2..].Order(), told.Select(t => t.JobId).Order());
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        Assert.Equal(BatchState.Cancelled, (await FindAsync(desk, batchId)).State);
        Assert.Equal((JobState.Cancelled, "enough"), await StateAsync(desk, jobs[249]));
        Assert.Equal((JobState.Failed, null), await StateAsync(desk, jobs[1]));

        await SetAsync(desk, batchId, BatchState.Retrying);
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        await Deadline.UntilAsync(
            async () => (await FindAsync(desk, batchId)).State == BatchState.Running,
            "the jobs to be taken up"
        );

        await using JobsDbContext context = await desk.NewContextAsync();
        Assert.Equal(jobs[0], (await context.Jobs.SingleAsync(j => j.State == JobState.Succeeded)).Id);
        Assert.Equal(0, await context.Jobs.CountAsync(j => j.State == JobState.Cancelled));
        Assert.False((await FindAsync(desk, batchId)).IsCancelled);
    }

    /// <summary>A batch whose rows have been read.</summary>
    private static async Task<(Guid BatchId, Guid[] Jobs)> AddAsync(Desk desk, int count, Guid[]? reused = null)
    {
        Guid batchId = Guid.CreateVersion7();
        Guid[] jobs = [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];
        Guid[] all = [.. jobs, .. reused ?? []];
        await using JobsDbContext context = await desk.NewContextAsync();
        _ = context.Batches.Add(
            new BatchRow
            {
                Id = batchId,
                TenantId = Tenants.Local,
                State = BatchState.Running,
                Defaults = new JobDefaults(),
                ManifestSha256 = new string('c', 64),
                Rows = all.Length,
                Submitted = all.Length,
                Reused = all.Length - count,
            }
        );
        for (int i = 0; i < all.Length; i++)
        {
            _ = context.BatchEntries.Add(
                new BatchEntryRow
                {
                    BatchId = batchId,
                    Line = i + 1,
                    JobId = all[i],
                    IsReused = i >= count,
                }
            );
        }

        foreach (Guid id in jobs)
        {
            // Paused: nothing begins it while the test looks.
            _ = context.Jobs.Add(
                new JobRow
                {
                    Id = id,
                    BatchId = batchId,
                    RowKey = $"{id}",
                    PausedAt = desk.Clock.GetUtcNow(),
                    TargetLabel = "clip.mp4",
                    TargetSha256 = new string('a', 64),
                    Recipe = new Contracts.Recipes.Recipe { Processors = [new Contracts.Recipes.DebugStep()] },
                    Sources = [],
                }
            );
        }

        _ = await context.SaveChangesAsync();
        return (batchId, jobs);
    }

    /// <summary>Whatever the job's own stages make of a target that is not there.</summary>
    private static async Task EndAsync(Desk desk, Guid job, JobState state)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        _ = await context
            .Jobs.Where(j => j.Id == job)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(j => j.State, state).SetProperty(j => j.LeaseUntil, (DateTimeOffset?)null)
            );
    }

    private static async Task SetAsync(Desk desk, Guid batchId, BatchState state)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        _ = await context
            .Batches.Where(b => b.Id == batchId)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(b => b.State, state)
                    .SetProperty(b => b.IsCancelled, true)
                    .SetProperty(b => b.CancelReason, "enough")
            );
    }

    private static async Task<BatchRow> FindAsync(Desk desk, Guid batchId)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        return await context.Batches.AsNoTracking().SingleAsync(b => b.Id == batchId);
    }

    private static async Task<(JobState, string?)> StateAsync(Desk desk, Guid job)
    {
        JobRow row = await desk.JobAsync(job);
        return (row.State, row.CancelReason);
    }
}
