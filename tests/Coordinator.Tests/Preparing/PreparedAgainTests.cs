using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Scanning;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.TestKit.Clips;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Preparing;

/// <summary>What becomes of a job whose scan sees other frames than the packets promised.</summary>
public sealed class PreparedAgainTests : IDisposable
{
    private static readonly Failure Differ = new(FailureKind.InvalidVideo, Failure.FramesDiffer, "Differs.", false);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Failed_FramesDiffer_PreparesOnceMoreByTheDecodersWord(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await SubmitAsync(desk);
        ScanVideo first = (await desk.Recorder.WaitAsync<ScanVideo>(1))[0];
        Assert.Equal((200, 200), ((await desk.JobAsync(job)).FrameCount, (await PlanAsync(desk, job))[^1].End));

        await FailAsync(desk, first);

        ScanVideo second = (await desk.Recorder.WaitAsync<ScanVideo>(2))[1];
        JobRow again = await desk.JobAsync(job);
        Assert.Equal((JobState.Scanning, 199), (again.State, again.FrameCount));
        Assert.NotEqual(first.FrameTableUrl, second.FrameTableUrl);
        Assert.Contains("a decoder gives 199", Assert.Single(again.Warnings), StringComparison.Ordinal);
        FrameRange[] plan = await PlanAsync(desk, job);
        Assert.Equal((0, 199), (plan[0].Start, plan[^1].End));
        Assert.All(plan.Skip(1).Zip(plan), pair => Assert.Equal(pair.Second.End, pair.First.Start));

        // The decoder cannot be doubted: it is the end.
        await FailAsync(desk, second);
        JobRow ended = await desk.JobAsync(job);
        Assert.Equal((JobState.Failed, Failure.FramesDiffer), (ended.State, ended.Failure?.Code));
    }

    [Fact]
    public async Task Failed_FramesDifferWhereChunksWereTried_IsTheEnd()
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        Guid job = await SubmitAsync(desk);
        ScanVideo order = (await desk.Recorder.WaitAsync<ScanVideo>(1))[0];
        await using (JobsDbContext context = await desk.NewContextAsync())
        {
            _ = context.Attempts.Add(
                new AttemptRow
                {
                    JobId = job,
                    ChunkIndex = 0,
                    Attempt = 1,
                }
            );
            _ = await context.SaveChangesAsync();
        }

        await FailAsync(desk, order);

        Assert.Equal(JobState.Failed, (await desk.JobAsync(job)).State);
    }

    [Fact]
    public async Task Resume_CancelledWhilePreparedAgain_DoesNotScanWithTheOldFrameTable()
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        Guid job = await SubmitAsync(desk);
        ScanVideo order = (await desk.Recorder.WaitAsync<ScanVideo>(1))[0];
        await FailAsync(desk, order);
        Assert.True(await desk.Jobs.CancelAsync(job, CancellationToken.None));

        Assert.Equal(job, await SubmitAsync(desk));

        ScanVideo last = (await desk.Recorder.WaitAsync<ScanVideo>(2))[^1];
        Assert.Equal(199, (await desk.JobAsync(job)).FrameCount);
        Assert.NotEqual(order.FrameTableUrl, last.FrameTableUrl);
    }

    private async Task<Guid> SubmitAsync(Desk desk)
    {
        string target = _folder.PathOf("lost.mp4");
        LostFrame.Make(Desk.Tools.Value, HardSources.Path("h264-closed-gop"), 100, target);
        return await desk.Jobs.SubmitAsync(
            Plant.Request(_folder, chunkFrames: 40) with
            {
                Target = target,
            },
            CancellationToken.None
        );
    }

    private static Task FailAsync(Desk desk, ScanVideo order) =>
        desk.Get<ScanStage>()
            .FailedAsync(new ScanFailed(order.JobId, order.Attempt, "w1", Differ), CancellationToken.None);

    private static async Task<FrameRange[]> PlanAsync(Desk desk, Guid job)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        List<ChunkRow> chunks = await context.Chunks.AsNoTracking().Where(c => c.JobId == job).ToListAsync();
        return [.. chunks.OrderBy(c => c.Index).Select(c => c.Range)];
    }
}
