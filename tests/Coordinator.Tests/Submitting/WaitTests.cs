using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Coordinator.Tests.Support;

namespace FaceFusion.Batch.Coordinator.Tests.Submitting;

/// <summary>The clock stands still: whoever waited for the time of the next look would wait for ever.</summary>
public sealed class WaitTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Succeeded)]
    public async Task Wait_JobEndsInThisProcess_NeedsNoFurtherLook(JobState last)
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        TaskCompletionSource seen = new();
        Task<JobStatus> wait = desk.Jobs.WaitAsync(job, _ => seen.TrySetResult(), CancellationToken.None);
        await seen.Task.WaitAsync(Patience);

        Assert.True(
            last == JobState.Failed
                ? await desk.Get<JobLedger>().EndAsync(job, last, null, CancellationToken.None)
                : await desk.Get<JobLedger>()
                    .CompleteStageAsync(job, JobState.Fusing, 3, last, _ => { }, CancellationToken.None)
        );

        JobStatus end = await wait.WaitAsync(Patience);
        Assert.Equal(last, end.State);
    }

    [Fact]
    public async Task Wait_AnotherJobEnds_GoesOn()
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        Guid other = await desk.AddFusingJobAsync(chunks: 1);
        Task<JobStatus> wait = desk.Jobs.WaitAsync(job, null, CancellationToken.None);

        Assert.True(await desk.Jobs.CancelAsync(other, CancellationToken.None));
        Assert.False(wait.IsCompleted);
        Assert.True(await desk.Jobs.CancelAsync(job, CancellationToken.None));

        JobStatus end = await wait.WaitAsync(Patience);
        Assert.Equal(JobState.Cancelled, end.State);
    }
}
