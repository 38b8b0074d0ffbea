using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;

namespace FaceFusion.Batch.Coordinator.Tests.State;

public sealed class JobLedgerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Renew_IsANewVersionOnlyWhereUsersSeeSomething(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        JobLedger ledger = desk.Get<JobLedger>();
        Task<bool> RenewAsync(int frames) => ledger.RenewAsync(job, JobState.Fusing, 3, frames, CancellationToken.None);
        JobRow before = await desk.JobAsync(job);

        Assert.True(await RenewAsync(0));
        JobRow renewed = await desk.JobAsync(job);
        Assert.Equal((before.Version, before.UpdatedAt), (renewed.Version, renewed.UpdatedAt));
        Assert.True(renewed.LeaseUntil > desk.Clock.GetUtcNow());

        Assert.True(await RenewAsync(4));
        JobRow further = await desk.JobAsync(job);
        Assert.Equal((before.Version + 1, 4), (further.Version, further.ScanFramesDone));
    }
}
