using System.Text.Json.Nodes;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Replays;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Replaying;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Replaying;

/// <summary>A replay says whether the same frames come out, and changes nothing.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Replay_SaysTheSame_OrWhichFramesAreNot_AndLeavesTheJobAsItIs(string database)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database, press: new SegmentPress());
        ApiJob made = await host.Acme.DebugJobAsync();
        HttpResponseMessage early = await host.Acme.PostAsync($"/v1/jobs/{made.Id}/chunks/0:replay", null);
        ApiJob done = await host.Acme.WaitForAsync(made, JobStep.Succeeded);
        string before = await host.Acme.GetStringAsync($"/v1/jobs/{done.Id}");
        string[] blobs = await BlobsAsync(host, done);

        ApiReplay same = await ReplayAsync(host, done, chunk: 1);
        await ChangeHashAsync(host, blobs.Single(b => b.Contains("/000001/") && b.EndsWith(".json")), index: 3);
        ApiReplay different = await ReplayAsync(host, done, chunk: 1);

        Assert.Contains((int)early.StatusCode, new[] { 404, 409 });
        Assert.Equal((ReplayStep.Same, 1, 10), (same.State, same.Number, same.FramesDone));
        Assert.Equal(same.AcceptedFramesHash, same.FramesHash);
        Assert.Empty(same.DifferentFrames);
        Assert.Equal((ReplayStep.Different, 2), (different.State, different.Number));
        Assert.Equal([13], different.DifferentFrames);
        Assert.Equal(before, await host.Acme.GetStringAsync($"/v1/jobs/{done.Id}"));
        Assert.Equal(blobs, await BlobsAsync(host, done));
        ApiReplayList all = await (
            await host.Acme.GetAsync($"/v1/jobs/{done.Id}/chunks/1/replays")
        ).ReadAsync<ApiReplayList>();
        Assert.Equal([ReplayStep.Same, ReplayStep.Different], all.Replays.Select(r => r.State));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Replay_ThatNobodyIsHeardOf_Fails_AndLateWordsChangeNothing(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        (JobRow job, ChunkRow chunk) = await SucceededAsync(desk);
        ReplayStage stage = desk.Get<ReplayStage>();

        ReplayRow first = (await stage.StartAsync(job, chunk, default))!;
        ReplayRow again = (await stage.StartAsync(job, chunk, default))!;
        Assert.Equal((1, 1), (first.Number, again.Number));
        FuseChunk order = (await desk.Recorder.WaitAsync<FuseChunk>(1)).Single();
        Assert.Equal((-1, 0), (order.Attempt, order.Sidecars.Count));
        await stage.ProgressedAsync(new ChunkProgressed(job.Id, 0, -1, "w1", 4), default);
        desk.Clock.Advance(TimeSpan.FromSeconds(19));
        await desk.Sweeper.SweepAsync(default);
        Assert.Equal((ReplayState.Running, 4), await StateAsync(desk, job));
        desk.Clock.Advance(TimeSpan.FromSeconds(2));
        await desk.Sweeper.SweepAsync(default);
        Assert.Equal((ReplayState.Failed, 4), await StateAsync(desk, job));

        await stage.ProgressedAsync(new ChunkProgressed(job.Id, 0, -1, "w1", 9), default);
        await stage.FusedAsync((await desk.StoreAsync(job.Id, 0)) with { Attempt = -1 }, default);

        Assert.Contains(await desk.Recorder.WaitAsync<AttemptVoided>(1), told => told is { Attempt: -1 });
        Assert.Equal((ReplayState.Failed, 4), await StateAsync(desk, job));
        Assert.Equal(
            (JobState.Succeeded, ChunkState.Fused),
            ((await desk.JobAsync(job.Id)).State, (await desk.ChunkAsync(job.Id, 0)).State)
        );
    }

    [Fact]
    public async Task Replay_ByAWorkerOfAnotherVersion_FailsWithItsReason()
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        (JobRow job, ChunkRow chunk) = await SucceededAsync(desk);
        ReplayStage stage = desk.Get<ReplayStage>();
        _ = await stage.StartAsync(job, chunk, default);

        await stage.FailedAsync(new ChunkFailed(job.Id, 0, -1, "w2", Faults.Lasting), default);

        ReplayRow failed = (await desk.Get<Replays>().ListAsync(job.Id, 0, default)).Single();
        Assert.Equal(
            (ReplayState.Failed, "decode-failed", "w2"),
            (failed.State, failed.Failure?.Code, failed.WorkerId)
        );
        Assert.DoesNotContain(await desk.Get<ChunkLedger>().HistoryAsync(job.Id, 0, default), a => a.Attempt < 1);
    }

    private static async Task<ApiReplay> ReplayAsync(ApiHost host, ApiJob job, int chunk)
    {
        HttpResponseMessage answer = await host.Acme.PostAsync($"/v1/jobs/{job.Id}/chunks/{chunk}:replay", null);
        Assert.Equal(202, (int)answer.StatusCode);
        ApiReplay replay = await answer.ReadAsync<ApiReplay>();
        await Deadline.UntilAsync(
            async () =>
                (replay = await (await host.Acme.GetAsync(answer.Headers.Location)).ReadAsync<ApiReplay>()).EndTime
                    is not null,
            "the replay"
        );
        return replay;
    }

    private static async Task<string[]> BlobsAsync(ApiHost host, ApiJob job)
    {
        _ = ApiIds.TryRead(ApiIds.Job, job.Id, out Guid id);
        List<string> names = [];
        await foreach (BlobName name in host.Get<IBlobStore>().ListAsync(BlobNames.ChunksFolder(id), default))
        {
            names.Add(name.Value);
        }

        return [.. names.Order(StringComparer.Ordinal)];
    }

    private static async Task ChangeHashAsync(ApiHost host, string blob, int index)
    {
        IBlobStore store = host.Get<IBlobStore>();
        var name = BlobName.Parse(blob);
        JsonNode report;
        await using (Stream content = await store.OpenReadAsync(name, default))
        {
            report = (await JsonNode.ParseAsync(content))!;
        }

        report["frameHashes"]![index] = "changed";
        await store.DeleteAsync(name, default);
        _ = await store.PutAsync(
            name,
            new MemoryStream(System.Text.Encoding.UTF8.GetBytes(report.ToJsonString())),
            default
        );
    }

    private static async Task<(JobRow Job, ChunkRow Chunk)> SucceededAsync(Desk desk)
    {
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await using JobsDbContext context = await desk.NewContextAsync();
        _ = await context.Chunks.ExecuteUpdateAsync(set => set.SetProperty(c => c.State, ChunkState.Fused));
        _ = await context.Jobs.ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Succeeded));
        return (await desk.JobAsync(job), await desk.ChunkAsync(job, 0));
    }

    private static async Task<(ReplayState, int)> StateAsync(Desk desk, JobRow job)
    {
        ReplayRow row = (await desk.Get<Replays>().ListAsync(job.Id, 0, default)).Single();
        return (row.State, row.FramesDone);
    }
}
