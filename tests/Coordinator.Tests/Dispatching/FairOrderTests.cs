using FaceFusion.Batch.Coordinator.Dispatching;

namespace FaceFusion.Batch.Coordinator.Tests.Dispatching;

public sealed class FairOrderTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Choose_GoesByPriority_ThenByWhoHasLeast_ThenByAge()
    {
        WaitingJob old = Job("a", 0, hours: 0, inFlight: 2, waiting: 100);
        WaitingJob young = Job("a", 0, hours: 1, inFlight: 0, waiting: 100);
        WaitingJob urgent = Job("a", 5, hours: 2, inFlight: 9, waiting: 1);

        Assert.Equal(
            [(urgent.Id, 1), (young.Id, 3), (old.Id, 2)],
            FairOrder.Choose([old, young, urgent], Tenants(), free: 6)
        );
    }

    [Fact]
    public void Choose_AmongTenants_CountsAllJobsOfEach()
    {
        WaitingJob[] crowd = [.. Enumerable.Range(0, 50).Select(i => Job("crowd", 0, i, 0, 10))];
        WaitingJob single = Job("single", 0, hours: 99, inFlight: 0, waiting: 10);

        IReadOnlyList<(Guid JobId, int Chunks)> chosen = FairOrder.Choose([.. crowd, single], Tenants(("crowd", 3)), 5);

        // Three to catch up with, and then turn by turn.
        Assert.Equal(4, chosen.Single(c => c.JobId == single.Id).Chunks);
        Assert.Equal(crowd[0].Id, chosen[1].JobId);
    }

    [Fact]
    public void Choose_SmallJobBehindALargeOne_IsDoneFirst()
    {
        int largeLeft = 400;
        int smallLeft = 1;
        Queue<string> running = [];
        List<string> done = [];
        while (done.Count < 10)
        {
            WaitingJob large = Job("a", 0, 0, running.Count(name => name == "large"), largeLeft);
            WaitingJob small = Job("a", 0, 1, running.Count(name => name == "small"), done.Count >= 2 ? smallLeft : 0);
            foreach (
                (Guid id, int chunks) in FairOrder.Choose(
                    [large, small],
                    Tenants(("a", running.Count)),
                    4 - running.Count
                )
            )
            {
                for (int i = 0; i < chunks; i++)
                {
                    running.Enqueue(id == large.Id ? "large" : "small");
                }

                largeLeft -= id == large.Id ? chunks : 0;
                smallLeft -= id == small.Id ? chunks : 0;
            }

            done.Add(running.Dequeue());
        }

        // It came after two were done, and waits for no more than was in flight.
        Assert.InRange(done.IndexOf("small"), 2, 6);
    }

    [Fact]
    public void Choose_NothingWaits_IsEmpty() =>
        Assert.Empty(FairOrder.Choose([Job("a", 0, 0, 1, 0)], Tenants(("a", 1)), 8));

    private static WaitingJob Job(string tenant, int priority, int hours, int inFlight, int waiting) =>
        new(Guid.NewGuid(), tenant, priority, Now.AddHours(hours), inFlight, waiting);

    private static Dictionary<string, int> Tenants(params (string Id, int InFlight)[] tenants) =>
        tenants.ToDictionary(t => t.Id, t => t.InFlight);
}
