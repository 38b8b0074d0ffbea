using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Sweeping;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Tracking;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Dispatching;

/// <summary>What the database decides in its own words is what the pure rules say, which simulated fleets go by.</summary>
public sealed class SamePolicyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Find_OfRandomJobs_AndAQueueOfAllOfThem_ChooseTheSame()
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        Random chance = new(5);
        List<Guid> ids = [];
        for (int i = 0; i < 25; i++)
        {
            ids.Add(await desk.AddFusingJobAsync(chunks: chance.Next(1, 9)));
        }

        for (int round = 0; round < 12; round++)
        {
            await ShuffleAsync(desk, ids, chance);
            await using JobsDbContext context = await desk.NewContextAsync();
            int free = chance.Next(1, 30);
            Dictionary<Guid, int> inFlight = await OpenJobs.CountInFlightAsync(context, CancellationToken.None);
            IReadOnlyList<(Guid, int)> chosen = FairOrder.Choose(
                await OpenJobs.FindAsync(context, inFlight, free, CancellationToken.None),
                await OpenJobs.CountByTenantAsync(context, inFlight, CancellationToken.None),
                free
            );

            Assert.Equal(ChooseAmongAll(context, free), chosen);
        }
    }

    [Fact]
    public async Task Release_OfChunksOfRandomCosts_GoesByTheReleaseOrder()
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        Random chance = new(6);
        Guid job = await desk.AddFusingJobAsync(chunks: 30);
        int[] costs = [.. Enumerable.Range(0, 30).Select(_ => chance.Next(6))];
        await using (JobsDbContext context = await desk.NewContextAsync())
        {
            foreach (ChunkRow chunk in context.Chunks)
            {
                chunk.Cost = costs[chunk.Index];
            }

            _ = await context.SaveChangesAsync();
        }

        List<int> released = [];
        while (await desk.Get<ChunkLedger>().ReleaseAsync(job, 7, CancellationToken.None) is { Count: > 0 } next)
        {
            released.AddRange(next.Select(chunk => chunk.Index));
        }

        Assert.Equal(ReleaseOrder.Of(costs), released);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task Sweep_OfRandomAttempts_EndsThoseThatTheSilenceRuleNames(int busy)
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        Random chance = new(7 + busy);
        Guid job = await desk.AddFusingJobAsync(chunks: 60);
        DateTimeOffset now = desk.Clock.GetUtcNow();
        Dictionary<int, ChunkState> silent = [];
        await using (JobsDbContext context = await desk.NewContextAsync())
        {
            // Nothing of a paused job is released anew; attempts at it end as ever.
            (await context.Jobs.SingleAsync()).PausedAt = now;
            foreach (ChunkRow chunk in context.Chunks)
            {
                chunk.Attempt = 1;
                chunk.State = (ChunkState)chance.Next(4);
                chunk.LeaseUntil = chance.Next(8) == 0 ? null : now.AddSeconds(chance.Next(-30, 30));
                chunk.ReleasedAt = now.AddSeconds(-chance.Next(1, 1200));
                _ = context.Attempts.Add(
                    new AttemptRow
                    {
                        JobId = job,
                        ChunkIndex = chunk.Index,
                        Attempt = 1,
                    }
                );
                if (
                    SilenceRule.IsSilent(
                        chunk.State,
                        chunk.LeaseUntil,
                        chunk.ReleasedAt,
                        now,
                        anyIdle: busy < 4,
                        TimeSpan.FromSeconds(600)
                    )
                )
                {
                    silent.Add(chunk.Index, chunk.State);
                }
            }

            _ = await context.SaveChangesAsync();
        }

        await desk.HelloAsync(slots: 4, busy);
        await desk.Sweeper.SweepAsync(CancellationToken.None);

        await using JobsDbContext after = await desk.NewContextAsync();
        Dictionary<int, AttemptOutcome> ended = await after
            .Attempts.Where(a => a.Outcome != AttemptOutcome.Open)
            .ToDictionaryAsync(a => a.ChunkIndex, a => a.Outcome);
        Assert.InRange(silent.Count, 3, 40);
        Assert.Equal(
            silent.OrderBy(s => s.Key).Select(s => (s.Key, SilenceRule.OutcomeOf(s.Value))),
            ended.OrderBy(e => e.Key).Select(e => (e.Key, e.Value))
        );
    }

    /// <summary>Other tenants, priorities, ages and states; some jobs are paused.</summary>
    private static async Task ShuffleAsync(Desk desk, List<Guid> ids, Random chance)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        foreach (JobRow job in context.Jobs.OrderBy(j => j.Id))
        {
            job.TenantId = $"t{chance.Next(5)}";
            job.Priority = chance.Next(3);
            job.CreatedAt = DateTimeOffset.UnixEpoch.AddSeconds((1000 * chance.Next(10)) + ids.IndexOf(job.Id));
            job.PausedAt = chance.Next(8) == 0 ? job.CreatedAt : null;
        }

        foreach (ChunkRow chunk in context.Chunks.OrderBy(c => c.JobId).ThenBy(c => c.Index))
        {
            chunk.State = chance.Next(5) switch
            {
                0 => ChunkState.Released,
                1 => ChunkState.Running,
                2 => ChunkState.Fused,
                _ => ChunkState.Waiting,
            };
        }

        _ = await context.SaveChangesAsync();
    }

    private static List<(Guid, int)> ChooseAmongAll(JobsDbContext context, int free)
    {
        FairQueue queue = new();
        foreach (JobRow job in context.Jobs.AsNoTracking().ToList())
        {
            List<ChunkState> chunks = [.. context.Chunks.Where(c => c.JobId == job.Id).Select(c => c.State)];
            int inFlight = chunks.Count(state => state is ChunkState.Released or ChunkState.Running);
            queue.Serve(job.TenantId, inFlight);
            queue.Add(
                new FairPlace(
                    job.Id,
                    job.TenantId,
                    job.Priority,
                    job.CreatedAt,
                    inFlight,
                    job.PausedAt is null ? chunks.Count(state => state == ChunkState.Waiting) : 0
                )
            );
        }

        List<(Guid Id, int Chunks)> chosen = [];
        for (; free > 0 && queue.Next() is { } next; free--)
        {
            int at = chosen.FindIndex(c => c.Id == next.Id);
            if (at < 0)
            {
                chosen.Add((next.Id, 1));
            }
            else
            {
                chosen[at] = (next.Id, chosen[at].Chunks + 1);
            }
        }

        return chosen;
    }
}
