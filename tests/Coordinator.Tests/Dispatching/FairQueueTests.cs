using FaceFusion.Batch.Coordinator.Dispatching;

namespace FaceFusion.Batch.Coordinator.Tests.Dispatching;

/// <summary>The queue against a search through everything that waits.</summary>
public sealed class FairQueueTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Next_AfterAnyChange_IsWhatASearchOfAllJobsFinds(int seed)
    {
        Random chance = new(seed);
        FairQueue queue = new();
        List<FairPlace> jobs = [];
        Dictionary<string, int> served = [];
        for (int step = 0; step < 4000; step++)
        {
            FairPlace? some = jobs.Count > 0 ? jobs[chance.Next(jobs.Count)] : null;
            switch (chance.Next(10))
            {
                case 0:
                    FairPlace joined = NewJob(chance);
                    jobs.Add(joined);
                    queue.Add(joined);
                    break;
                case 1 when some?.InFlight > 0:
                    queue.Return(some);
                    served[some.TenantId]--;
                    break;
                case 2 when chance.Next(20) == 0 && some is not null:
                    served[some.TenantId] = served.GetValueOrDefault(some.TenantId) - some.InFlight;
                    queue.Withdraw(some);
                    break;
                case < 6 when some?.InFlight > 0:
                    queue.Done(some);
                    served[some.TenantId]--;
                    break;
                default:
                    FairPlace? expected = Search(jobs, served);
                    Assert.Same(expected, queue.Next());
                    if (expected is not null)
                    {
                        served[expected.TenantId] = served.GetValueOrDefault(expected.TenantId) + 1;
                    }

                    break;
            }
        }

        Assert.True(jobs.Count > 200);
    }

    /// <summary>The order in its plainest form.</summary>
    private static FairPlace? Search(List<FairPlace> jobs, Dictionary<string, int> served) =>
        jobs.Where(job => job.Waiting > 0)
            .OrderByDescending(job => job.Priority)
            .ThenBy(job => served.GetValueOrDefault(job.TenantId))
            .ThenBy(job => job.InFlight)
            .ThenBy(job => job.CreatedAt)
            .ThenBy(job => job.Id)
            .FirstOrDefault();

    private static FairPlace NewJob(Random chance)
    {
        byte[] id = new byte[16];
        chance.NextBytes(id);
        return new FairPlace(
            new Guid(id),
            $"t{chance.Next(6)}",
            chance.Next(3),
            DateTimeOffset.UnixEpoch.AddSeconds(chance.Next(5)),
            0,
            chance.Next(8)
        );
    }
}
