using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Tracking;

namespace FaceFusion.Batch.Coordinator.Tests.Tracking;

/// <summary>However many jobs wait, few orders are in the broker.</summary>
public sealed class StageWindowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Find_AmongThousandsOfOneTenant_ReadsAWindow_AndTheOtherTenantsJob(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder, o => o with { IsEmbedded = false });
        await AddAsync(desk, "crowd", 2000);
        Guid urgent = (await AddAsync(desk, "crowd", 1, priority: 90))[0];
        Guid other = (await AddAsync(desk, "other", 1))[0];
        StageWindow window = desk.Get<StageWindow>();
        JobLedger ledger = desk.Get<JobLedger>();

        IReadOnlyList<Guid> owed = await window.FindOwedAsync(CancellationToken.None);

        Assert.Equal(StageWindow.Orders, owed.Count);
        Assert.Equal(urgent, owed[0]);
        Assert.Contains(other, owed.Take(3));

        foreach (Guid id in owed)
        {
            _ = await ledger.StartStageAsync(await desk.JobAsync(id), CancellationToken.None);
        }

        // Orders that nobody has taken yet: nothing more is begun, whoever asks.
        Assert.Empty(await window.FindOwedAsync(CancellationToken.None));
        Guid late = (await AddAsync(desk, "other", 1, priority: 99))[0];
        await desk.Get<StageStarter>().StartAsync(late, CancellationToken.None);
        Assert.Equal(JobState.Queued, (await desk.JobAsync(late)).State);

        // Two were taken: there is room for two.
        foreach (Guid id in owed.Take(2))
        {
            Assert.True(await ledger.ClaimAsync(id, JobState.Preparing, 1, "me", CancellationToken.None));
        }

        IReadOnlyList<Guid> next = await window.FindOwedAsync(CancellationToken.None);
        Assert.Equal((2, late), (next.Count, next[0]));
    }

    private static async Task<Guid[]> AddAsync(Desk desk, string tenant, int count, int priority = 50)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        Guid[] ids = [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];
        context.Jobs.AddRange(
            ids.Select(id => new JobRow
            {
                Id = id,
                TenantId = tenant,
                Priority = priority,
                CreatedAt = desk.Clock.GetUtcNow(),
                TargetLabel = "clip.mp4",
                TargetSha256 = new string('a', 64),
                Recipe = new Recipe { Processors = [new DebugStep()] },
                Sources = [],
            })
        );
        _ = await context.SaveChangesAsync();
        return ids;
    }
}
