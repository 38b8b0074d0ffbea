using System.Text.RegularExpressions;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.Coordinator.Tests.Dispatching;

/// <summary>What is over costs dispatcher and sweeper nothing.</summary>
public sealed partial class OpenWorkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task ReleaseAndSweep_BesideAHundredThousandFinishedJobs_ScanNoTable(string database)
    {
        QueryPlans plans = new();
        await using Desk desk = await Desk.OpenAsync(
            database,
            _folder,
            add: services => services.ConfigureDbContext<JobsDbContext>(b => b.AddInterceptors(plans))
        );
        Guid model = await desk.AddFusingJobAsync(chunks: 1);
        await using (JobsDbContext context = await desk.NewContextAsync())
        {
            await Crowd.AddFinishedAsync(context, model, count: 100_000);
        }

        Guid job = await desk.AddFusingJobAsync(chunks: 5);
        await desk.HelloAsync(slots: 2);
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(4);
        var fused = await desk.StoreAsync(job, 4);

        plans.IsOn = true;
        await desk.FusedAsync(fused);
        Assert.Equal(ChunkState.Fused, (await desk.ChunkAsync(job, 4)).State);
        _ = await desk.Dispatcher.ReleaseAsync(CancellationToken.None);
        await desk.HelloAsync(slots: 4);
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(6);
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        plans.IsOn = false;

        Assert.True(plans.Seen.Count >= 10, $"Only {plans.Seen.Count} queries were seen.");
        Assert.All(plans.Seen, query => Assert.DoesNotMatch(WholeTable(), query.Plan));
    }

    [GeneratedRegex(@"Seq Scan on ""(Jobs|Chunks|Attempts)""|^SCAN [jca]$", RegexOptions.Multiline)]
    private static partial Regex WholeTable();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Release_OfAPausedJob_DoesNothingUntilItGoesOn(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 2);
        await PauseAsync(desk, job, desk.Clock.GetUtcNow());
        await desk.HelloAsync();
        Assert.Equal(0, await desk.Dispatcher.ReleaseAsync(CancellationToken.None));
        Assert.Empty(desk.Recorder.All<Contracts.Commands.FuseChunk>());

        await PauseAsync(desk, job, null);

        _ = await desk.Dispatcher.ReleaseAsync(CancellationToken.None);
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(2);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Release_AfterAChangeOfPriority_TakesTheUrgentJobNext(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid large = await desk.AddFusingJobAsync(chunks: 50);
        Guid small = await desk.AddFusingJobAsync(chunks: 50);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(2);
        await using (JobsDbContext context = await desk.NewContextAsync())
        {
            _ = await context
                .Jobs.Where(j => j.Id == small)
                .ExecuteUpdateAsync(set => set.SetProperty(j => j.Priority, 9));
        }

        await desk.HelloAsync(slots: 3);

        IReadOnlyList<Contracts.Commands.FuseChunk> orders =
            await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(6);
        Assert.All(orders.Skip(2), order => Assert.Equal(small, order.JobId));
        Assert.Contains(large, orders.Take(2).Select(order => order.JobId));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Release_OfTenFramesBehindAHundredThousand_HasTheTenDoneFirst(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid large = await desk.AddFusingJobAsync(chunks: 10_000);
        await desk.HelloAsync(slots: 2);
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(4);
        Guid small = await desk.AddFusingJobAsync(chunks: 1);

        int fused = 0;
        while ((await desk.JobAsync(small)).State == JobState.Fusing)
        {
            // What was in flight comes first; nothing more of the large job does.
            Assert.InRange(fused, 0, 4);
            Contracts.Commands.FuseChunk order = (
                await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(fused + 1)
            )[fused++];
            await desk.FusedAsync(await desk.StoreAsync(order.JobId, order.ChunkIndex));
            _ = await desk.Dispatcher.ReleaseAsync(CancellationToken.None);
        }

        Assert.Equal(JobState.Fusing, (await desk.JobAsync(large)).State);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Find_FromManyJobsOfManyTenants_ReadsEnoughOfEach(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        foreach (string tenant in new[] { "a", "a", "a", "a", "b", "c" })
        {
            Guid id = await desk.AddFusingJobAsync(chunks: 3);
            await using JobsDbContext change = await desk.NewContextAsync();
            _ = await change
                .Jobs.Where(j => j.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(j => j.TenantId, tenant));
        }

        await using JobsDbContext context = await desk.NewContextAsync();
        List<WaitingJob> found = await OpenJobs.FindAsync(context, [], free: 2, CancellationToken.None);

        Assert.Equal(["a", "a", "b", "c"], found.Select(j => j.TenantId).Order());
        Assert.All(found, j => Assert.Equal(2, j.Waiting));
    }

    private static async Task PauseAsync(Desk desk, Guid job, DateTimeOffset? since)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        _ = await context
            .Jobs.Where(j => j.Id == job)
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.PausedAt, since));
    }
}
